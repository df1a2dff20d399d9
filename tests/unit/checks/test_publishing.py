"""What the public reads of a cycle: nothing of teams below the smallest group, however it is taken apart."""

import json
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from checks.findings import Finding
from checks.publication_schema import SCHEMA
from checks.publishing import (
    COLUMNS,
    NOT_PUBLISHED,
    CheckedTeam,
    CycleToPublish,
    PublishedAction,
    PublishedIndicator,
    StandardOfTeam,
    StandardToPublish,
    content_of,
    counts,
    finding_word,
    table_of,
)

FEWEST = 5
HEADINGS = (StandardToPublish("1", "Workload", ""), StandardToPublish("2", "Wellbeing", "A gap"))
CYCLE = CycleToPublish(
    employer="Testshire",
    name="Autumn 2026",
    period_from="2026-04-01",
    period_to="2026-09-30",
    measured_on="2026-09-30",
    fewest=FEWEST,
    standards=dict.fromkeys(("title", "version", "publisher", "source", "licence"), "x"),
    states=[("published", 3)],
    headings=HEADINGS,
)
findings = st.sampled_from(Finding)


def indicator(code: str, **changes: object) -> PublishedIndicator:
    fields: dict[str, object] = {
        "code": code,
        "text": f"Indicator {code}",
        "essential": False,
        "figure": "3 cases",
        "thresholds": "Met: at most 2. Otherwise not met.",
        "local_thresholds": "",
        "local_reason": "",
        "local_from": "",
        "local_review": "",
        "finding": Finding.NOT_MET,
        "national": Finding.NOT_MET,
        "overruled": "",
    }
    return PublishedIndicator(**(fields | changes))  # type: ignore[arg-type]


def varied(code: str, **changes: object) -> PublishedIndicator:
    days = {"local_from": "2026-01-01", "local_review": "2026-12-31"}
    return indicator(code, local_thresholds="Met: at most 4.", local_reason="Rural", **days, **changes)


indicators = st.builds(indicator, st.sampled_from(["a", "b"]), finding=findings, national=findings) | st.builds(
    varied, st.sampled_from(["a", "b"]), finding=findings, national=findings
)
standards = st.builds(
    StandardOfTeam,
    code=st.sampled_from(["1", "2", "3"]),
    indicators=st.lists(indicators, max_size=2, unique_by=lambda one: one.code),
    left_out=st.integers(0, 3),
)
actions = st.builds(
    PublishedAction,
    indicator=st.sampled_from(["a", "b", "c"]),
    about=st.text(max_size=5),
    acts=st.booleans(),
    words=st.text(max_size=5),
    success=st.text(max_size=5),
    state=st.just("Open"),
    due_on=st.sampled_from(["", "2026-12-31"]),
)


def teams(least: int, most: int) -> st.SearchStrategy[CheckedTeam]:
    return st.builds(
        CheckedTeam,
        name=st.text(min_size=1, max_size=5),
        area=st.sampled_from(["North", "South"]),
        people=st.integers(least, most),
        words=st.text(max_size=5),
        standards=st.lists(standards, max_size=3, unique_by=lambda one: one.code),
        actions=st.lists(actions, max_size=2),
    )


LARGE, SMALL = teams(FEWEST, 30), teams(0, FEWEST - 1)
BOTH = ["1", "2"]


@given(st.lists(LARGE, max_size=3), st.lists(st.tuples(SMALL, SMALL), max_size=3))
def test_nothing_depends_on_what_is_true_of_a_small_team(
    large: list[CheckedTeam], small: list[tuple[CheckedTeam, CheckedTeam]]
) -> None:
    """Two worlds that differ only in their small teams read alike: so nothing about those can be worked out."""
    one, other = ([*large, *(pair[at] for pair in small)] for at in (0, 1))
    assert content_of(CYCLE, one, words="", chosen=BOTH) == content_of(CYCLE, other, words="", chosen=BOTH)


@given(st.lists(LARGE, max_size=3), SMALL)
def test_taking_away_finds_nothing(large: list[CheckedTeam], small: CheckedTeam) -> None:
    """The counts less the teams shown leave no team over, whichever standard or variation they are of."""
    content = content_of(CYCLE, [*large, small], words="", chosen=BOTH)
    for by in ("national", "local"):
        for one in content["findings"]:
            told = [
                standard[by]
                for team in content["teams"]
                for standard in team["standards"]
                if standard["standard"] == one["standard"]
            ]
            assert one[by] == counts(Finding(code.upper()) for code in told if code != NOT_PUBLISHED)
        for one in content["variations"]:
            told = [
                row[by]
                for team in content["teams"]
                for standard in team["standards"]
                for row in standard["indicators"]
                if row["indicator"] == one["indicator"] and row["local_thresholds"]
            ]
            assert one[by] == counts(Finding(code.upper()) for code in told)
    assert content["teams_too_small"] == 1


