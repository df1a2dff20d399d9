"""What a check keeps of a figure, in words."""

from datetime import date
from decimal import Decimal

import pytest

from checks.freezing import (
    frozen_measure,
    frozen_score,
    frozen_variation,
    is_public,
    scale_title,
    shown,
    threshold_words,
)
from checks.measures import MEASURES
from checks.measures.measure import Rows
from standards.definition import EXAMPLE, Direction, Thresholds
from standards.variation import Variation

OVER = MEASURES["workers_over_pct"]
AT_MOST = Thresholds(Direction.AT_MOST, Decimal(10), Decimal("25.00"), EXAMPLE)
EXACTLY = Thresholds(Direction.AT_LEAST, Decimal(100), Decimal(100), EXAMPLE)
AT_LEAST = Thresholds(Direction.AT_LEAST, Decimal(75), Decimal(51), EXAMPLE)
LOCAL = Variation(Decimal(20), Decimal(30), "Two posts are frozen.", "Dev Test", date(2026, 5, 1), date(2027, 4, 30))


def plain(text: object) -> str:
    return str(text).replace("\u00a0", " ")


@pytest.mark.parametrize(
    ("thresholds", "words"),
    [
        (AT_MOST, "Met: at most 10 %. Partly met: at most 25 %."),
        (EXACTLY, "Met: at least 100 %. Otherwise not met."),
    ],
)
def test_thresholds_in_words(thresholds: Thresholds, words: str) -> None:
    assert plain(threshold_words(thresholds, OVER)) == words


def test_a_score_is_out_of_a_hundred() -> None:
    assert plain(shown(Decimal(62), None)) == "62 out of 100"
    assert plain(threshold_words(AT_LEAST, None)) == "Met: at least 75 out of 100. Partly met: at least 51 out of 100."


def test_a_measured_figure_keeps_all_that_is_needed_to_read_it() -> None:
    rows = Rows(("Worker", "Load %"), (("Asha Test", "112.0 %"),))
    kept = frozen_measure(OVER, thresholds=AT_MOST, value=Decimal("12.5"), note="Not known: 1 of 9 workers.", rows=rows)
    assert kept["title"] == OVER.title
    assert kept["formula"] == OVER.formula
    assert plain(kept["shown"]) == "12.5 %"
    assert kept["record"] == ""
    assert kept["headings"] == ["Worker", "Load %"]
    assert kept["lines"] == [["Asha Test", "112.0 %"]]
    assert kept["threshold_source"] == EXAMPLE


def test_a_figure_that_is_not_known_says_what_to_record() -> None:
    kept = frozen_measure(OVER, thresholds=AT_MOST, value=None, note="", rows=None)
    assert (kept["shown"], kept["record"], kept["lines"]) == ("not known", OVER.record, [])


def test_a_score_keeps_its_band_and_a_hidden_one_nothing() -> None:
    kept = frozen_score("Staff survey: role", thresholds=AT_LEAST, score=62, band="moderate", note="7 answered.")
    assert plain(kept["shown"]) == "62 out of 100: moderate"
    hidden = frozen_score("Staff survey: role", thresholds=AT_LEAST, score=None, band="", note="Suppressed")
    assert (hidden["shown"], hidden["note"]) == ("not known", "Suppressed")


def test_scales_are_named_in_words() -> None:
    assert scale_title("working-conditions/peer-support") == "Staff survey: peer support"


def test_a_variation_is_kept_in_full_a_lapsed_one_in_a_sentence() -> None:
    kept = frozen_variation(LOCAL, None, thresholds=AT_MOST, measure=OVER)
    assert plain(kept.pop("thresholds")) == "Met: at most 20 %. Partly met: at most 30 %."
    assert kept == {
        "reason": "Two posts are frozen.",
        "approver": "Dev Test",
        "starts_on": "2026-05-01",
        "review_on": "2027-04-30",
    }
    lapsed = frozen_variation(None, LOCAL, thresholds=AT_MOST, measure=OVER)
    assert plain(lapsed["lapsed"]) == "The local threshold lapsed on 30 April 2027; the national one applies."
    assert frozen_variation(None, None, thresholds=AT_MOST, measure=OVER) == {}


@pytest.mark.parametrize(
    ("about_workers", "head_count", "public"), [(False, 5, True), (False, 4, False), (True, 50, False)]
)
def test_what_may_be_published(*, about_workers: bool, head_count: int, public: bool) -> None:
    assert is_public({"about_workers": about_workers}, head_count=head_count, fewest=5) is public
