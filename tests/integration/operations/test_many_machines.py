"""The shape of production on machines of its own: a piece of work through all of it, and a worker that is cut off."""

import contextlib
import json
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.cast import PASSWORD
from tests.integration.operations.machines import ADDRESSES, ROOT, SITE, Machines, address, machines, until

CAST = """
import django
django.setup()
from django.utils import timezone
from caseloads.snapshots import score_employer
from tests.cast import assemble, PASSWORD
from allauth.mfa.models import Authenticator
cast = assemble(PASSWORD)
codes = Authenticator.objects.get(user=cast.ben, type="recovery_codes").wrap().get_unused_codes()
for team in (cast.team, cast.elsewhere):
    score_employer(employer_id=team.employer_id, as_of=timezone.localdate(), at=timezone.now())
print(cast.team.public_id, cast.team.pk, codes[0])
"""
VISIT = """
import json, re, sys, time, urllib.error, urllib.parse, urllib.request
web, site, team, code, word = sys.argv[1:]

class Visitor:
    '''A browser behind the proxy, as far as it takes.'''
    cookies = {}
    class Stay(urllib.request.HTTPRedirectHandler):
        def redirect_request(self, *_):
            return None
    open = urllib.request.build_opener(Stay).open

    def ask(self, path, **form):
        if form:
            form["csrfmiddlewaretoken"] = re.search('name="csrfmiddlewaretoken" value="([^"]+)"', self.ask(path)[2])[1]
        headers = {"Host": site, "X-Forwarded-Proto": "https", "X-Forwarded-For": "192.0.2.7", "Referer": f"https://{site}/"}
        headers["Cookie"] = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        data = urllib.parse.urlencode(form).encode() if form else None
        try:
            answer = self.open(urllib.request.Request(f"http://{web}:8000{path}", data, headers), timeout=30)
        except urllib.error.HTTPError as error:
            answer = error
        for cookie in answer.headers.get_all("Set-Cookie") or []:
            name, value = cookie.split(";")[0].split("=", 1)
            assert name.startswith("__Host-") and "Secure" in cookie, cookie
            self.cookies[name] = value
        body = answer.read()
        return answer.status, answer.headers, body if body.startswith(b"%PDF") else body.decode()

visitor = Visitor()
assert visitor.ask("/sign-in/", login="ben", password=word)[0] == 302
assert visitor.ask("/sign-in/second-factor/", code=code)[0] == 302
status, headers, _ = visitor.ask(f"/teams/{team}/report/", ask="1")
assert status == 302, status
page, asked = headers["Location"], headers["X-Request-ID"]
for _ in range(300):
    status, _, body = visitor.ask(f"{page}file/")
    if status == 200:
        break
    time.sleep(0.3)
print(json.dumps({"status": status, "pdf": body[:4] == b"%PDF", "asked": asked}))
"""
LOCK = """
import sys, django
django.setup()
from django.db import connection, transaction
with transaction.atomic(), connection.cursor() as cursor:
    cursor.execute("LOCK TABLE caseloads_teamsnapshot IN SHARE ROW EXCLUSIVE MODE")
    print("locked", flush=True)
    sys.stdin.read()
"""
CHANGE = """
import sys, django
django.setup()
from django.utils import timezone
from caseloads.snapshots import request_scoring
from caseloads.tasks import score_team
from teams import tenancy
from teams.models import Team
with tenancy.by(tenancy.By.TEAM, int(sys.argv[1])):
    request_scoring([Team.objects.get(pk=sys.argv[1])], at=timezone.now())
print(score_team.delay(team_id=int(sys.argv[1])).id)
"""
STATE = """
import sys, json, django
django.setup()
from django.utils import timezone
from caseloads.models import ScoringNeed, TeamSnapshot
of = {"team": int(sys.argv[1])}
print(json.dumps({
    "waiting": ScoringNeed.objects.outstanding().filter(**of).count(),
    "snapshots": TeamSnapshot.objects.filter(day=timezone.localdate(), **of).count(),
}))
"""


@pytest.fixture(scope="module")
def here(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Machines]:
    with machines(tmp_path_factory.mktemp("machines")) as running:
        yield running


@pytest.fixture(scope="module")
def cast(here: Machines) -> tuple[str, str, str]:
    """The public key and the key of Ben's team, and a recovery code of his."""
    team, key, code = here.ask("web", "migrate", "-c", CAST).split()
    return team, key, code


