"""Employer standards as data: sets, standards, expectations, indicators and their thresholds.

Pure: a pack is a document (mappings, lists and plain values, as YAML gives them). The measures that an indicator may
name are passed in, because standards know nothing of health checks. Source: docs/scoring.md, section 7.
"""

from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from typing import Any

EXAMPLE = "example — agree your own"
"""What a threshold's source says where nobody has published a figure."""


class Direction(StrEnum):
    """Whether a lower or a higher value of the measure is the better one."""

    AT_MOST = "AT_MOST"
    AT_LEAST = "AT_LEAST"


@dataclass(frozen=True)
class Thresholds:
    """Where *met* ends and where *partly met* ends, both inclusive, in the unit of the measure."""

    direction: Direction
    met: Decimal
    partly: Decimal
    source: str

    @property
    def example(self) -> bool:
        """Whether the figures are only an example."""
        return self.source == EXAMPLE


@dataclass(frozen=True)
class Expectation:
    """One thing that a standard expects of an employer, in our own words."""

    code: str
    text: str


@dataclass(frozen=True)
class Indicator:
    """A measured indicator: how far an expectation is met is read off a measure. `expectation` is that one's code."""

    code: str
    text: str
    expectation: str
    measure: str
    thresholds: Thresholds
    essential: bool


@dataclass(frozen=True)
class Standard:
    """One standard of a set; `completeness` says how much of the published standard the expectations cover."""

    code: str
    title: str
    source: str
    completeness: str
    expectations: tuple[Expectation, ...]
    indicators: tuple[Indicator, ...]


@dataclass(frozen=True)
class StandardSet:
    """One version of a set of standards, as published by somebody, in our own words."""

    id: str
    version: str
    title: str
    publisher: str
    jurisdiction: str
    source: str
    licence: str
    effective: str
    completeness: str
    standards: tuple[Standard, ...]

    @property
    def label(self) -> str:
        """Title and version, as every finding names them."""
        return f"{self.title}, version {self.version}"


class PackError(ValueError):
    """A pack that cannot be used; `faults` holds a sentence for each thing that is wrong with it."""

    def __init__(self, faults: list[str]) -> None:
        super().__init__("\n".join(faults))
        self.faults = faults


SET_FIELDS = (
    "id",
    "version",
    "title",
    "publisher",
    "jurisdiction",
    "source",
    "licence",
    "effective",
    "completeness",
    "standards",
)
STANDARD_FIELDS = ("code", "title", "source", "completeness", "expectations", "indicators")
EXPECTATION_FIELDS = ("code", "text")
INDICATOR_FIELDS = (
    "code",
    "text",
    "expectation",
    "measure",
    "direction",
    "met",
    "partly",
    "threshold_source",
    "essential",
)


def parse_pack(document: object, *, measures: Collection[str]) -> StandardSet:
    """Turn a pack into a set of standards. `measures` are the names that an indicator may measure by.

    Raises PackError with a sentence for every fault, each naming its place in the pack.
    """
    faults: list[str] = []
    part = _Part.of("", document, SET_FIELDS, faults)
    standards = tuple(_standard(entry, measures) for entry in part.entries("standards", STANDARD_FIELDS))
    made = StandardSet(
        id=part.text("id"),
        version=part.text("version"),
        title=part.text("title"),
        publisher=part.text("publisher"),
        jurisdiction=part.text("jurisdiction"),
        source=part.text("source"),
        licence=part.text("licence"),
        effective=part.text("effective"),
        completeness=part.text("completeness"),
        standards=standards,
    )
    faults += _repeated(made)
    if faults:
        raise PackError(faults)
    return made


