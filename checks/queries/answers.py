"""A health check as people read it: every answer with what was measured, said, asked and done about it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TypeVar

from django.db.models import Q
from django.http import Http404

from checks.checking import (
    STATE_NAMES,
    AnswerFacts,
    CheckMove,
    CheckState,
    Progress,
    moves_from,
)
from checks.findings import Finding
from checks.models import Action, Answer, Challenge, CheckStep, Duty, Evidence, HealthCheck
from checks.queries.answer_rows import AnswerRow, StandardAnswers
from checks.queries.duties import DutyRow
from checks.queries.surveyed import fill_in
from standards.definition import Kind, StandardSet
from standards.queries.sets import published_set
from teams.access import permissions
from teams.models import User
from teams.roles import Permission

DUTIES_SHOWN = 5
Row = TypeVar("Row", Evidence, Challenge)


@dataclass(frozen=True)
class EarlierAction:
    """An action of an earlier check that is not finished."""

    action: Action
    days_open: int
    late: bool


@dataclass(frozen=True)
class CheckPage:
    """A whole check, and what the reader may do with it."""

    check: HealthCheck
    definition: StandardSet
    standards: Sequence[StandardAnswers]
    steps: Sequence[CheckStep]
    earlier: Sequence[EarlierAction]
    duties: Sequence[DutyRow]
    rights: frozenset[Permission]

    @property
    def state(self) -> str:
        return STATE_NAMES[CheckState(self.check.state)]

    @property
    def taken(self) -> bool:
        """Whether its figures have been taken, and with them there is something to answer."""
        return self.check.measured_at is not None

    @property
    def may_answer(self) -> bool:
        return CheckMove.SUBMIT in self.moves and not self.closed

    @property
    def closed(self) -> bool:
        return self.check.cycle.state == "CLOSED"

    @property
    def moves(self) -> list[CheckMove]:
        """What the reader may do with the whole check now; nothing once its cycle is closed."""
        return [] if self.closed else moves_from(CheckState(self.check.state), self.rights)

    @property
    def rows(self) -> list[AnswerRow]:
        return [row for standard in self.standards for row in standard.rows]

    @property
    def may_challenge(self) -> bool:
        return CheckMove.CHALLENGE in self.moves

    @property
    def may_follow(self) -> bool:
        """Whether the reader may plan an action or decide not to act."""
        unpublished = self.check.state != CheckState.PUBLISHED
        return unpublished and not self.closed and Permission.CHECK_ANSWER in self.rights

    @property
    def unsurveyed(self) -> int:
        """How many indicators would be submitted without what the staff say."""
        return sum(row.indicator.kind == Kind.SURVEYED and row.answer.finding == Finding.NOT_KNOWN for row in self.rows)

    @property
    def may_reply(self) -> bool:
        return CheckMove.REPLY in self.moves

    @property
    def completed(self) -> int:
        return sum(one.progress == Progress.COMPLETED for one in self.standards)

    @property
    def questions(self) -> list[AnswerRow]:
        return [row for row in self.rows if row.asked]

    @property
    def newest_return(self) -> CheckStep | None:
        """The newest step, where it gave the check back."""
        newest = self.steps[0] if self.steps else None
        return newest if newest and newest.move == CheckMove.RETURN else None

    def standard(self, code: str) -> StandardAnswers:
        """One standard of the check (404 where there is none of the code)."""
        found = next((one for one in self.standards if one.standard.code == code), None)
        if found is None:
            raise Http404("There is no such standard in this health check.")
        return found

    def row(self, code: str) -> AnswerRow:
        """The answer to one indicator (404 where there is none of the code)."""
        found = next((one for one in self.rows if one.indicator.code == code), None)
        if found is None:
            raise Http404("There is no such indicator in this health check.")
        return found

    def after(self, row: AnswerRow) -> AnswerRow | None:
        """The next indicator of the same standard; None after the last."""
        rows = self.standard(row.standard.code).rows
        later = rows[rows.index(row) + 1 :]
        return later[0] if later else None


def check_page(check: HealthCheck, user: User, *, as_of: date) -> CheckPage:
    """Everything about a check. Seven statements, and three more for a version of the standards not read before."""
    duties = Duty.objects.visible_to(user).filter(team=check.team_id).unclosed()
    definition = published_set(check.cycle.standard_set)
    rows, actions = _rows(check, definition, as_of=as_of)
    return CheckPage(
        check=check,
        definition=definition,
        standards=_by_standard(definition, rows),
        steps=list(check.steps.select_related("by").order_by("-number")),
        earlier=[_earlier(one, as_of) for one in actions if one.check_of_id != check.pk],
        duties=[
            DutyRow(duty, as_of)
            for duty in duties.select_related("worker", "case", "team").order_by("opened_on", "pk")[:DUTIES_SHOWN]
        ],
        rights=permissions(user, check.team),
    )


def _earlier(action: Action, as_of: date) -> EarlierAction:
    late = action.due_on is not None and action.due_on < as_of
    return EarlierAction(action, (as_of - action.opened_on).days, late)


def answer_facts(check: HealthCheck, *, as_of: date) -> list[AnswerFacts]:
    """What decides whether a check may be submitted. Nine statements."""
    rows, _ = _rows(check, published_set(check.cycle.standard_set), as_of=as_of)
    return [row.facts for row in rows]


def answers_of(checks: Sequence[HealthCheck], *, as_of: date) -> dict[int, list[StandardAnswers]]:
    """The answers to some checks of one cycle, standard by standard: check key → answers.

    Five statements however many checks, six more while surveys are still filled in.
    """
    if not checks:
        return {}
    definition = published_set(checks[0].cycle.standard_set)
    return {key: _by_standard(definition, found.rows) for key, found in _read(checks, definition, as_of=as_of).items()}


@dataclass(frozen=True)
class _Read:
    """What was read of one check: its answers, and the actions of its team that belong to it or are still open."""

    rows: list[AnswerRow]
    actions: list[Action]


def _rows(check: HealthCheck, definition: StandardSet, *, as_of: date) -> tuple[list[AnswerRow], list[Action]]:
    read = _read([check], definition, as_of=as_of)[check.pk]
    return read.rows, read.actions


def _read(checks: Sequence[HealthCheck], definition: StandardSet, *, as_of: date) -> dict[int, _Read]:
    evidence = _grouped(
        Evidence.objects.filter(answer__check_of__in=checks, removed_at__isnull=True).select_related("added_by")
    )
    asked = Challenge.objects.filter(check_of__in=checks).select_related("raised_by", "replied_by").order_by("pk")
    challenges, actions = _grouped(asked), _actions(checks, definition)
    answers: dict[int, list[Answer]] = {check.pk: [] for check in checks}
    for answer in Answer.objects.filter(check_of__in=checks).select_related("changed_by").order_by("number"):
        answers[answer.check_of_id].append(answer)
    unfinished = [check for check in checks if check.state == CheckState.OPEN]
    fill_in(unfinished, [answer for check in unfinished for answer in answers[check.pk]], as_of=as_of)
    known = {one.code: (standard, one) for standard in definition.standards for one in standard.indicators}
    return {
        check.pk: _Read(
            rows=[
                AnswerRow(
                    answer=answer,
                    indicator=known[answer.indicator][1],
                    standard=known[answer.indicator][0],
                    evidence=evidence.get(answer.pk, ()),
                    challenges=challenges.get(answer.pk, ()),
                    actions=[
                        one for one in own if one.indicator == answer.indicator and one.state != Action.State.STOPPED
                    ],
                    submission=0 if check.state == CheckState.OPEN else check.submissions,
                    fewest=check.cycle.fewest,
                    planned=[one for one in own if (one.indicator, one.check_of_id) == (answer.indicator, check.pk)],
                )
                for answer in answers[check.pk]
            ],
            actions=own,
        )
        for check in checks
        for own in [actions.get(check.team_id, [])]
    }


def _actions(checks: Sequence[HealthCheck], definition: StandardSet) -> Mapping[int, list[Action]]:
    """The actions of the checks, and open ones of earlier cycles: team key → actions. One statement."""
    earlier = Q(state=Action.State.OPEN, acts=True, check_of__cycle__opened_at__lt=checks[0].cycle.opened_at)
    rows = Action.objects.filter(Q(check_of__in=checks) | earlier, team__in=[one.team_id for one in checks])
    found: dict[int, list[Action]] = {}
    for action in rows.filter(pack=definition.id).select_related("owner", "check_of__cycle").order_by("due_on", "pk"):
        found.setdefault(action.team_id, []).append(action)
    return found


def _grouped(rows: Iterable[Row]) -> Mapping[int, list[Row]]:
    found: dict[int, list[Row]] = {}
    for row in rows:
        found.setdefault(row.answer_id, []).append(row)
    return found


def _by_standard(definition: StandardSet, rows: Sequence[AnswerRow]) -> list[StandardAnswers]:
    """The standards of the set in their order; those without an indicator too, because a gap is told and not hidden."""
    return [
        StandardAnswers(standard, [row for row in rows if row.standard.code == standard.code])
        for standard in definition.standards
    ]
