"""What people do with health checks and the standards they rest on."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from checks.measures import MEASURES
from checks.queries.scales import scales_of
from checks.scales import SCALES
from standards.actions import publish_set
from standards.actions.drafts import publish_draft
from standards.definition import StandardSet
from standards.models import StandardDraft
from standards.models import StandardSet as SetRow
from standards.shipped import shipped_pack, shipped_packs
from teams.models import User


@transaction.atomic
def load_shipped_standards(*, at: datetime) -> list[tuple[StandardSet, bool]]:
    """Publish every version of every pack that comes with the product; tell of each whether it is new.

    Again does no harm.
    """
    packs = [shipped_pack(name, measures=MEASURES, scales=SCALES) for name in shipped_packs()]
    return [(pack, publish_set(given=pack, at=at)) for pack in packs]


@transaction.atomic
def publish_own(*, draft: StandardDraft, by: User, at: datetime, once: UUID | None, seen: int | None) -> SetRow:
    """Publish a draft against the measures there are and the surveys that its employer may ask."""
    scales = scales_of(draft.employer)
    return publish_draft(draft=draft, measures=MEASURES, scales=scales, by=by, at=at, once=once, seen=seen)
