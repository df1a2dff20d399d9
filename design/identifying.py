"""Tells words that would identify somebody who uses services. Pure: text in, what was found or a sentence out."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from hashlib import blake2s

NHS_NUMBER = re.compile(r"(?<!\d)(\d{3})[ -]?(\d{3})[ -]?(\d{4})(?!\d)")
BIRTH = re.compile(r"\b(d\.?\s?o\.?\s?b\.?|date of birth|born)\b", re.IGNORECASE)
DAY = re.compile(r"(?<!\d)\d{1,2}[/.-]\d{1,2}[/.-](19|20)?\d{2}(?!\d)")
POSTCODE = re.compile(r"\b[A-Z]{1,2}\d[A-Z\d]?\s?\d[ABD-HJLNP-UW-Z]{2}\b", re.IGNORECASE)
ORDINAL = re.compile(r"\d(st|nd|rd|th)$")  # "w1 2nd visit" is no postcode; in capitals it is one
PHONE = re.compile(r"(?<![\d.,])(\+44[\s-]?(\(0\)[\s-]?)?|\(?0)\d(\)?[\s-]?\d){8,9}(?!\d)")


class Kind(StrEnum):
    """What a piece of text looks like."""

    NHS_NUMBER = "an NHS number"
    BIRTH = "a date of birth"
    POSTCODE = "a postcode"
    PHONE = "a telephone number"


@dataclass(frozen=True)
class Found:
    """A piece of a text, where it is, and what it looks like."""

    kind: Kind
    text: str
    start: int
    end: int


def found_in(text: str) -> list[Found]:
    """Everything in a text that could identify somebody, in its order."""
    return sorted(_found(text), key=lambda found: (found.start, found.end))


def _found(text: str) -> Iterator[Found]:
    patterns = (
        (Kind.NHS_NUMBER, NHS_NUMBER),
        (Kind.BIRTH, BIRTH),
        (Kind.BIRTH, DAY),
        (Kind.POSTCODE, POSTCODE),
        (Kind.PHONE, PHONE),
    )
    for kind, pattern in patterns:
        for match in pattern.finditer(text):
            number = kind is not Kind.NHS_NUMBER or is_nhs_number("".join(match.groups()))
            ordinal = kind is Kind.POSTCODE and ORDINAL.search(match[0])
            if number and not ordinal:
                yield Found(kind, match[0], *match.span())


def kinds_of(found: Sequence[Found]) -> list[Kind]:
    """What was found, each kind once, the gravest first."""
    there = {one.kind for one in found}
    return [kind for kind in Kind if kind in there]


def mark_of(found: Sequence[Found]) -> str:
    """A mark of what was found: another one when anything else is."""
    return blake2s(repr([(one.kind.value, one.text) for one in found]).encode(), digest_size=8).hexdigest()


def warning(found: Sequence[Found]) -> str:
    """Say what in a text could identify somebody, and what to do about it."""
    kinds = " and ".join(kinds_of(found))
    day = " Write any other date in words, such as 3 March." if Kind.BIRTH in kinds_of(found) else ""
    return (
        f"This looks like {kinds}. Take it out: nobody who uses services may be identified here.{day} "
        "If it is about none of them, choose to keep it"
    )


def why_identifying(text: str) -> str | None:
    """Say what in a reference or a name of something looks like a date of birth or an NHS number: it is not kept."""
    kinds = [kind for kind in kinds_of(found_in(text)) if kind in {Kind.NHS_NUMBER, Kind.BIRTH}]
    if not kinds:
        return None
    day = ". Write any other date in words, such as 3 March" if kinds[0] is Kind.BIRTH else ""
    return f"This looks like {kinds[0]}. Take it out: nobody who uses services may be identified here{day}"


def why_a_name(text: str) -> str | None:
    """Say of a reference that it looks like somebody's name: several words of letters alone."""
    words = re.sub(r"[.,'’-]", "", text).split()
    if len(words) > 1 and all(word.isalpha() for word in words):
        return "This looks like a name. Enter the reference of your case system: nobody may be identified here"
    return None


def is_nhs_number(digits: str) -> bool:
    """Whether ten digits pass the NHS number's check: weights 10 to 2, modulus 11 (NHS Data Dictionary)."""
    rest = 11 - sum(int(digit) * weight for digit, weight in zip(digits, range(10, 1, -1), strict=False)) % 11
    return rest % 11 == int(digits[9])
