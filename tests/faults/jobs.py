"""What a worker is given to do, how it goes when nobody disturbs it, and when there is nothing left to do."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from django.utils import timezone

from caseloads import snapshots
from caseloads.actions.imports import confirm_import
from caseloads.models import ImportRun, TeamSnapshot
from checks import duty_keeping, finding_keeping
from checks.actions.cycles import open_cycle
from checks.actions.doing import Doing
from checks.models import HealthCheck
from reports.actions import request_employer_report, request_report
from reports.models import ReportRun
from standards.models import StandardSet
from teams.models import Employer, Team, User
from tests.faults.house import House, until
from tests.faults.picture import picture
from tests.integration.checks.rounds import new_cycle

SWEEPS = (
    "caseloads.sweep",
    "caseloads.sweep_imports",
    "checks.sweep_cycles",
    "checks.sweep_findings",
    "checks.sweep",
    "reports.sweep",
)


def the_employer() -> Employer:
    return Employer.objects.get(slug="testshire")


def person(name: str) -> User:
    return User.objects.get(username=name)


def nothing_left() -> bool:
    """Whether every row says that nothing is to be done, by the queries of the sweepers."""
    today = timezone.localdate()
    return (
        not ReportRun.objects.on_their_way().exists()
        and not ImportRun.objects.filter(status__in=["CONFIRMED", "APPLYING"]).exists()
        and not HealthCheck.objects.filter(measured_at__isnull=True).exists()
        and snapshots.everything_scored(as_of=today)
        and not finding_keeping.employers_to_measure(as_of=today)
        and not duty_keeping.employers_to_keep(as_of=today)
    )


def scoring(house: House) -> None:
    house.ask("caseloads.score_every_employer")


def importing(_: House) -> None:
    confirm_import(run=ImportRun.objects.get(), by=person("ewa"), at=timezone.now())


def freezing(_: House) -> None:
    today = timezone.localdate()
    days = {"period_from": today - timedelta(days=90), "period_to": today, "measured_on": today, "due_on": today}
    new = new_cycle(standard_set=StandardSet.objects.get(pack="small"), **days)
    doing = Doing(person("cora"), timezone.now())
    open_cycle(employer=the_employer(), new=new, teams=Team.objects.filter(employer=the_employer()), doing=doing)


def rendering(_: House) -> None:
    at = timezone.now()
    for team in Team.objects.filter(employer=the_employer())[:1]:
        request_report(team=team, as_of=timezone.localdate(), by=person("cora"), at=at)
    request_employer_report(employer=the_employer(), as_of=timezone.localdate(), by=person("dev"), at=at)


Job = Callable[[House], None]
JOBS: tuple[Job, ...] = (scoring, importing, freezing, rendering)


@dataclass(frozen=True)
class Calm:
    """How a job goes when nobody disturbs it."""

    seconds: float
    statements: int
    picture: dict[str, tuple[int, str]]


def finish(house: House) -> None:
    """Let the sweepers come round, as beat has them, until there is nothing left to do."""

    def round_done() -> bool:
        if nothing_left():
            return True
        house.ask(*SWEEPS)
        return False

    until(round_done, "everything done", between=0.5)


_calm: dict[str, Calm] = {}


def calm(house: House, job: Job) -> Calm:
    """The job undisturbed, once; the house is then as it was."""
    if job.__name__ not in _calm:
        house.empty_queue()
        began, said = time.monotonic(), said_to_database(house)
        job(house)
        until(lambda: done_by_itself(job.__name__), job.__name__, between=0.01)
        seconds, statements = time.monotonic() - began, said_to_database(house) - said
        finish(house)
        _calm[job.__name__] = Calm(seconds, statements, picture())
    return _calm[job.__name__]


def said_to_database(house: House) -> int:
    """How many statements workers have said so far."""
    return house.statements.stat().st_size if house.statements.exists() else 0


def done_by_itself(name: str) -> bool:
    return {
        "scoring": lambda: TeamSnapshot.objects.values("employer").distinct().count() == Employer.objects.count(),
        "importing": lambda: ImportRun.objects.get().status == "APPLIED",
        "freezing": lambda: not HealthCheck.objects.filter(measured_at__isnull=True).exists(),
        "rendering": lambda: not ReportRun.objects.on_their_way().exists(),
    }[name]()


def files(house: House) -> set[str]:
    media = house.var / "media"
    return {str(path.relative_to(media)) for path in media.rglob("*") if path.is_file()}


def files_named() -> set[str]:
    """The files that rows speak of."""
    kept = {str(one.file.name) for run in ImportRun.objects.all() for one in run.files.all()}
    return kept | {str(run.file.name) for run in ReportRun.objects.exclude(file="")}
