"""When something may be done with caseloads: a sentence that says why not, or None."""

from collections.abc import Sequence
from dataclasses import dataclass

_NAMED = 3


def why_not_import(*, other_teams: int, strangers: Sequence[str]) -> str | None:
    """For a manager: `other_teams` the file would change, and `strangers` of other teams whom it puts into theirs.

    Which teams those are is not said: the sentence must not tell where a case or a person is.
    """
    if other_teams:
        return (
            "This file changes cases, people or teams that you do not manage. "
            "Ask an administrator to import it, or upload your own team’s cases only."
        )
    if strangers:
        named = ", ".join(f"“{name}”" for name in sorted(strangers)[:_NAMED])
        more = f" and {len(strangers) - _NAMED} more" if len(strangers) > _NAMED else ""
        return (
            f"This file puts people of other teams into yours: {named}{more}. "
            "Check their names, or ask an administrator to import it."
        )
    return None


@dataclass(frozen=True)
class CaseFacts:
    """What decides what may be done with a case: its state, and what the person has to do with it."""

    open: bool
    may_record: bool
    held_by_user: bool = False
    contested_by_user: bool = False


def why_not_change(facts: CaseFacts) -> str | None:
    """Rating, allocating, transferring and closing are for open cases."""
    return None if facts.open else "This case is closed. Open it again first."


def why_not_reopen(facts: CaseFacts) -> str | None:
    return "This case is open already." if facts.open else None


def why_not_contest(facts: CaseFacts) -> str | None:
    if not facts.open:
        return "This case is closed: its weight no longer counts towards your load."
    if not facts.held_by_user:
        return "You do not hold this case today, so its weight is not part of your load."
    if facts.contested_by_user:
        return "You have contested this weight already. Your manager has yet to answer."
    return None


def case_actions(facts: CaseFacts) -> list[tuple[str, str]]:
    """What the person may do with a case now: the names of its pages, and what to call them."""
    found: list[tuple[str, str]] = []
    if facts.may_record and facts.open:
        found += [
            ("case-rate", "Rate again"),
            ("case-allocate", "Allocate"),
            ("case-transfer", "Transfer"),
            ("case-correct", "Correct"),
            ("case-close", "Close"),
        ]
    elif facts.may_record:
        found += [("case-reopen", "Open again"), ("case-correct", "Correct")]
    if why_not_contest(facts) is None:
        found.append(("case-contest", "Contest the weight"))
    return found
