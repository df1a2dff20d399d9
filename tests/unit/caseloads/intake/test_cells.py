from datetime import date

import pytest

from caseloads.intake import cells


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Jane\u00a0 Smith ", "Jane Smith"),
        ("\ufeffTeam\u200b A\n1", "Team A 1"),
        ("ﬁrst", "first"),
    ],
)
def test_clean_leaves_single_ordinary_spaces(text: str, expected: str) -> None:
    assert cells.clean(text) == expected


@pytest.mark.parametrize("text", ["Child’s  Unique ID?", "(child's) UNIQUE-id", "childs unique\u00a0ìd"])
def test_key_is_the_same_for_headings_that_differ_in_dress(text: str) -> None:
    assert cells.key(text) == "childs unique id"


@pytest.mark.parametrize("text", ["", " ", "-", "#N/A", "#DIV/0!", "#REF!", "N/A", "nan", "Not  Recorded", "TBC", "?"])
def test_empty_words_say_nothing(text: str) -> None:
    assert cells.is_empty(text)


@pytest.mark.parametrize("text", ["0", "No", "#1234", "Nan Smith"])
def test_other_words_say_something(text: str) -> None:
    assert not cells.is_empty(text)


@pytest.mark.parametrize(
    "text",
    [
        "2026-03-01",
        "2026-03-01T00:00:00",
        "2026-03-01 09:30:00",
        "2026/03/01",
        "01/03/2026",
        "1/3/26",
        "01-03-2026",
        "01.03.2026",
        "01/03/2026 14:05",
        "1 March 2026",
        "1st Mar 2026",
        "01-Mar-26",
        "46082",
        "46082.0",
    ],
)
def test_parse_date_reads_what_councils_write(text: str) -> None:
    assert cells.parse_date(text) == date(2026, 3, 1)


def test_parse_date_puts_old_two_figure_years_in_the_last_century() -> None:
    assert cells.parse_date("01/03/99") == date(1999, 3, 1)


@pytest.mark.parametrize("text", ["", "#N/A", "0", "00:00:00", "00/01/1900", "1899-12-30", "n/a"])
def test_parse_date_gives_none_for_no_date(text: str) -> None:
    assert cells.parse_date(text) is None


@pytest.mark.parametrize(
    "text", ["31/02/2026", "09/16/2020", "soon", "1 Xyz 2026", "01/03/0024", "1850-01-01", "99999", "2026-13-01"]
)
def test_parse_date_refuses_what_is_no_day(text: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - the caller words it
        cells.parse_date(text)


@pytest.mark.parametrize("text", ["Yes", "a) Yes", "1 - Yes", "Y", "TRUE", "1", "a. yes", "A"])
def test_parse_answer_yes(text: str) -> None:
    assert cells.parse_answer(text) is True


@pytest.mark.parametrize("text", ["No", "b) No", "0 - No", "n", "False", "0", "(b) No"])
def test_parse_answer_no(text: str) -> None:
    assert cells.parse_answer(text) is False


@pytest.mark.parametrize("text", ["", "c) Unknown", "Unknown", "U", "Not yet recorded"])
def test_parse_answer_not_known(text: str) -> None:
    assert cells.parse_answer(text) is None


def test_parse_answer_refuses_other_words() -> None:
    with pytest.raises(ValueError, match="“CS Assessment Updated” is neither yes nor no"):
        cells.parse_answer("CS Assessment Updated")


@pytest.mark.parametrize(
    ("text", "expected"),
    [("6537810", "6537810"), ("6537810.0", "6537810"), (" 0012 ", "0012"), ("A-1.0", "A-1.0"), ("'77", "77")],
)
def test_parse_reference_keeps_text(text: str, expected: str) -> None:
    assert cells.parse_reference(text) == expected


@pytest.mark.parametrize("text", ["", "#N/A", "0", "unknown"])
def test_parse_reference_gives_nothing_for_none(text: str) -> None:
    assert cells.parse_reference(text) == ""


def test_parse_reference_refuses_a_number_a_spreadsheet_shortened() -> None:
    with pytest.raises(ValueError, match="format the column as text"):
        cells.parse_reference("1.23E+11")


def test_keyed_hash_depends_on_reference_and_key() -> None:
    hashed = cells.keyed_hash("6537810", secret="k")
    assert hashed == cells.keyed_hash("6537810", secret="k")
    assert len(hashed) == 20
    assert "6537810" not in hashed
    assert hashed != cells.keyed_hash("6537811", secret="k")
    assert hashed != cells.keyed_hash("6537810", secret="other")
    assert cells.keyed_hash("", secret="k") == ""
