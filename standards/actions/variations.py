"""Local variations: one person proposes, another decides, and either may end one early. Nothing is deleted."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone

from standards.models import LocalVariation
from standards.queries.sets import sets_in_force
from standards.variation import Decision, Stage, why_not_decide, why_not_propose
from teams import audit, submissions
from teams.access import holds_employer_wide, require_employer_wide
from teams.audit import Event
from teams.changing import values_of
from teams.models import Employer, User
from teams.refusals import NotAllowed
from teams.roles import Permission


@dataclass(frozen=True)
class NewVariation:
    """What is proposed for an indicator, why, on what evidence, and for how long."""

    pack: str
    indicator: str
    met: Decimal
    partly: Decimal
    reason: str
    evidence: str
    starts_on: date
    review_on: date


@transaction.atomic
def propose_variation(
    *, employer: Employer, new: NewVariation, by: User, at: datetime, once: UUID | None = None
) -> LocalVariation:
    """Propose other thresholds for an indicator of a set that the employer uses. A director decides."""
    require_employer_wide(by, Permission.STANDARDS_EDIT, employer=employer)
    on = timezone.localdate(at)
    used = {standards.id: standards for standards in sets_in_force(employer, on=on)}
    indicators = {one.code: one for one in used[new.pack].indicators} if new.pack in used else {}
    reason = why_not_propose(
        indicators.get(new.indicator),
        met=new.met,
        partly=new.partly,
        starts_on=new.starts_on,
        review_on=new.review_on,
        on=on,
    )
    if reason:
        raise NotAllowed(reason)
    submissions.claim(once, by=by, at=at)
    Employer.objects.select_for_update().get(pk=employer.pk)
    same = LocalVariation.objects.filter(employer=employer, pack=new.pack, indicator=new.indicator)
    if same.filter(state=Decision.PROPOSED.value).exists():
        raise NotAllowed("A variation of this indicator waits for a decision already. Withdraw it first.")
    row = LocalVariation.objects.create(
        employer=employer, proposed_by=by, proposed_at=at, state=Decision.PROPOSED.value, **vars(new)
    )
    after = values_of(row, "met", "partly", "starts_on", "review_on")
    _record(Event.VARIATION_PROPOSED, row, row.reason, by=by, at=at, after=after)
    return row


@transaction.atomic
def approve_variation(
    *, variation: LocalVariation, words: str, by: User, at: datetime, once: UUID | None = None
) -> None:
    """Let a variation count, from the day proposed or from today if that has passed; one in force before it ends."""
    row = _decided(variation, Decision.APPROVED, words, by=by, at=at, once=once)
    row.starts_on = max(row.starts_on, timezone.localdate(at))
    if row.review_on <= row.starts_on:
        raise NotAllowed("Its day of review has come before it was decided. Decline it; it can be proposed anew.")
    before = LocalVariation.objects.approved().filter(
        employer=row.employer, pack=row.pack, indicator=row.indicator, review_on__gte=row.starts_on
    )
    counting = before.filter(Q(ended_on__isnull=True) | Q(ended_on__gt=row.starts_on))
    for older in counting.exclude(ended_on__lte=F("starts_on")).select_for_update():
        _end(older, row.starts_on, "Another variation was approved in its place.", by=by, at=at)
    row.save(update_fields=["state", "decided_by", "decided_at", "decision_words", "starts_on"])
    _record(Event.VARIATION_DECIDED, row, words, by=by, at=at)


@transaction.atomic
def decline_variation(
    *, variation: LocalVariation, words: str, by: User, at: datetime, once: UUID | None = None
) -> None:
    """Leave the thresholds as they are, and say why."""
    row = _decided(variation, Decision.DECLINED, words, by=by, at=at, once=once)
    row.save(update_fields=["state", "decided_by", "decided_at", "decision_words"])
    _record(Event.VARIATION_DECIDED, row, words, by=by, at=at)


@transaction.atomic
def withdraw_variation(
    *, variation: LocalVariation, words: str, by: User, at: datetime, once: UUID | None = None
) -> None:
    """Take a proposal back before it is decided."""
    require_employer_wide(by, Permission.STANDARDS_EDIT, employer=variation.employer)
    row = _take(variation, once=once, by=by, at=at)
    if reason := why_not_decide(Decision(row.state)):
        raise NotAllowed(reason)
    _decide(row, Decision.WITHDRAWN, words, by=by, at=at)
    row.save(update_fields=["state", "decided_by", "decided_at", "decision_words"])
    _record(Event.VARIATION_ENDED, row, words, by=by, at=at)


@transaction.atomic
def end_variation(*, variation: LocalVariation, words: str, by: User, at: datetime, once: UUID | None = None) -> None:
    """End an approved variation before its day of review: from today the national thresholds count again."""
    held = (Permission.STANDARDS_EDIT, Permission.VARIATION_DECIDE)
    if not any(holds_employer_wide(by, one, employer=variation.employer) for one in held):
        raise PermissionDenied("You cannot end a local variation.")
    row = _take(variation, once=once, by=by, at=at)
    if row.ended_by:
        raise NotAllowed(f"{row.ended_by} has ended this variation already.")
    today = timezone.localdate(at)
    if row.stage(today) not in {Stage.TO_COME, Stage.IN_FORCE, Stage.REVIEW_DUE}:
        raise NotAllowed("This variation does not count any more, so there is nothing to end.")
    _end(row, today, words, by=by, at=at)


def _decided(
    variation: LocalVariation, decision: Decision, words: str, *, by: User, at: datetime, once: UUID | None
) -> LocalVariation:
    require_employer_wide(by, Permission.VARIATION_DECIDE, employer=variation.employer)
    row = _take(variation, once=once, by=by, at=at)
    if reason := why_not_decide(Decision(row.state), own=row.proposed_by_id == by.pk):
        raise NotAllowed(reason)
    _decide(row, decision, words, by=by, at=at)
    return row


def _take(variation: LocalVariation, *, once: UUID | None, by: User, at: datetime) -> LocalVariation:
    """The variation as it is now, held until the transaction ends."""
    rows = LocalVariation.objects.select_for_update(of=("self",)).select_related("employer", "ended_by")
    row = rows.get(pk=variation.pk)
    submissions.claim(once, by=by, at=at)
    return row


def _decide(row: LocalVariation, decision: Decision, words: str, *, by: User, at: datetime) -> None:
    row.state, row.decided_by, row.decided_at, row.decision_words = decision.value, by, at, words


def _end(row: LocalVariation, day: date, words: str, *, by: User, at: datetime) -> None:
    """From a day it counts no more; one that has not begun by then never counts."""
    before = row.ended_on
    row.ended_on, row.ended_by, row.ended_at, row.end_words = max(day, row.starts_on), by, at, words
    row.save(update_fields=["ended_on", "ended_by", "ended_at", "end_words"])
    _record(Event.VARIATION_ENDED, row, words, by=by, at=at, ended_on={"before": before, "after": row.ended_on})


def _record(event: Event, row: LocalVariation, words: str, *, by: User, at: datetime, **told: object) -> None:
    detail = {"pack": row.pack, "indicator": row.indicator, "state": row.state, "words": words} | told
    audit.record(event, employer=row.employer, target=row, by=by, at=at, detail=detail)
