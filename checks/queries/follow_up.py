"""What became of a check: its actions, what staff said and what is done about it, and what is published."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db.models import OuterRef, Q, Subquery
from django.http import Http404

from checks.checking import CheckState
from checks.findings import FINDING_NAMES, Finding
from checks.freezing import is_public
from checks.models import Action, ActionStep, Answer, HealthCheck
from checks.queries.answer_rows import AnswerRow, StandardAnswers
from checks.queries.answers import CheckPage, check_page
from checks.queries.survey_words import staff_names
from checks.screening import pieces
from standards.definition import Kind, Standard
from teams.access import holds
from teams.models import Team, User, Worker
from teams.roles import Permission

AGREED = (CheckState.SIGNED.value, CheckState.PUBLISHED.value)


@dataclass(frozen=True)
class ActionPage:
    """One action with its history, and whether the reader may change it."""

    action: Action
    steps: Sequence[ActionStep]
    days_open: int
    late: bool
    may_change: bool


def find_action(user: User, public_id: UUID) -> Action:
    """An action that the user owns, or whose check they see (404 otherwise)."""
    rows = Action.objects.visible_to(user).select_related("team__service_area", "owner", "check_of__cycle", "employer")
    action = rows.filter(public_id=public_id).first()
    if action is None:
        raise Http404("There is no such action.")
    return action


def action_page(action: Action, user: User, *, as_of: date) -> ActionPage:
    """Two statements."""
    may_change = action.owner_id == user.pk or holds(user, Permission.CHECK_ANSWER, team=action.team)
    is_open = action.state == Action.State.OPEN
    return ActionPage(
        action=action,
        steps=list(action.steps.select_related("by").order_by("-number")),
        days_open=((action.closed_on or as_of) - action.opened_on).days,
        late=is_open and action.due_on is not None and action.due_on < as_of,
        may_change=may_change and is_open,
    )


@dataclass(frozen=True)
class SaidRow:
    """What the staff said on one scale, frozen with the check that it was asked for."""

    title: str
    shown: str
    note: str
    finding: Finding
    word: str


@dataclass(frozen=True)
class Said:
    """What the staff of a team said in the newest agreed check, and what is done about what was found."""

    team: Team
    check: HealthCheck | None
    scores: Sequence[SaidRow]
    actions: Sequence[Action]

    @property
    def doing(self) -> list[Action]:
        return [one for one in self.actions if one.acts and one.state == Action.State.OPEN]

    @property
    def done(self) -> list[Action]:
        return [one for one in self.actions if one.acts and one.state == Action.State.DONE]

    @property
    def not_done(self) -> list[Action]:
        """Decisions not to act, and actions that were stopped."""
        return [one for one in self.actions if one.acts == (one.state == Action.State.STOPPED)]


def team_said(user: User, public_id: UUID) -> Said:
    """A team's page, for its members and for whoever sees its check; 403 for others who have to do with it."""
    team = Team.objects.visible_to(user).select_related("service_area").filter(public_id=public_id).first()
    if team is None:
        raise Http404("There is no such team.")
    member = team.contracts.filter(worker__user=user).exists()
    if not member and not holds(user, Permission.CHECK_VIEW, team=team):
        raise PermissionDenied("You cannot see what the staff of this team said.")
    return _said(team)


def own_said(user: User, *, as_of: date) -> list[Said]:
    """The same for each team that the user works in; none for whoever is no worker. A few statements a team."""
    worker = Worker.objects.filter(user=user).first()
    if worker is None:
        return []
    teams = Team.objects.filter(pk__in=worker.contracts.open_on(as_of).values("team")).order_by("name")
    return [_said(team) for team in teams]


def _said(team: Team) -> Said:
    agreed = team.health_checks.filter(state__in=AGREED).select_related("cycle")
    check = agreed.order_by("-cycle__opened_at", "-pk").first()
    surveyed = Answer.objects.filter(check_of=check, kind=Kind.SURVEYED.value).order_by("number") if check else []
    since = Q(check_of=check) | Q(state=Action.State.OPEN, acts=True)
    newest = ActionStep.objects.filter(action=OuterRef("pk")).order_by("-number").values("words")[:1]
    actions = team.actions.filter(since, check_of__state__in=AGREED).annotate(newest_words=Subquery(newest))
    actions = actions.select_related("owner").order_by("due_on", "pk")
    return Said(team, check, [_score(row) for row in surveyed], list(actions))


def _score(row: Answer) -> SaidRow:
    finding = row.found or Finding.NOT_KNOWN
    measured = row.measured
    return SaidRow(measured["title"], measured["shown"], measured["note"], finding, FINDING_NAMES[finding])


@dataclass(frozen=True)
class ToPublish:
    """What would be published in people's own words, with what could name somebody of the staff marked."""

    actions: Sequence[Action]
    names: Sequence[str]


def what_to_publish(check: HealthCheck) -> ToPublish:
    """The words of a check's actions, and the words among them that are in names of the staff. Three statements."""
    actions = list(check.actions.order_by("due_on", "pk"))
    names = staff_names(check.employer) if actions else frozenset()
    parts = [part for one in actions for words in (one.words, one.success) for part in pieces(words, names)]
    return ToPublish(actions, sorted({part.text for part in parts if part.marked}))


@dataclass(frozen=True)
class PublishedRow:
    """One indicator of the public part; the figure is left out where it could be about single workers."""

    row: AnswerRow
    shown: str
    open_to_all: bool


@dataclass(frozen=True)
class PublishedStandard:
    """A standard of the public part: the rows that everybody may read, and how many are left out."""

    standard: Standard
    rows: Sequence[PublishedRow]

    @property
    def open_rows(self) -> list[PublishedRow]:
        return [row for row in self.rows if row.open_to_all]

    @cached_property
    def told(self) -> StandardAnswers:
        """The open rows as a standard of their own: its finding says nothing of what is left out."""
        return StandardAnswers(self.standard, [row.row for row in self.open_rows])

    @property
    def left_out(self) -> int:
        return len(self.rows) - len(self.open_rows)


@dataclass(frozen=True)
class PublishedPage:
    """The public part of a check."""

    page: CheckPage
    standards: Sequence[PublishedStandard]
    actions: Sequence[Action]

    @property
    def check(self) -> HealthCheck:
        return self.page.check

    @property
    def too_small(self) -> bool:
        """Whether the team is so small that nothing about it is published but what the director says."""
        return self.check.head_count < self.check.cycle.fewest


def published_page(user: User, public_id: UUID, *, as_of: date) -> PublishedPage:
    """The public part of a check, for whoever belongs to its employer; 404 until it is published."""
    rows = HealthCheck.objects.published_to(user).select_related(
        "employer", "cycle__standard_set", "team__employer", "team__service_area"
    )
    check = rows.filter(public_id=public_id).first()
    if check is None:
        raise Http404("There is no such published health check.")
    page = check_page(check, user, as_of=as_of)
    standards = [
        PublishedStandard(one.standard, [_published(row, check) for row in one.rows]) for one in page.standards
    ]
    told = [row for one in standards for row in one.told.rows]
    seen: dict[int, Action] = {one.pk: one for row in told for one in row.actions if one.check_of_id == check.pk}
    return PublishedPage(page, standards, list(seen.values()))


def _published(row: AnswerRow, check: HealthCheck) -> PublishedRow:
    measured = row.answer.measured
    open_to_all = is_public(measured, head_count=check.head_count, fewest=check.cycle.fewest)
    return PublishedRow(row, measured.get("shown", "") if open_to_all else "", open_to_all)
