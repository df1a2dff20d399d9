"""How a check is moved on: submitted, challenged, accepted, signed, published, or returned with a reason."""

from django.db import transaction

from checks import figure_taking, tasks
from checks.actions.answers import CLOSED
from checks.actions.doing import Doing
from checks.checking import (
    CheckMove,
    CheckState,
    Edge,
    Judgement,
    edge_of,
    why_not_accept,
    why_not_move,
    why_not_sign,
    why_not_submit,
)
from checks.models import Answer, Challenge, CheckStep, Cycle, HealthCheck
from checks.queries.answers import answer_facts
from teams import audit, submissions
from teams.access import require
from teams.audit import Event
from teams.handing_over import after_commit
from teams.models import RoleAssignment
from teams.refusals import NotAllowed
from teams.roles import Role

MANAGING = (Role.MANAGER, Role.SERVICE_MANAGER)


@transaction.atomic
def submit(*, check: HealthCheck, words: str, doing: Doing) -> None:
    """Hand the answers in: what the staff said is filled in, and from then on nothing of them can change."""
    check, edge = _take(check, CheckMove.SUBMIT, doing)
    figure_taking.fill_in_surveys(check, as_of=doing.day)
    if reason := why_not_submit(answer_facts(check, as_of=doing.day), taken=check.measured_at is not None):
        raise NotAllowed(reason)
    check.submissions += 1
    check.submitted_by = doing.by
    _move(check, edge, words, doing)


@transaction.atomic
def challenge(*, answer: Answer, question: str, suggested: Judgement, doing: Doing) -> Challenge:
    """The panel asks about one answer, and says what it would judge."""
    check, edge = _take(answer.check_of, CheckMove.CHALLENGE, doing)
    if answer.challenges.filter(state=Challenge.State.OPEN).exists():
        raise NotAllowed("There is an open question about this answer already. Wait until it is answered.")
    row = Challenge.objects.create(
        check_of=check,
        answer=answer,
        submission=check.submissions,
        question=question,
        suggested=suggested.value,
        raised_at=doing.at,
        raised_by=doing.by,
    )
    detail = {"indicator": answer.indicator, "suggested": suggested.value}
    audit.record(Event.CHALLENGE_RAISED, employer=check.employer, target=row, by=doing.by, at=doing.at, detail=detail)
    _move(check, edge, question, doing)
    _remind()
    return row


@transaction.atomic
def reply(*, challenge: Challenge, words: str, concede: bool, doing: Doing) -> None:
    """Answer one question of the panel, or concede it; after the last one the check is submitted again."""
    check, edge = _take(challenge.check_of, CheckMove.REPLY, doing)
    state = Challenge.State.CONCEDED if concede else Challenge.State.ANSWERED
    still_open = Challenge.objects.filter(pk=challenge.pk, state=Challenge.State.OPEN)
    if not still_open.update(state=state, reply=words, replied_at=doing.at, replied_by=doing.by):
        raise NotAllowed("Somebody else has answered this question already. Look at it again.")
    detail = {"state": {"before": Challenge.State.OPEN.value, "after": state.value}}
    audit.record(
        Event.CHALLENGE_ANSWERED, employer=check.employer, target=challenge, by=doing.by, at=doing.at, detail=detail
    )
    if not check.challenges.filter(state=Challenge.State.OPEN).exists():
        _move(check, edge, "", doing)


@transaction.atomic
def accept(*, check: HealthCheck, words: str, doing: Doing) -> None:
    """The principal social worker accepts the answers; the director signs them off next."""
    check, edge = _take(check, CheckMove.ACCEPT, doing)
    if reason := why_not_accept(answer_facts(check, as_of=doing.day)):
        raise NotAllowed(reason)
    _move(check, edge, words, doing)


@transaction.atomic
def sign(*, check: HealthCheck, words: str, doing: Doing) -> None:
    """The director signs the check off: nobody may who manages the team, or who submitted it."""
    check, edge = _take(check, CheckMove.SIGN, doing)
    managing = RoleAssignment.objects.over(check.team).filter(role__in=[role.value for role in MANAGING])
    managers = set(managing.values_list("user", flat=True))
    if reason := why_not_sign(signer=doing.by.pk, managers=managers, submitted_by=check.submitted_by_id):
        raise NotAllowed(reason)
    _move(check, edge, words, doing)


@transaction.atomic
def publish(*, check: HealthCheck, words: str, doing: Doing) -> None:
    """Publish what everybody in the employer may read of it: findings, figures about no single worker, actions."""
    check, edge = _take(check, CheckMove.PUBLISH, doing)
    check.public_words = words
    _move(check, edge, "", doing)


@transaction.atomic
def return_check(*, check: HealthCheck, words: str, doing: Doing) -> None:
    """Give a check back for changes, with the reason. Open questions go back with it."""
    check, edge = _take(check, CheckMove.RETURN, doing)
    check.challenges.filter(state=Challenge.State.OPEN).update(
        state=Challenge.State.RETURNED, replied_at=doing.at, reply=words
    )
    _move(check, edge, words, doing)
    _remind()


def _remind() -> None:
    """Have whoever is asked or given something back told at once, and not in the morning."""
    after_commit(tasks.remind)


def _take(check: HealthCheck, move: CheckMove, doing: Doing) -> tuple[HealthCheck, Edge]:
    """Lock a check that can make a move, for somebody who may make it."""
    rows = HealthCheck.objects.select_for_update(of=("self",)).select_related(
        "employer", "cycle__standard_set", "team__employer", "team__service_area"
    )
    locked = rows.get(pk=check.pk)
    edge = edge_of(move, CheckState(locked.state))
    if edge is not None:
        require(doing.by, edge.right, team=locked.team)
    submissions.claim(doing.once, by=doing.by, at=doing.at)
    if edge is None:
        raise NotAllowed(str(why_not_move(move, CheckState(locked.state))))
    if locked.cycle.state == Cycle.State.CLOSED:
        raise NotAllowed(CLOSED)
    return locked, edge


def _move(check: HealthCheck, edge: Edge, words: str, doing: Doing) -> None:
    check.state = edge.after.value
    check.steps_taken += 1
    check.save(update_fields=["state", "steps_taken", "submissions", "submitted_by", "public_words"])
    CheckStep.objects.create(
        check_of=check, number=check.steps_taken, move=edge.move.value, words=words, at=doing.at, by=doing.by
    )
    detail = {"move": edge.move.value, "state": {"before": edge.before.value, "after": edge.after.value}}
    audit.record(Event.CHECK_MOVED, employer=check.employer, target=check, by=doing.by, at=doing.at, detail=detail)
