"""What managers do about the people of a team: who joins and leaves, their hours, and what is said of them."""

from dataclasses import asdict, dataclass
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from django.db import models, transaction

from design import figures
from teams import audit, policies, submissions
from teams.access import require
from teams.audit import Event
from teams.changing import ask_for_scores, lock_worker, require_unchanged, values_of
from teams.models import CapacityReduction, Contract, Team, User, Worker
from teams.refusals import NotAllowed
from teams.roles import Permission
from teams.supervision import Span


@dataclass(frozen=True)
class About:
    """What a team records of a worker beside hours."""

    name: str
    career_stage: str
    registered: bool | None
    case_holding: bool
    agency: bool


@dataclass(frozen=True)
class Starter:
    """Somebody who joins a team. Hours None: not known."""

    about: About
    staff_reference: str
    weekly_hours: Decimal | None
    starts_on: date


def note(what: str, *, team: Team, target: models.Model, by: User | None, at: datetime, **detail: object) -> None:
    """Keep a change of staffing in the audit trail, old and new, in words and figures."""
    told = {"what": what, "team": team.pk} | detail
    audit.record(Event.STAFFING_CHANGED, employer=team.employer, target=target, by=by, at=at, detail=told)


def contracts_in(team: Team, worker: Worker) -> list[Contract]:
    """All contracts of a worker in a team, earliest first."""
    return list(Contract.objects.filter(team=team, worker=worker).order_by("starts_on"))


def require_member(worker: Worker, team: Team) -> None:
    """Refuse for somebody who never had a contract in the team."""
    if not contracts_in(team, worker):
        raise NotAllowed(f"{worker} does not work in {team}")


def in_words(contracts: list[Contract]) -> str:
    """Contracts as a sentence lists them."""
    return "; ".join(_contract_words(row) for row in contracts) or "no contract in this team"


def _lock_contracts(team: Team, worker: Worker, seen: str | None) -> list[Contract]:
    lock_worker(worker)
    rows = contracts_in(team, worker)
    require_unchanged(seen, rows, now=in_words(rows))
    return rows


def _contract_words(row: Contract) -> str:
    hours = figures.NOT_KNOWN if row.weekly_hours is None else str(figures.plain(row.weekly_hours))
    until = f" until {figures.day(row.ends_on)}" if row.ends_on else ""
    return f"{hours} hours a week from {figures.day(row.starts_on)}{until}"


@transaction.atomic
def add_starter(*, team: Team, new: Starter, once: UUID | None = None, by: User | None, at: datetime) -> Worker:
    """Add somebody new to a team from a day."""
    require(by, Permission.STAFFING_RECORD, team=team)
    submissions.claim(once, by=by, at=at)
    known = new.staff_reference and team.employer.workers.filter(staff_reference=new.staff_reference).first()
    if known:
        raise NotAllowed(
            f"{known} already has the staff reference {new.staff_reference}. "
            "If this is the same person, choose “already works for this employer” instead"
        )
    worker = Worker.objects.create(employer=team.employer, staff_reference=new.staff_reference, **asdict(new.about))
    _begin(worker, team, new.weekly_hours, new.starts_on)
    note("starter", team=team, target=worker, by=by, at=at, after=asdict(new))
    ask_for_scores([team])
    return worker


@transaction.atomic
def add_colleague(
    *,
    team: Team,
    staff_reference: str,
    weekly_hours: Decimal | None,
    starts_on: date,
    once: UUID | None = None,
    by: User | None,
    at: datetime,
) -> Worker:
    """Give somebody who works for the employer already hours in this team too, or again, by their staff reference."""
    require(by, Permission.STAFFING_RECORD, team=team)
    submissions.claim(once, by=by, at=at)
    found = team.employer.workers.filter(staff_reference=staff_reference).exclude(staff_reference="").first()
    if found is None:
        raise NotAllowed(
            f"Nobody of {team.employer} has the staff reference {staff_reference}. "
            "Check it, or add them as somebody new"
        )
    worker = lock_worker(found)
    open_ = next((row for row in contracts_in(team, worker) if row.ends_on is None or row.ends_on > starts_on), None)
    if open_ is not None:
        raise NotAllowed(f"{worker} already has hours in this team: {_contract_words(open_)}. Change those instead")
    _begin(worker, team, weekly_hours, starts_on)
    after = {"weekly_hours": weekly_hours, "starts_on": starts_on}
    note("joined from another team", team=team, target=worker, by=by, at=at, after=after)
    ask_for_scores([team])
    return worker


def _begin(worker: Worker, team: Team, weekly_hours: Decimal | None, starts_on: date) -> None:
    Contract.objects.create(worker=worker, team=team, weekly_hours=weekly_hours, starts_on=starts_on)


