"""What people do with cases."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils import timezone

from caseloads.actions.rating import weigh_draft
from caseloads.actions.scoring import score_soon
from caseloads.models import Allocation, Case, CaseChange, Rating
from caseloads.queries.cases import Draft
from caseloads.references import kept
from teams import audit, submissions
from teams.access import require
from teams.audit import Event
from teams.models import Employer, Team, User, Worker
from teams.refusals import NotAllowed
from teams.roles import Permission

_TAKEN = (
    "A case with the reference {reference} is recorded already. Look for it in the list of cases; "
    "when it is not there, another team has it: ask your administrator."
)


@dataclass(frozen=True)
class Holder:
    """Who holds a case, for what share, from when to when."""

    worker: Worker
    team: Team
    started_on: date
    share: int = 100
    role: Allocation.Role = Allocation.Role.LEAD
    ended_on: date | None = None


@dataclass(frozen=True)
class NewCase:
    """A case as it is recorded: unrated when `rated_on` is None."""

    reference: str
    category: str
    opened_on: date
    family_reference: str = ""
    closed_on: date | None = None
    priority: Case.Priority = Case.Priority.ROUTINE
    rated_on: date | None = None
    factors: Mapping[str, int] = field(default_factory=dict)
    override: Decimal | None = None
    override_reason: str = ""
    reason: str = ""
    holders: Sequence[Holder] = ()


@transaction.atomic
def record_cases(*, team: Team, cases: Sequence[NewCase], by: User | None, at: datetime) -> list[Case]:
    """Record cases of one team with their ratings, holders and the first row of their history, in four bulk writes."""
    require(by, Permission.CASE_RECORD, team=team)
    employer = team.employer
    rows = Case.objects.bulk_create(
        Case(
            employer=employer,
            team=team,
            reference=new.reference,
            family_reference=new.family_reference,
            category=new.category,
            opened_on=new.opened_on,
            closed_on=new.closed_on,
            priority=new.priority,
            revision=1,
        )
        for new in cases
    )
    CaseChange.objects.bulk_create(
        CaseChange(case=row, revision=1, kind=CaseChange.Kind.RECORDED, text="Recorded.", at=at, by=by) for row in rows
    )
    added = list(zip(rows, cases, strict=True))
    Rating.objects.bulk_create(_ratings(added, by=by))
    Allocation.objects.bulk_create(_allocations(added, employer))
    detail = {"cases": len(rows)}
    audit.record(Event.CASES_RECORDED, employer=employer, target=team, by=by, at=at, detail=detail)
    score_soon({team} | {holder.team for new in cases for holder in new.holders}, at=at)
    return rows


@transaction.atomic
def record_case(*, team: Team, new: NewCase, by: User | None, at: datetime, once: UUID | None = None) -> Case:
    """Record one case as somebody typed it in. Raises NotAllowed, a sentence, for one that cannot be."""
    require(by, Permission.CASE_RECORD, team=team)
    submissions.claim(once, by=by, at=at)
    today = timezone.localdate(at)
    if new.opened_on > today:
        raise NotAllowed("A case opens today or on an earlier day.")
    if new.rated_on is not None:
        draft = Draft(new.category, new.factors, new.override, new.override_reason)
        weigh_draft(team.service_area, draft, at=at)
    reference = kept(new.reference)
    tidy = replace(new, reference=reference, family_reference=kept(new.family_reference))
    if Case.objects.filter(employer=team.employer, reference__iexact=reference).exists():
        raise NotAllowed(_TAKEN.format(reference=new.reference))
    try:
        with transaction.atomic():
            (case,) = record_cases(team=team, cases=[tidy], by=by, at=at)
    except IntegrityError as clash:
        raise NotAllowed(_TAKEN.format(reference=new.reference)) from clash
    return case


def _ratings(added: Iterable[tuple[Case, NewCase]], *, by: User | None) -> Iterable[Rating]:
    return (
        Rating(
            case=case,
            category=new.category,
            factors=dict(new.factors),
            override=new.override,
            override_reason=new.override_reason,
            reason=new.reason,
            rated_on=new.rated_on,
            rated_by=by,
        )
        for case, new in added
        if new.rated_on is not None
    )


def _allocations(added: Iterable[tuple[Case, NewCase]], employer: Employer) -> Iterable[Allocation]:
    return (Allocation(employer=employer, case=case, **vars(holder)) for case, new in added for holder in new.holders)
