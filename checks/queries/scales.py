"""Which scales of staff surveys an employer's own standards may name."""

from checks.queries.instruments import usable_instruments
from checks.surveys import Kind
from teams.models import Employer


def scales_of(employer: Employer) -> frozenset[str]:
    """Scales of the surveys that come with the product, and of those the employer has loaded. One statement."""
    instruments = [one.definition for one in usable_instruments(employer)]
    return frozenset(name for one in instruments if one.kind == Kind.SCALES for name in one.scale_names)
