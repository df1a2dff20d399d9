import contextlib
import errno
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from healthcheck import progress, supervisor

create_server = socket.create_server


@pytest.fixture
def opened() -> Iterator[contextlib.ExitStack]:
    with contextlib.ExitStack() as stack:
        yield stack


def keep(opened: contextlib.ExitStack, sockets: list[socket.socket]) -> list[int]:
    """Ports of these sockets, which are closed when the test ends."""
    return [opened.enter_context(one).getsockname()[1] for one in sockets]


def test_all_sockets_listen_on_one_port(opened: contextlib.ExitStack) -> None:
    assert len(set(keep(opened, supervisor.listen(None)))) == 1


def test_taken_port_is_passed_over_when_none_was_asked_for(opened: contextlib.ExitStack) -> None:
    first = keep(opened, supervisor.listen(None))
    second = keep(opened, supervisor.listen(None))
    assert first[0] != second[0]


def test_machine_without_ipv6_listens_on_ipv4(opened: contextlib.ExitStack, monkeypatch: pytest.MonkeyPatch) -> None:
    def without_ipv6(address: tuple[str, int], **options: int) -> socket.socket:
        if options.get("family") == socket.AF_INET6:
            raise OSError(errno.EAFNOSUPPORT, "Address family not supported")
        return create_server(address)

    monkeypatch.setattr(socket, "create_server", without_ipv6)
    (line,) = supervisor.listen(None)
    keep(opened, [line])
    assert line.family == socket.AF_INET


def test_port_that_is_taken_on_ipv6_alone_counts_as_taken(
    opened: contextlib.ExitStack, monkeypatch: pytest.MonkeyPatch
) -> None:
    tried: list[int] = []

    def taken_on_ipv6(address: tuple[str, int], **options: int) -> socket.socket:
        if options.get("family") == socket.AF_INET6:
            tried.append(address[1])
            raise OSError(errno.EADDRINUSE, "Address already in use")
        return create_server(address)

    monkeypatch.setattr(socket, "create_server", taken_on_ipv6)
    with pytest.raises(supervisor.StopError, match="is taken"):
        supervisor.listen(None)
    assert len(tried) >= 1


def test_nobody_listening_does_not_answer(opened: contextlib.ExitStack) -> None:
    (port,) = keep(opened, [create_server(("127.0.0.1", 0))])
    opened.close()
    assert not supervisor.answers(port)


def test_child_that_does_not_listen_to_reason_is_killed() -> None:
    deaf = (
        "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('deaf', flush=True); time.sleep(60)"
    )
    child = subprocess.Popen([sys.executable, "-c", deaf], stdout=subprocess.PIPE, start_new_session=True)
    assert child.stdout
    assert child.stdout.readline() == b"deaf\n"
    supervisor.stop(child, 0.1)
    assert child.returncode == -9


def test_first_page_that_never_comes_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(supervisor, "PATIENCE", 0.1)
    household = supervisor.Household(var=tmp_path, users=None)
    with pytest.raises(supervisor.StopError, match="No page"):
        supervisor.wait_until(lambda: False, household, "No page.")


def test_failed_step_ends_with_its_reason() -> None:
    report = progress.Report(began=0, seconds={}, quiet=True)
    with pytest.raises(supervisor.StopError, match="scoring: Is a worker running"):
        report.take({"failed": "scoring", "reason": "Is a worker running?"})


def test_report_that_could_not_be_drawn_is_told_after_the_figures(capsys: pytest.CaptureFixture[str]) -> None:
    report = progress.Report(began=0, seconds={"assets": 2.0}, quiet=False)
    for event in (
        {"note": "12 rows\n"},
        {"step": "scoring", "seconds": 1.5},
        {"problem": "No Pango."},
        {"summary": {"red_flags": 3}},
    ):
        report.take(event)
    report.print_summary()
    lines = capsys.readouterr().out.split("\n")
    assert lines[0] == "12 rows"
    assert [line.split() for line in lines if line][-3:] == [
        ["all", "steps", "3.5", "s"],
        ["red", "flags", "3"],
        ["No", "Pango."],
    ]


def test_servers_named_by_the_environment_are_used_and_none_is_started(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://db/x")
    monkeypatch.setenv("REDIS_URL", "redis://cache")
    with supervisor.servers(tmp_path) as users:
        assert users is None
    assert sorted(path.name for path in tmp_path.iterdir()) == ["log"]


def test_next_start_relies_on_what_was_set_up_from_the_same_code(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert progress.recall(tmp_path) is None
    progress.remember(tmp_path, progress.Report(began=0, seconds={}, quiet=True, people="ada, manager"))
    assert progress.recall(tmp_path) == "ada, manager"
    monkeypatch.setattr(progress, "MADE_FROM", ("pyproject.toml",))
    assert progress.recall(tmp_path) is None


def test_data_of_another_database_is_not_relied_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    progress.remember(tmp_path, progress.Report(began=0, seconds={}, quiet=True))
    monkeypatch.setenv("DATABASE_URL", "postgresql://elsewhere/x")
    assert progress.recall(tmp_path) is None
