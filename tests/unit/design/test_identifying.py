import pytest

from design.identifying import Kind, found_in, is_nhs_number, kinds_of, mark_of, warning, why_a_name, why_identifying


@pytest.mark.parametrize("text", ["943 476 5919", "the number is 9434765919.", "943-476-5919"])
def test_nhs_numbers_are_told(text: str) -> None:
    assert "NHS number" in str(why_identifying(text))


@pytest.mark.parametrize("digits", ["9434765918", "1234567890", "9434765910"])
def test_ten_digits_that_fail_the_check_are_not_nhs_numbers(digits: str) -> None:
    assert not is_nhs_number(digits)
    assert why_identifying(f"call {digits}") is None


@pytest.mark.parametrize(
    "text", ["dob 3 March", "D.O.B. known", "born in spring", "3/4/2015", "since 03.04.15", "3-4-2015"]
)
def test_dates_of_birth_are_told(text: str) -> None:
    assert "date of birth" in str(why_identifying(text))


@pytest.mark.parametrize(
    "text", ["", "Agreed on 3 March 2026", "two visits a week, 1 hour each", "stubborn delay", "92.0 % to 101.3 %"]
)
def test_words_about_work_pass(text: str) -> None:
    assert why_identifying(text) is None


@pytest.mark.parametrize("text", ["lives at M1 1AE", "ec1a 1bb", "SW1A2AA.", "B33 8TH", "dn55 1pt", "(CR2 6XH)"])
def test_postcodes_are_told(text: str) -> None:
    assert kinds_of(found_in(text)) == [Kind.POSTCODE]


@pytest.mark.parametrize(
    "text",
    [
        "ring 020 7946 0018",
        "07700 900123",
        "(0161) 496 0000",
        "+44 7700 900123",
        "01632-960-001",
        "+44 (0)20 7946 0018",
    ],
)
def test_telephone_numbers_are_told(text: str) -> None:
    assert kinds_of(found_in(text)) == [Kind.PHONE]


@pytest.mark.parametrize(
    "text",
    [
        "w1 2nd visit",
        "Team A1 has 12 cases",
        "week 1 of 4",
        "0.5 FTE of 37 hours",
        "case 00012",
        "KS2 and KS4",
        "S47 in 15 days",
    ],
)
def test_words_and_figures_of_work_are_none_of_these(text: str) -> None:
    assert found_in(text) == []


def test_warning_names_each_kind_once_and_says_what_to_do() -> None:
    found = found_in("Born 3/4/2015, NHS 943 476 5919, M1 1AE, 07700 900123, again M1 1AE")
    assert [one.text for one in found] == ["Born", "3/4/2015", "943 476 5919", "M1 1AE", "07700 900123", "M1 1AE"]
    assert warning(found).startswith(
        "This looks like an NHS number and a date of birth and a postcode and a telephone number. Take it out"
    )
    assert "Write any other date in words" in warning(found)
    assert "date in words" not in warning(found_in("M1 1AE"))


def test_mark_is_of_what_was_found_and_not_of_the_rest() -> None:
    one = mark_of(found_in("Office in M1 1AE"))
    assert one == mark_of(found_in("The office, M1 1AE, is closed"))
    assert one != mark_of(found_in("Office in M1 1AF"))


def test_references_are_asked_about_numbers_and_births_alone() -> None:
    assert why_identifying("M1 1AE 07700 900123") is None


@pytest.mark.parametrize("text", ["John Smith", "Smith, J.", "Mary-Ann O’Test"])
def test_names_are_told(text: str) -> None:
    assert "looks like a name" in str(why_a_name(text))


@pytest.mark.parametrize("text", ["", "CH-1234", "CH 1234", "DEMO-000001", "abc", "ab12 cd"])
def test_references_pass(text: str) -> None:
    assert why_a_name(text) is None