@dataclass(frozen=True)
class _Part:
    """The fields of one part of a pack; what is wrong is collected in `faults` under the part's path."""

    path: str
    given: Mapping[str, Any]
    faults: list[str]

    @classmethod
    def of(cls, path: str, value: object, known: Collection[str], faults: list[str]) -> "_Part":
        if not isinstance(value, Mapping):
            faults.append(f"{path or 'The pack'} must be fields with values.")
            return cls(path, {}, faults)
        faults += [f"{_joined(path, name)} is not a field that is known." for name in value if name not in known]
        return cls(path, value, faults)

    def fault(self, name: str, sentence: str) -> None:
        self.faults.append(f"{_joined(self.path, name)} {sentence}")

    def text(self, name: str) -> str:
        found = self.given.get(name)
        if found is None or isinstance(found, bool | list | Mapping) or not str(found).strip():
            self.fault(name, "is missing: some words are needed.")
            return ""
        return " ".join(str(found).split())

    def number(self, name: str) -> Decimal | None:
        found = self.given.get(name)
        try:
            number = Decimal(str(found)) if isinstance(found, int | float | str) and found is not True else None
        except InvalidOperation:
            number = None
        if number is None or not number.is_finite():
            self.fault(name, "must be a number.")
            return None
        return number

    def boolean(self, name: str) -> bool:
        found = self.given.get(name)
        if not isinstance(found, bool):
            self.fault(name, "must be true or false.")
        return found is True

    def entries(self, name: str, known: Collection[str]) -> Iterator["_Part"]:
        found = self.given.get(name)
        if not isinstance(found, list) or not found:
            self.fault(name, "must be a list with at least one entry.")
            return
        for number, content in enumerate(found, start=1):
            yield _Part.of(f"{_joined(self.path, name)}[{number}]", content, known, self.faults)


def _joined(path: str, name: object) -> str:
    return f"{path}.{name}" if path else str(name)


def _standard(part: _Part, measures: Collection[str]) -> Standard:
    expectations = tuple(
        Expectation(code=entry.text("code"), text=entry.text("text"))
        for entry in part.entries("expectations", EXPECTATION_FIELDS)
    )
    codes = {expectation.code for expectation in expectations}
    indicators = tuple(_indicator(entry, measures, codes) for entry in part.entries("indicators", INDICATOR_FIELDS))
    return Standard(
        code=part.text("code"),
        title=part.text("title"),
        source=part.text("source"),
        completeness=part.text("completeness"),
        expectations=expectations,
        indicators=indicators,
    )


def _indicator(part: _Part, measures: Collection[str], expectations: Collection[str]) -> Indicator:
    measure, expectation = part.text("measure"), part.text("expectation")
    if measure and measure not in measures:
        part.fault("measure", f"is “{measure}”, which is not a measure; there are {', '.join(sorted(measures))}.")
    if expectation and expectation not in expectations:
        part.fault("expectation", f"is “{expectation}”, which is not the code of an expectation of this standard.")
    return Indicator(
        code=part.text("code"),
        text=part.text("text"),
        expectation=expectation,
        measure=measure,
        thresholds=_thresholds(part),
        essential=part.boolean("essential"),
    )


def _thresholds(part: _Part) -> Thresholds:
    word = part.text("direction").upper()
    if word and word not in set(Direction):
        part.fault("direction", "must be at_most or at_least.")
    direction = Direction(word) if word in set(Direction) else Direction.AT_MOST
    met, partly = part.number("met"), part.number("partly")
    if met is not None and partly is not None and (partly < met if direction == Direction.AT_MOST else partly > met):
        side = "below" if direction == Direction.AT_MOST else "above"
        part.fault("partly", f"is {partly}, {side} the threshold for met, {met}: partly met would overlap met.")
    zero = Decimal(0)
    return Thresholds(
        direction, zero if met is None else met, zero if partly is None else partly, part.text("threshold_source")
    )


def _repeated(made: StandardSet) -> Iterator[str]:
    """Yield a sentence for each code that is there twice: of standards, of expectations, of indicators."""
    kinds = {
        "standards": [standard.code for standard in made.standards],
        "expectations": [entry.code for standard in made.standards for entry in standard.expectations],
        "indicators": [entry.code for standard in made.standards for entry in standard.indicators],
    }
    for kind, codes in kinds.items():
        for code, times in Counter(codes).items():
            if code and times > 1:
                yield f"The code “{code}” is given to {times} {kind}."
