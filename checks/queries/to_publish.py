"""What of a cycle the public would read, from the checks that are published in the employer."""

import hashlib
import json
from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from checks.checking import STATE_NAMES, CheckState
from checks.freezing import is_public
from checks.models import Action, Cycle, HealthCheck, Publication
from checks.publishing import (
    CheckedTeam,
    Content,
    CycleToPublish,
    PublishedAction,
    PublishedIndicator,
    StandardOfTeam,
    StandardToPublish,
    content_of,
)
from checks.queries.answer_rows import AnswerRow, StandardAnswers
from checks.queries.answers import answers_of
from checks.queries.survey_words import staff_names
from checks.screening import pieces
from standards.definition import StandardSet
from standards.queries.sets import published_set


@dataclass(frozen=True)
class ToPublish:
    """What would be published of a cycle: its content, by which it is told apart, and words that are staff's names."""

    cycle: Cycle
    content: Content
    published: int
    names: Sequence[str]

    @property
    def fingerprint(self) -> str:
        """Tells content apart, whatever words introduce it."""
        told = json.dumps(self.content | {"words": ""}, sort_keys=True)
        return hashlib.sha256(told.encode()).hexdigest()


def what_to_publish(cycle: Cycle, *, words: str = "", chosen: Collection[str] | None = None) -> ToPublish:
    """All standards unless some are chosen. Eight statements, however many teams there are."""
    definition = published_set(cycle.standard_set)
    checks = list(
        cycle.checks.select_related("team__service_area").order_by("team__service_area__name", "team__name", "pk")
    )
    published = [check for check in checks if check.state == CheckState.PUBLISHED]
    headings = headings_of(cycle)
    content = content_of(
        _cycle(cycle, definition, checks, headings),
        _teams(cycle, published),
        words=words,
        chosen=[one.code for one in headings] if chosen is None else chosen,
    )
    return ToPublish(cycle, content, len(published), _names(cycle, content))


def headings_of(cycle: Cycle) -> list[StandardToPublish]:
    """The standards of a cycle. No statement where they were read before."""
    return [StandardToPublish(one.code, one.title, one.gap) for one in published_set(cycle.standard_set).standards]


def _cycle(
    cycle: Cycle, definition: StandardSet, checks: Sequence[HealthCheck], headings: Sequence[StandardToPublish]
) -> CycleToPublish:
    states = Counter(CheckState(check.state) for check in checks)
    return CycleToPublish(
        employer=cycle.employer.name,
        name=cycle.name,
        period_from=cycle.period_from.isoformat(),
        period_to=cycle.period_to.isoformat(),
        measured_on=cycle.measured_on.isoformat(),
        fewest=cycle.fewest,
        standards={
            "title": definition.title,
            "version": definition.version,
            "publisher": definition.publisher,
            "source": definition.source,
            "licence": definition.licence,
        },
        states=[(STATE_NAMES[state], states[state]) for state in CheckState if states[state]],
        headings=headings,
    )


def _teams(cycle: Cycle, checks: Sequence[HealthCheck]) -> list[CheckedTeam]:
    answers = answers_of(checks, as_of=cycle.measured_on)
    actions: dict[int, list[Action]] = {check.pk: [] for check in checks}
    followed = Action.objects.filter(check_of__in=checks).exclude(state=Action.State.STOPPED)
    for action in followed.order_by("due_on", "pk"):
        actions[action.check_of_id].append(action)
    return [
        CheckedTeam(
            name=check.team.name,
            area=check.team.service_area.name,
            people=check.head_count,
            words=check.public_words,
            standards=[_standard(one, check, cycle) for one in answers[check.pk]],
            actions=[_action(one) for one in actions[check.pk]],
        )
        for check in checks
    ]


def _standard(found: StandardAnswers, check: HealthCheck, cycle: Cycle) -> StandardOfTeam:
    heads = {"head_count": check.head_count, "fewest": cycle.fewest}
    told = [_indicator(row) for row in found.rows if is_public(row.answer.measured, **heads)]
    return StandardOfTeam(code=found.standard.code, indicators=told, left_out=len(found.rows) - len(told))


def _indicator(row: AnswerRow) -> PublishedIndicator:
    measured, local = row.answer.measured, row.answer.local
    return PublishedIndicator(
        code=row.indicator.code,
        text=row.indicator.text,
        essential=row.indicator.essential,
        figure=measured.get("shown", ""),
        thresholds=measured.get("thresholds", ""),
        local_thresholds=local.get("thresholds", ""),
        local_reason=local.get("reason", ""),
        local_from=local.get("starts_on", ""),
        local_review=local.get("review_on", ""),
        finding=row.final,
        national=row.national,
        overruled=row.overruled,
    )


def _action(one: Action) -> PublishedAction:
    return PublishedAction(
        indicator=one.indicator,
        about=one.about,
        acts=one.acts,
        words=one.words,
        success=one.success,
        state=one.get_state_display(),
        due_on=one.due_on.isoformat() if one.due_on else "",
    )


def _names(cycle: Cycle, content: Content) -> list[str]:
    """Words of people's own that are in names of the staff, or look like something that identifies somebody."""
    names = staff_names(cycle.employer)
    own = [content["words"], *(one["reason"] for one in content["variations"])]
    for team in content["teams"]:
        own += [team["words"], *(one[part] for one in team["actions"] for part in ("words", "works_if"))]
    return sorted({part.text for words in own for part in pieces(words, names) if part.marked})


def newest_of(cycle: Cycle) -> Publication | None:
    """The newest publication of a cycle, withdrawn or not. One statement."""
    rows = Publication.objects.filter(cycle=cycle).select_related("employer", "cycle")
    return rows.order_by("-number").first()
