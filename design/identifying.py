"""Tells words that would identify somebody who uses services. Pure: text in, a sentence or nothing out."""

import re

NHS_NUMBER = re.compile(r"(?<!\d)(\d{3})[ -]?(\d{3})[ -]?(\d{4})(?!\d)")
BIRTH = re.compile(r"\b(d\.?\s?o\.?\s?b\.?|date of birth|born)\b", re.IGNORECASE)
DAY = re.compile(r"(?<!\d)\d{1,2}[/.-]\d{1,2}[/.-](19|20)?\d{2}(?!\d)")


def why_identifying(text: str) -> str | None:
    """Say what in a text looks like a date of birth or an NHS number, and what to do about it."""
    if any(is_nhs_number("".join(found)) for found in NHS_NUMBER.findall(text)):
        return "This looks like an NHS number. Take it out: nobody who uses services may be identified here"
    if BIRTH.search(text) or DAY.search(text):
        return (
            "This looks like a date of birth. Take it out: nobody who uses services may be identified here. "
            "Write any other date in words, such as 3 March"
        )
    return None


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
