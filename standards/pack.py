"""Turns a pack into a set of standards, or says everything that is wrong with it. Pure.

A pack is a document: mappings, lists and plain values, as YAML gives them. The measures and the scales of surveys that
an indicator may name are passed in, because standards know nothing of health checks. Source: docs/standards.md.
"""

import re
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from standards.definition import (
    HIGHEST_SCORE,
    Direction,
    Expectation,
    Indicator,
    Kind,
    Standard,
    StandardSet,
    Thresholds,
    overlap,
)


@dataclass(frozen=True)
class Fault:
    """One thing that is wrong with a pack: where, and what."""

    place: str
    words: str

    def __str__(self) -> str:
        return f"{self.place} {self.words}"


class PackError(ValueError):
    """A pack that cannot be used; `faults` holds a sentence for each thing that is wrong with it."""

    def __init__(self, found: list[Fault]) -> None:
        super().__init__("\n".join(str(fault) for fault in found))
        self.found = found
        self.faults = [str(fault) for fault in found]


SET_FIELDS = (
    "id",
    "version",
    "title",
    "publisher",
    "jurisdiction",
    "source",
    "licence",
    "effective",
    "effective_on",
    "completeness",
    "standards",
)
STANDARD_FIELDS = ("code", "title", "source", "completeness", "gap", "expectations", "indicators")
EXPECTATION_FIELDS = ("code", "text")
COMMON_FIELDS = ("kind", "code", "text", "expectation", "essential", "basis")
THRESHOLD_FIELDS = ("direction", "met", "partly", "threshold_source")
INDICATOR_FIELDS: Mapping[Kind, tuple[str, ...]] = {
    Kind.MEASURED: (*COMMON_FIELDS, "measure", *THRESHOLD_FIELDS),
    Kind.JUDGED: COMMON_FIELDS,
    Kind.SURVEYED: (*COMMON_FIELDS, "scale", *THRESHOLD_FIELDS),
}
ANY_INDICATOR_FIELD = (*COMMON_FIELDS, "measure", "scale", *THRESHOLD_FIELDS)
LONGEST = {"title": 200, "publisher": 200, "jurisdiction": 80, "effective": 200, "id": 80, "version": 20, "code": 40}
LONGEST_WORDS = 1000
SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
VERSION = re.compile(r"[a-z0-9]+([.-][a-z0-9]+)*")
PLACES, LARGEST = 2, Decimal(10_000_000)


