"""What managers do about capacity: reductions with their approver, and absences."""

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from django.db import transaction

from design import figures
from teams import policies, submissions
from teams.access import holds, require
from teams.actions.staffing import note, require_member, values_of
from teams.changing import ask_for_scores, lock_worker, require_unchanged
from teams.models import Absence, CapacityReduction, Team, User, Worker
from teams.refusals import NotAllowed
from teams.roles import Permission
from teams.supervision import Span


@dataclass(frozen=True)
class Reduction:
    """How much less somebody carries in a team, why, from when to when, and who approved it."""

    kind: str
    amount: Decimal
    reason: str
    starts_on: date
    ends_on: date | None
    approved_by: User | None


@dataclass(frozen=True)
class Away:
    """Days on which somebody is away, with the class of the reason."""

    reason: str
    starts_on: date
    ends_on: date | None


@transaction.atomic
def add_reduction(
    *, team: Team, worker: Worker, new: Reduction, once: UUID | None = None, by: User | None, at: datetime
) -> CapacityReduction:
    """Let a worker carry less in a team."""
    require(by, Permission.STAFFING_RECORD, team=team)
    require_member(worker, team)
    submissions.claim(once, by=by, at=at)
    worker = lock_worker(worker)
    _check_reduction(new, worker, team)
    row = CapacityReduction.objects.create(worker=worker, team=team, **vars(new))
    note("reduction", team=team, target=row, by=by, at=at, worker=worker.pk, after=vars(new))
    ask_for_scores([team])
    return row


@transaction.atomic
def correct_reduction(
    *,
    row: CapacityReduction,
    new: Reduction,
    seen: str | None = None,
    once: UUID | None = None,
    by: User | None,
    at: datetime,
) -> None:
    """End a reduction, or put right what was recorded of it; the audit trail keeps what it said before."""
    require(by, Permission.STAFFING_RECORD, team=row.team)
    submissions.claim(once, by=by, at=at)
    row = _locked_reduction(row, seen)
    _check_reduction(new, row.worker, row.team)
    before = values_of(row, *vars(new))
    for name, value in vars(new).items():
        setattr(row, name, value)
    row.save()
    note("reduction", team=row.team, target=row, by=by, at=at, worker=row.worker_id, before=before, after=vars(new))
    ask_for_scores([row.team])


@transaction.atomic
def remove_reduction(
    *, row: CapacityReduction, why: str, seen: str | None = None, once: UUID | None = None, by: User, at: datetime
) -> None:
    """Take away a reduction that should never have been recorded; the audit trail keeps all of it, and why."""
    require(by, Permission.STAFFING_RECORD, team=row.team)
    submissions.claim(once, by=by, at=at)
    row = _locked_reduction(row, seen)
    before = values_of(row, "kind", "amount", "reason", "starts_on", "ends_on", "approved_by")
    note("reduction removed", team=row.team, target=row, by=by, at=at, worker=row.worker_id, before=before, why=why)
    row.delete()
    ask_for_scores([row.team])


def _locked_reduction(row: CapacityReduction, seen: str | None) -> CapacityReduction:
    lock_worker(row.worker)
    found = CapacityReduction.objects.select_related("worker", "team__employer").filter(pk=row.pk).first()
    if found is None:
        raise NotAllowed("Somebody else has removed this reduction. There is nothing left to change")
    require_unchanged(seen, [found], now=reduction_words(found))
    return found


def reduction_words(row: CapacityReduction) -> str:
    until = f" until {figures.day(row.ends_on)}" if row.ends_on else ", no end recorded"
    amount = figures.plain(row.amount)
    return f"{row.reason}, {amount} {row.get_kind_display().lower()}, from {figures.day(row.starts_on)}{until}"


def _check_reduction(new: Reduction, worker: Worker, team: Team) -> None:
    if reason := policies.why_not_amount(new.kind, new.amount) or policies.why_not_period(new.starts_on, new.ends_on):
        raise NotAllowed(reason)
    if new.approved_by is None:
        return
    if not holds(new.approved_by, Permission.STAFFING_RECORD, team=team):
        raise NotAllowed(f"{new.approved_by} may not approve reductions in this team. Choose somebody else")
    if new.approved_by.pk == worker.user_id:
        raise NotAllowed("Nobody approves a reduction of their own. Choose somebody else")


