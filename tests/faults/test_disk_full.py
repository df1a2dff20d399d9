"""A disk that is full: what could not be written is given up with a reason, and everything else works on."""

import shlex
import subprocess
import sys

from django.utils import timezone

from reports.actions import request_report
from reports.models import ReportRun
from teams.models import Team, User
from tests.faults.house import ROOT, WORKER, House, until
from tests.faults.jobs import finish


def start_cramped_worker(house: House, folder: str) -> None:
    """A worker for which this folder is a disk with no room left: a few pages of memory, all taken."""
    (house.var / folder).mkdir(exist_ok=True)
    words = [sys.executable, "-m", "celery", "-A", "tests.faults.hasty", "worker", *WORKER, "--hostname=cramped@house"]
    place = shlex.quote(str(house.var / folder))
    full = f"mount -t tmpfs -o size=16k none {place} && (head -c 99999 /dev/zero > {place}/full || true) 2>&-"
    began = len(house.log("cramped"))
    with (house.var / "log" / "cramped.log").open("a") as log:
        house.children["cramped"] = subprocess.Popen(
            ["unshare", "-Urm", "sh", "-c", f"{full}; exec {shlex.join(words)}"],
            cwd=ROOT,
            env=house.environment() | {"TMPDIR": str(house.var / "tmp")},
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            text=True,
        )
    until(lambda: " ready." in house.log("cramped")[began:], "cramped worker")


def ask(number: int) -> ReportRun:
    team = Team.objects.filter(employer__slug="testshire").order_by("pk")[number]
    cora = User.objects.get(username="cora")
    return request_report(team=team, as_of=timezone.localdate(), by=cora, at=timezone.now())


def status(run: ReportRun) -> str:
    run.refresh_from_db()
    return run.status


def round_settles(house: House, run: ReportRun) -> bool:
    house.ask("reports.sweep")
    return status(run) in {"READY", "FAILED"}


def test_no_room_for_files(house: House) -> None:
    """Scoring goes on; the report is given up with a reason, and made when it is asked for with room again."""
    if "worker" in house.children:
        house.kill("worker")
    (house.var / "tmp").mkdir(exist_ok=True)
    start_cramped_worker(house, "media")
    refused = ask(0)
    try:
        until(lambda: round_settles(house, refused), "given up", patience=120, between=0.5)
        finish(house)
    finally:
        house.kill("cramped")
    assert (refused.status, refused.attempts) == ("FAILED", 3)
    assert "Ask for a new report" in refused.error
    house.start_worker()
    again = ask(0)
    until(lambda: round_settles(house, again), "made", patience=120, between=0.5)
    assert again.status == "READY"
    assert not refused.file


def test_no_room_for_what_passes(house: House) -> None:
    """The folder of temporary files is full: a report needs none of it."""
    if "worker" in house.children:
        house.kill("worker")
    start_cramped_worker(house, "tmp")
    run = ask(1)
    try:
        until(lambda: round_settles(house, run), "settled", patience=120, between=0.5)
    finally:
        house.kill("cramped")
    assert run.status == "READY" or (run.status == "FAILED" and run.error)
