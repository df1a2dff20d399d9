"""What a report says of each standard: the findings by the national thresholds and by the local ones, side by side."""

from collections.abc import Iterator
from typing import Any

from checks.findings import FINDING_NAMES
from checks.freezing import shown, threshold_words
from checks.measures import Measure
from checks.models import Challenge
from checks.queries.answer_rows import AnswerRow, StandardAnswers
from checks.queries.findings import IndicatorFinding, StandardFinding
from design import figures
from reports.content import Chapter, IndicatorRow, Said
from standards.definition import Kind, Standard, StandardSet, Thresholds


def measured_chapter(found: StandardFinding) -> Chapter:
    """A standard by what is measured on a day; what is judged or asked of staff is named, and not counted."""
    local = found.local_finding
    return Chapter(
        **_about(found.standard_set, found.standard),
        finding=found.finding.value,
        word=FINDING_NAMES[found.finding],
        local_finding=local.value if local else "",
        local_word=FINDING_NAMES[local] if local else "",
        indicators=[
            _measured(one, one.measure, one.indicator.thresholds)
            for one in found.indicators
            if one.measure and one.indicator.thresholds
        ],
        judged=[one.indicator.text for one in found.indicators if one.indicator.kind == Kind.JUDGED],
        surveyed=[one.indicator.text for one in found.indicators if one.indicator.kind == Kind.SURVEYED],
    )


def answered_chapter(standards: StandardSet, answers: StandardAnswers) -> Chapter:
    """A standard as a health check answered it: figures, judgements and what staff said, and what is done about it."""
    varied = any(row.answer.local_finding for row in answers.rows)
    return Chapter(
        **_about(standards, answers.standard),
        finding=answers.national.value,
        word=answers.national_word,
        local_finding=answers.finding.value if varied else "",
        local_word=answers.word if varied else "",
        indicators=[_answered(row) for row in answers.rows],
        said=[Said(row.indicator.text, lines) for row in answers.rows if (lines := list(_said(row)))],
    )


def _about(standards: StandardSet, standard: Standard) -> dict[str, Any]:
    return {
        "pack": standards.id,
        "anchor": f"standard-{standards.id}-{standard.code}",
        "code": standard.code,
        "title": standard.title,
        "expectations": [expectation.text for expectation in standard.expectations],
        "completeness": standard.completeness,
        "gap": standard.gap,
        "source": standard.source,
    }


def _measured(found: IndicatorFinding, measure: Measure, thresholds: Thresholds) -> IndicatorRow:
    here = found.local
    return IndicatorRow(
        code=found.indicator.code,
        text=found.indicator.text,
        title=measure.title,
        value=figures.NOT_KNOWN if found.value is None else shown(found.value, measure),
        thresholds=threshold_words(thresholds, measure),
        source=thresholds.source,
        essential=found.indicator.essential,
        finding=found.finding.value,
        word=FINDING_NAMES[found.finding],
        note=found.note if found.value is not None else f"{found.note} {measure.record}",
        local_thresholds=threshold_words(here.thresholds(thresholds), measure) if here else "",
        local_reason=_reason(found),
        local_finding=found.local_finding.value if found.local_finding else "",
        local_word=FINDING_NAMES[found.local_finding] if found.local_finding else "",
        by_figures=(found.local_finding or found.finding).value,
        of_few=measure.of_few,
    )


def _reason(found: IndicatorFinding) -> str:
    """Why, by whom and for how long the local thresholds count; or that they have lapsed."""
    if found.local:
        one = found.local
        days = f"from {figures.day(one.starts_on)} until it is reviewed by {figures.day(one.review_on)}"
        return f"{figures.sentence(one.reason)} Approved by {one.approver}, {days}."
    if found.lapsed:
        return f"The local threshold lapsed on {figures.day(found.lapsed.review_on)}; the national one applies."
    return ""


def _answered(row: AnswerRow) -> IndicatorRow:
    measured, local = row.answer.measured, row.answer.local
    return IndicatorRow(
        code=row.indicator.code,
        text=row.indicator.text,
        title=measured.get("title", ""),
        value=measured.get("shown", "Judged by the manager"),
        thresholds=measured.get("thresholds", ""),
        source=measured.get("threshold_source", ""),
        essential=row.indicator.essential,
        finding=row.national.value,
        word=row.national_word,
        note=" ".join(filter(None, (measured.get("note"), measured.get("record")))),
        local_thresholds=local.get("thresholds", ""),
        local_reason=_kept_reason(local),
        local_finding=row.final.value if row.answer.local_finding else "",
        local_word=row.final_word if row.answer.local_finding else "",
        overruled=row.overruled,
        by_figures=row.answer.found.value if row.answer.found else "",
        of_few=bool(measured.get("of_few")),
    )


def _kept_reason(local: dict[str, str]) -> str:
    if "reason" not in local:
        return local.get("lapsed", "")
    days = f"from {figures.iso_day(local['starts_on'])} until it is reviewed by {figures.iso_day(local['review_on'])}"
    return f"{figures.sentence(local['reason'])} Approved by {local['approver']}, {days}."


def _said(row: AnswerRow) -> Iterator[tuple[str, str]]:
    """What was said, shown, asked and planned about one answer; an action as it was planned, whatever became of it."""
    if row.answer.judgement:
        priority = f"; priority: {row.answer.get_priority_display().lower()}" if row.answer.priority else ""
        yield "Judged", f"{row.judged_word}{priority}"
    if row.answer.commentary:
        yield "Commentary", row.answer.commentary
    if row.answer.reason:
        yield "Why it is judged better than it was measured", row.answer.reason
    for piece in row.evidence:
        yield "Evidence", piece.title
    for asked in row.challenges:
        yield "The panel asked", asked.question
        if asked.reply:
            yield "Conceded" if asked.state == Challenge.State.CONCEDED else "Answered", asked.reply
    for action in row.planned:
        if action.acts:
            by = f"{action.owner}, by {figures.day(action.due_on)}"
            yield "Action", f"{figures.sentence(action.words)} {by}. It worked when: {figures.sentence(action.success)}"
        else:
            yield "Decided not to act", action.words
