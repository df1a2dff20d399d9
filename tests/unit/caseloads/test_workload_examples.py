"""The tables of docs/scoring.md, scored."""

import re
from typing import Any

import pytest

from caseloads.workload import (
    BANDS,
    Category,
    Factor,
    Flag,
    Scheme,
    State,
    Unit,
    half_up,
    one_place,
    standing,
    two_places,
)
from tests.unit.caseloads.building import Area, hundredths, only_team, page_tables, person, scheme

TABLES = page_tables()
WORKERS = ("worker", "hours", "stage", "reduction", "cases", "load", "capacity", "load %", "band")
FIVE, MORE = TABLES[WORKERS]


def scheme_a() -> Scheme:
    """Scheme A, read from the page."""
    amounts = dict(TABLES["value", "amount"][0])
    plain = {
        name: hundredths(amounts[name]) for name in ("maximum", "stable load", "full-time hours", "default weight")
    }
    share = {name: int(text.removesuffix(" %")) for name, text in amounts.items() if text.endswith("%")}
    return Scheme(
        name="Scheme A",
        version="1",
        unit=Unit(amounts["unit"].upper()),
        maximum=plain["maximum"],
        stable=plain["stable load"],
        full_time_hours=plain["full-time hours"],
        default_weight=plain["default weight"],
        lowest_weight=0,
        highest_weight=1000_00,
        sibling_share=share["sibling share"],
        joint_uplift=share["joint working uplift"],
        review_interval_days=None,
        stage_shares={"ESTABLISHED": share["established"], "NEWLY_QUALIFIED": share["newly qualified"]},
        categories={name: Category(name, name, hundredths(weight)) for name, weight in TABLES["category", "weight"][0]},
        factors={
            name: Factor(name, name, hundredths(points), per_extra=counts == "for each")
            for name, points, counts in TABLES["complexity factor", "points", "counts"][0]
        },
    )


CASES = re.compile(
    r"(?P<times>\d+) × (?P<category>[a-z ]+?)"
    r"(?: \+ (?P<count>\d+ )?(?P<factor>[a-z ]+?))?(?: at (?P<share>\d+) %)?(?P<family>, one family)?"
)
REDUCTION = re.compile(r"(?P<amount>[\d.]+) (?P<kind>%|hours|points)")
KINDS = {"%": "PERCENT", "hours": "HOURS", "points": "POINTS"}


def add_row(area: Area, row: list[str]) -> None:
    """Add one row of a table of workers to an area."""
    name, hours, stage, reductions, cases = row[:5]
    holder = None if name == "nobody" else name
    if holder:
        area.worker(name, hours=hours, stage=stage.upper().replace(" ", "_"))
    for text in filter(lambda text: text not in {"–", ""}, reductions.split("; ")):
        found = REDUCTION.fullmatch(text)
        assert found, text
        area.reduction(name, found["amount"], KINDS[found["kind"]])
    for text in filter(lambda text: text != "–", cases.split("; ")):
        add_cases(area, name, holder, text)


def add_cases(area: Area, name: str, holder: str | None, text: str) -> None:
    found = CASES.fullmatch(text)
    assert found, text
    unrated = found["category"] == "unrated"
    for number in range(int(found["times"])):
        area.case(
            f"{name} {text} {number}",
            {holder: int(found["share"] or 100)} if holder else None,
            category="" if unrated else found["category"],
            rated=not unrated,
            family=f"{name} {text}" if found["family"] else "",
            factors={found["factor"]: int(found["count"] or 1)} if found["factor"] else None,
        )


def shown(row: dict[str, Any]) -> list[str]:
    """A worker's figures as the tables show them."""
    band = row["band_name"] if row["state"] == State.SCORED else row["state"].lower().replace("_", " ")
    share = one_place(row["load_pct"]) if row["state"] == State.SCORED else "–"
    return [two_places(row["load"]), two_places(row["capacity"]), share, band]


@pytest.mark.parametrize("row", [*FIVE[:-1], *MORE], ids=lambda row: row[0])
def test_worker_of_a_table_scores_as_published(row: list[str]) -> None:
    area = Area()
    add_row(area, row)
    assert shown(person(area.score(scheme_a()), row[0])) == row[5:]


def test_five_workers_together_score_as_published() -> None:
    area = Area()
    for row in FIVE:
        add_row(area, row)
    result = area.score(scheme_a())
    assert [[row["worker"], *shown(row)] for row in result.workers.to_dict("records")] == [
        [row[0], *row[5:]] for row in FIVE[:-1]
    ]
    team = only_team(result)
    assert dict(TABLES["figure of the team", "value"][0]) == {
        "load": two_places(team["load"]),
        "capacity": two_places(team["capacity"]),
        "team load %": one_place(team["load_pct"]),
        "demand %": one_place(team["demand_pct"]),
        "lowest load %": one_place(team["lowest_pct"]),
        "median load %": one_place(team["median_pct"]),
        "highest load %": one_place(team["highest_pct"]),
        "over": str(team["over"]),
        "well over": str(team["well_over"]),
        "unallocated cases": str(team["unallocated"]),
    }
    assert team["cases"] == 35
    assert team["families"] == 34


@pytest.mark.parametrize(("exact", "rounded"), TABLES["exact", "shown with two places"][0])
def test_rounding_table_holds(exact: str, rounded: str) -> None:
    digits = exact.split(".")[1]
    assert two_places(half_up(int(exact.replace(".", "")) * 100, 10 ** len(digits))) == rounded


@pytest.mark.parametrize(("load", "capacity", "share", "band"), TABLES["load", "capacity", "load %", "band"][0])
def test_band_table_holds(load: str, capacity: str, share: str, band: str) -> None:
    found = standing(scheme(), hundredths(load), hundredths(capacity))
    word = found.band_name if found.state == State.SCORED else found.state.lower().replace("_", " ")
    assert (one_place(found.load_pct) if found.load_pct is not None else "–", word) == (share, band)


def test_example_bands_are_those_published() -> None:
    assert TABLES["band", "from load %"][0] == [[band.name, one_place(band.lower)] for band in BANDS]


def test_every_red_flag_is_published() -> None:
    assert [row[0] for row in TABLES["red flag", "raised when"][0]] == list(Flag)
