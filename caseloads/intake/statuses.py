"""Whether a row of an Annex A list is still open, and as what: one small rule for each list."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date

from caseloads.intake import lists
from caseloads.intake.cells import clean, is_empty, key, without_code
from caseloads.intake.judging import Unfit, answer_in, date_in
from caseloads.intake.layout import Sheet
from caseloads.intake.mapping import NOTHING_SAID, SET_ASIDE, Mapped
from caseloads.intake.records import Row

LOOKED_AFTER, CHILD_PROTECTION, CARE_LEAVER = "looked_after", "child_protection", "care_leaver"
SECTION_47, CHILD_IN_NEED, ASSESSMENT, REFERRAL = "section_47", "child_in_need", "assessment", "referral"
RANKS = {
    category: rank
    for rank, category in enumerate(
        [LOOKED_AFTER, CHILD_PROTECTION, CARE_LEAVER, SECTION_47, CHILD_IN_NEED, ASSESSMENT, REFERRAL]
    )
}

CLOSED = "closed"
# The first pattern found in a case status decides. Status words vary by council; their letters a) to e) come last.
_STATUSES = (
    (CLOSED, re.compile(r"\b(clos|ceased|ended|discharged)|\bcare leaver|\bleaving care|\bno longer\b")),
    (LOOKED_AFTER, re.compile(r"\b(cla|lac|cic)\b|\blooked after\b|\bin care\b|\baccommodated\b")),
    (CHILD_PROTECTION, re.compile(r"\b(cp|cpp)\b|\bprotection\b")),
    (CHILD_IN_NEED, re.compile(r"\bcin\b|\bin need\b|^(open|active|current)( case| episode)?$")),
    (ASSESSMENT, re.compile(r"\bassess|\bass?e?s?mt\b|\bs ?47\b|\bsection 47\b|\benquir")),
    (REFERRAL, re.compile(r"\breferral\b")),
)
_LETTERS = {"a": LOOKED_AFTER, "b": CHILD_PROTECTION, "c": CHILD_IN_NEED, "d": ASSESSMENT, "e": CLOSED}
_NO_FURTHER = re.compile(r"\bnfa\b|\bno further (action|social)")
_FURTHER = re.compile(r"^(fa|further action|u)$|\b(progress|assess|strategy|accepted)")


@dataclass(frozen=True, slots=True)
class Standing:
    """What a row stands for. Closed: the category does not matter; `ended` is the day, where the list gives it."""

    closed: bool
    category: str
    ended: date | None = None


@dataclass(frozen=True, slots=True)
class _View:
    """One row seen through its sheet, on a day."""

    sheet: Sheet
    row: Row
    as_of: date
    mapped: Mapped

    def text(self, column: str) -> str:
        return self.sheet.text(self.row, column)

    def answer(self, column: str) -> bool | None:
        return answer_in(self.text(column), self.sheet.heading(column))

    def past_end(self, column: str) -> date | None:
        """The day it ended, if that has come."""
        ended = date_in(self.text(column), self.sheet.heading(column))
        return ended if ended is not None and ended <= self.as_of else None


def standing_of(sheet: Sheet, row: Row, *, as_of: date, mapped: Mapped = NOTHING_SAID) -> Standing:
    """Apply the list's own rule. Raises Unfit for a date or a status that cannot be read."""
    return _RULES[sheet.listing.number](_View(sheet, row, as_of, mapped))


def _referral(view: _View) -> Standing:
    return Standing(_no_further_action(view), REFERRAL)


def _no_further_action(view: _View) -> bool:
    word = without_code(view.text(lists.NFA))
    if _NO_FURTHER.search(word):
        return not word.startswith("not ")
    return not _FURTHER.search(word) and view.answer(lists.NFA) is True


def _enquiry(view: _View) -> Standing:
    unnecessary, result = view.answer(lists.UNNECESSARY), view.answer(lists.RESULT)
    return Standing(unnecessary is True or result is not None, SECTION_47)


def _in_need(view: _View) -> Standing:
    ended = view.past_end(lists.ENDED)
    status = _status(view.text(lists.STATUS), view.sheet.heading(lists.STATUS), view.mapped)
    reasoned = not is_empty(view.text(lists.REASON))
    return Standing(ended is not None or reasoned or status == CLOSED, status, ended)


def _status(text: str, heading: str, mapped: Mapped) -> str:
    """The category a case status speaks of. An empty one is what the list is of: a child in need."""
    if is_empty(text):
        return CHILD_IN_NEED
    said = mapped.code("status", text)
    found = status_of(text) if said in {None, SET_ASIDE} else said
    if found is None:
        raise Unfit(heading, text, f"“{clean(text)}” is not a case status we know.")
    return found


def status_of(text: str) -> str | None:
    """The category, or CLOSED, that a case status speaks of; None when it is not one we know."""
    word = key(text)
    return next((category for category, pattern in _STATUSES if pattern.search(word)), _LETTERS.get(word))


def _by_end(column: str, category: str) -> Callable[[_View], Standing]:
    def rule(view: _View) -> Standing:
        ended = view.past_end(column)
        return Standing(ended is not None, category, ended)

    return rule


def _care_leaver(_: _View) -> Standing:
    return Standing(closed=False, category=CARE_LEAVER)


_RULES: Mapping[int, Callable[[_View], Standing]] = {
    3: _referral,
    4: _by_end(lists.AUTHORISED, ASSESSMENT),
    5: _enquiry,
    6: _in_need,
    7: _by_end(lists.ENDED, CHILD_PROTECTION),
    8: _by_end(lists.ENDED, LOOKED_AFTER),
    9: _care_leaver,
}
