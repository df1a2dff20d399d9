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
from teams.actions.staffing import note, require_member
from teams.changing import ask_for_scores, lock_row, lock_worker, put_right
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
def put_right_reduction(
    *,
    row: CapacityReduction,
    new: Reduction | None,
    why: str = "",
    seen: str | None = None,
    once: UUID | None = None,
    by: User | None,
    at: datetime,
) -> None:
    """End, correct or (None) remove a reduction; the audit trail keeps what it said before."""
    require(by, Permission.STAFFING_RECORD, team=row.team)
    submissions.claim(once, by=by, at=at)
    rows = CapacityReduction.objects.select_related("worker", "team__employer")
    row = lock_row(row, among=rows, what="reduction", seen=seen, words=reduction_words)
    if new is not None:
        _check_reduction(new, row.worker, row.team)
    what = "reduction" if new else "reduction removed"
    told = put_right(row, new, of=Reduction, why=why)
    note(what, team=row.team, target=row, by=by, at=at, worker=row.worker_id, **told)
    ask_for_scores([row.team])


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
def put_right_absence(
    *,
    team: Team,
    row: Absence,
    new: Away | None,
    why: str = "",
    seen: str | None = None,
    once: UUID | None = None,
    by: User | None,
    at: datetime,
) -> None:
    """Say when somebody came back; correct or (None) remove an absence; the audit trail keeps what it said before."""
    require(by, Permission.STAFFING_RECORD, team=team)
    require_member(row.worker, team)
    submissions.claim(once, by=by, at=at)
    row = lock_row(
        row, among=Absence.objects.select_related("worker__employer"), what="absence", seen=seen, words=absence_words
    )
    if new is not None:
        _check_absence(new, row.worker.absences.exclude(pk=row.pk))
    what = "absence" if new else "absence removed"
    note(what, team=team, target=row, by=by, at=at, worker=row.worker_id, **put_right(row, new, of=Away, why=why))
    ask_for_scores(_teams_of(row.worker))


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