@transaction.atomic
def change_hours(
    *,
    team: Team,
    worker: Worker,
    weekly_hours: Decimal | None,
    starts_on: date,
    seen: str | None = None,
    once: UUID | None = None,
    by: User | None,
    at: datetime,
) -> None:
    """Give a worker other hours from a day: the old row ends there and a new one begins.

    From the very day on which a row begins it is a correction of that row; the audit trail keeps what it said.
    """
    require(by, Permission.STAFFING_RECORD, team=team)
    submissions.claim(once, by=by, at=at)
    rows = _lock_contracts(team, worker, seen)
    if reason := policies.why_not_hours_from(starts_on, [Span(row.starts_on, row.ends_on) for row in rows]):
        raise NotAllowed(reason)
    current = next(row for row in rows if Span(row.starts_on, row.ends_on).covers(starts_on))
    before = values_of(current, "weekly_hours", "starts_on", "ends_on")
    if current.starts_on == starts_on:
        current.weekly_hours = weekly_hours
        current.save(update_fields=["weekly_hours"])
    else:
        ends_on, current.ends_on = current.ends_on, starts_on
        current.save(update_fields=["ends_on"])
        Contract.objects.create(
            worker=worker, team=team, weekly_hours=weekly_hours, starts_on=starts_on, ends_on=ends_on
        )
    after = {"weekly_hours": weekly_hours, "starts_on": starts_on}
    note("hours", team=team, target=worker, by=by, at=at, before=before, after=after)
    ask_for_scores([team])


@transaction.atomic
def correct_first_day(
    *,
    team: Team,
    row: Contract,
    starts_on: date,
    seen: str | None = None,
    once: UUID | None = None,
    by: User | None,
    at: datetime,
) -> None:
    """Put right the day from which hours count. Where other hours ended on that day, they end on the right one."""
    require(by, Permission.STAFFING_RECORD, team=team)
    submissions.claim(once, by=by, at=at)
    rows = _lock_contracts(team, row.worker, seen)
    if row not in rows:
        raise NotAllowed("These hours are no longer recorded. There is nothing left to change")
    place = rows.index(row)
    row, before = rows[place], rows[place - 1] if place else None
    earlier = Span(before.starts_on, before.ends_on) if before else None
    if reason := policies.why_not_begin_on(starts_on, Span(row.starts_on, row.ends_on), earlier):
        raise NotAllowed(reason)
    old, row.starts_on = row.starts_on, starts_on
    moved = [row]
    if before is not None and before.ends_on == old:
        before.ends_on = starts_on
        moved.insert(0 if starts_on < old else 1, before)  # no day may be in two contracts, not even in between
    for one in moved:
        one.save(update_fields=["starts_on", "ends_on"])
    days = {"before": {"starts_on": old}, "after": {"starts_on": starts_on}}
    note("first day", team=team, target=row.worker, by=by, at=at, contract=row.pk, **days)
    ask_for_scores([team])


@transaction.atomic
def end_contract(
    *,
    team: Team,
    worker: Worker,
    ends_on: date,
    seen: str | None = None,
    once: UUID | None = None,
    by: User | None,
    at: datetime,
) -> None:
    """Let a worker leave a team: their last contract there ends, and so do their reductions in it.

    Cases in their name stay there and are unallocated from that day on; nothing is taken away in silence.
    """
    require(by, Permission.STAFFING_RECORD, team=team)
    submissions.claim(once, by=by, at=at)
    rows = _lock_contracts(team, worker, seen)
    if not rows:
        raise NotAllowed(f"{worker} does not work in {team}")
    last = rows[-1]
    if reason := policies.why_not_leave_on(ends_on, Span(last.starts_on, last.ends_on)):
        raise NotAllowed(reason)
    before = values_of(last, "weekly_hours", "starts_on", "ends_on")
    last.ends_on = ends_on
    last.save(update_fields=["ends_on"])
    reductions = CapacityReduction.objects.filter(worker=worker, team=team, starts_on__lt=ends_on)
    reductions.filter(models.Q(ends_on__isnull=True) | models.Q(ends_on__gt=ends_on)).update(ends_on=ends_on)
    note("leaver", team=team, target=worker, by=by, at=at, before=before, after={"ends_on": ends_on})
    ask_for_scores([team])


@transaction.atomic
def describe_worker(
    *,
    team: Team,
    worker: Worker,
    about: About,
    seen: str | None = None,
    once: UUID | None = None,
    by: User | None,
    at: datetime,
) -> None:
    """Correct what is said of a worker: name, career stage, registration, whether they hold cases, agency."""
    require(by, Permission.STAFFING_RECORD, team=team)
    require_member(worker, team)
    submissions.claim(once, by=by, at=at)
    worker = lock_worker(worker)
    require_unchanged(seen, [worker], now=described(worker))
    after = asdict(about)
    before = values_of(worker, *after)
    for name in after:
        setattr(worker, name, after[name])
    worker.save(update_fields=list(after))
    note("details", team=team, target=worker, by=by, at=at, **audit.changed(before, after))
    ask_for_scores(Team.objects.filter(contracts__worker=worker))


def described(worker: Worker) -> str:
    """What is recorded of a worker, as a sentence lists it."""
    registered = {True: "registered", False: "not registered", None: "registration not known"}[worker.registered]
    stage = worker.get_career_stage_display() if worker.career_stage else "career stage not known"
    holding = "holds cases" if worker.case_holding else "holds no cases"
    return ", ".join([worker.name, stage.lower(), registered, holding, "agency" if worker.agency else "employed"])


def about(worker: Worker) -> dict[str, object]:
    """What a team records of a worker, by the names of `About`."""
    return values_of(worker, *About.__dataclass_fields__)