@transaction.atomic
def add_absence(
    *, team: Team, worker: Worker, new: Away, once: UUID | None = None, by: User | None, at: datetime
) -> Absence:
    """Record that a worker is away, from all their teams."""
    require(by, Permission.STAFFING_RECORD, team=team)
    require_member(worker, team)
    submissions.claim(once, by=by, at=at)
    worker = lock_worker(worker)
    _check_absence(new, worker.absences.all())
    row = Absence.objects.create(worker=worker, **asdict(new))
    note("absence", team=team, target=row, by=by, at=at, worker=worker.pk, after=asdict(new))
    ask_for_scores(_teams_of(worker))
    return row


@transaction.atomic
def correct_absence(
    *,
    team: Team,
    row: Absence,
    new: Away,
    seen: str | None = None,
    once: UUID | None = None,
    by: User | None,
    at: datetime,
) -> None:
    """Say when somebody came back, or put right what was recorded; the audit trail keeps what it said before."""
    require(by, Permission.STAFFING_RECORD, team=team)
    require_member(row.worker, team)
    submissions.claim(once, by=by, at=at)
    row = _locked_absence(row, seen)
    _check_absence(new, row.worker.absences.exclude(pk=row.pk))
    before = values_of(row, *asdict(new))
    for name, value in asdict(new).items():
        setattr(row, name, value)
    row.save()
    note("absence", team=team, target=row, by=by, at=at, worker=row.worker_id, before=before, after=asdict(new))
    ask_for_scores(_teams_of(row.worker))


@transaction.atomic
def remove_absence(
    *, team: Team, row: Absence, why: str, seen: str | None = None, once: UUID | None = None, by: User, at: datetime
) -> None:
    """Take away an absence that should never have been recorded; the audit trail keeps all of it, and why."""
    require(by, Permission.STAFFING_RECORD, team=team)
    require_member(row.worker, team)
    submissions.claim(once, by=by, at=at)
    row = _locked_absence(row, seen)
    before = values_of(row, "reason", "starts_on", "ends_on")
    note("absence removed", team=team, target=row, by=by, at=at, worker=row.worker_id, before=before, why=why)
    row.delete()
    ask_for_scores(_teams_of(row.worker))


def _locked_absence(row: Absence, seen: str | None) -> Absence:
    lock_worker(row.worker)
    found = Absence.objects.select_related("worker__employer").filter(pk=row.pk).first()
    if found is None:
        raise NotAllowed("Somebody else has removed this absence. There is nothing left to change")
    require_unchanged(seen, [found], now=absence_words(found))
    return found


def absence_words(row: Absence) -> str:
    back = f", back on {figures.day(row.ends_on)}" if row.ends_on else ", return not known"
    return f"{row.get_reason_display()} from {figures.day(row.starts_on)}{back}"


def _check_absence(new: Away, others: Iterable[Absence]) -> None:
    spans = [Span(row.starts_on, row.ends_on) for row in others]
    if reason := policies.why_not_period(new.starts_on, new.ends_on) or policies.why_not_away(
        new.starts_on, new.ends_on, spans
    ):
        raise NotAllowed(reason)


def _teams_of(worker: Worker) -> Iterable[Team]:
    return Team.objects.filter(contracts__worker=worker).distinct()


@transaction.atomic
def record_absences(*, team: Team, absences: Sequence[tuple[Worker, Away]], by: User | None, at: datetime) -> None:
    """Record absences of a team's members in one write, as when a log is taken over."""
    require(by, Permission.STAFFING_RECORD, team=team)
    Absence.objects.bulk_create(Absence(worker=worker, **asdict(new)) for worker, new in absences)
    note("absences", team=team, target=team, by=by, at=at, rows=len(absences))
    ask_for_scores([team])


def put_right_reduction(
    *,
    row: CapacityReduction,
    new: Reduction | None,
    why: str,
    seen: str | None = None,
    once: UUID | None = None,
    by: User,
    at: datetime,
) -> None:
    """Correct a reduction, or remove it where nothing is to take its place."""
    if new is None:
        remove_reduction(row=row, why=why, seen=seen, once=once, by=by, at=at)
    else:
        correct_reduction(row=row, new=new, seen=seen, once=once, by=by, at=at)


def put_right_absence(
    *,
    team: Team,
    row: Absence,
    new: Away | None,
    why: str,
    seen: str | None = None,
    once: UUID | None = None,
    by: User,
    at: datetime,
) -> None:
    """Correct an absence, or remove it where nothing is to take its place."""
    if new is None:
        remove_absence(team=team, row=row, why=why, seen=seen, once=once, by=by, at=at)
    else:
        correct_absence(team=team, row=row, new=new, seen=seen, once=once, by=by, at=at)
