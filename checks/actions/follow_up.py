"""What is done about what a check found: an action with owner, day and sign of success, or a decision not to act."""

from dataclasses import dataclass
from datetime import date

from django.core.exceptions import PermissionDenied
from django.db import transaction

from checks.actions.answers import CLOSED
from checks.actions.doing import Doing
from checks.checking import CheckState
from checks.models import Action, ActionStep, Answer, Cycle, HealthCheck
from checks.queries.lookups import owners_of
from teams import audit, submissions
from teams.access import holds, require
from teams.audit import Event
from teams.models import User
from teams.refusals import NotAllowed
from teams.roles import Permission


@dataclass(frozen=True)
class Planned:
    """What will be done, by whom, by when, and by what it will be seen that it worked."""

    words: str
    owner: User
    due_on: date
    success: str


@transaction.atomic
def plan(*, answer: Answer, about: str, planned: Planned, doing: Doing) -> Action:
    """Plan an action about one indicator. It stays open, in later checks too, until it is done or stopped."""
    if planned.due_on < doing.day:
        raise NotAllowed("Enter a day from today on.")
    if planned.owner not in owners_of(answer.check_of.team):
        raise NotAllowed("Choose somebody who answers for the team, so that the action is seen to.")
    return _follow(answer, about, doing, acts=True, **vars(planned))


@transaction.atomic
def decide_not_to_act(*, answer: Answer, about: str, words: str, doing: Doing) -> Action:
    """Record why nothing is done about an indicator that is not met. It is printed with the finding."""
    return _follow(answer, about, doing, acts=False, words=words)


@transaction.atomic
def note(*, action: Action, words: str, doing: Doing) -> None:
    """Say how far an action is."""
    _step(_take(action, doing), Action.State.OPEN, words, doing)


@transaction.atomic
def finish(*, action: Action, words: str, doing: Doing) -> None:
    """Say that an action is done, and what came of it."""
    _step(_take(action, doing), Action.State.DONE, words, doing)


@transaction.atomic
def stop(*, action: Action, words: str, doing: Doing) -> None:
    """Stop an action, or take a decision not to act back, with the reason."""
    _step(_take(action, doing), Action.State.STOPPED, words, doing)


def may_change(action: Action, user: User) -> bool:
    """The action's owner, and those who answer for the team."""
    return action.owner_id == user.pk or holds(user, Permission.CHECK_ANSWER, team=action.team)


def _follow(answer: Answer, about: str, doing: Doing, **fields: object) -> Action:
    check = _require_unpublished(answer.check_of, doing)
    submissions.claim(doing.once, by=doing.by, at=doing.at)
    action = Action.objects.create(
        employer=check.employer,
        team=check.team,
        check_of=check,
        pack=check.cycle.standard_set.pack,
        standard=answer.standard,
        indicator=answer.indicator,
        about=about,
        opened_on=doing.day,
        **fields,
    )
    _step(action, Action.State.OPEN, action.words, doing, event=Event.ACTION_PLANNED)
    return action


def _require_unpublished(check: HealthCheck, doing: Doing) -> HealthCheck:
    """Lock a check that may still be given actions: a submitted one too, because a question can show the need."""
    require(doing.by, Permission.CHECK_ANSWER, team=check.team)
    rows = HealthCheck.objects.select_for_update(of=("self",))
    rows = rows.select_related("employer", "cycle__standard_set", "team")
    locked = rows.get(pk=check.pk)
    if locked.cycle.state == Cycle.State.CLOSED:
        raise NotAllowed(CLOSED)
    if locked.state == CheckState.PUBLISHED:
        raise NotAllowed("This health check is published. Plan the action in the next one.")
    return locked


def _take(action: Action, doing: Doing) -> Action:
    rows = Action.objects.select_for_update(of=("self",)).select_related("employer", "team__service_area")
    locked = rows.get(pk=action.pk)
    if not may_change(locked, doing.by):
        raise PermissionDenied("You cannot change this action.")
    submissions.claim(doing.once, by=doing.by, at=doing.at)
    if doing.seen is not None and doing.seen != locked.steps_taken:
        newest = locked.steps.order_by("-number").first()
        said = f": “{newest.words}” ({newest.by})" if newest else ""
        raise NotAllowed(f"Somebody else has changed this action since you opened the page{said}. Look at it again.")
    if locked.state != Action.State.OPEN:
        raise NotAllowed(f"This action is {locked.get_state_display().lower()} already.")
    return locked


def _step(
    action: Action, state: Action.State, words: str, doing: Doing, *, event: Event = Event.ACTION_CHANGED
) -> None:
    before, action.state = action.state, state
    action.closed_on = None if state == Action.State.OPEN else doing.day
    action.steps_taken += 1
    action.save(update_fields=["state", "closed_on", "steps_taken"])
    ActionStep.objects.create(
        action=action, number=action.steps_taken, state=state, words=words, at=doing.at, by=doing.by
    )
    detail = {"state": {"before": before, "after": state}, "indicator": action.indicator}
    audit.record(event, employer=action.employer, target=action, by=doing.by, at=doing.at, detail=detail)