@given(st.lists(LARGE | SMALL, max_size=4), st.text(max_size=10))
def test_content_is_as_the_schema_says(all_teams: list[CheckedTeam], words: str) -> None:
    content = content_of(CYCLE, all_teams, words=words, chosen=BOTH)
    around = {"$schema": "http://x/s", "address": "http://x/", "publication": 1, "published_at": "2026-11-02T09:30:00Z"}
    Draft202012Validator(json.loads(SCHEMA)).validate(around | content)
    assert all(len(line) == len(COLUMNS) for line in table_of(content))


def test_a_standard_left_out_is_named_and_nothing_else_of_it_is_told() -> None:
    of_first = StandardOfTeam("1", [varied("a")], 0)
    of_second = StandardOfTeam("2", [indicator("b")], 1)
    done = PublishedAction("a", "A", True, "Do it", "It is done", "Open", "2026-12-31")
    team = CheckedTeam("Heron", "North", 6, "Words", [of_first, of_second], [done])
    content = content_of(CYCLE, [team], words="Hello", chosen=["2"])
    assert content["not_published"] == [{"code": "1", "title": "Workload"}]
    assert content["variations"] == []
    assert content["teams"][0]["actions"] == []
    assert content["teams"][0]["standards"][0]["left_out"] == 1


def test_a_finding_is_made_of_what_is_shown_and_a_team_without_one_is_not_counted() -> None:
    mixed = StandardOfTeam("1", [indicator("a", essential=True, finding=Finding.MET)], 1)
    hidden = StandardOfTeam("2", [], 2)
    content = content_of(CYCLE, [CheckedTeam("Heron", "North", 6, "", [mixed, hidden], [])], words="", chosen=BOTH)
    assert [(one["national"], one["local"]) for one in content["teams"][0]["standards"]] == [
        ("not_met", "met"),
        (NOT_PUBLISHED, NOT_PUBLISHED),
    ]
    assert [sum(one["local"].values()) for one in content["findings"]] == [1, 0]
    lines = [dict(zip(COLUMNS, row, strict=True)) for row in table_of(content)]
    assert [line["finding"] for line in lines if line["row"] == "standard of a team"] == ["Met", "Not published"]


def test_a_variation_is_told_once_with_both_findings() -> None:
    rows = [varied("a", finding=Finding.MET), varied("a", finding=Finding.MET)]
    told = [CheckedTeam("T", "N", 6, "", [StandardOfTeam("1", [row], 0)], []) for row in rows]
    (variation,) = content_of(CYCLE, told, words="", chosen=BOTH)["variations"]
    assert (variation["local"]["met"], variation["national"]["not_met"]) == (2, 2)
    assert (variation["reason"], variation["from"]) == ("Rural", "2026-01-01")


def test_the_table_says_what_the_content_says() -> None:
    standard = StandardOfTeam("1", [varied("a", overruled="judged", finding=Finding.MET)], 0)
    acts = [PublishedAction("a", "A", acts, "Words", "", "Open", "") for acts in (True, False)]
    team = CheckedTeam("Heron", "North", 6, "", [standard], acts)
    table = table_of(content_of(CYCLE, [team], words="", chosen=BOTH))
    lines = [{name: cell for name, cell in zip(COLUMNS, row, strict=True) if cell} for row in table]
    assert [line["row"] for line in lines] == [
        *("standard", "standard", "variation", "standard of a team", "indicator of a team"),
        *("action of a team", "decision not to act of a team"),
    ]
    assert lines[4]["team"] == "Heron"
    assert (lines[4]["finding"], lines[4]["national_finding"]) == ("Met", "Not met")
    assert (lines[4]["figure"], lines[4]["text"], lines[4]["note"]) == ("3 cases", "Indicator a", "judged")
    assert lines[3]["finding"] == finding_word("met")


def test_there_is_no_smallest_group_of_nobody() -> None:
    with pytest.raises(ValueError, match="at least one person"):
        content_of(replace(CYCLE, fewest=0), [], words="", chosen=BOTH)
