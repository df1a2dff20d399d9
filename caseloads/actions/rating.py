"""Giving a case its weight. Each rating is a row of its own; the newest counts."""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from caseloads import policies
from caseloads.actions.changing import lock_case, note
from caseloads.actions.scoring import score_soon
from caseloads.models import Case, CaseChange, Rating
from caseloads.queries.cases import Draft, Weight, facts_of, scoring_scheme, teams_concerned, weigh_rating, weight_of
from design import figures
from teams import audit, submissions
from teams.access import require
from teams.audit import Event
from teams.models import ServiceArea, User
from teams.refusals import NotAllowed
from teams.roles import Permission


@transaction.atomic
def rate(
    *,
    case: Case,
    draft: Draft,
    reason: str,
    by: User | None,
    at: datetime,
    seen: int | None = None,
    once: UUID | None = None,
) -> Rating:
    """Weigh an open case anew. A weight set by hand before is gone unless it is set again, with a reason."""
    require(by, Permission.CASE_RECORD, team=case.team)
    submissions.claim(once, by=by, at=at)
    case = lock_case(case, seen=seen)
    require(by, Permission.CASE_RECORD, team=case.team)
    if why_not := policies.why_not_change(facts_of(case, on=timezone.localdate(at))):
        raise NotAllowed(why_not)
    rating, old, new = give_weight(case, draft, reason=reason, by=by, at=at)
    note(case, CaseChange.Kind.RATED, rated_sentence(rating, old, new), by=by, at=at)
    audit.record(
        Event.CASE_CHANGED, employer=case.employer, target=case, by=by, at=at, detail=audit_detail(rating, old, new)
    )
    score_soon(teams_concerned(case, on=timezone.localdate(at)), at=at)
    return rating


def give_weight(
    case: Case, draft: Draft, *, reason: str, by: User | None, at: datetime
) -> tuple[Rating, Weight, Weight]:
    """Add a rating to a locked case; return it with the weight before and the one it gives. Nobody is asked."""
    day = timezone.localdate(at)
    old = weight_of(case, as_of=day)
    new = weigh_draft(case.team.service_area, draft, at=at)
    rating = Rating.objects.create(
        case=case,
        category=draft.category,
        factors={code: count for code, count in draft.factors.items() if count},
        override=draft.override,
        override_reason=draft.override_reason,
        reason=reason,
        rated_on=day,
        rated_by=by,
    )
    if case.category != draft.category:
        Case.objects.filter(pk=case.pk).update(category=draft.category)
        case.category = draft.category
    return rating, old, new


def weigh_draft(area: ServiceArea, draft: Draft, *, at: datetime) -> Weight:
    """What a draft would make a case weigh today. Raises NotAllowed, a sentence, where that cannot be told."""
    if why_not := policies.why_not_set_by_hand(draft.override, draft.override_reason):
        raise NotAllowed(why_not)
    scheme = scoring_scheme(area, on=timezone.localdate(at))
    if not draft.category and scheme:
        raise NotAllowed("Choose a category first: a case without one cannot be rated.")
    weight = weigh_rating(scheme, category=draft.category, factors=draft.factors, override=draft.override)
    if weight.weight is None:
        raise NotAllowed(weight.parts)
    return weight


def rated_sentence(rating: Rating, old: Weight, new: Weight) -> str:
    verb = "Weight set by hand" if rating.override is not None else "Rated"
    why = " ".join(figures.sentence(text) for text in (rating.override_reason, rating.reason) if text)
    return f"{verb}: {figures.amount(old.weight)} → {figures.amount(new.weight)}. {why}".rstrip()


def audit_detail(rating: Rating, old: Weight, new: Weight) -> dict[str, object]:
    return {"change": "RATED", "rating": rating.pk, "weight": {"before": old.weight, "after": new.weight}}
