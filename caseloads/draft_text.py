"""A draft of a weighting scheme as people type it: lines added, taken out and moved, read into values. Pure.

The document holds what was typed, so that a faulty draft can be kept. `fields` and `stages` are texts by name; each of
`LISTS` is a list of lines, texts by name as well.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any

from caseloads.drafting import STAGES, SchemeDraft, why_not_publish
from caseloads.workload_scheme import BandLevel, Unit

LISTS: Mapping[str, tuple[str, ...]] = {
    "categories": ("code", "name", "weight", "reserved", "limit"),
    "factors": ("code", "name", "points", "per_extra"),
    "bands": ("level", "name", "lower"),
}
FIELDS = (
    *("name", "unit", "maximum", "stable", "default_weight", "lowest_weight", "highest_weight"),
    *("sibling_share", "joint_uplift", "review_interval_days"),
    *("when_over", "when_newly_qualified", "when_reserved", "source"),
)
CHOICES = {
    "unit": tuple(str(unit) for unit in Unit),
    "level": tuple(str(level) for level in BandLevel),
    "when_over": ("WARN", "BLOCK"),
    "when_newly_qualified": ("WARN", "BLOCK"),
    "when_reserved": ("WARN", "BLOCK"),
}
MOST_LINES = 60
LONGEST = {"name": 200, "source": 1000}
LONGEST_NAME = 120
LONGEST_BAND = 60
LONGEST_CODE = 60
LARGEST = Decimal("99999.99")
LARGEST_DAYS = 3650
NUMBER = re.compile(r"-?\d{1,7}(\.\d{1,2})?")

Document = dict[str, Any]


@dataclass(frozen=True)
class Fault:
    """What is wrong with a draft, in a sentence, and the id of the box it is about."""

    sentence: str
    place: str


@dataclass(frozen=True)
class Reading:
    """A document read: its values, where all of them could be read, and every reason why it cannot be published."""

    draft: SchemeDraft | None
    faults: Sequence[Fault]

    @property
    def by_place(self) -> Mapping[str, str]:
        return {fault.place: fault.sentence for fault in reversed(self.faults)}


def empty() -> Document:
    """Return a document with nothing filled in but one line of each list."""
    lines = {name: [dict.fromkeys(columns, "")] for name, columns in LISTS.items()}
    return {"fields": dict.fromkeys(FIELDS, ""), "stages": dict.fromkeys(STAGES, ""), **lines}


def changed(document: Document, order: str) -> Document:
    """Do what a button says: `add:LIST`, `remove:LIST:NUMBER`, `up:LIST:NUMBER` or `down:LIST:NUMBER`.

    Anything else, and a line that is not there, changes nothing.
    """
    what, _, rest = order.partition(":")
    name, _, number = rest.partition(":")
    if name not in LISTS:
        return document
    lines = list(document[name])
    place = int(number) if number.isdecimal() and int(number) < len(lines) else None
    if what == "add" and len(lines) < MOST_LINES:
        lines.append(dict.fromkeys(LISTS[name], ""))
    elif what == "remove" and place is not None:
        del lines[place]
    elif what in {"up", "down"} and place is not None:
        other = max(place - 1, 0) if what == "up" else min(place + 1, len(lines) - 1)
        lines[place], lines[other] = lines[other], lines[place]
    return document | {name: lines}


def coded(document: Document) -> Document:
    """Give each category and factor that has a name and no code a code of its own, made of the name."""
    return document | {name: _coded(document[name]) for name in ("categories", "factors")}


def _coded(lines: Sequence[Mapping[str, str]]) -> list[dict[str, str]]:
    taken = {line["code"] for line in lines if line["code"]}
    made = []
    for line in lines:
        code = line["code"]
        if not code and line["name"].strip():
            code = _free(
                re.sub(r"[^a-z0-9]+", "_", line["name"].lower()).strip("_")[: LONGEST_CODE - 3] or "line", taken
            )
            taken.add(code)
        made.append({**line, "code": code})
    return made


def _free(code: str, taken: set[str]) -> str:
    number = 2
    wanted = code
    while wanted in taken:
        wanted = f"{code}_{number}"
        number += 1
    return wanted


def read(document: Document, *, full_time_hours: Decimal) -> Reading:
    """Read what was typed. Every fault is told, in the order of the page."""
    reader = _Reader()
    draft = SchemeDraft(
        fields=_fields(reader, document["fields"]),
        categories=[_category(reader, number, line) for number, line in enumerate(document["categories"])],
        factors=[_factor(reader, number, line) for number, line in enumerate(document["factors"])],
        bands=[_band(reader, number, line) for number, line in enumerate(document["bands"])],
        stage_shares=dict(_stages(reader, document["stages"])),
    )
    if reader.faults:
        return Reading(None, reader.faults)
    faults = [Fault(sentence, "numbers") for sentence in why_not_publish(draft, full_time_hours=full_time_hours)]
    return Reading(draft, faults)


def says_the_same(draft: SchemeDraft, before: SchemeDraft) -> bool:
    """Whether a draft says what a version before it says, whatever it is called."""
    return replace(draft, fields={**draft.fields, "name": before.fields["name"]}) == before


@dataclass(frozen=True)
class _Reader:
    """Turns texts into values; what is wrong is collected. A value that cannot be read is a stand-in of its type."""

    faults: list[Fault] = field(default_factory=list)

    def fault(self, place: str, sentence: str) -> None:
        self.faults.append(Fault(sentence, place))

    def text(self, typed: str, place: str, what: str, most: int) -> str:
        found = " ".join(typed.split())
        if not found:
            self.fault(place, f"{what}: enter some words.")
        if len(found) > most:
            self.fault(place, f"{what}: use {most} characters or fewer.")
        return found

    def number(self, typed: str, place: str, what: str, *, least: int = 0) -> Decimal:
        found = typed.strip().replace(",", "").replace("−", "-")
        value = Decimal(found) if NUMBER.fullmatch(found) else None
        if value is None or not least <= value <= LARGEST:
            bound = "from 0" if least == 0 else f"from {least:,}"
            self.fault(place, f"{what}: enter a number {bound} to {LARGEST:,}, with two places at most.")
            return Decimal(0)
        return value

    def whole(self, typed: str, place: str, what: str, most: int) -> int:
        found = typed.strip().removesuffix("%").strip()
        if not (found.isascii() and found.isdecimal()) or len(found) > len(str(most)) or int(found) > most:
            self.fault(place, f"{what}: enter a whole number from 0 to {most:,}.")
            return 0
        return int(found)

    def days(self, typed: str, place: str, what: str) -> int | None:
        return self.whole(typed, place, what, LARGEST_DAYS) if typed.strip() else None

    def choice(self, typed: str, place: str, what: str, name: str) -> str:
        if typed not in CHOICES[name]:
            self.fault(place, f"{what}: choose one.")
            return CHOICES[name][0]
        return typed


NAMES = {
    "name": "Name of the scheme",
    "unit": "Unit",
    "maximum": "Maximum of a full-time worker",
    "stable": "Stable load of a full-time worker",
    "default_weight": "Weight of a case that nobody has rated",
    "lowest_weight": "Lowest weight of a case",
    "highest_weight": "Highest weight of a case",
    "sibling_share": "Share of each further sibling",
    "joint_uplift": "Uplift for joint working",
    "review_interval_days": "Days after which ratings are reviewed",
    "when_over": "When a load would go over the limit",
    "when_newly_qualified": "When a newly qualified worker would go past their limits",
    "when_reserved": "When a reserved case would go to somebody who is not registered",
    "source": "Source of the numbers",
}


def _fields(reader: _Reader, given: Mapping[str, str]) -> dict[str, Any]:
    amounts = ("maximum", "stable", "default_weight", "lowest_weight", "highest_weight")
    shares = ("sibling_share", "joint_uplift")
    found: dict[str, Any] = {}
    for name, what in NAMES.items():
        typed = given[name]
        if name in LONGEST:
            found[name] = reader.text(typed, name, what, LONGEST[name])
        elif name in amounts:
            found[name] = reader.number(typed, name, what)
        elif name in shares:
            found[name] = reader.whole(typed, name, what, 100)
        elif name == "review_interval_days":
            found[name] = reader.days(typed, name, what)
        else:
            found[name] = reader.choice(typed, name, what, name)
    return found


def _category(reader: _Reader, number: int, line: Mapping[str, str]) -> dict[str, Any]:
    place, what = f"categories-{number}", f"Category {number + 1}"
    return {
        "code": line["code"],
        "name": reader.text(line["name"], f"{place}-name", f"{what}, name", LONGEST_NAME),
        "weight": reader.number(line["weight"], f"{place}-weight", f"{what}, weight"),
        "reserved": bool(line["reserved"]),
        "unallocated_limit_days": reader.days(line["limit"], f"{place}-limit", f"{what}, days it may wait"),
    }


def _factor(reader: _Reader, number: int, line: Mapping[str, str]) -> dict[str, Any]:
    place, what = f"factors-{number}", f"Factor {number + 1}"
    return {
        "code": line["code"],
        "name": reader.text(line["name"], f"{place}-name", f"{what}, name", LONGEST_NAME),
        "points": reader.number(line["points"], f"{place}-points", f"{what}, points", least=-1000),
        "per_extra": bool(line["per_extra"]),
    }


def _band(reader: _Reader, number: int, line: Mapping[str, str]) -> dict[str, Any]:
    place, what = f"bands-{number}", f"Band {number + 1}"
    lower = reader.number(line["lower"], f"{place}-lower", f"{what}, from load %")
    if lower > 1000 or lower != lower.quantize(Decimal("0.1")):  # noqa: PLR2004 - ten times the capacity
        reader.fault(f"{place}-lower", f"{what}, from load %: enter a percentage up to 1,000, with one place at most.")
    return {
        "level": reader.choice(line["level"], f"{place}-level", f"{what}, level", "level"),
        "name": reader.text(line["name"], f"{place}-name", f"{what}, name", LONGEST_BAND),
        "lower": lower,
    }


def _stages(reader: _Reader, given: Mapping[str, str]) -> Iterator[tuple[str, int]]:
    """Yield the shares that are given; a career stage without one is not in the scheme."""
    for stage, name in STAGES.items():
        if given[stage].strip():
            yield stage, reader.whole(given[stage], f"stages-{stage}", f"Share of {name.lower()}", 100)
