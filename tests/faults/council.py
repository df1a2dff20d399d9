"""A council large enough that its jobs take a while, with a case list that waits to be confirmed."""

import io
from datetime import datetime, timedelta

from django.utils import timezone

from caseloads import import_running
from caseloads.actions.imports import offer_import
from caseloads.importing import Files, Upload
from caseloads.models import ImportRun
from teams.actions.setting_up import add_team, add_workers
from teams.models import Team, Worker
from tests.cast import Cast, assemble, case, holds, new_worker, record
from tests.integration.checks.rounds import small_set

TEAMS, WORKERS, CASES, NEW_ROWS = 8, 6, 12, 300
HEADINGS = "case_reference,category,opened_on,team,worker,family_reference\n"


def found(password: str | None = None) -> Cast:
    """The cast, more teams beside theirs, and a case list that was looked at and not yet confirmed."""
    cast = assemble(password)
    for number in range(TEAMS):
        _team(cast, number)
    small_set()
    _previewed(cast, at=timezone.now())
    return cast


def _team(cast: Cast, number: int) -> None:
    team = add_team(service_area=cast.area, name=f"Team {number}", by=None, at=timezone.now())
    new = [new_worker(f"Worker {number}-{one}", team) for one in range(WORKERS)]
    workers = add_workers(employer=cast.employer, workers=new, by=None, at=timezone.now())
    record(cast, *(_case(number, one, worker, team) for worker in workers for one in range(CASES)), team=team)


def _case(number: int, one: int, worker: Worker, team: Team):  # type: ignore[no-untyped-def]  # noqa: ANN202
    category = ("child_protection", "child_in_need", "assessment")[one % 3]
    return case(f"S-{number}-{worker.pk}-{one}", holds(worker, team), category=category)


def _previewed(cast: Cast, *, at: datetime) -> None:
    day = timezone.localdate(at) - timedelta(days=20)
    rows = [
        f"N-{one},child_in_need,{day:%d/%m/%Y},Team {one % TEAMS},Worker {one % TEAMS}-{one % WORKERS},\n"
        for one in range(NEW_ROWS)
    ]
    run = offer_import(
        employer=cast.employer,
        preset=ImportRun.Preset.PLAIN,
        files=Files([Upload("cases.csv", io.BytesIO((HEADINGS + "".join(rows)).encode()))]),
        as_of=timezone.localdate(at),
        by=cast.ewa,
        at=at,
    )
    import_running.read(run_id=run.pk, clock=timezone.now)
    run.refresh_from_db()
    assert run.status == "PREVIEW", run.error
