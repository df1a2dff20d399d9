"""Who leads a shared case and how much of it each worker carries."""

import re
from collections.abc import Sequence

from caseloads.intake.cells import clean, is_empty, key
from caseloads.intake.judging import Unfit
from caseloads.intake.records import WHOLE

LEAD, CO_WORKER = "LEAD", "CO_WORKER"
_LEADS = frozenset(["lead", "lead worker", "primary", "main", "allocated", "allocated worker", "key worker"])
_CO_WORKERS = frozenset(["co worker", "coworker", "co working", "secondary", "joint", "joint worker", "support"])
_SHARE = re.compile(r"(\d{1,3})(?:\.0+)? ?%?|(0\.\d{1,2})")


def role_in(text: str, column: str) -> str:
    """LEAD, CO_WORKER, or "" when the file does not say."""
    word = key(text)
    if word in _LEADS:
        return LEAD
    if word in _CO_WORKERS:
        return CO_WORKER
    if is_empty(text):
        return ""
    raise Unfit(column, text, f"“{clean(text)}” is neither “lead” nor “co-worker”.")


def share_in(text: str, column: str) -> int | None:
    """A whole percentage from 1 to 100; spreadsheets write 50 % as 0.5. None when the file does not say."""
    if is_empty(text):
        return None
    match = _SHARE.fullmatch(clean(text))
    share = 0
    if match:
        share = int(match[1]) if match[1] else round(float(match[2]) * WHOLE)
    if not 1 <= share <= WHOLE:
        raise Unfit(column, text, f"“{clean(text)}” is not a share between 1 and 100 percent.")
    return share


def share_out(given: Sequence[int | None], *, most: int) -> list[int]:
    """The share of each: as given, and what remains of the whole evenly among the others, the first taking the rest.

    Raises Unfit when they add up to more than `most`, or when nothing remains.
    """
    fixed = sum(share for share in given if share is not None)
    blanks = sum(share is None for share in given)
    left = WHOLE - fixed
    if fixed > most:
        sentence = f"The shares of this case add up to {fixed} %, more than the {most} % it has."
        raise Unfit("share", f"{fixed} %", sentence)
    if blanks and left < blanks:
        raise Unfit("share", f"{fixed} %", "The shares of this case leave nothing for the workers without one.")
    each, rest = divmod(left, max(blanks, 1))
    shares = []
    for share in given:
        shares.append(each + rest if share is None else share)
        rest = 0 if share is None else rest
    return shares
