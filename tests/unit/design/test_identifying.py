import pytest

from design.identifying import is_nhs_number, why_a_name, why_identifying


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


@pytest.mark.parametrize("text", ["John Smith", "Smith, J.", "Mary-Ann O’Test"])
def test_names_are_told(text: str) -> None:
    assert "looks like a name" in str(why_a_name(text))


@pytest.mark.parametrize("text", ["", "CH-1234", "CH 1234", "DEMO-000001", "abc", "ab12 cd"])
def test_references_pass(text: str) -> None:
    assert why_a_name(text) is None
