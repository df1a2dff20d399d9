"""What a report says of each standard: the findings by the national thresholds and by the local ones, side by side."""

from checks.findings import FINDING_NAMES
from checks.freezing import shown, threshold_words
from checks.measures import Measure
from checks.queries.findings import IndicatorFinding, StandardFinding
from design import figures
from reports.content import Chapter, IndicatorRow
from standards.definition import Kind, Thresholds


def chapter(found: StandardFinding) -> Chapter:
    local = found.local_finding
    return Chapter(
        code=found.standard.code,
        title=found.standard.title,
        finding=found.finding.value,
        word=FINDING_NAMES[found.finding],
        local_finding=local.value if local else "",
        local_word=FINDING_NAMES[local] if local else "",
        expectations=[expectation.text for expectation in found.standard.expectations],
        completeness=found.standard.completeness,
        gap=found.standard.gap,
        source=found.standard.source,
        indicators=[
            _row(one, one.measure, one.indicator.thresholds)
            for one in found.indicators
            if one.measure and one.indicator.thresholds
        ],
        judged=[one.indicator.text for one in found.indicators if one.indicator.kind == Kind.JUDGED],
        surveyed=[one.indicator.text for one in found.indicators if one.indicator.kind == Kind.SURVEYED],
    )


def finding_sentence(found: StandardFinding) -> str:
    """A standard's finding in a sentence; with local thresholds, by both."""
    name = f"Standard {found.standard.code}, {found.standard.title}"
    national = FINDING_NAMES[found.finding].lower()
    if found.local_finding is None:
        return f"{name}: {national}."
    return f"{name}: {FINDING_NAMES[found.local_finding].lower()} by local thresholds, {national} by national ones."


def _row(found: IndicatorFinding, measure: Measure, thresholds: Thresholds) -> IndicatorRow:
    here = found.local
    return IndicatorRow(
        code=found.indicator.code,
        text=found.indicator.text,
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
