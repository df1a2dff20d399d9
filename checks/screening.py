"""Marks what could name somebody in what people wrote, before anybody decides whether it is released. Pure."""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

from design.identifying import BIRTH, DAY, NHS_NUMBER, PHONE, POSTCODE

_WORD = re.compile(r"[^\W\d_]+")
SHORTEST_NAME = 2
MARKED = (BIRTH, DAY, NHS_NUMBER, POSTCODE, PHONE)


@dataclass(frozen=True)
class Piece:
    """A part of a text; a marked one could name or identify somebody."""

    text: str
    marked: bool


def name_words(names: Iterable[str]) -> frozenset[str]:
    """The single words of names, as they are compared: without capitals and accents."""
    words = (_plain(word) for name in names for word in _WORD.findall(name))
    return frozenset(word for word in words if len(word) >= SHORTEST_NAME)


def pieces(text: str, names: frozenset[str]) -> tuple[Piece, ...]:
    """A text in parts, those marked that are a word of somebody's name, or look like a birth date or a number."""
    spans = [found.span() for found in _WORD.finditer(text) if _plain(found[0]) in names]
    spans += [found.span() for pattern in MARKED for found in pattern.finditer(text)]
    marks = [any(start <= at < end for start, end in spans) for at in range(len(text))]
    edges = [at for at in range(len(text)) if at == 0 or marks[at] != marks[at - 1]]
    return tuple(
        Piece(text[start:end], marks[start]) for start, end in zip(edges, [*edges[1:], len(text)], strict=False)
    )


def _plain(word: str) -> str:
    decomposed = unicodedata.normalize("NFKD", word)
    return "".join(letter for letter in decomposed if not unicodedata.combining(letter)).casefold()
