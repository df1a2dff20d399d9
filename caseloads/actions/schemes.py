"""What people do with weighting schemes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from caseloads.actions.scoring import score_soon
from caseloads.frames import scheme_of
from caseloads.models import Band, CaseCategory, ComplexityFactor, StageShare, WeightingScheme
from teams import audit
from teams.access import require_somewhere
from teams.audit import Event
from teams.models import ServiceArea, User
from teams.refusals import NotAllowed
from teams.roles import Permission


@dataclass(frozen=True)
class SchemeDraft:
    """Everything a version of a weighting scheme says: its own fields, and the rows that belong to it."""

    fields: Mapping[str, object]
    categories: Sequence[Mapping[str, object]]
    factors: Sequence[Mapping[str, object]]
    bands: Sequence[Mapping[str, object]]
    stage_shares: Mapping[str, int]


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
