"""Instruments as documents: as they come with the product, and as they are stored. Pure."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict
from typing import Any

from checks.surveys import Instrument, Item, Kind, Question, Responses, Scale

FEWEST_POINTS, MOST_POINTS = 2, 11
MOST_ITEMS, MOST_SCALES, LONGEST_TEXT = 120, 30, 300
CODE = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")


class InstrumentError(Exception):
    """An instrument that cannot be used, with a sentence for each fault."""

    def __init__(self, faults: Iterable[str]) -> None:
        self.faults = tuple(faults)
        super().__init__(" ".join(self.faults))


def code_of(name: str) -> str:
    """A name as a code: small letters, digits and hyphens."""
    return "-".join(re.findall(r"[a-z0-9]+", name.lower()))


def read_shipped(document: Mapping[str, Any]) -> Instrument:
    """An instrument from its file: scales with their items, or the options of a poll, each a scale of its own."""
    kind = Kind(document["kind"].upper())
    if kind is Kind.POLL:
        [responses] = document["responses"]
        scales = [
            option | {"name": option["text"], "items": [_option(option, responses)]} for option in document["options"]
        ]
    else:
        scales = document["scales"]
    return checked(
        Instrument(
            **{name: document[name] for name in ("code", "version", "title", "source", "licence", "intro")},
            kind=kind,
            responses=tuple(Responses(code, tuple(words)) for code, words in document["responses"].items()),
            scales=tuple(_scale(scale) for scale in scales),
            items=tuple(Item(**item, scale=scale["code"]) for scale in scales for item in scale["items"]),
            questions=tuple(Question(**question) for question in document.get("questions", ())),
        )
    )


def _option(option: Mapping[str, Any], responses: str) -> dict[str, Any]:
    return {"code": option["code"], "text": option["text"], "responses": responses}


def _scale(given: Mapping[str, Any]) -> Scale:
    return Scale(given["code"], given["name"], given.get("about", ""), tuple(given.get("standards", ())))


def stored(instrument: Instrument) -> dict[str, Any]:
    """An instrument as it is kept in its row."""
    return asdict(instrument)


def from_stored(document: Mapping[str, Any]) -> Instrument:
    """The instrument that was kept."""
    return Instrument(
        **{name: document[name] for name in ("code", "version", "title", "source", "licence", "intro")},
        kind=Kind(document["kind"]),
        responses=tuple(Responses(one["code"], tuple(one["words"])) for one in document["responses"]),
        scales=tuple(Scale(**one | {"standards": tuple(one["standards"])}) for one in document["scales"]),
        items=tuple(Item(**one) for one in document["items"]),
        questions=tuple(Question(**one) for one in document["questions"]),
    )


def checked(instrument: Instrument) -> Instrument:
    """The instrument, if it can be asked and scored. Raises InstrumentError with a sentence for each fault."""
    if faults := list(_faults(instrument)):
        raise InstrumentError(faults)
    return instrument


def _faults(instrument: Instrument) -> Iterator[str]:
    named = [("instrument", [instrument.code])] + [
        (what, [one.code for one in rows])
        for what, rows in (
            ("scale", instrument.scales),
            ("item", instrument.items),
            ("response set", instrument.responses),
            ("question", instrument.questions),
        )
    ]
    for what, codes in named:
        yield from (
            f"“{code}” is no code for the {what}: use small letters, digits and hyphens."
            for code in codes
            if not CODE.fullmatch(code)
        )
        yield from (
            f"The {what} “{code}” is there twice." for code in sorted({code for code in codes if codes.count(code) > 1})
        )
    if not 0 < len(instrument.items) <= MOST_ITEMS or len(instrument.scales) > MOST_SCALES:
        yield f"A survey has from 1 to {MOST_ITEMS} items, in at most {MOST_SCALES} scales."
    yield from _scale_faults(instrument)


def _scale_faults(instrument: Instrument) -> Iterator[str]:
    sets = {responses.code: responses for responses in instrument.responses}
    for responses in instrument.responses:
        if not FEWEST_POINTS <= responses.points <= MOST_POINTS:
            allowed = f"{FEWEST_POINTS} to {MOST_POINTS}"
            yield f"The response set “{responses.code}” has {responses.points} answers; it may have {allowed}."
        if len(set(responses.words)) < responses.points:
            yield f"The response set “{responses.code}” has the same answer twice."
    for item in instrument.items:
        if item.responses not in sets:
            yield f"The item “{item.code}” names a response set that is not there: “{item.responses}”."
        if not 0 < len(item.text.strip()) <= LONGEST_TEXT:
            yield f"The wording of item “{item.code}” must have from 1 to {LONGEST_TEXT} characters."
    used = {item.scale for item in instrument.items}
    scales = {scale.code for scale in instrument.scales}
    yield from (f"The scale “{code}” has no items." for code in sorted(scales - used))
    yield from (f"Some items belong to a scale that is not there: “{code}”." for code in sorted(used - scales))
