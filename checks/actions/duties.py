"""What people do about duties: raise a concern, answer, note, close, open again. Nobody can delete one."""

from datetime import date

from django.core.exceptions import PermissionDenied
from django.db import transaction

from checks.actions.doing import Doing
from checks.duties import (
    MOVES,
    Level,
    Move,
    State,
    due_on,
    first_level,
    reopened_words,
    why_not_move,
    why_not_plan,
)
from checks.models import Duty, DutyStep, ResponseTimes
from checks.queries.duties import is_own_concern, levels_held, own_teams, require_answerer, times_of
from design import figures
from teams import audit, submissions
from teams.access import holds_employer_wide
from teams.audit import Event
from teams.changing import values_of
from teams.models import Employer, Team, User, Worker
from teams.refusals import NotAllowed
from teams.roles import Permission


@transaction.atomic
def raise_concern(*, worker: Worker, team: Team, words: str, past_manager: bool, doing: Doing) -> Duty:
    """A worker's own concern about their workload: a duty that must be answered, and goes up when it is not."""
    if worker.user_id != doing.by.pk:
        raise PermissionDenied("Only the worker can raise a concern about their own workload.")
    if team not in own_teams(worker, as_of=doing.day):
        raise NotAllowed(f"You are not a member of {team} today. Choose a team that you work in.")
    submissions.claim(doing.once, by=doing.by, at=doing.at)
    answering = {level: [user for user in users if user != doing.by] for level, users in levels_held(team).items()}
    held = {level for level, users in answering.items() if users}
    level = first_level(held=held, past_manager=past_manager)
    duty = Duty.objects.create(
        employer=team.employer,
        team=team,
        worker=worker,
        words=words,
        past_manager=past_manager,
        level=level.value,
        state=State.OPEN.value,
        opened_on=doing.day,
        due_on=due_on(opened_on=doing.day, days=times_of(team.employer).concern_days),
        raised_on=doing.day,
    )
    _step(duty, Move.OPENED, words, doing)
    audit.record(Event.CONCERN_RAISED, employer=duty.employer, target=duty, by=doing.by, at=doing.at)
    return duty


@transaction.atomic
def plan(*, duty: Duty, words: str, by_day: date, doing: Doing) -> None:
    """Answer a duty: what will be done, and by when. It waits until that day, then goes up if it is still open."""
    duty = _take(duty, doing)
    _require_answerer(duty, doing.by)
    if reason := why_not_plan(words=words, by_day=by_day, on=doing.day):
        raise NotAllowed(reason)
    duty.due_on = by_day
    _move(duty, Move.PLANNED, f"{figures.sentence(words)} By {figures.day(by_day)}.", doing)


@transaction.atomic
def update(*, duty: Duty, words: str, doing: Doing) -> None:
    """Add a note: those who answer for the team, and the worker to their own concern."""
    duty = _take(duty, doing)
    if not is_own_concern(duty, doing.by):
        _require_answerer(duty, doing.by)
    _move(duty, Move.UPDATED, words, doing)


@transaction.atomic
def close(*, duty: Duty, words: str, doing: Doing) -> None:
    """Close a duty with what came of it. A red flag that is raised again opens it again."""
    duty = _take(duty, doing)
    _require_answerer(duty, doing.by)
    duty.closed_on = doing.day
    _move(duty, Move.CLOSED, words, doing)


@transaction.atomic
def reopen(*, duty: Duty, words: str, doing: Doing) -> None:
    """Open a duty again: those who answer for the team, and the worker whose concern is not settled."""
    duty = _take(duty, doing)
    if not is_own_concern(duty, doing.by):
        _require_answerer(duty, doing.by)
    closed_on, duty.closed_on = duty.closed_on, None
    duty.due_on = due_on(opened_on=doing.day, days=times_of(duty.employer).days(duty.flag))
    said = reopened_words(closed_on=closed_on, on=doing.day) if closed_on else ""
    _move(duty, Move.REOPENED, f"{said} {words}".strip(), doing)


@transaction.atomic
def set_response_times(
    *, employer: Employer, concern_days: int, flag_days: int, source: str, doing: Doing
) -> ResponseTimes:
    """Agree within how many days duties are answered. Those that are open keep the day they have."""
    if not holds_employer_wide(doing.by, Permission.RESPONSE_TIMES_SET, employer=employer):
        raise PermissionDenied(f"You cannot {Permission.RESPONSE_TIMES_SET.value}.")
    submissions.claim(doing.once, by=doing.by, at=doing.at)
    Employer.objects.select_for_update(no_key=True).get(pk=employer.pk)
    before = ResponseTimes.objects.filter(employer=employer).first()
    if doing.seen is not None and doing.seen != (before.revision if before else 0):
        raise NotAllowed(
            "Somebody else has changed these response times since you opened the page. Look at them again."
        )
    row = before or ResponseTimes(employer=employer, revision=0)
    old = values_of(before, "concern_days", "flag_days", "source") if before else {}
    row.concern_days, row.flag_days, row.source, row.revision = concern_days, flag_days, source, row.revision + 1
    row.save()
    detail = audit.changed(old, values_of(row, "concern_days", "flag_days", "source"))
    audit.record(Event.RESPONSE_TIMES_SET, employer=employer, target=row, by=doing.by, at=doing.at, detail=detail)
    return row


def _take(duty: Duty, doing: Doing) -> Duty:
    """Lock a duty as it was seen. Raises NotAllowed with what has happened to it since."""
    submissions.claim(doing.once, by=doing.by, at=doing.at)
    rows = Duty.objects.select_for_update(of=("self",)).select_related("employer", "team__employer", "worker")
    locked = rows.get(pk=duty.pk)
    if doing.seen is not None and doing.seen != locked.steps_taken:
        newer = locked.steps.filter(number__gt=doing.seen).select_related("by").order_by("number")
        told = " ".join(f"{figures.sentence(step.words)} ({step.by or 'the system'})" for step in newer)
        raise NotAllowed(f"This duty has changed since you opened the page: {told} Look at it again.")
    return locked


def _require_answerer(duty: Duty, by: User) -> None:
    """Those who answer for the team; nobody about themselves, and the manager not for what went past them."""
    if not Duty.objects.visible_to(by).filter(pk=duty.pk).exists():
        raise PermissionDenied(f"You cannot {Permission.DUTY_ANSWER.value} in this team.")
    require_answerer(duty, by)


_MOVED = ("state", "level", "due_on", "closed_on")


def _move(duty: Duty, move: Move, words: str, doing: Doing) -> None:
    if reason := why_not_move(move, State(duty.state)):
        raise NotAllowed(reason)
    before = Duty.objects.values(*_MOVED).get(pk=duty.pk)
    _, state = MOVES[move]
    duty.state = (state or State(duty.state)).value
    _step(duty, move, words, doing)
    detail = {"move": move.value} | audit.changed(before, {name: getattr(duty, name) for name in _MOVED})
    audit.record(Event.DUTY_CHANGED, employer=duty.employer, target=duty, by=doing.by, at=doing.at, detail=detail)


def _step(duty: Duty, move: Move, words: str, doing: Doing) -> None:
    duty.steps_taken += 1
    duty.save(update_fields=["state", "level", "due_on", "closed_on", "steps_taken"])
    DutyStep.objects.create(
        duty=duty,
        number=duty.steps_taken,
        move=move.value,
        level=Level(duty.level).value,
        words=words,
        at=doing.at,
        by=doing.by,
    )
