"""Names of staff are marked in what people wrote, whatever their capitals and accents."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checks.screening import name_words, pieces

NAMES = name_words(["Zoë O’Brien-Smith", "Ben Fictionby", "J Li"])


@pytest.mark.parametrize(
    ("text", "marked"),
    [
        ("Tell BEN and zoe", ["BEN", "zoe"]),
        ("Smith's desk, brien", ["Smith", "brien"]),
        ("Benefits of Li; J is nobody", ["Li"]),
        ("Nobody is named", []),
        ("born in May", ["born"]),
        ("since 03/04/2019 or so", ["03/04/2019"]),
        ("number 943 476 5919", ["943 476 5919"]),
        ("", []),
    ],
)
def test_marks(text: str, marked: list[str]) -> None:
    assert [piece.text for piece in pieces(text, NAMES) if piece.marked] == marked


@given(st.text(max_size=80))
def test_nothing_is_lost(text: str) -> None:
    assert "".join(piece.text for piece in pieces(text, NAMES)) == text
