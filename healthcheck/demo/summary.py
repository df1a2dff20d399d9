"""What the demo came to, for whoever just started it."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Sum

from caseloads.models import TeamSnapshot
from healthcheck.demo.loading import IMPORTED_SLUG, SLUG
from reports.models import ReportRun
from teams.models import Employer


@dataclass(frozen=True)
class Summary:
    """Figures of the employer shown, and the newest report of it."""

    employer: str
    teams: int
    workers: int
    cases: int
    red_flags: int
    pdf: str


def shown_employer() -> Employer:
    """The imported employer once it has teams, else the demo's own."""
    imported = Employer.objects.filter(slug=IMPORTED_SLUG, teams__isnull=False).first()
    return imported or Employer.objects.get(slug=SLUG)


def summary(*, as_of: date) -> Summary:
    employer = shown_employer()
    scored = TeamSnapshot.objects.filter(employer=employer, day=as_of)
    run = ReportRun.objects.filter(employer=employer, status=ReportRun.Status.READY).first()
    return Summary(
        employer=employer.name,
        teams=employer.teams.count(),
        workers=employer.workers.count(),
        cases=employer.cases.open_on(as_of).count(),
        red_flags=scored.aggregate(total=Sum("red_flags"))["total"] or 0,
        pdf=run.file.path if run else "",
    )
