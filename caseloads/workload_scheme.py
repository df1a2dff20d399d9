"""What a weighting scheme says, as plain values, and the roundings that people see.

Integers are hundredths (points, hours, percent amounts of reductions) unless said; load % and band bounds are tenths
of a percent; shares are whole percent. Source of the definitions: docs/scoring.md, "Numbers", "Weight of a case",
"Bands".
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

LARGEST = 100_000_00
"""The largest weight, maximum or number of hours a scheme may name: keeps every product inside 64 bits."""

WHOLE = 100
"""A whole, in per cent; also how many hundredths make one."""

LARGEST_STAGE_SHARE = 1000

NEWLY_QUALIFIED = "NEWLY_QUALIFIED"


class Unit(StrEnum):
    """What one unit of weight is. The arithmetic is the same for all three."""

    POINTS = "POINTS"
    HOURS = "HOURS"
    CASES = "CASES"


class BandLevel(StrEnum):
    """What a band means, whatever a scheme calls it."""

    ROOM = "ROOM"
    NEAR = "NEAR"
    OVER = "OVER"
    WELL_OVER = "WELL_OVER"


class State(StrEnum):
    """Whether a load % exists, and why not."""

    SCORED = "SCORED"
    NOT_APPLICABLE = "NOT_APPLICABLE"
    NO_CAPACITY = "NO_CAPACITY"
    NOT_KNOWN = "NOT_KNOWN"


class Limit(StrEnum):
    """What an allocation can go past. A scheme says of each whether it warns or blocks."""

    OVER = "OVER"
    NEWLY_QUALIFIED = "NEWLY_QUALIFIED"
    RESERVED = "RESERVED"


LIMIT_NAMES = {
    Limit.OVER: "Load above the limit, or not known",
    Limit.NEWLY_QUALIFIED: "Newly qualified: above own maximum, or alone with a reserved case",
    Limit.RESERVED: "Reserved to registered social workers",
}


STATE_NAMES = {
    State.NOT_APPLICABLE: "not applicable",
    State.NO_CAPACITY: "no capacity",
    State.NOT_KNOWN: "not known",
}
"""What is said in place of a band where there is no load %."""


class Kind(StrEnum):
    """How a capacity reduction is expressed."""

    PERCENT = "PERCENT"
    HOURS = "HOURS"
    POINTS = "POINTS"


@dataclass(frozen=True)
class Category:
    """A case category: its weight, whether it is reserved to registered workers, and how long a case may wait."""

    code: str
    name: str
    weight: int
    reserved: bool = False
    unallocated_limit_days: int | None = None


@dataclass(frozen=True)
class Factor:
    """A complexity factor; `per_extra` multiplies the points by the count."""

    code: str
    name: str
    points: int
    per_extra: bool = False


@dataclass(frozen=True)
class Band:
    """A band of load %; `lower` is its inclusive lower bound in tenths of a percent."""

    level: BandLevel
    name: str
    lower: int


BANDS = (
    Band(BandLevel.ROOM, "room", 0),
    Band(BandLevel.NEAR, "near the limit", 950),
    Band(BandLevel.OVER, "over", 1000),
    Band(BandLevel.WELL_OVER, "well over", 1100),
)
"""The example bands, after those published for probation: agree your own."""


class SchemeError(ValueError):
    """Values that cannot be scored with; `faults` holds a sentence for each thing that is wrong with them."""

    def __init__(self, faults: list[str]) -> None:
        super().__init__(" ".join(faults))
        self.faults = faults


@dataclass(frozen=True)
class Scheme:
    """One version of a weighting scheme.

    Units: `maximum`, `stable`, `full_time_hours` and the weights are hundredths; `sibling_share`, `joint_uplift` and
    the values of `stage_shares` are whole percent; `review_interval_days` is None where ratings do not go out of date.
    Raises SchemeError, a ValueError with a sentence for every fault, when the values cannot be scored with.
    """

    name: str
    version: str
    unit: Unit
    maximum: int
    stable: int
    full_time_hours: int
    default_weight: int
    lowest_weight: int
    highest_weight: int
    sibling_share: int
    joint_uplift: int
    review_interval_days: int | None
    stage_shares: Mapping[str, int]
    categories: Mapping[str, Category]
    factors: Mapping[str, Factor]
    bands: tuple[Band, ...] = field(default=BANDS)

    def __post_init__(self) -> None:
        if faults := list(_faults(self)):
            raise SchemeError(faults)

    @property
    def label(self) -> str:
        """Name and version, as every result names them."""
        return f"{self.name}, version {self.version}"

    def band_of(self, tenths: int) -> Band:
        """Return the band of a load % as people see it (rounded, in tenths)."""
        return [band for band in self.bands if band.lower <= tenths][-1]


def _faults(scheme: Scheme) -> Iterator[str]:
    """Yield one sentence for each value that cannot be scored with."""
    yield from _faulty_amounts(scheme)
    if not scheme.lowest_weight <= scheme.default_weight <= scheme.highest_weight:
        yield "The default weight must lie between the lowest and the highest case weight."
    if scheme.default_weight == 0:
        yield "The default weight must be more than zero: an unrated case is never free."
    if not 0 <= scheme.sibling_share <= WHOLE:
        yield "The sibling share must be from 0 to 100 per cent."
    if not 0 <= scheme.joint_uplift <= WHOLE:
        yield "The joint working uplift must be from 0 to 100 per cent."
    for stage, share in scheme.stage_shares.items():
        if not 0 <= share <= LARGEST_STAGE_SHARE:
            yield f"The share of the career stage {stage} must be from 0 to 1000 per cent."
    lowers = [band.lower for band in scheme.bands]
    if not lowers or lowers[0] != 0 or lowers != sorted(set(lowers)):
        yield "The bands must start at 0 and rise, each from a higher load % than the one before."


def _faulty_amounts(scheme: Scheme) -> Iterator[str]:
    amounts = {
        "maximum": scheme.maximum,
        "stable load": scheme.stable,
        "full-time hours": scheme.full_time_hours,
        "default weight": scheme.default_weight,
        "lowest case weight": scheme.lowest_weight,
        "highest case weight": scheme.highest_weight,
    }
    amounts |= {f"weight of the category {code}": entry.weight for code, entry in scheme.categories.items()}
    for name, amount in amounts.items():
        if not 0 <= amount <= LARGEST:
            yield f"The {name} must be from 0 to {two_places(LARGEST)}."
    for code, factor in scheme.factors.items():
        if abs(factor.points) > LARGEST:
            yield f"The points of the factor {code} must be from {two_places(-LARGEST)} to {two_places(LARGEST)}."
    if scheme.maximum == 0:
        yield "The maximum must be more than zero."
    if scheme.full_time_hours == 0:
        yield "The full-time hours must be more than zero."


def half_up(numerator: int, denominator: int) -> int:
    """Return the nearest integer to a fraction, halves towards plus infinity. Exact; `denominator` must be positive."""
    return (2 * numerator + denominator) // (2 * denominator)


def percentage(part: int, whole: int) -> int:
    """Return 100 × part ÷ whole in tenths of a percent, half up. `whole` must be positive."""
    return half_up(1000 * part, whole)


def two_places(hundredths: int) -> str:
    """Return hundredths as people read them: 4700 is "47.00"."""
    sign = "−" if hundredths < 0 else ""
    return f"{sign}{abs(hundredths) // 100}.{abs(hundredths) % 100:02d}"


def one_place(tenths: int) -> str:
    """Return tenths as people read them: 978 is "97.8". Never negative."""
    return f"{tenths // 10}.{tenths % 10}"
