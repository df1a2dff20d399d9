"""Scores of surveys, by the worked examples of docs/surveys.md and by hand."""

import re
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checks.shipped_instruments import shipped_instruments
from checks.suppression import EMPLOYER, Group, Level, groups_of
from checks.survey_results import HIDDEN, ScaleResult, change, rates_of, results_of
from checks.surveys import (
    Band,
    Instrument,
    Item,
    Kind,
    Responses,
    Scale,
    band,
    half_up,
    item_score,
    response_rate,
    scale_scores,
)

PAGE = Path(__file__).resolve().parents[3] / "docs" / "surveys.md"


def table(heading: str) -> list[list[str]]:
    """The cells of the first table below a heading of the page, without its head."""
    below = PAGE.read_text().split(f"\n{heading}\n", 1)[1]
    lines = re.search(r"(?:^\|.*\n)+", below, re.MULTILINE)
    assert lines
    return [[cell.strip() for cell in line.strip("|\n ").split("|")] for line in lines[0].splitlines()[2:]]


def instrument(*scales: str, points: int = 5) -> Instrument:
    """Two items a scale, the second reversed."""
    items = [(scale, turned) for scale in scales for turned in (False, True)]
    return Instrument(
        code="made-up",
        version="1",
        title="Made up",
        kind=Kind.SCALES,
        source="a test",
        licence="none",
        intro="",
        responses=(Responses("all", tuple(f"answer {number}" for number in range(points))),),
        scales=tuple(Scale(scale, scale) for scale in scales),
        items=tuple(Item(f"{scale}-{turned}", "?", scale, "all", turned) for scale, turned in items),
    )


def test_items_are_scored_as_the_page_says() -> None:
    rows = table("### One answer")
    assert rows
    for answer, points, reverse, score in rows:
        assert item_score(int(answer), points=int(points), reverse=reverse == "yes") == Fraction(score)


def test_a_scale_is_scored_as_the_page_says() -> None:
    """Every line is a person of one team with their answers to the two items of a scale."""
    made_up = instrument("load")
    *people, whole = table("### One scale of one team")
    answers = []
    for _, first, second, score in people:
        values = {
            item.code: int(said) for item, said in zip(made_up.items, (first, second), strict=True) if said != "–"
        }
        assert scale_scores(made_up, values).get("load") == (None if score == "–" else Fraction(score))
        answers.append((1, values))
    result = results_of(made_up, groups_of({1: 1}), answers, invited={1: 8})[EMPLOYER]
    shown = result.scales["load"]
    assert whole[-1] == f"{shown.score}, {shown.band} ({shown.respondents} people)"
    assert (result.respondents, result.rate) == (7, 88)


def test_a_poll_is_scored_as_the_page_says() -> None:
    poll = next(one for one in shipped_instruments() if one.kind is Kind.POLL)
    points = {"high": 4, "medium": 3, "low": 2, "not needed": 1}
    codes = [item.code for item in poll.items][:2]
    for *said, percent in table("### One option of the poll"):
        answers = [(1, {codes[0]: points[one], codes[1]: 1}) for one in said if one in points]
        shown = results_of(poll, groups_of({1: 1}), answers, invited={})[EMPLOYER].scales[codes[0]]
        assert f"{shown.score} %" == percent


def test_the_page_shows_what_is_hidden() -> None:
    rows = table("### Worked example")
    teams = {number: row for number, row in enumerate(rows) if row[0] == "team"}
    areas = {name: number for number, name in enumerate(dict.fromkeys(row[2] for row in teams.values()))}
    respondents = {number: int(row[3]) for number, row in teams.items()}
    shown = rates_of(groups_of({number: areas[row[2]] for number, row in teams.items()}), respondents, invited={})
    for number, (what, name, _, count, said) in enumerate(rows):
        keys = {"team": number, "area": areas.get(name, 0), "employer": 0}
        result = shown[Group(Level[what.upper()], keys[what])]
        assert said.startswith("hidden" if result.hidden else "shown"), name
        assert result.hidden or result.respondents == int(count)


def test_bands_are_those_of_the_page() -> None:
    for name, least, most in table("### Bands"):
        assert {band(score) for score in range(int(least), int(most) + 1)} == {Band(name)}


def test_an_answer_outside_its_points_is_refused() -> None:
    for answer in (0, 6):
        with pytest.raises(ValueError, match="from 1 to 5"):
            item_score(answer, points=5, reverse=False)


@pytest.mark.parametrize(("value", "rounded"), [("0", 0), ("1/2", 1), ("149/2", 75), ("74.49", 74), ("100", 100)])
def test_a_half_goes_up(value: str, rounded: int) -> None:
    assert half_up(Fraction(value)) == rounded


def test_a_rate_needs_somebody_invited() -> None:
    assert response_rate(0, 0) is None
    assert response_rate(5, 8) == 63


def test_a_hidden_group_says_nothing() -> None:
    found = results_of(instrument("load"), groups_of({1: 1}), [(1, {"load-False": 3})] * 4, invited={1: 5})
    for result in found.values():
        assert (result.invited, result.respondents, result.rate, result.hidden) == (5, None, None, True)
        assert result.scales == {"load": HIDDEN}


def test_a_scale_that_few_answered_is_hidden_by_itself() -> None:
    made_up = instrument("load", "say")
    answers = [(1, {"load-False": 3, "say-False": 3})] * 4 + [(1, {"load-False": 5})] * 2
    [employer, *_] = results_of(made_up, groups_of({1: 1}), answers, invited={}).values()
    assert employer.scales == {"load": ScaleResult(67, 6, hidden=False, band=Band.MODERATE), "say": HIDDEN}


def test_a_change_is_said_where_both_scores_are_shown() -> None:
    now, before = (ScaleResult(score, 6, hidden=False, band=band(score)) for score in (60, 48))
    assert change(now, before) == 12
    assert change(now, HIDDEN) is None
    assert change(HIDDEN, before) is None
    assert change(now, None) is None


@given(
    st.lists(st.dictionaries(st.sampled_from(["load-False", "load-True"]), st.integers(1, 5), min_size=1), min_size=5)
)
def test_scores_stay_on_the_scale_and_order_does_not_matter(answers: list[dict[str, int]]) -> None:
    made_up, groups = instrument("load"), groups_of({1: 1})
    found = [
        results_of(made_up, groups, [(1, values) for values in way], invited={})[EMPLOYER].scales["load"]
        for way in (answers, answers[::-1])
    ]
    assert found[0] == found[1]
    assert found[0].score is not None
    assert 0 <= found[0].score <= 100


@pytest.mark.parametrize("shipped", shipped_instruments(), ids=lambda one: one.code)
def test_the_best_answers_to_what_is_shipped_give_the_highest_score(shipped: Instrument) -> None:
    best = {item.code: 1 if item.reversed else shipped.points[item.code] for item in shipped.items}
    assert set(scale_scores(shipped, best).values()) == {Fraction(100)}
