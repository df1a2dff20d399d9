"""When something may be done with caseloads: a sentence that says why not, or None."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from design import figures

_NAMED = 3
_FULL = 100
LATEST_HANDOVER = timedelta(days=28)


def why_not_undo(*, applied: bool, undone: bool, changed_something: bool, last: bool) -> str | None:
    """For an import, as far as its own row tells; `last`: nothing that changed something was imported after it."""
    if undone:
        return "This import has already been undone."
    if not applied or not changed_something:
        return "This import changed nothing, so there is nothing to undo."
    if not last:
        return "Another import has changed something since. Only the last import of an employer can be undone."
    return None


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
    held: bool = True
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


def why_not_allocate(*, opened_on: date, closed_on: date | None, on: date, share: int, held: int) -> str | None:
    """A share of a case may be given from a day on which the case is open, and only what others do not hold.

    `held` is what workers who count hold already. A scheme's uplift for joint working is given by changing shares.
    """
    if closed_on is not None and closed_on <= on:
        return "This case is closed. Open it again first."
    if on < opened_on:
        return f"The case was opened on {figures.day(opened_on)}. Nobody can hold it before that."
    if held >= _FULL:
        return "All of this case is held already. Change the shares of those who hold it, or transfer it."
    if share > _FULL - held:
        return f"Only {_FULL - held} % of this case is left to give. Give no more, or change the others’ shares first."
    return None


def why_not_reshare(
    *, shares: Mapping[int, int], elsewhere: Collection[int], wanted: Mapping[int, int], lead: int | None
) -> str | None:
    """What each worker holds of a case and what is wanted of each; `lead` is the one to lead it.

    `elsewhere`: those who hold it in another team. They can be taken off, but only their manager gives them more.
    """
    if set(wanted) != set(shares):
        return "On that day it is not those on this page who hold the case. Choose another day, or look at it again."
    if any(wanted[worker] not in {0, shares[worker]} for worker in elsewhere):
        return "The share of somebody of another team is their manager’s to change. Leave it, or enter 0."
    if lead is not None and not wanted.get(lead):
        return "The lead must hold a share of the case. Choose somebody who does."
    if lead is None and any(wanted.values()):
        return "Choose who leads the case."
    return None


def why_not_transfer(*, opened_on: date, closed_on: date | None, on: date, handover_on: date | None) -> str | None:
    """An open case may change hands on a day; a handover meeting comes no later than four weeks after it."""
    if closed_on is not None and closed_on <= on:
        return "This case is closed. Open it again first."
    if on < opened_on:
        return f"The case was opened on {figures.day(opened_on)}. It cannot change hands before that."
    if handover_on is not None and (handover_on < opened_on or handover_on > on + LATEST_HANDOVER):
        return (
            "The handover meeting must be after the case was opened and within four weeks of the transfer. "
            "Without one, say that no meeting was held."
        )
    return None


def case_actions(facts: CaseFacts) -> list[tuple[str, str]]:
    """What the person may do with a case now: the names of its pages, and what to call them, the likeliest first."""
    found: list[tuple[str, str]] = []
    if facts.may_record and facts.open:
        first = [("case-allocate", "Allocate"), ("case-rate", "Rate again")]
        found += first[::-1] if facts.held else first
        found += [
            ("case-shares", "Change shares"),
            ("case-transfer", "Transfer"),
            ("case-correct", "Correct"),
            ("case-close", "Close"),
        ]
    elif facts.may_record:
        found += [("case-reopen", "Open again"), ("case-correct", "Correct")]
    if facts.open and facts.held_by_user:
        found.append(("case-answer", "Agree or disagree"))
    if why_not_contest(facts) is None:
        found.append(("case-contest", "Contest the weight"))
    return found


def why_not_close(facts: CaseFacts, *, opened_on: date, closed_on: date, on: date) -> str | None:
    if not facts.open:
        return "This case is closed already."
    if closed_on > on:
        return "A case closes today or on an earlier day."
    if closed_on < opened_on:
        return "A case cannot close before it opened."
    return None


def why_not_correct(opened_on: date, closed_on: date | None, *, held_since: date | None, on: date) -> str | None:
    """`held_since` is the first day on which anybody held the case."""
    if opened_on > on:
        return "A case opens today or on an earlier day."
    if held_since is not None and opened_on > held_since:
        return "Somebody held this case before that day. Enter the day it opened, or an earlier one."
    if closed_on is not None and closed_on > on:
        return "A case closes today or on an earlier day."
    if closed_on is not None and closed_on < opened_on:
        return "A case cannot close before it opened."
    return None


def why_not_answer(*, open: bool, own: bool) -> str | None:  # noqa: A002 - it is about the contest
    """`own`: the person who would answer is the one who contests."""
    if not open:
        return "This contest has been answered already. The answer is on the case’s page."
    if own:
        return "You contest this weight yourself, so somebody else answers: ask the manager above you."
    return None


def why_not_set_by_hand(weight: Decimal | None, reason: str) -> str | None:
    """A weight set by hand needs a reason, and a reason a weight."""
    if weight is None:
        return "A reason is given for a weight set by hand, but no weight." if reason else None
    if weight < 0:
        return "A weight is never below zero."
    return None if reason else "Say why the weight is set by hand."


def why_not_effective(on: date, *, today: date, newest: date | None) -> str | None:
    """A version takes effect today or later, and no earlier than the one before it."""
    if on < today:
        return "A version takes effect today or later: what was scored before stays as it was."
    if newest is not None and on < newest:
        return f"Another version takes effect on {figures.day(newest)}. Choose that day or a later one."
    return None
