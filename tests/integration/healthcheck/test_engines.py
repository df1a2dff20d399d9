"""The embedded engines as real processes: started, shared, killed, started again."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg2
import pytest

from healthcheck import embedded, keeper

ROOT = Path(__file__).resolve().parents[3]
USER = """
import sys
from pathlib import Path
from healthcheck import embedded
with embedded.engines(Path(sys.argv[1])):
    print("in", flush=True)
    sys.stdin.readline()
"""
VALKEY_ANSWER = b"+PONG"


def another_user(var: Path) -> "subprocess.Popen[str]":
    return subprocess.Popen(
        [sys.executable, "-c", USER, str(var)], cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )


def wait_for(user: "subprocess.Popen[str]") -> None:
    assert user.stdout
    assert user.stdout.readline() == "in\n"


def leave(user: "subprocess.Popen[str]") -> None:
    user.communicate("\n", timeout=20)


def until(done: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 15
    while not done():
        assert time.monotonic() < deadline, "it did not happen in 15 seconds"
        time.sleep(0.02)


def query(var: Path, sql: str) -> list[tuple[object, ...]]:
    connection = psycopg2.connect(embedded.database_url(var))
    try:
        with connection, connection.cursor() as cursor:
            cursor.execute(sql)
            return cursor.fetchall() if cursor.description else []
    finally:
        connection.close()


def server_process(var: Path) -> int:
    return int((var / "data" / "postgres" / "postmaster.pid").read_text().split()[0])


def alive(process: int) -> bool:
    return keeper.serves(process, Path("postgres"))


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder whose cluster is made and stopped."""
    var = tmp_path_factory.mktemp("made") / "var"
    with embedded.engines(var):
        query(var, "create table kept (n int); insert into kept values (7)")
    return var


@pytest.fixture
def var(made: Path, tmp_path: Path) -> Iterator[Path]:
    """A copy of it to do harm to."""
    copy = tmp_path / "var"
    shutil.copytree(made, copy, symlinks=True)
    yield copy
    until(lambda: not embedded.keeper_alive(copy))


def test_both_engines_answer_and_end_with_the_block(var: Path) -> None:
    with embedded.engines(var):
        assert query(var, "select n from kept") == [(7,)]
        assert keeper.ask(embedded.run_dir(var) / "valkey.sock", b"PING") == VALKEY_ANSWER
        process = server_process(var)
        assert alive(process)
    assert not alive(process)
    assert not embedded.answering(var)


def test_engines_speak_utc_sort_by_code_point_and_listen_on_no_port(var: Path) -> None:
    with embedded.engines(var):
        names = ("timezone", "log_timezone", "wal_level", "listen_addresses", "fsync")
        settings = query(var, f"select {', '.join(f'current_setting({name!r})' for name in names)}")
        assert settings == [("UTC", "UTC", "replica", "", "on")]
        assert query(var, "select datlocprovider, datlocale from pg_database where datname = 'healthcheck'") == [
            ("b", "C.UTF-8")
        ]


def test_database_that_was_dropped_is_made_again(var: Path) -> None:
    with embedded.engines(var):
        connection = psycopg2.connect(embedded.database_url(var).removesuffix("healthcheck") + "postgres")
        connection.autocommit = True
        connection.cursor().execute("drop database healthcheck")
        connection.close()
    with embedded.engines(var):
        assert query(var, "select 1") == [(1,)]


def test_second_user_keeps_the_engines_when_the_first_leaves(var: Path) -> None:
    with embedded.engines(var):
        process = server_process(var)
        second = another_user(var)
        wait_for(second)
    assert server_process(var) == process
    assert query(var, "select n from kept") == [(7,)]
    leave(second)
    assert not alive(process)


def test_users_who_come_at_once_share_one_server(var: Path) -> None:
    users = [another_user(var) for _ in range(4)]
    for user in users:
        wait_for(user)
    process = server_process(var)
    for user in users:
        leave(user)
    assert not alive(process)
    assert [user.returncode for user in users] == [0] * 4


def test_user_killed_outright_leaves_nothing_running(var: Path) -> None:
    user = another_user(var)
    wait_for(user)
    process = server_process(var)
    user.kill()
    user.communicate()
    until(lambda: not alive(process))
    assert "database system is shut down" in (var / "log" / "postgres.log").read_text()


def test_engine_killed_outright_is_replaced_for_the_next_user(var: Path) -> None:
    with embedded.engines(var):
        os.kill(server_process(var), signal.SIGKILL)
        until(lambda: not embedded.keeper_alive(var))
        assert not embedded.answering(var)
        with embedded.engines(var):
            assert query(var, "select n from kept") == [(7,)]


def test_keeper_told_to_stop_stops_the_engines(var: Path) -> None:
    with embedded.engines(var):
        process = server_process(var)
        status = Path(f"/proc/{process}/status").read_text()
        os.kill(int(status.split("PPid:")[1].split()[0]), signal.SIGTERM)
        until(lambda: not alive(process))
    assert "told to stop (SIGTERM)" in (var / "log" / "keeper.log").read_text()


