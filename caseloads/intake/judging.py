"""What both presets ask of a cell, and the one way of saying that a row cannot be used."""

from datetime import date

from caseloads.intake.cells import clean, parse_answer, parse_date, parse_reference
from caseloads.intake.records import LONGEST_VALUE, Problem, Source

_LONGEST_REFERENCE = 80
_LONGEST_NAME = 200


class Unfit(Exception):  # noqa: N818 - it says what a row is, not that the program erred
    """A row cannot be used: which column, what it says, and a sentence for the person who can put it right."""

    def __init__(self, column: str, value: str, sentence: str) -> None:
        super().__init__(sentence)
        self.column, self.value, self.sentence = column, value, sentence

    def at(self, source: Source) -> Problem:
        return Problem(source.sheet, source.row, self.column, clean(self.value)[:LONGEST_VALUE], self.sentence)


def reference_in(text: str, column: str, *, owner: str, needed: bool = True) -> str:
    """A reference short enough to keep; "" only where it is not needed."""
    try:
        reference = parse_reference(text)
    except ValueError as error:
        raise Unfit(column, text, f"{error}.") from error
    if needed and not reference:
        raise Unfit(column, text, f"This row has no reference for the {owner}.")
    if len(reference) > _LONGEST_REFERENCE:
        raise Unfit(column, "", f"This reference is longer than {_LONGEST_REFERENCE} characters.")
    return reference


def date_in(text: str, column: str) -> date | None:
    """The day in a cell; None when the cell says nothing."""
    try:
        return parse_date(text)
    except (ValueError, OverflowError) as error:
        raise Unfit(column, text, f"“{clean(text)[:LONGEST_VALUE]}” is not a date we can read.") from error


def past_date_in(text: str, column: str, *, as_of: date) -> date | None:
    """A day that must have come by `as_of`."""
    day = date_in(text, column)
    if day is not None and day > as_of:
        raise Unfit(column, text, f"{day:%-d %B %Y} is after the day of the import, {as_of:%-d %B %Y}.")
    return day


def answer_in(text: str, column: str) -> bool | None:
    """Yes, no, or None for not known."""
    try:
        return parse_answer(text)
    except ValueError as error:
        raise Unfit(column, text, f"{error}.") from error


def name_in(text: str, column: str) -> str:
    """The name of a worker or team, short enough to keep."""
    if len(clean(text)) > _LONGEST_NAME:
        raise Unfit(column, text, f"This name is longer than {_LONGEST_NAME} characters.")
    return text