def parse_pack(document: object, *, measures: Collection[str], scales: Collection[str]) -> StandardSet:
    """Turn a pack into a set of standards.

    `measures` are the names that a measured indicator may name, `scales` those that a surveyed one may (such as
    "working-conditions/demands"). Raises PackError with a sentence for every fault, each naming its place in the pack.
    """
    faults: list[Fault] = []
    part = _Part.of("", document, SET_FIELDS, faults)
    standards = tuple(
        _standard(entry, measures=measures, scales=scales) for entry in part.entries("standards", STANDARD_FIELDS)
    )
    made = StandardSet(
        id=part.slug("id"),
        version=part.slug("version", VERSION, "small letters, digits, dots and hyphens"),
        title=part.text("title"),
        publisher=part.text("publisher"),
        jurisdiction=part.text("jurisdiction"),
        source=part.text("source"),
        licence=part.text("licence"),
        effective=part.text("effective"),
        effective_on=part.day("effective_on"),
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
    faults: list[Fault]

    @classmethod
    def of(cls, path: str, value: object, known: Collection[str], faults: list[Fault]) -> "_Part":
        if not isinstance(value, Mapping):
            faults.append(Fault(path or "The pack", "must be fields with values."))
            return cls(path, {}, faults)
        faults += [Fault(_joined(path, name), "is not a field that is known.") for name in value if name not in known]
        return cls(path, value, faults)

    def fault(self, name: str, words: str) -> None:
        self.faults.append(Fault(_joined(self.path, name), words))

    def said(self, name: str) -> str:
        """The words of a field, or "" where there are none."""
        found = self.given.get(name)
        if found is None or isinstance(found, bool | list | Mapping):
            return ""
        return " ".join(str(found).split())

    def text(self, name: str) -> str:
        said, longest = self.said(name), LONGEST.get(name, LONGEST_WORDS)
        if not said:
            self.fault(name, "is missing: some words are needed.")
        if len(said) > longest:
            self.fault(name, f"has {len(said)} characters, and may have no more than {longest}.")
        return said

    def slug(self, name: str, shape: re.Pattern[str] = SLUG, of: str = "small letters, digits and hyphens") -> str:
        said = self.text(name)
        if said and not shape.fullmatch(said):
            self.fault(name, f"is “{said}”, and must be made of {of}.")
        return said

    def day(self, name: str) -> date:
        try:
            return date.fromisoformat(self.said(name))
        except ValueError:
            self.fault(name, "must be a day, written like 2026-04-01.")
            return date.min

    def number(self, name: str) -> Decimal | None:
        found = self.given.get(name)
        try:
            number = Decimal(str(found)) if isinstance(found, int | float | str) and found is not True else None
        except InvalidOperation:
            number = None
        if number is None or not number.is_finite():
            self.fault(name, "must be a number.")
            return None
        if number != round(number, PLACES) or abs(number) >= LARGEST:
            self.fault(name, f"is {found}, and must be below ten million, with two decimal places at most.")
            return None
        return number

    def boolean(self, name: str) -> bool:
        found = self.given.get(name)
        if not isinstance(found, bool):
            self.fault(name, "must be true or false.")
        return found is True

    def entries(self, name: str, known: Collection[str], *, needed: bool = True) -> Iterator["_Part"]:
        found = self.given.get(name, None if needed else [])
        if not isinstance(found, list):
            self.fault(name, "must be a list.")
            return
        if needed and not found:
            self.fault(name, f"are missing: add at least one {name.removesuffix('s')}.")
        for number, content in enumerate(found, start=1):
            yield _Part.of(f"{_joined(self.path, name)}[{number}]", content, known, self.faults)


def _joined(path: str, name: object) -> str:
    return f"{path}.{name}" if path else str(name)


def _standard(part: _Part, *, measures: Collection[str], scales: Collection[str]) -> Standard:
    gap = part.text("gap") if part.given.get("gap") is not None else ""
    expectations = tuple(
        Expectation(code=entry.slug("code"), text=entry.text("text"))
        for entry in part.entries("expectations", EXPECTATION_FIELDS, needed=False)
    )
    codes = {expectation.code for expectation in expectations}
    indicators = tuple(
        _indicator(entry, measures=measures, scales=scales, expectations=codes)
        for entry in part.entries("indicators", ANY_INDICATOR_FIELD, needed=False)
    )
    for name, entries in (("expectations", expectations), ("indicators", indicators)):
        if not entries and not gap and isinstance(part.given.get(name, []), list):
            part.fault(name, "is empty: say in gap what is missing and why, or add an entry.")
    return Standard(
        code=part.slug("code"),
        title=part.text("title"),
        source=part.text("source"),
        completeness=part.text("completeness"),
        gap=gap,
        expectations=expectations,
        indicators=indicators,
    )


def _indicator(
    part: _Part, *, measures: Collection[str], scales: Collection[str], expectations: Collection[str]
) -> Indicator:
    kind = _kind(part)
    for name in part.given:
        if name in ANY_INDICATOR_FIELD and name not in INDICATOR_FIELDS[kind]:
            part.fault(name, f"is not for an indicator that is {kind.value.lower()}.")
    expectation = part.said("expectation")
    if expectation and expectation not in expectations:
        part.fault("expectation", f"is “{expectation}”, which is not the code of an expectation of this standard.")
    return Indicator(
        code=part.slug("code"),
        kind=kind,
        text=part.text("text"),
        expectation=expectation,
        essential=part.boolean("essential"),
        basis=part.text("basis"),
        measure=_one_of(part, "measure", measures) if kind == Kind.MEASURED else "",
        scale=_one_of(part, "scale", scales) if kind == Kind.SURVEYED else "",
        thresholds=None if kind == Kind.JUDGED else _thresholds(part, kind),
    )


def _kind(part: _Part) -> Kind:
    said = part.said("kind").upper() or Kind.MEASURED.value
    if said not in set(Kind):
        part.fault("kind", "must be measured, judged or surveyed.")
        return Kind.JUDGED
    return Kind(said)


def _one_of(part: _Part, name: str, known: Collection[str]) -> str:
    said = part.text(name)
    if said and said not in known:
        part.fault(name, f"is “{said}”, which is not a {name}; there are {', '.join(sorted(known)) or 'none'}.")
    return said


def _thresholds(part: _Part, kind: Kind) -> Thresholds:
    word = part.text("direction").upper()
    if word and word not in set(Direction):
        part.fault("direction", "must be at_most or at_least.")
    direction = Direction(word) if word in set(Direction) else Direction.AT_MOST
    met, partly = part.number("met"), part.number("partly")
    if met is not None and partly is not None and overlap(direction, met, partly):
        side = "below" if direction == Direction.AT_MOST else "above"
        part.fault("partly", f"is {partly}, {side} the threshold for met, {met}: partly met would overlap met.")
    if kind == Kind.SURVEYED:
        _check_scores(part, word, {"met": met, "partly": partly})
    zero = Decimal(0)
    source = part.text("threshold_source")
    return Thresholds(direction, zero if met is None else met, zero if partly is None else partly, source)


def _check_scores(part: _Part, word: str, thresholds: Mapping[str, Decimal | None]) -> None:
    """Add a fault for what cannot be of a survey: its scores are 0 to 100, and higher is better."""
    if word == Direction.AT_MOST:
        part.fault("direction", "must be at_least: of a survey, higher scores are better.")
    for name, value in thresholds.items():
        if value is not None and not 0 <= value <= HIGHEST_SCORE:
            part.fault(name, f"is {value}, and scores of a survey are from 0 to 100.")


def _repeated(made: StandardSet) -> Iterator[Fault]:
    """Yield a fault for each code that is there twice: of standards, of expectations, of indicators."""
    kinds: Mapping[str, Callable[[Standard], list[str]]] = {
        "standards": lambda standard: [standard.code],
        "expectations": lambda standard: [entry.code for entry in standard.expectations],
        "indicators": lambda standard: [entry.code for entry in standard.indicators],
    }
    for kind, codes_of in kinds.items():
        codes = [code for standard in made.standards for code in codes_of(standard)]
        for code, times in Counter(codes).items():
            if code and times > 1:
                yield Fault(f"The code “{code}”", f"is given to {times} {kind}.")
