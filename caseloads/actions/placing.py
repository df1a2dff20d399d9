"""What allocating and transferring have in common: limits are asked about, rows end and begin, and words are kept."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime

from django.db import IntegrityError, transaction

from caseloads.limits import Passed
from caseloads.models import Allocation, Case, LimitException
from caseloads.queries.allocating import Effect, Trial
from caseloads.workload_scheme import Limit
from teams import access
from teams.models import User, Worker
from teams.refusals import NotAllowed
from teams.roles import Permission

_CONTRADICTIONS = {
    "allocation_no_overlap": "This worker already holds this case on some of these days, perhaps in another team.",
    "allocation_one_open_lead": "Somebody else is the lead of this case by now. Look at who holds it, and try again.",
}
_TOO_MUCH = (
    "The shares of this case would add up to more than its weighting scheme allows. "
    "Give a smaller share, or change the others’ first."
)


@dataclass(frozen=True)
class PastLimit:
    """Why a limit may be passed, and who approved it where it blocks."""

    reason: str = ""
    approved_by: User | None = None


class LimitsPassed(NotAllowed):
    """A limit would be passed and nobody has said why, or approved it."""

    def __init__(self, passed: Sequence[Passed], names: Sequence[str], *, blocked: bool) -> None:
        self.passed, self.blocked = passed, blocked
        self.named = list(zip(names, passed, strict=True))
        super().__init__(
            "This goes past a limit that needs approval. Say why, and who has approved it."
            if blocked
            else "This goes past a limit. Say why it is right all the same."
        )


@dataclass(frozen=True)
class Placing:
    """A share of a case for a worker from a day, and what the worker says to it."""

    case: Case
    worker: Worker
    share: int
    role: str
    on: date
    agreement: str = ""
    note: str = ""


def ask_about_limits(trial: Trial, effects: Iterable[Effect], past: PastLimit) -> None:
    """Raises LimitsPassed where a limit is passed without a reason, or one that blocks without an approver."""
    found = [(str(effect.worker), one) for effect in effects for one in effect.passed]
    passed = [one for _, one in found]
    blocked = any(one.limit in trial.blocking for one in passed)
    if passed and (not past.reason or (blocked and past.approved_by is None)):
        raise LimitsPassed(passed, [name for name, _ in found], blocked=blocked)
    if past.approved_by is None or not blocked:
        return
    if not access.holds(past.approved_by, Permission.CASE_LIMIT_APPROVE, team=trial.team):
        raise NotAllowed(f"{past.approved_by} may not approve this for {trial.team}. Name somebody who may.")


def end_allocations(rows: Collection[Allocation], *, on: date) -> None:
    """End allocations on a day; one that begins later never counts. One statement."""
    for row in rows:
        row.ended_on = max(on, row.started_on)
    with in_words():
        Allocation.objects.bulk_update(rows, ["ended_on"])


def begin_allocations(trial: Trial, placings: Sequence[Placing], *, on: date) -> list[Allocation]:
    """Begin allocations in a team; a share given to somebody who holds one already is added to it. Four statements."""
    keys = [placing.case.pk for placing in placings]
    held = Allocation.objects.filter(case__in=keys, team=trial.team).open_on(on)
    own = {(row.case_id, row.worker_id): row for row in held}
    grown = [row for placing in placings if (row := own.get((placing.case.pk, placing.worker.pk)))]
    end_allocations(grown, on=on)
    with in_words():
        return Allocation.objects.bulk_create(
            Allocation(
                employer=placing.case.employer,
                case=placing.case,
                worker=placing.worker,
                team=trial.team,
                role=_role(placing, own),
                share=placing.share + _held(placing, own),
                started_on=placing.on,
                agreement=placing.agreement,
                agreement_note=placing.note,
            )
            for placing in placings
        )


_Own = Mapping[tuple[int, int], Allocation]


def _held(placing: Placing, own: _Own) -> int:
    row = own.get((placing.case.pk, placing.worker.pk))
    return row.share if row else 0


def _role(placing: Placing, own: _Own) -> str:
    row = own.get((placing.case.pk, placing.worker.pk))
    return row.role if row and row.role == Allocation.Role.LEAD else placing.role


def keep_exceptions(
    trial: Trial,
    begun: Sequence[Allocation],
    effects: Iterable[Effect],
    past: PastLimit,
    *,
    by: User | None,
    at: datetime,
) -> None:
    """Keep each limit that was passed, with its reason, on the allocation that passed it. One statement."""
    first = {row.worker_id: row for row in reversed(begun)}
    LimitException.objects.bulk_create(
        LimitException(
            employer=trial.team.employer,
            allocation=first[int(str(one.worker))],
            limit=one.limit.value,
            detail=one.detail[:300],
            reason=past.reason,
            approved_by=past.approved_by if one.limit in trial.blocking else None,
            at=at,
            by=by,
        )
        for effect in effects
        for one in effect.passed
    )


def about_limits(effect: Effect | None, past: PastLimit, blocking: Collection[Limit]) -> str:
    """What is said of the limits in a case's history; nothing where none is passed."""
    if effect is None or not effect.passed:
        return ""
    what = "; ".join(one.detail.rstrip(".") for one in effect.passed)
    approved = any(one.limit in blocking for one in effect.passed) and past.approved_by
    return f" Past a limit: {what}. Reason: {past.reason.rstrip('.')}.{f' Approved by {approved}.' if approved else ''}"


@contextmanager
def in_words() -> Iterator[None]:
    """Turn what the database refuses into a sentence, and leave the transaction usable."""
    try:
        with transaction.atomic():
            yield
    except IntegrityError as error:
        diagnosis = getattr(error.__cause__, "diag", None)
        rule = getattr(diagnosis, "constraint_name", None)
        raise NotAllowed(_CONTRADICTIONS.get(rule or "", _TOO_MUCH)) from error
