"""Changes to a set of standards that is still a draft, in the form of a pack. Pure; the given document stays as it is.

A part is found by numbers, counted from 0: of the standard, and of the expectation or indicator in it.
"""

import copy
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from standards.definition import OWN_PREFIX, Expectation, Indicator, Kind, Standard, StandardSet

Document = dict[str, Any]
PARTS = ("expectations", "indicators")
FAULT_PLACE = re.compile(r"standards\[(?P<standard>\d+)\](\.(?P<part>expectations|indicators)\[(?P<entry>\d+)\])?")
NAMED_ANEW = frozenset({"id", "version", "title", "effective", "effective_on"})


class NoSuchPartError(LookupError):
    """A part that is not, or no longer, in the draft."""


@dataclass(frozen=True)
class Place:
    """Where a part is: a standard by its number, or an entry of one of its lists."""

    standard: int
    part: str = ""
    entry: int = 0


def document_of(given: StandardSet) -> Document:
    """A set as the pack it would be read from: what `parse_pack` makes of it is the same set again."""
    fields: Document = {
        "id": given.id,
        "version": given.version,
        "title": given.title,
        "publisher": given.publisher,
        "jurisdiction": given.jurisdiction,
        "source": given.source,
        "licence": given.licence,
        "effective": given.effective,
        "effective_on": given.effective_on.isoformat(),
        "completeness": given.completeness,
    }
    return fields | {"standards": [_standard(standard) for standard in given.standards]}


def own_copy(given: StandardSet, *, publisher: str) -> Document:
    """A draft of an employer's own set: a copy under an id of its own, which names what it was made from."""
    document = document_of(given)
    if not given.id.startswith(OWN_PREFIX):
        document["id"] = f"{OWN_PREFIX}{given.id}"
        document["title"] = f"{given.title}, as used by {publisher}"[:200]
        document["publisher"] = publisher
        document["licence"] = f"Made from {given.label}, by {given.publisher}. {given.licence}"[:1000]
    return document


def says_the_same(given: StandardSet, before: StandardSet, *, publisher: str) -> bool:
    """Whether an employer's version says what one before it says, whatever it is called and whenever it counts."""
    old, new = own_copy(before, publisher=publisher), document_of(given)
    return all(old[name] == new[name] for name in old if name not in NAMED_ANEW)


def _standard(given: Standard) -> Document:
    fields: Document = {
        "code": given.code,
        "title": given.title,
        "source": given.source,
        "completeness": given.completeness,
    }
    if given.gap:
        fields["gap"] = given.gap
    return fields | {
        "expectations": [_expectation(entry) for entry in given.expectations],
        "indicators": [_indicator(entry) for entry in given.indicators],
    }


def _expectation(given: Expectation) -> Document:
    return {"code": given.code, "text": given.text}


def _indicator(given: Indicator) -> Document:
    fields: Document = {
        "kind": given.kind.value.lower(),
        "code": given.code,
        "text": given.text,
        "expectation": given.expectation,
        "essential": given.essential,
        "basis": given.basis,
    }
    if given.kind == Kind.MEASURED:
        fields["measure"] = given.measure
    if given.kind == Kind.SURVEYED:
        fields["scale"] = given.scale
    if given.thresholds is not None:
        fields["direction"] = given.thresholds.direction.value.lower()
        fields["met"] = f"{given.thresholds.met.normalize():f}"
        fields["partly"] = f"{given.thresholds.partly.normalize():f}"
        fields["threshold_source"] = given.thresholds.source
    return fields


def changed_fields(document: Document, fields: Mapping[str, Any]) -> Document:
    """Change fields of the set itself."""
    return copy.deepcopy(document) | dict(fields)


def with_standard(document: Document, fields: Mapping[str, Any]) -> Document:
    """Add a standard at the end, without expectations and indicators."""
    made = copy.deepcopy(document)
    made["standards"].append({**fields, "expectations": [], "indicators": []})
    return made


def with_entry(document: Document, place: Place, fields: Mapping[str, Any]) -> Document:
    """Add an expectation or an indicator at the end of a standard."""
    made = copy.deepcopy(document)
    _list(made, Place(place.standard, place.part)).append(dict(fields))
    return made


def changed(document: Document, place: Place, fields: Mapping[str, Any]) -> Document:
    """Put other fields in the place of a part's; the expectations and indicators of a standard stay."""
    made = copy.deepcopy(document)
    part = found(made, place)
    kept = {name: part[name] for name in PARTS if not place.part and name in part}
    part.clear()
    part.update(fields)
    part.update(kept)
    return made


def removed(document: Document, place: Place) -> Document:
    """Take a part away, with everything in it."""
    made = copy.deepcopy(document)
    found(made, place)
    del _list(made, place)[_number(place)]
    return made


def moved(document: Document, place: Place, *, up: bool) -> Document:
    """Move a part one place up or down in its list; one that is at the end already stays."""
    made = copy.deepcopy(document)
    found(made, place)
    entries, here = _list(made, place), _number(place)
    there = here - 1 if up else here + 1
    if 0 <= there < len(entries):
        entries[here], entries[there] = entries[there], entries[here]
    return made


def found(document: Document, place: Place) -> Document:
    """Return a part of a draft as it is. Raises NoSuchPartError for one that is not there."""
    entries, number = _list(document, place), _number(place)
    if not 0 <= number < len(entries):
        raise NoSuchPartError("This part is no longer in the draft.")
    part: Document = entries[number]
    return part


def _number(place: Place) -> int:
    return place.entry if place.part else place.standard


def _list(document: Document, place: Place) -> list[Document]:
    """The list that a part is in. Raises NoSuchPartError where the standard is not there."""
    standards: list[Document] = document["standards"]
    if not place.part:
        return standards
    if place.part not in PARTS or not 0 <= place.standard < len(standards):
        raise NoSuchPartError("This part is no longer in the draft.")
    entries: list[Document] = standards[place.standard].setdefault(place.part, [])
    return entries


def in_words(document: Document, fault_place: str) -> str:
    """Say where a fault is, in words with the codes of the parts: "Standard 3, indicator 3-load, met"."""
    if " " in fault_place:
        return fault_place
    names: list[str] = []
    part: Any = document
    for step in fault_place.split("."):
        name, _, number = step.rstrip("]").partition("[")
        if number:
            part = part[name][int(number) - 1]
            code = part.get("code") if isinstance(part, Mapping) else None
            names.append(f"{name.removesuffix('s')} {code or f'number {number}'}")
        else:
            names.append(name.replace("_", " "))
    said = ", ".join(names)
    return said[:1].upper() + said[1:]


def place_of(fault_place: str) -> Place | None:
    """Return the part that a fault is in; None for a fault of the set itself, or of no one part."""
    found = FAULT_PLACE.match(fault_place)
    if found is None:
        return None
    part, entry = found["part"] or "", found["entry"] or "1"
    return Place(int(found["standard"]) - 1, part, int(entry) - 1)
