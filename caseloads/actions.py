"""What people do with weighting schemes and cases."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal

from django.db import transaction

from caseloads import snapshots, tasks
from caseloads.frames import scheme_of
from caseloads.models import Allocation, Band, Case, CaseCategory, ComplexityFactor, Rating, StageShare, WeightingScheme
from teams import audit
from teams.access import require, require_somewhere
from teams.audit import Event
from teams.models import Employer, ServiceArea, Team, User, Worker
from teams.roles import Permission

DEBOUNCE_SECONDS = 2


class NotAllowed(Exception):  # noqa: N818 - it reads as what happened
    """A sentence that says why something cannot be done now."""


@dataclass(frozen=True)
class SchemeDraft:
    """Everything a version of a weighting scheme says: its own fields, and the rows that belong to it."""

    fields: Mapping[str, object]
    categories: Sequence[Mapping[str, object]]
    factors: Sequence[Mapping[str, object]]
    bands: Sequence[Mapping[str, object]]
    stage_shares: Mapping[str, int]


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
    rated_on: date | None = None
    factors: Mapping[str, int] = field(default_factory=dict)
    override: Decimal | None = None
    override_reason: str = ""
    contested: bool = False
    holders: Sequence[Holder] = ()


@transaction.atomic
def publish_scheme(*, service_area: ServiceArea, draft: SchemeDraft, by: User | None, at: datetime) -> WeightingScheme:
    """Publish the next version of a service area's scheme; from then on the database lets nobody change it."""
    employer = service_area.employer
    require_somewhere(by, Permission.SCHEME_PUBLISH, employer=employer)
    ServiceArea.objects.select_for_update().get(pk=service_area.pk)
    version = service_area.schemes.count() + 1
    scheme = WeightingScheme.objects.create(
        employer=employer, service_area=service_area, version=version, **draft.fields
    )
    CaseCategory.objects.bulk_create(CaseCategory(scheme=scheme, **row) for row in draft.categories)
    ComplexityFactor.objects.bulk_create(ComplexityFactor(scheme=scheme, **row) for row in draft.factors)
    Band.objects.bulk_create(Band(scheme=scheme, **row) for row in draft.bands)
    StageShare.objects.bulk_create(
        StageShare(scheme=scheme, career_stage=stage, share=share) for stage, share in draft.stage_shares.items()
    )
    try:
        scheme_of(scheme)
    except ValueError as faults:
        raise NotAllowed(str(faults)) from faults
    WeightingScheme.objects.filter(pk=scheme.pk, published_at__isnull=True).update(published_at=at)
    audit.record(Event.SCHEME_PUBLISHED, employer=employer, target=scheme, by=by, at=at, detail={"version": version})
    score_soon(service_area.teams.all(), at=at)
    return scheme


@transaction.atomic
def record_cases(*, team: Team, cases: Sequence[NewCase], by: User | None, at: datetime) -> list[Case]:
    """Record cases of one team with their ratings and holders, in three bulk writes."""
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
        )
        for new in cases
    )
    added = list(zip(rows, cases, strict=True))
    Rating.objects.bulk_create(_ratings(added, by=by))
    Allocation.objects.bulk_create(_allocations(added, employer))
    detail = {"cases": len(rows)}
    audit.record(Event.CASES_RECORDED, employer=employer, target=team, by=by, at=at, detail=detail)
    score_soon({team} | {holder.team for new in cases for holder in new.holders}, at=at)
    return rows


def _ratings(added: Iterable[tuple[Case, NewCase]], *, by: User | None) -> Iterable[Rating]:
    return (
        Rating(
            case=case,
            category=new.category,
            factors=dict(new.factors),
            override=new.override,
            override_reason=new.override_reason,
            contested=new.contested,
            rated_on=new.rated_on,
            rated_by=by,
        )
        for case, new in added
        if new.rated_on is not None
    )


def _allocations(added: Iterable[tuple[Case, NewCase]], employer: Employer) -> Iterable[Allocation]:
    return (Allocation(employer=employer, case=case, **vars(holder)) for case, new in added for holder in new.holders)


def score_soon(teams: Iterable[Team], *, at: datetime) -> None:
    """Ask for teams to be scored once the change is saved; a broker that is away costs minutes, not the change."""
    for team_id in snapshots.request_scoring(teams, at=at):
        transaction.on_commit(
            lambda team_id=team_id: tasks.score_team.apply_async(  # type: ignore[misc]
                kwargs={"team_id": team_id}, countdown=DEBOUNCE_SECONDS, retry=False
            ),
            robust=True,
        )
