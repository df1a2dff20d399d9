"""Staff surveys: what an instrument asks, and how answers become scores. Pure: exact fractions, no clock, no query."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from fractions import Fraction
from functools import cached_property
from typing import TypeVar

KeyT = TypeVar("KeyT")

MANAGEABILITY = "working-conditions/manageability"
MODERATE_FROM, HIGH_FROM = 51, 75
BAND_SOURCE = "the cuts that the Local Government Association publishes for its standards survey"


class Kind(StrEnum):
    """What an instrument is for. The values are stored."""

    SCALES = "SCALES"
    POLL = "POLL"


class Band(StrEnum):
    LOW = "low"
    MODERATE = "moderate"
    HIGH = "high"


@dataclass(frozen=True)
class Responses:
    """The answers one may choose from, from the lowest point of the scale to the highest."""

    code: str
    words: tuple[str, ...]

    @property
    def points(self) -> int:
        return len(self.words)


@dataclass(frozen=True)
class Item:
    """One question, or one option of a poll. A reversed one is better the lower its answer."""

    code: str
    text: str
    scale: str
    responses: str
    reversed: bool = False


@dataclass(frozen=True)
class Scale:
    """What several items measure together; `standards` names what they speak to, as pack/standard."""

    code: str
    name: str
    about: str = ""
    standards: tuple[str, ...] = ()


@dataclass(frozen=True)
class Question:
    """A question answered in one's own words."""

    code: str
    text: str


@dataclass(frozen=True)
class Instrument:
    """One version of a survey."""

    code: str
    version: str
    title: str
    kind: Kind
    source: str
    licence: str
    intro: str
    responses: tuple[Responses, ...]
    scales: tuple[Scale, ...]
    items: tuple[Item, ...]
    questions: tuple[Question, ...] = ()

    @cached_property
    def points(self) -> Mapping[str, int]:
        """How many points each item is answered on."""
        points = {responses.code: responses.points for responses in self.responses}
        return {item.code: points[item.responses] for item in self.items}

    @property
    def scale_names(self) -> tuple[str, ...]:
        """Its scales, as standards and frozen findings name them."""
        return tuple(f"{self.code}/{scale.code}" for scale in self.scales)

    @property
    def lines(self) -> list["Line"]:
        """Its items as a table has them."""
        scales = {scale.code: scale for scale in self.scales}
        return [Line(item, scales[item.scale], self.words_of(item)) for item in self.items]

    def items_of(self, scale: str) -> tuple[Item, ...]:
        return tuple(item for item in self.items if item.scale == scale)

    def words_of(self, item: Item) -> tuple[str, ...]:
        return next(responses.words for responses in self.responses if responses.code == item.responses)


@dataclass(frozen=True)
class Line:
    """An item with its scale and the answers one may choose from."""

    item: Item
    scale: Scale
    words: tuple[str, ...]


@dataclass
class Total:
    """How many people answered a scale, and the sum of their scores."""

    respondents: int = 0
    points: Fraction = field(default_factory=Fraction)

    def add(self, other: "Total") -> None:
        self.respondents += other.respondents
        self.points += other.points

    @property
    def score(self) -> int | None:
        """The mean of the people's scores as a whole number; None: nobody answered."""
        return half_up(self.points / self.respondents) if self.respondents else None


def half_up(value: Fraction) -> int:
    """A figure of nought or more as a whole number; exactly a half goes up."""
    return (2 * value.numerator + value.denominator) // (2 * value.denominator)


def item_score(answer: int, *, points: int, reverse: bool) -> Fraction:
    """An answer from 1 to the number of points, as 0 to 100."""
    if not 1 <= answer <= points:
        raise ValueError(f"An answer on {points} points is from 1 to {points}, not {answer}.")
    score = Fraction(100 * (answer - 1), points - 1)
    return 100 - score if reverse else score


def scale_scores(instrument: Instrument, values: Mapping[str, int]) -> dict[str, Fraction]:
    """One person's score on each scale of which they answered an item: the mean of the items they answered."""
    scores: dict[str, list[Fraction]] = defaultdict(list)
    for item in instrument.items:
        if (answer := values.get(item.code)) is not None:
            score = item_score(answer, points=instrument.points[item.code], reverse=item.reversed)
            scores[item.scale].append(score)
    return {scale: sum(found, Fraction()) / len(found) for scale, found in scores.items()}


def totals(instrument: Instrument, answers: Iterable[tuple[KeyT, Mapping[str, int]]]) -> dict[str, dict[KeyT, Total]]:
    """By scale: of each team, how many answered it and the sum of their scores. An answer comes with its team."""
    found: dict[str, dict[KeyT, Total]] = {scale.code: {} for scale in instrument.scales}
    for team, values in answers:
        for scale, score in scale_scores(instrument, values).items():
            found[scale].setdefault(team, Total()).add(Total(1, score))
    return found


def band(score: int) -> Band:
    """The band of a rounded score."""
    if score >= HIGH_FROM:
        return Band.HIGH
    return Band.MODERATE if score >= MODERATE_FROM else Band.LOW


def response_rate(respondents: int, invited: int) -> int | None:
    """Whole percent of those invited who answered; None: nobody was invited."""
    return half_up(Fraction(100 * respondents, invited)) if invited else None
