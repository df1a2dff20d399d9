"""PostgreSQL restarted while people work: pages come by themselves, forms are given back, all recovers."""

import signal
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection, transaction
from django.db.backends.utils import CursorWrapper
from django.urls import reverse
from django.utils import timezone
from lxml import html

from caseloads.models import Case, ScoringNeed
from reports.actions import request_report
from reports.models import ReportRun
from teams.models import Team, User
from tests.faults.conftest import chance
from tests.faults.house import House, until
from tests.faults.visitor import Visitor

FAST, AT_ONCE = signal.SIGINT, signal.SIGKILL


@pytest.fixture
def served(house: House) -> Iterator[House]:
    house.start_what_is_missing("web", "worker", "beat")
    house.empty_queue()  # and with it how often ben has asked already
    yield house
    if "postgres" not in house.children:
        house.start_engine("postgres")


def heron() -> Team:
    return Team.objects.get(name="Heron Team")


def case_form(visitor: Visitor, path: str, reference: str) -> dict[str, object]:
    today = timezone.localdate()
    said = {"reference": reference, "opened_on": f"{today:%d/%m/%Y}", "priority": "2", "category": "assessment"}
    return visitor.form(path, **said)


def test_restarted_under_load(served: House, moment: int) -> None:
    """Whoever only reads notices at most a wait or a clear answer; what was said to be saved is saved, once."""
    path = reverse("case-new", args=[heron().public_id])
    writer = Visitor(served, "ben")
    forms = [case_form(writer, path, f"LOAD-{number}") for number in range(12)]
    stop, codes, saved = threading.Event(), [], []
    readers = [Visitor(served, "ben"), Visitor(served, "cora")]

    def read(visitor: Visitor) -> None:
        while not stop.is_set():
            codes.append(visitor.get("/").status_code)

    def write() -> None:
        saved.extend(fields["reference"] for fields in forms if writer.send(path, fields).status_code == 302)

    threads = [threading.Thread(target=read, args=[visitor]) for visitor in readers] + [threading.Thread(target=write)]
    for thread in threads:
        thread.start()
    random = chance("restart", moment)
    time.sleep(random.uniform(0, 1.5))
    served.kill_engine("postgres", random.choice([FAST, AT_ONCE]))
    time.sleep(random.uniform(0, 1))
    served.start_engine("postgres")
    threads[-1].join()
    until(lambda: readers[0].get("/").status_code == 200, "pages after the restart")
    stop.set()
    for thread in threads:
        thread.join()
    connection.close()
    assert set(codes) <= {200, 503}
    kept = list(Case.objects.filter(reference__startswith="LOAD-").values_list("reference", flat=True))
    assert len(kept) == len(set(kept))
    assert set(saved) <= set(kept)


def test_lines_that_were_cut_are_made_anew(served: House) -> None:
    """The lines are cut between two pages: nobody sees anything of it."""
    ben = Visitor(served, "ben")
    assert ben.get("/").status_code == 200
    served.server("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = 'moment'")
    connection.close()
    assert [ben.get("/").status_code for _ in range(4)] == [200] * 4


def test_one_line_serves_many_tasks(house: House) -> None:
    """As long as it is whole; where it was cut, the next task makes another, and is done."""
    for name in {"web", "beat"} & set(house.children):  # what has a line is the worker
        house.kill(name)
    house.empty_queue()
    house.start_what_is_missing("worker")
    score(house)
    used = lines()
    score(house)
    assert lines() == used
    assert len(used) == 1
    house.server("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'healthcheck_app'")
    score(house)
    assert len(lines()) == 1
    assert lines() != used


def score(house: House) -> None:
    """Have a team scored, and wait until the worker says that it is."""
    before = scored(house)
    house.ask("caseloads.score_team", team_id=heron().pk)
    until(lambda: scored(house) > before, "the team scored")


def scored(house: House) -> int:
    said = house.log("worker").splitlines()
    return sum("outcome=success" in line and "task=caseloads.score_team" in line for line in said)


def lines() -> set[int]:
    """Who is connected to the database as the application is."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pid FROM pg_stat_activity WHERE datname = 'moment' AND usename = 'healthcheck_app'")
        return {pid for (pid,) in cursor.fetchall()}


def test_a_page_is_asked_for_once_more(house: House) -> None:
    """The line is cut while a page is made, and the server is there: nobody sees anything of it."""
    for name in {"worker", "beat"} & set(house.children):  # what waits is the page
        house.kill(name)
    house.start_what_is_missing("web")
    ben = Visitor(house, "ben")
    with ThreadPoolExecutor(1) as pool, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("LOCK TABLE teams_team IN ACCESS EXCLUSIVE MODE")
        page = pool.submit(ben.get, "/")
        until(lambda: cut(cursor), "the page waits for its rows")
    assert page.result().status_code == 200


def cut(cursor: CursorWrapper) -> bool:
    """Cut the lines on which somebody waits for rows that are locked; False where nobody does yet."""
    cursor.execute("SELECT pg_stat_clear_snapshot()")
    cursor.execute(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = 'moment' AND wait_event_type = 'Lock'"
    )
    return bool(cursor.fetchall())


def test_a_form_is_given_back(served: House) -> None:
    """And sent again from the page that gives it back, it is saved."""
    path = reverse("case-new", args=[heron().public_id])
    ben = Visitor(served, "ben")
    fields = case_form(ben, path, "GIVEN-BACK")
    served.kill_engine("postgres")
    answer = ben.send(path, fields)
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "15")
    form = next(form for form in html.fromstring(answer.text).forms if form.fields.get("reference"))
    assert form.action == path
    assert form.fields["reference"] == "GIVEN-BACK"
    assert ben.get("/").status_code == 503
    served.start_engine("postgres")
    connection.close()
    assert not Case.objects.filter(reference="GIVEN-BACK").exists()
    assert ben.send(path, dict(form.form_values())).status_code == 302
    assert Case.objects.filter(reference="GIVEN-BACK").count() == 1


def test_workers_recover(served: House) -> None:
    """What was being done when the server went is done when it is back."""
    report = request_report(
        team=heron(), as_of=timezone.localdate(), by=User.objects.get(username="cora"), at=timezone.now()
    )
    until(lambda: ReportRun.objects.get(pk=report.pk).status != "PENDING", "a worker has it", between=0.01)
    served.kill_engine("postgres")
    served.start_engine("postgres")
    connection.close()
    until(lambda: settled(report.pk), "the report", patience=150, between=0.5)
    assert ReportRun.objects.get(pk=report.pk).status == "READY"
    until(lambda: not ScoringNeed.objects.outstanding().exists(), "everything scored", patience=150, between=0.5)


def settled(report: int) -> bool:
    return not ReportRun.objects.filter(pk=report).on_their_way().exists()
