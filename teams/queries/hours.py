"""A worker's own additional hours, as they see them themselves."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from django.http import Http404

from design import figures
from teams.access import own_worker
from teams.models import AdditionalHours, User, Worker
from teams.policies import open_weeks

YEAR = timedelta(weeks=52)


@dataclass(frozen=True)
class Week:
    """One week; row None: nothing is entered."""

    monday: date
    row: AdditionalHours | None

    @property
    def words(self) -> str:
        return week_words(self.monday)


@dataclass(frozen=True)
class OwnHours:
    """Weeks that are open, newest first, those before of the last year, and the sum of all of these."""

    open: Sequence[Week]
    before: Sequence[AdditionalHours]
    total: Decimal


def week_words(monday: date) -> str:
    return f"Week of {figures.day(monday)} to {figures.day(monday + timedelta(days=6))}"


def own_hours(worker: Worker, *, today: date) -> OwnHours:
    rows = list(worker.additional_hours.filter(week__gt=today - YEAR).order_by("-week"))
    known = {row.week: row for row in rows}
    weeks = open_weeks(today)
    return OwnHours(
        open=[Week(monday, known.get(monday)) for monday in weeks],
        before=[row for row in rows if row.week not in weeks],
        total=sum((row.hours for row in rows), Decimal(0)),
    )


def own_week(user: User, monday: date, *, today: date) -> tuple[Worker, AdditionalHours | None]:
    """The user as a worker and what they entered for a week; 404 for a week that is not open, or for no worker."""
    worker = own_worker(user)
    if worker is None or monday not in open_weeks(today):
        raise Http404("There is no such week to enter hours for.")
    return worker, worker.additional_hours.filter(week=monday).first()
