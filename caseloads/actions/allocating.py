"""What people do to say who holds a case, and for what share."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from caseloads.actions.changing import lock_case, note
from caseloads.actions.placing import (
    PastLimit,
    Placing,
    about_limits,
    ask_about_limits,
    begin_allocations,
    end_allocations,
    keep_exceptions,
)
from caseloads.actions.scoring import score_soon
from caseloads.models import Allocation, Case, CaseChange
from caseloads.policies import why_not_allocate, why_not_reshare
from caseloads.queries.allocating import Effect, Plan, Shares, Trial, shares, trial
from caseloads.workload_changes import Given
from design import figures
from teams import audit, submissions
from teams.access import require
from teams.audit import Event
from teams.models import User, Worker
from teams.refusals import NotAllowed
from teams.roles import Permission


@dataclass(frozen=True)
class Offer:
    """What a worker is given of a case, and what they say to it."""

    worker: Worker
    share: int
    on: date
    agreement: str = ""
    note: str = ""


@transaction.atomic
def allocate(
    *,
    case: Case,
    offer: Offer,
    past: PastLimit,
    seen: int | None,
    once: UUID | None,
    by: User | None,
    at: datetime,
) -> Allocation:
    """Give a worker of the case's team a share of it. A name that does not count as holding it is taken off.

    Raises LimitsPassed where a limit is passed and `past` does not say why, or who approved it; NotAllowed otherwise.
    """
    require(by, Permission.CASE_RECORD, team=case.team)
    submissions.claim(once, by=by, at=at)
    case = lock_case(case, seen=seen)
    now = shares(case, on=offer.on)
    if reason := why_not_allocate(
        opened_on=case.opened_on, closed_on=case.closed_on, on=offer.on, share=offer.share, held=now.held
    ):
        raise NotAllowed(reason)
    attempt = trial(case.team, as_of=max(offer.on, timezone.localdate(at)))
    if offer.worker.pk not in attempt.people:
        raise NotAllowed(f"{offer.worker} is not a case-holding member of {case.team} on {figures.day(offer.on)}.")
    begun, said = _give(attempt, case, offer, now, past, by=by, at=at)
    note(case, CaseChange.Kind.ALLOCATED, said, by=by, at=at)
    held = {holding.allocation.worker_id: holding.allocation.share for holding in now.holdings}
    detail = {"worker": offer.worker.pk, "shares": audit.difference(held, held | {offer.worker.pk: begun.share})}
    audit.record(Event.CASE_ALLOCATED, employer=case.employer, target=case, by=by, at=at, detail=detail)
    score_soon({case.team} | {holding.allocation.team for holding in now.holdings}, at=at)
    return begun


def _give(
    attempt: Trial, case: Case, offer: Offer, now: Shares, past: PastLimit, *, by: User | None, at: datetime
) -> tuple[Allocation, str]:
    """Begin the allocation; return it and what is to be said of it."""
    names = [holding.allocation for holding in now.holdings if not holding.counts]
    given = Given(case.pk, offer.worker.pk, case.team_id, offer.share)
    effects = attempt.effects(Plan([given], {(case.pk, row.worker_id) for row in names}))
    ask_about_limits(attempt, effects, past)
    end_allocations(names, on=offer.on)
    role = Allocation.Role.CO_WORKER if now.has_lead else Allocation.Role.LEAD
    placing = Placing(case, offer.worker, offer.share, role, offer.on, offer.agreement, offer.note)
    (begun,) = begin_allocations(attempt, [placing], on=offer.on)
    keep_exceptions(attempt, [begun], effects, past, by=by, at=at)
    effect = next(effect for effect in effects if effect.worker.pk == offer.worker.pk)
    text = f"Allocated to {offer.worker}, {begun.share} %, from {figures.day(offer.on)}: {from_to(effect)}."
    return begun, text + _said(begun) + about_limits(effect, past, attempt.blocking)


@transaction.atomic
def reshare(
    *,
    case: Case,
    wanted: Mapping[int, int],
    lead: int | None,
    on: date,
    reason: str,
    past: PastLimit,
    seen: int | None,
    once: UUID | None,
    by: User | None,
    at: datetime,
) -> None:
    """Share a case anew among those who hold it: worker key → whole percent, 0 takes somebody off it.

    `lead` is the key of the worker who leads. Raises LimitsPassed and NotAllowed, as `allocate`.
    """
    require(by, Permission.CASE_RECORD, team=case.team)
    submissions.claim(once, by=by, at=at)
    case = lock_case(case, seen=seen)
    rows = [holding.allocation for holding in shares(case, on=on).holdings]
    held = {row.worker_id: row.share for row in rows}
    elsewhere = {row.worker_id for row in rows if row.team_id != case.team_id}
    if why_not := why_not_reshare(shares=held, elsewhere=elsewhere, wanted=wanted, lead=lead):
        raise NotAllowed(why_not)
    changed, demoted = _changed(rows, elsewhere, wanted, lead)
    if not changed and not demoted:
        raise NotAllowed("Nothing would change: these are the shares already.")
    Allocation.objects.filter(pk__in=demoted).update(role=Allocation.Role.CO_WORKER)
    said = _share_anew(case, changed, wanted, lead, on=on, past=past, by=by, at=at)
    text = f"{_shared(rows, wanted, lead)} Reason: {figures.sentence(reason)}{said}"
    note(case, CaseChange.Kind.ALLOCATED, text, by=by, at=at)
    detail = {"workers": list(held), "shares": audit.difference(held, {key: wanted[key] for key in held})}
    audit.record(Event.CASE_ALLOCATED, employer=case.employer, target=case, by=by, at=at, detail=detail)
    score_soon({case.team} | {row.team for row in changed}, at=at)


def _changed(
    rows: Sequence[Allocation], elsewhere: set[int], wanted: Mapping[int, int], lead: int | None
) -> tuple[list[Allocation], list[int]]:
    """The allocations that end (most begin anew), and the keys of those of other teams that only lead no longer."""
    changed, demoted = [], []
    for row in rows:
        led, leads = row.role == Allocation.Role.LEAD, row.worker_id == lead
        if row.worker_id in elsewhere:
            changed += [row] if not wanted[row.worker_id] else []
            demoted += [row.pk] if led and not leads else []
        elif (wanted[row.worker_id], leads) != (row.share, led):
            changed.append(row)
    return changed, demoted


def _share_anew(
    case: Case,
    changed: Sequence[Allocation],
    wanted: Mapping[int, int],
    lead: int | None,
    *,
    on: date,
    past: PastLimit,
    by: User | None,
    at: datetime,
) -> str:
    """End the changed allocations and begin those that stay; return what is to be said of limits."""
    kept = [row for row in changed if wanted[row.worker_id]]
    attempt = trial(case.team, as_of=max(on, timezone.localdate(at)))
    given = [Given(case.pk, row.worker_id, case.team_id, wanted[row.worker_id]) for row in kept]
    grown = {row.worker_id for row in kept if wanted[row.worker_id] > row.share}
    effects = attempt.effects(Plan(given, {(case.pk, row.worker_id) for row in changed}))
    effects = [effect for effect in effects if effect.worker.pk in grown]
    ask_about_limits(attempt, effects, past)
    end_allocations(changed, on=on)
    placings = [
        Placing(case, row.worker, wanted[row.worker_id], _lead_or_not(row, lead), on, row.agreement, row.agreement_note)
        for row in kept
    ]
    begun = begin_allocations(attempt, placings, on=on)
    keep_exceptions(attempt, begun, effects, past, by=by, at=at)
    return "".join(about_limits(effect, past, attempt.blocking) for effect in effects)


def _lead_or_not(row: Allocation, lead: int | None) -> str:
    return Allocation.Role.LEAD if row.worker_id == lead else Allocation.Role.CO_WORKER


@transaction.atomic
def answer_allocation(
    *, allocation: Allocation, agreement: str, words: str, once: UUID | None, by: User, at: datetime
) -> None:
    """The worker's own word on a case that was given to them: agreed, or not and why. Nobody else can say it."""
    if allocation.worker.user_id != by.pk:
        raise NotAllowed("Only the worker can say whether they agree with an allocation.")
    if agreement == Allocation.Agreement.DISAGREED and not words:
        raise NotAllowed("Say why you disagree, so that your manager can answer.")
    submissions.claim(once, by=by, at=at)
    case = lock_case(allocation.case, seen=None)
    before = allocation.agreement
    Allocation.objects.filter(pk=allocation.pk).update(agreement=agreement, agreement_note=words)
    allocation.agreement, allocation.agreement_note = agreement, words
    note(case, CaseChange.Kind.ALLOCATED, _said(allocation).strip(), by=by, at=at)
    detail = {"worker": allocation.worker_id, "agreement": {"before": before, "after": agreement}}
    audit.record(Event.CASE_ALLOCATED, employer=case.employer, target=case, by=by, at=at, detail=detail)


def from_to(effect: Effect) -> str:
    """A worker's load before and after, in words: load from 92.0 % to 101.3 %."""
    return f"load from {effect.before.figure} to {effect.after.figure}"


def _said(row: Allocation) -> str:
    if not row.agreement:
        return ""
    verb = "agrees" if row.agreement == Allocation.Agreement.AGREED else "disagrees"
    return f" {row.worker} {verb}{f': {row.agreement_note}' if row.agreement_note else ''}".rstrip(".") + "."


def _shared(rows: list[Allocation], wanted: Mapping[int, int], lead: int | None) -> str:
    parts = [
        f"{row.worker} {wanted[row.worker_id]} %{' (lead)' if row.worker_id == lead else ''}"
        for row in rows
        if wanted[row.worker_id]
    ]
    off = [str(row.worker) for row in rows if not wanted[row.worker_id]]
    text = f"Shared anew: {', '.join(parts)}." if parts else "Nobody holds it now."
    return f"{text} No longer: {', '.join(off)}." if off else text
