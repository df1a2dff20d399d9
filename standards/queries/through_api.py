"""Local variations as other systems read them."""

from datetime import date

from standards.models import LocalVariation
from teams.models import Employer


def variations_on(employer: Employer, *, on: date) -> list[LocalVariation]:
    """The approved variations that count on a day. One statement."""
    rows = LocalVariation.objects.approved().filter(employer=employer, starts_on__lte=on, review_on__gte=on)
    return [row for row in rows.order_by("pack", "indicator") if row.as_variation().applies(on)]