def test_keeper_killed_outright_takes_the_engines_with_it_and_the_next_start_works(var: Path) -> None:
    with embedded.engines(var):
        process = server_process(var)
        status = Path(f"/proc/{process}/status").read_text()
        os.kill(int(status.split("PPid:")[1].split()[0]), signal.SIGKILL)
        until(lambda: not embedded.keeper_alive(var))
        with embedded.engines(var):
            assert server_process(var) != process
            assert query(var, "select n from kept") == [(7,)]
    assert not alive(process)


def test_half_made_cluster_is_made_anew(tmp_path: Path) -> None:
    var = tmp_path / "var"
    half = var / "data" / "postgres.new"
    half.mkdir(parents=True)
    (half / "PG_VERSION").write_text("18\n")
    with embedded.engines(var, throwaway=True):
        assert query(var, "select current_setting('fsync')") == [("off",)]
    assert not var.exists()


def test_throwaway_folder_goes_with_its_last_user(tmp_path: Path) -> None:
    var = tmp_path / "var"
    with embedded.engines(var, throwaway=True):
        with embedded.engines(var, throwaway=True):
            pass
        assert query(var, "select 1") == [(1,)]
    assert not var.exists()


def test_cluster_of_another_major_version_is_refused_in_one_line(var: Path) -> None:
    (var / "data" / "postgres" / "PG_VERSION").write_text("17\n")
    with pytest.raises(
        embedded.EngineError, match=r"made by PostgreSQL 17 and this is PostgreSQL 18: .*HEALTHCHECK_PG_BIN"
    ):
        embedded.engines(var).__enter__()


@pytest.mark.parametrize("process", [str(os.getpid()), "4194304"], ids=["ours", "nobody’s"])
def test_lock_file_of_a_process_that_is_no_server_is_removed(var: Path, process: str) -> None:
    lines = [process, str(var / "data" / "postgres"), "1", "5432", "/tmp", "", "1 1", "ready"]
    (var / "data" / "postgres" / "postmaster.pid").write_text("\n".join(lines) + "\n")
    with embedded.engines(var):
        assert query(var, "select n from kept") == [(7,)]


def test_server_that_does_not_start_says_why(var: Path) -> None:
    (var / "data" / "postgres" / "postgresql.conf").write_text("no such setting\n")
    with pytest.raises(embedded.EngineError, match=r"PostgreSQL did not start: .*postgres\.log"):
        embedded.engines(var).__enter__()


def test_deep_checkout_with_spaces_works(made: Path, tmp_path: Path) -> None:
    var = tmp_path / ("a rather deep folder " * 6).strip() / "var"
    shutil.copytree(made, var)
    with embedded.engines(var):
        assert query(var, "select n from kept") == [(7,)]
    shutil.rmtree(embedded.run_dir(var))


def test_socket_folder_open_to_others_is_refused(var: Path) -> None:
    (var / "run").chmod(0o755)
    with pytest.raises(embedded.EngineError, match="open to other people"):
        embedded.engines(var).__enter__()


def test_data_folder_of_another_user_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 4321)
    with pytest.raises(embedded.EngineError, match="belongs to another user"):
        embedded.engines(tmp_path / "var").__enter__()


def test_data_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(embedded.EngineError, match=r"The data folder .*file/var cannot be used"):
        embedded.engines(tmp_path / "file" / "var").__enter__()


def test_left_over_valkey_is_told_to_go(var: Path) -> None:
    path = embedded.run_dir(var) / "valkey.sock"
    left_over = subprocess.Popen(
        [embedded.valkey_server(), "--port", "0", "--unixsocket", path], stdout=subprocess.DEVNULL
    )
    until(lambda: keeper.ask(path, b"PING") == VALKEY_ANSWER)
    with embedded.engines(var):
        assert left_over.wait(10) == 0
        assert keeper.ask(path, b"PING") == VALKEY_ANSWER


def test_nobody_listening_is_no_answer(tmp_path: Path) -> None:
    assert keeper.ask(tmp_path / "none.sock", b"PING") == b""
    with socket.socket(socket.AF_UNIX) as mute:
        mute.bind(str(tmp_path / "mute.sock"))
        assert keeper.ask(tmp_path / "mute.sock", b"PING") == b""


def test_without_a_namespace_root_runs_the_engines_as_nobody_and_goes_on_so(
    var: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HEALTHCHECK_NO_NAMESPACE", "1")
    owner = os.geteuid() or 65534
    with embedded.engines(var):
        assert Path(f"/proc/{server_process(var)}").stat().st_uid == owner
    monkeypatch.delenv("HEALTHCHECK_NO_NAMESPACE")
    with embedded.engines(var):
        assert query(var, "select n from kept") == [(7,)]
        assert (var / "data").stat().st_uid == owner
    if (var / "data").is_symlink():
        shutil.rmtree((var / "data").resolve().parent)
