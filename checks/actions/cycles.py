"""What the principal social worker does with cycles: open one for some teams, change it, close it."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from django.db import transaction

from checks import tasks
from checks.actions.doing import Doing
from checks.checking import why_not_open
from checks.models import Cycle, HealthCheck
from standards.models import StandardSet
from teams import audit, submissions
from teams.access import require_employer_wide
from teams.audit import Event
from teams.handing_over import after_commit
from teams.models import Employer, Team
from teams.refusals import NotAllowed
from teams.roles import Permission


@dataclass(frozen=True)
class NewCycle:
    """What a cycle is about: the version of the standards, the period, the day of the figures and the last day."""

    name: str
    standard_set: StandardSet
    period_from: date
    period_to: date
    measured_on: date
    due_on: date
    fewest: int


@transaction.atomic
def open_cycle(*, employer: Employer, new: NewCycle, teams: Collection[Team], doing: Doing) -> Cycle:
    """Open a cycle: each team gets its check at once; the figures are taken by a worker, in a moment."""
    require_employer_wide(doing.by, Permission.CYCLE_RUN, employer=employer)
    submissions.claim(doing.once, by=doing.by, at=doing.at)
    if reason := why_not_open(
        period_from=new.period_from,
        period_to=new.period_to,
        measured_on=new.measured_on,
        due_on=new.due_on,
        teams=len(teams),
        on=doing.day,
    ):
        raise NotAllowed(reason)
    Employer.objects.select_for_update(no_key=True).get(pk=employer.pk)
    if employer.cycles.filter(name__iexact=new.name).exists():
        raise NotAllowed("There is a cycle of this name already. Give this one another name.")
    cycle = Cycle.objects.create(employer=employer, opened_at=doing.at, opened_by=doing.by, **vars(new))
    HealthCheck.objects.bulk_create(HealthCheck(employer=employer, cycle=cycle, team=team) for team in teams)
    detail = {"standards": str(new.standard_set), "teams": len(teams), "due_on": new.due_on.isoformat()}
    audit.record(Event.CYCLE_OPENED, employer=employer, target=cycle, by=doing.by, at=doing.at, detail=detail)
    after_commit(tasks.open_checks, cycle_id=cycle.pk)
    return cycle


@transaction.atomic
def add_teams(*, cycle: Cycle, teams: Collection[Team], doing: Doing) -> None:
    """Give more teams their check in a cycle that is open; their figures are taken for the cycle's day."""
    cycle = _take(cycle, doing)
    known = set(cycle.checks.values_list("team", flat=True))
    if any(team.pk in known for team in teams):
        raise NotAllowed("One of these teams is in the cycle already. Look at it again.")
    HealthCheck.objects.bulk_create(HealthCheck(employer=cycle.employer, cycle=cycle, team=team) for team in teams)
    _keep(cycle, doing, {"teams_added": [str(team) for team in teams]})
    after_commit(tasks.open_checks, cycle_id=cycle.pk)


@transaction.atomic
def put_off(*, cycle: Cycle, due_on: date, reason: str, doing: Doing) -> None:
    """Move the day by which answers are due."""
    cycle = _take(cycle, doing)
    if due_on < doing.day:
        raise NotAllowed("Enter a day from today on.")
    before, cycle.due_on = cycle.due_on, due_on
    _keep(cycle, doing, {"due_on": {"before": before, "after": due_on}, "reason": reason})


@transaction.atomic
def close_cycle(*, cycle: Cycle, reason: str, doing: Doing) -> None:
    """Close a cycle: what is not finished stays as it is, and nobody is reminded any more."""
    cycle = _take(cycle, doing)
    if cycle.state == Cycle.State.OPENING:
        raise NotAllowed("This cycle is still being opened. Wait a moment, and try again.")
    before, cycle.state = cycle.state, Cycle.State.CLOSED
    _keep(cycle, doing, {"state": {"before": before, "after": cycle.state}, "reason": reason})


def _take(cycle: Cycle, doing: Doing) -> Cycle:
    """Lock a cycle as it was seen."""
    require_employer_wide(doing.by, Permission.CYCLE_RUN, employer=cycle.employer)
    submissions.claim(doing.once, by=doing.by, at=doing.at)
    locked = Cycle.objects.select_for_update(of=("self",)).select_related("employer").get(pk=cycle.pk)
    if locked.state == Cycle.State.CLOSED:
        raise NotAllowed("This cycle is closed.")
    if doing.seen is not None and doing.seen != locked.revision:
        raise NotAllowed("Somebody else has changed this cycle since you opened the page. Look at it again.")
    return locked


def _keep(cycle: Cycle, doing: Doing, detail: dict[str, object]) -> None:
    cycle.revision += 1
    cycle.save(update_fields=["due_on", "state", "revision"])
    audit.record(Event.CYCLE_CHANGED, employer=cycle.employer, target=cycle, by=doing.by, at=doing.at, detail=detail)