def lines(text: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in text.splitlines() if line.startswith("{")]


def test_work_passes_through_every_machine(here: Machines, cast: tuple[str, str, str]) -> None:
    """Signed in over TLS that a proxy ended, a report is asked for, drawn by a worker and taken away."""
    team, _, code = cast
    done = json.loads(here.ask("proxy", "web", "-c", VISIT, address("web"), SITE, team, code, PASSWORD))
    assert (done["status"], done["pdf"]) == (200, True)
    # its id is in the lines of the web server and of the worker that drew it
    [asked] = [line for line in lines(here.log("web")) if line.get("request_id") == done["asked"]]
    assert (asked["view"], asked["status"]) == ("team-report", 302)
    drawn = [line for name in ("one", "two") for line in lines(here.log(name)) if line.get("task") == "reports.render"]
    assert {line["request_id"] for line in drawn} == {done["asked"]}
    assert [line["outcome"] for line in drawn if "outcome" in line] == ["success"]
    # every process of the web server is counted, and what the workers did
    shown = here.ask("proxy", "web", "-c", METRICS, address("web"))
    assert 'healthcheck_tasks_total{outcome="success",task="reports.render"} 1.0' in shown
    assert re.search(r'healthcheck_requests_total\{status="200",view="report-file"\} 1\.0', shown)
    # and the containers' own health checks agree
    for name in ("one", "two"):
        until(lambda name=name: here.healthy(name, "worker"), f"Worker {name} was not healthy")
    assert "Asha" not in "".join(here.log(name) for name in ADDRESSES if name in here.running)


METRICS = """
import os, sys, urllib.request
from pathlib import Path
token = Path(os.environ["METRICS_TOKEN_FILE"]).read_text().strip()
request = urllib.request.Request(f"http://{sys.argv[1]}:8000/-/metrics/", headers={"Authorization": f"Bearer {token}"})
print(urllib.request.urlopen(request).read().decode())
"""


def test_work_of_a_worker_that_is_cut_off_is_done_by_the_other(
    here: Machines, cast: tuple[str, str, str], tmp_path: Path
) -> None:
    """In the middle of scoring, with its transaction open, a worker loses its network for good."""
    _, team, _ = cast
    with held(here) as let_go:
        task = here.ask("web", "web", "-c", CHANGE, team).strip()
        taker = until(lambda: next((name for name in ("one", "two") if task in here.log(name)), None), "No worker came")
        until(lambda: waits(here, taker), "The worker did not get so far")
        here.pull_cable(taker)
        let_go()
    other = ({"one", "two"} - {taker}).pop()
    state = until(lambda: finished(here, team), "The other worker did not finish", seconds=300)
    assert state["snapshots"] == 1
    scored = [line for line in lines(here.log(other)) if line.get("task") == "caseloads.score_team"]
    assert "success" in {line.get("outcome") for line in scored}
    ended = [line["outcome"] for line in lines(here.log(taker)) if line.get("task_id") == task and "outcome" in line]
    assert "success" not in ended
    here.plug_in(taker)
    until(lambda: here.healthy(taker, "worker"), "The worker did not come back", seconds=300)


WAITS = """
import sys
import django
django.setup()
from django.db import connection
with connection.cursor() as cursor:
    cursor.execute(
        "SELECT count(*) FROM pg_stat_activity WHERE client_addr = %s::inet AND wait_event_type = 'Lock'", sys.argv[1:]
    )
    print(cursor.fetchone()[0])
"""


def waits(here: Machines, worker: str) -> bool:
    """Whether the database keeps something waiting that a worker asked for."""
    return int(here.ask("postgres", "migrate", "-c", WAITS, address(worker))) > 0


def finished(here: Machines, team: str) -> dict[str, int] | None:
    state: dict[str, int] = json.loads(here.ask("postgres", "migrate", "-c", STATE, team))
    return None if state["waiting"] else state


@contextlib.contextmanager
def held(here: Machines) -> Iterator[Callable[[], None]]:
    """Scoring cannot store what it found while this lasts, or until what is given is called."""
    command = [*here.inside("postgres"), sys.executable, "-c", LOCK]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=ROOT, env=here.environment("migrate")
    ) as holder:
        assert holder.stdin
        assert holder.stdout
        assert holder.stdout.readline() == b"locked\n"
        yield holder.stdin.close
        holder.stdin.close()
