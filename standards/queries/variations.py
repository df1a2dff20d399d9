"""Which local variations count on a day."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import F

from standards.models import LocalVariation
from standards.variation import Variation
from teams.models import Employer

Key = tuple[str, str]
SAID_FOR = timedelta(days=365)
"""For how long it is said of an indicator that its local thresholds have lapsed."""


@dataclass(frozen=True)
class Local:
    """An employer's variations on a day, by pack and indicator: in force, and lapsed with none in force since."""

    in_force: Mapping[Key, Variation]
    lapsed: Mapping[Key, Variation]


def local_on(employer: Employer, *, on: date) -> Local:
    """Return the variations that count on a day, and those of the last year that have lapsed. One statement."""
    rows = LocalVariation.objects.approved().filter(employer=employer, starts_on__lte=on, review_on__gte=on - SAID_FOR)
    newest: dict[Key, Variation] = {}
    rows = rows.exclude(ended_on=F("starts_on"))
    for row in rows.select_related("decided_by").order_by("starts_on", "pk"):
        newest[row.pack, row.indicator] = row.as_variation()
    return Local(
        in_force={key: one for key, one in newest.items() if one.applies(on)},
        lapsed={key: one for key, one in newest.items() if one.lapsed(on)},
    )


def variations_in_force(employer: Employer, *, on: date) -> Mapping[Key, Variation]:
    """Return the variations that count on a day, by pack and indicator. One statement."""
    return local_on(employer, on=on).in_force
