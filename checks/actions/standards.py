"""What people do with health checks and the standards they rest on."""

from datetime import datetime

from django.db import transaction

from checks.measures import MEASURES
from checks.scales import SCALES
from standards.actions import publish_set
from standards.definition import StandardSet
from standards.shipped import shipped_pack, shipped_packs


@transaction.atomic
def load_shipped_standards(*, at: datetime) -> list[tuple[StandardSet, bool]]:
    """Publish every version of every pack that comes with the product; tell of each whether it is new.

    Again does no harm.
    """
    packs = [shipped_pack(name, measures=MEASURES, scales=SCALES) for name in shipped_packs()]
    return [(pack, publish_set(given=pack, at=at)) for pack in packs]
