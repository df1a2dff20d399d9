"""Correcting, closing and opening a case again. Nothing is deleted: what was, stays in the case's history."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import F, Q
from django.db.models.functions import Greatest
from django.utils import timezone

from caseloads import policies
from caseloads.actions.changing import lock_case, note
from caseloads.actions.scoring import score_soon
from caseloads.models import Allocation, Case, CaseChange, Rating
from caseloads.queries.cases import facts_of, newest_rating, scheme_for, teams_concerned
from caseloads.references import kept
from caseloads.workload import category_name
from design import figures
from teams import audit, submissions
from teams.access import require
from teams.audit import Event
from teams.models import User
from teams.refusals import NotAllowed
from teams.roles import Permission


@dataclass(frozen=True)
class Correction:
    """A case as it should have been recorded. `closed_on` is None for an open case."""

    reference: str
    family_reference: str
    category: str
    priority: Case.Priority
    opened_on: date
    closed_on: date | None = None


@dataclass(frozen=True)
class Doing:
    """Who changes a case, when, and from which revision of it."""

    by: User | None
    at: datetime
    seen: int | None = None
    once: UUID | None = None

    @property
    def today(self) -> date:
        return timezone.localdate(self.at)


@transaction.atomic
def correct(*, case: Case, to: Correction, reason: str, doing: Doing) -> None:
    """Put right what was recorded. A corrected category keeps the rating's day: nobody has looked at the case again."""
    case = _begin(case, doing)
    before = Correction(
        case.reference,
        case.family_reference,
        case.category,
        Case.Priority(case.priority),
        case.opened_on,
        case.closed_on,
    )
    to = _tidy(case, to)
    changes = _differences(case, before, to, on=doing.today)
    if not changes:
        raise NotAllowed("Nothing is different from what is recorded. Change something, or go back.")
    if why_not := policies.why_not_correct(to.opened_on, to.closed_on, held_since=_held_since(case), on=doing.today):
        raise NotAllowed(why_not)
    _write(case, to)
    if to.category != before.category:
        _carry_rating_over(case, reason=reason, by=doing.by)
    if to.closed_on is not None:
        _end_allocations(case, to.closed_on)
    text = f"Corrected: {'; '.join(changes)}. {figures.sentence(reason)}"
    _finish(case, CaseChange.Kind.CORRECTED, text, doing, **audit.changed(vars(before), vars(to)))


@transaction.atomic
def close(*, case: Case, closed_on: date, doing: Doing) -> None:
    """Close a case from a day on, and end whatever allocation of it is open then."""
    case = _begin(case, doing)
    facts = facts_of(case, on=doing.today)
    if why_not := policies.why_not_close(facts, opened_on=case.opened_on, closed_on=closed_on, on=doing.today):
        raise NotAllowed(why_not)
    concerned = teams_concerned(case, on=doing.today)
    Case.objects.filter(pk=case.pk).update(closed_on=closed_on)
    _end_allocations(case, closed_on)
    told = {"before": None, "after": closed_on}
    _finish(case, CaseChange.Kind.CLOSED, f"Closed on {figures.day(closed_on)}.", doing, closed_on=told)
    score_soon(concerned, at=doing.at)


@transaction.atomic
def reopen(*, case: Case, reason: str, doing: Doing) -> None:
    """Open a closed case again from today. Nobody holds it: whoever did is not asked to by themselves."""
    case = _begin(case, doing)
    if why_not := policies.why_not_reopen(facts_of(case, on=doing.today)):
        raise NotAllowed(why_not)
    Case.objects.filter(pk=case.pk).update(closed_on=None, reopened_on=doing.today)
    text = f"Opened again; it had been closed on {figures.day(case.closed_on)}. {figures.sentence(reason)}"
    _finish(case, CaseChange.Kind.REOPENED, text, doing, closed_on={"before": case.closed_on, "after": None})


def _begin(case: Case, doing: Doing) -> Case:
    require(doing.by, Permission.CASE_RECORD, team=case.team)
    submissions.claim(doing.once, by=doing.by, at=doing.at)
    locked = lock_case(case, seen=doing.seen)
    require(doing.by, Permission.CASE_RECORD, team=locked.team)
    return locked


def _finish(case: Case, kind: CaseChange.Kind, text: str, doing: Doing, **told: object) -> None:
    note(case, kind, text, by=doing.by, at=doing.at)
    detail = {"change": kind.value, "revision": case.revision} | told
    audit.record(Event.CASE_CHANGED, employer=case.employer, target=case, by=doing.by, at=doing.at, detail=detail)
    score_soon(teams_concerned(case, on=doing.today), at=doing.at)


def _end_allocations(case: Case, day: date) -> None:
    """End what is open on a day or begins later; what had not begun by then never counts."""
    beyond = case.allocations.filter(Q(ended_on__isnull=True) | Q(ended_on__gt=day))
    beyond.update(ended_on=Greatest(F("started_on"), day))


def _tidy(case: Case, to: Correction) -> Correction:
    """References as they are kept (one that was not touched is not hashed again), and no change of open or closed."""
    reference = case.reference if to.reference == case.reference else kept(to.reference)
    same_family = to.family_reference == case.family_reference
    return Correction(
        reference,
        case.family_reference if same_family else kept(to.family_reference),
        to.category,
        to.priority,
        to.opened_on,
        case.closed_on and (to.closed_on or case.closed_on),
    )


def _differences(case: Case, before: Correction, to: Correction, *, on: date) -> Sequence[str]:
    scheme = scheme_for(case.team.service_area, on=on)

    def named(code: str) -> str:
        return category_name(scheme.scheme, code) if scheme else code or "none"

    pairs = (
        ("reference", before.reference, to.reference),
        ("family", before.family_reference or "none", to.family_reference or "none"),
        ("category", named(before.category), named(to.category)),
        ("priority", before.priority.label, to.priority.label),
        ("opened on", figures.day(before.opened_on), figures.day(to.opened_on)),
        ("closed on", figures.day(before.closed_on), figures.day(to.closed_on)),
    )
    return [f"{name} {old} → {new}" for name, old, new in pairs if old != new]


def _held_since(case: Case) -> date | None:
    """The first day on which anybody held it."""
    return Allocation.objects.filter(case=case).order_by("started_on").values_list("started_on", flat=True).first()


def _write(case: Case, to: Correction) -> None:
    try:
        with transaction.atomic():
            Case.objects.filter(pk=case.pk).update(**vars(to))
    except IntegrityError as clash:
        raise NotAllowed(f"Another case has the reference {to.reference} already. Enter a different one.") from clash
    for name, value in vars(to).items():
        setattr(case, name, value)


def _carry_rating_over(case: Case, *, reason: str, by: User | None) -> None:
    old = newest_rating(case)
    if old is None:
        return
    Rating.objects.create(
        case=case,
        category=case.category,
        factors=old.factors,
        override=old.override,
        override_reason=old.override_reason,
        reason=f"Category corrected. {reason}"[:500],
        rated_on=old.rated_on,
        rated_by=by,
    )
