"""The statistical range of a rate over areas. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from statistics import quantiles

from teams.workforce import rounded


@dataclass(frozen=True)
class Spread:
    """Lowest, quartiles and highest of a rate, with one place, over a number of areas."""

    number: int
    lowest: Decimal
    lower: Decimal
    median: Decimal
    upper: Decimal
    highest: Decimal


def spread(values: Iterable[Decimal]) -> Spread | None:
    """Return the range of some values; None for fewer than two.

    A quartile between two values is reckoned in proportion (the “inclusive” way of spreadsheets: QUARTILE.INC), and
    rounded half up to one place.
    """
    known = sorted(values)
    if len(known) < 2:  # noqa: PLR2004 - one value has no range
        return None
    lower, median, upper = (rounded(one, 1) for one in quantiles(known, n=4, method="inclusive"))
    return Spread(len(known), rounded(known[0], 1), lower, median, upper, rounded(known[-1], 1))
