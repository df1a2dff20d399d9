"""bin/demo's supervisor as people meet it: real processes, from the first start to the last."""

import contextlib
import http.client
import os
import re
import select
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import requests

from healthcheck.demo.loading import PASSWORD

ROOT = Path(__file__).resolve().parents[3]
Demo = subprocess.Popen[str]
Start = Callable[..., Demo]
SECOND_START = 10.0  # five on a quiet machine


def environment(var: Path) -> dict[str, str]:
    named = {"DATABASE_URL", "REDIS_URL", "DJANGO_SETTINGS_MODULE", "HEALTHCHECK_VAR"}
    return {name: value for name, value in os.environ.items() if name not in named} | {"HEALTHCHECK_VAR": str(var)}


def demo(var: Path, *words: str, **more: str) -> Demo:
    return subprocess.Popen(
        [sys.executable, "-m", "healthcheck.supervisor", *words],
        cwd=ROOT,
        env=environment(var) | more,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def read_until(process: Demo, pattern: str) -> str:
    """What it says until that matches (read past the buffer, which `select` does not see)."""
    said = ""
    deadline = time.monotonic() + 60
    while process.stdout and not re.search(pattern, said):
        assert time.monotonic() < deadline, f"it did not say {pattern!r} but {said!r}"
        if select.select([process.stdout], [], [], 0.2)[0]:
            more = os.read(process.stdout.fileno(), 65_536).decode()
            assert more, f"it ended without saying {pattern!r}: {said!r}"
            said += more
    return said


def processes_of(var: Path) -> dict[int, str]:
    """Everything that runs for that folder: started with it in the environment or on the command line."""
    found = {}
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            command = (entry / "cmdline").read_bytes()
            belongs = os.fsencode(var) in command + (entry / "environ").read_bytes()
        except OSError:
            continue
        if belongs and command:
            found[int(entry.name)] = command.replace(b"\0", b" ").decode()
    return found


def worker_of(var: Path) -> int:
    """The worker starts when the page can be seen."""
    deadline = time.monotonic() + 20
    while not (found := [number for number, command in processes_of(var).items() if " worker " in command]):
        assert time.monotonic() < deadline, processes_of(var)
        time.sleep(0.05)
    return found[0]


def until_gone(var: Path) -> None:
    deadline = time.monotonic() + 20
    while left := processes_of(var):
        assert time.monotonic() < deadline, left
        time.sleep(0.05)


def get(host: str, port: int) -> int:
    with contextlib.closing(http.client.HTTPConnection(host, port, timeout=10)) as line:
        line.request("GET", "/sign-in/", headers={"Host": "localhost", "Connection": "close"})
        with line.getresponse() as answer:
            return answer.status


def loopback() -> list[str]:
    """This machine's own addresses; some have no IPv6."""
    try:
        socket.create_server(("::1", 0), family=socket.AF_INET6).close()
    except OSError:
        return ["127.0.0.1"]
    return ["127.0.0.1", "::1"]


@pytest.fixture(scope="module")
def once(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, "subprocess.CompletedProcess[str]"]:
    var = tmp_path_factory.mktemp("demo") / "var"
    process = demo(var, "--once")
    said = process.communicate(timeout=120)[0]
    return var, subprocess.CompletedProcess([], process.returncode, said)


@pytest.fixture
def var(once: tuple[Path, object]) -> Path:
    return once[0]


@pytest.fixture
def start(var: Path) -> Iterator[Start]:
    started: list[Demo] = []

    def begin(*words: str, **more: str) -> Demo:
        started.append(demo(var, *words, **more))
        return started[-1]

    yield begin
    for process in started:
        process.terminate()
        process.communicate(timeout=40)
    until_gone(var)


def test_once_loads_scores_prints_and_ends(once: tuple[Path, "subprocess.CompletedProcess[str]"]) -> None:
    var, ended = once
    assert ended.returncode == 0, ended.stdout
    for step in ("engines", "migrations", "demo employer", "scoring", "report", "all steps"):
        assert re.search(rf"^{step} +\d+\.\d s$", ended.stdout, re.MULTILINE)
    figures = dict(re.findall(r"^(teams|workers|cases|red flags) +(\d+)$", ended.stdout, re.MULTILINE))
    assert figures["teams"] == "12"
    assert all(int(figure) > 0 for figure in figures.values())
    pdf = re.search(r"^pdf +(\S+)$", ended.stdout, re.MULTILINE)
    assert pdf
    assert Path(pdf[1]).read_bytes().startswith(b"%PDF-")
    assert processes_of(var) == {}


def test_second_start_serves_soon_and_ctrl_c_stops_everything_in_order(start: Start, var: Path) -> None:
    began = time.monotonic()
    process = start()
    said = read_until(process, r"Ctrl-C stops it")
    assert time.monotonic() - began < SECOND_START
    port = int(re.findall(r"http://127\.0\.0\.1:(\d+)/", said)[0])
    assert "password" in said
    assert {host: get(host, port) for host in loopback()} == dict.fromkeys(loopback(), 200)
    second = start()
    assert "already running" in second.communicate(timeout=20)[0]
    assert second.returncode == 1

    process.send_signal(signal.SIGINT)
    assert process.communicate(timeout=40)[0].strip().endswith("Stopped.")
    assert process.returncode == 0
    assert processes_of(var) == {}
    assert "database system is shut down" in (var / "log" / "postgres.log").read_text().splitlines()[-1]


@pytest.mark.parametrize(("said", "led_to"), [({}, "/"), ({"HEALTHCHECK_DEMONSTRATION": "0"}, "/second-factor/")])
def test_demonstration_asks_for_a_password_alone_unless_told_otherwise(
    start: Start, said: dict[str, str], led_to: str
) -> None:
    [port] = re.findall(r"http://127\.0\.0\.1:(\d+)/", read_until(start(**said), r"Ctrl-C stops it"))
    site = f"http://127.0.0.1:{port}"
    with requests.Session() as browser:
        page = browser.get(f"{site}/sign-in/", timeout=20).text
        assert ("This is a demonstration" in page) is (led_to == "/")
        [token] = re.findall(r'name="csrfmiddlewaretoken" value="(\w+)"', page)[:1]
        data = {"login": "ben", "password": PASSWORD, "csrfmiddlewaretoken": token}
        answer = browser.post(f"{site}/sign-in/", data, headers={"Referer": site}, timeout=20)
        assert (answer.status_code, answer.url) == (200, f"{site}{led_to}")


def test_supervisor_killed_outright_leaves_nothing_behind(start: Start, var: Path) -> None:
    process = start()
    read_until(process, r"Ctrl-C stops it")
    assert worker_of(var)
    process.kill()
    process.wait()
    until_gone(var)


def test_child_that_dies_ends_everything_and_its_log_is_named(start: Start, var: Path) -> None:
    process = start()
    read_until(process, r"Ctrl-C stops it")
    os.kill(worker_of(var), signal.SIGKILL)
    said = process.communicate(timeout=40)[0]
    assert f"The worker process ended by itself (exit code -9). Its log: {var}/log/worker.log" in said
    assert process.returncode == 1
    assert processes_of(var) == {}


def test_database_that_dies_ends_everything(start: Start, var: Path) -> None:
    process = start()
    read_until(process, r"Ctrl-C stops it")
    os.kill(int((var / "data" / "postgres" / "postmaster.pid").read_text().split()[0]), signal.SIGKILL)
    assert f"PostgreSQL or Valkey ended by itself. Their logs: {var}/log" in process.communicate(timeout=40)[0]
    assert process.returncode == 1
    assert processes_of(var) == {}


def test_taken_port_is_told_in_one_line(start: Start) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        process = start("--port", str(port))
        assert (
            process.communicate(timeout=40)[0]
            == f"Port {port} is taken: choose another with --port, or leave it out.\n"
        )
        assert process.returncode == 1


def test_file_that_is_not_there_is_told_before_anything_starts(start: Start) -> None:
    process = start("--import", "nowhere.xlsx")
    assert "there is no file nowhere.xlsx" in process.communicate(timeout=20)[0]
    assert process.returncode == 2
