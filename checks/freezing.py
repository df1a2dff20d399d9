"""What a health check keeps of a figure, in words: enough to be read in years, whatever has changed since. Pure."""

from collections.abc import Mapping
from decimal import Decimal

from checks.measures.measure import Measure, Rows
from design import figures
from standards.definition import Direction, Thresholds
from standards.variation import Variation

OUT_OF_HUNDRED = "out of 100"
SUPPRESSED = "suppressed"
Frozen = dict[str, object]


def threshold_words(thresholds: Thresholds, measure: Measure | None) -> str:
    """Say where met and partly met end: "Met: at most 100 %. Partly met: at most 110 %." None: a survey score."""
    bound = "at most" if thresholds.direction == Direction.AT_MOST else "at least"
    met, partly = (shown(figures.plain(value), measure) for value in (thresholds.met, thresholds.partly))
    rest = "Otherwise not met." if thresholds.met == thresholds.partly else f"Partly met: {bound} {partly}."
    return f"Met: {bound} {met}. {rest}"


def shown(value: Decimal, measure: Measure | None) -> str:
    """A value with its unit, all on one line."""
    said = measure.shown(value) if measure else f"{value} {OUT_OF_HUNDRED}"
    return said.replace(" ", "\u00a0")


def scale_title(scale: str) -> str:
    """What a scale of a survey is called: "working-conditions/peer-support" is "Staff survey: peer support"."""
    return f"Staff survey: {scale.rpartition('/')[2].replace('-', ' ')}"


def frozen_measure(
    measure: Measure, *, thresholds: Thresholds, value: Decimal | None, note: str, rows: Rows | None
) -> Frozen:
    """What a measured answer keeps."""
    return {
        "title": measure.title,
        "formula": measure.formula,
        "source": measure.source,
        "record": measure.record if value is None else "",
        "about_workers": measure.about_workers,
        "of_few": measure.of_few,
        "shown": figures.NOT_KNOWN if value is None else shown(value, measure),
        "note": note,
        "thresholds": threshold_words(thresholds, measure),
        "threshold_source": thresholds.source,
        "headings": list(rows.headings) if rows else [],
        "lines": [list(line) for line in rows.lines] if rows else [],
    }


def frozen_score(
    scale: str, *, thresholds: Thresholds, score: int | None, band: str, note: str, hidden: bool = False
) -> Frozen:
    """What a surveyed answer keeps. One that is hidden or not there is None, and the note says why."""
    said = (SUPPRESSED if hidden else figures.NOT_KNOWN) if score is None else f"{shown(Decimal(score), None)}: {band}"
    return {
        "title": scale,
        "formula": "",
        "source": "Staff survey of this cycle",
        "record": "",
        "about_workers": False,
        "of_few": False,
        "shown": said,
        "note": note,
        "thresholds": threshold_words(thresholds, None),
        "threshold_source": thresholds.source,
        "headings": [],
        "lines": [],
    }


def frozen_variation(
    here: Variation | None, lapsed: Variation | None, *, thresholds: Thresholds, measure: Measure | None
) -> Frozen:
    """What an answer keeps of a local variation: one in force in full, one that lapsed in a sentence, else nothing."""
    if here is not None:
        return {
            "thresholds": threshold_words(here.thresholds(thresholds), measure),
            "reason": here.reason,
            "approver": here.approver,
            "starts_on": here.starts_on.isoformat(),
            "review_on": here.review_on.isoformat(),
        }
    if lapsed is not None:
        return {"lapsed": f"The local threshold lapsed on {figures.day(lapsed.review_on)}; the national one applies."}
    return {}


def is_public(measured: Mapping[str, object], *, head_count: int, fewest: int) -> bool:
    """Whether an answer's figure may be published: it is about no worker, and the team is no smaller than `fewest`."""
    return not measured.get("about_workers") and head_count >= fewest
