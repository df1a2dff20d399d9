"""What waits to be done, by the rows that say so, and how long the oldest of it has waited."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Count, Min, Q, QuerySet

from caseloads.models import ImportRun, ScoringNeed
from caseloads.snapshots import unscored_teams
from checks.finding_keeping import teams_to_measure
from checks.models import Cycle
from reports.models import ReportRun
from teams.models import Employer, StaffingChange
from teams.queries.letters import letters_of


@dataclass(frozen=True)
class Waiting:
    """`work`: a word for machines. `since`: of the oldest; None: nothing waits, or nobody noted when it began."""

    work: str
    words: str
    number: int
    since: datetime | None


def waiting(employer: Employer | None, *, as_of: date) -> list[Waiting]:
    """Of an employer, or of all whose rows can be seen. A statement for each kind of work."""
    return [Waiting(work, words, *_told(rows, since)) for work, words, rows, since in _kinds(employer, as_of)]


def _told(rows: QuerySet[Any, Any], since: str) -> tuple[int, datetime | None]:
    if not since:
        return rows.count(), None
    found = rows.order_by().aggregate(number=Count("pk"), since=Min(since))
    return found["number"], found["since"]


def _kinds(employer: Employer | None, as_of: date) -> Iterator[tuple[str, str, QuerySet[Any, Any], str]]:
    here, team = (Q(employer=employer), Q(team__employer=employer)) if employer else (Q(), Q())
    yield "scoring", "Teams to score after a change", ScoringNeed.objects.outstanding().filter(team), "asked_at"
    yield "staffing", "Changes of staffing to score", StaffingChange.objects.filter(team), ""
    yield "day", "Teams not scored today", unscored_teams(as_of).filter(here), ""
    yield "findings", "Teams to measure after scoring", teams_to_measure(as_of).filter(here), ""
    yield "imports", "Imports on their way", ImportRun.objects.on_their_way().filter(here), "heard_at"
    yield "reports", "Reports on their way", ReportRun.objects.on_their_way().filter(here), "requested_at"
    yield "cycles", "Health checks to open", Cycle.objects.to_open().filter(here), "opened_at"
    yield "letters", "E-mails about accounts", letters_of(employer).to_send(), "made_at"
