"""What docs/scoring.md promises always holds, tried on made-up service areas."""

import random
from dataclasses import fields, replace
from datetime import date, timedelta
from typing import Any

import pandas as pd
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from caseloads.workload import Inputs, State, Workload, apart, figures, narrow, score
from caseloads.workload_inputs import open_on, unheld
from tests.unit.caseloads.building import DAY, Area, scheme

TEAMS = ("North", "South")
CATEGORIES = ("assessment", "child in need", "child protection", "proceedings", "looked after", "")
FACTORS = ("long travel", "hostile household", "further child", "settled")
thorough = settings(max_examples=25, deadline=None)
near_the_day = st.integers(-40, 5).map(lambda days: DAY + timedelta(days))
hours = st.integers(0, 45_00).map(lambda amount: f"{amount / 100:.2f}")


@st.composite
def shares(draw: st.DrawFn, total: int = 100) -> list[int]:
    """Whole percentages of one to three holders that add up to the total."""
    cuts = sorted(draw(st.lists(st.integers(1, total - 1), max_size=2, unique=True)))
    return [end - start for start, end in zip([0, *cuts], [*cuts, total], strict=True)]


@st.composite
def case_of(draw: st.DrawFn, area: Area, reference: str, people: list[tuple[str, str]], *, whole: bool) -> None:
    """Add one case: with a family or without, held by nobody, one or several, each in one of their teams."""
    counts = st.dictionaries(st.sampled_from(FACTORS), st.integers(0, 4), max_size=3)
    area.case(
        reference,
        team=draw(st.sampled_from(TEAMS)),
        category=draw(st.sampled_from(CATEGORIES)),
        family=draw(st.sampled_from(["", "f1", "f2"])),
        rated=draw(st.booleans()),
        rated_on=draw(near_the_day),
        override=draw(st.none() | st.integers(0, 20_00)),
        contested=draw(st.booleans()),
        opened_on=DAY if whole else draw(near_the_day),
        closed_on=None if whole else draw(st.none() | near_the_day),
        factors=draw(counts),
    )
    holders = draw(st.permutations(people))
    started = st.none() if whole else st.none() | near_the_day
    for (worker, team), share in zip(holders, draw(st.just([]) | shares()), strict=False):
        area.allocation(reference, worker, share, team=team, started_on=draw(started), ended_on=draw(started))


@st.composite
def areas(draw: st.DrawFn, *, whole: bool = False) -> Area:
    """Two teams with up to five workers, one of them in both, and up to ten cases.

    `whole` leaves out ended rows and people who do not hold cases: who is given a share counts.
    """
    area = Area()
    names = [f"w{number}" for number in range(draw(st.integers(3, 5)))]
    people = [(name, TEAMS[number % 2]) for number, name in enumerate(names)] + [("w0", "South")]
    for worker, team in people:
        area.worker(
            worker,
            team=team,
            hours=draw(hours),
            stage=draw(st.sampled_from(["ESTABLISHED", "NEWLY_QUALIFIED"])),
            registered=draw(st.none() | st.booleans()),
            case_holding=whole or draw(st.sampled_from([True, True, True, False])),
            ended_on=None if whole else draw(st.none() | near_the_day),
        )
        for _ in range(draw(st.integers(0, 2))):
            add_reduction(draw, area, worker, team)
        for day in draw(st.lists(st.integers(1, 40), max_size=12, unique=True)):
            area.snapshot(worker, DAY - timedelta(day), well_over=draw(st.none() | st.booleans()), team=team)
    for number in range(draw(st.integers(0, 10))):
        draw(case_of(area, f"c{number}", people, whole=whole))
    return area


def add_reduction(draw: st.DrawFn, area: Area, worker: str, team: str, **more: Any) -> None:
    kind, most = draw(st.sampled_from([("PERCENT", 110_00), ("HOURS", 40_00), ("POINTS", 120_00)]))
    amount = f"{draw(st.integers(0, most)) / 100:.2f}"
    dates = {"started_on": draw(st.none() | near_the_day), "ended_on": draw(st.none() | near_the_day)}
    area.reduction(worker, amount, kind, team=team, **(dates | more))


schemes = st.builds(
    scheme,
    sibling_share=st.integers(0, 100),
    lowest_weight=st.integers(0, 3_00),
    highest_weight=st.integers(6_00, 20_00),
    stable=st.integers(0, 30_00),
    review_interval_days=st.none() | st.integers(0, 60),
)


def assert_same(left: Workload, right: Workload) -> None:
    for entry in fields(Workload):
        ours, theirs = getattr(left, entry.name), getattr(right, entry.name)
        if isinstance(ours, pd.DataFrame):
            pd.testing.assert_frame_equal(ours, theirs, obj=entry.name, check_dtype=len(ours) > 0)
        else:
            assert ours == theirs


@thorough
@given(areas(whole=True), schemes.map(lambda made: replace(made, sibling_share=100, joint_uplift=0)))
def test_no_points_appear_or_vanish(area: Area, using: Any) -> None:
    result = area.score(using)
    cases = pd.concat([result.lines.drop_duplicates("case")["weight"], result.unallocated["weight"]])
    found = result.lines["line"].sum() + result.unallocated["weight"].sum()
    held_jointly = result.lines["case"].value_counts()
    assert len(cases) == len(area.rows["cases"])
    assert abs(found - cases.sum()) <= (held_jointly > 1).sum()
    if (result.lines["weight"] * result.lines["share"] % 100 == 0).all():
        assert found == cases.sum()


def holders_of(area: Area, case: str) -> list[Any]:
    return [row for row in area.rows["allocations"] if row["case"] == case]


@thorough
@given(st.data(), areas(), schemes)
def test_one_more_case_never_lowers_a_load(data: st.DataObject, area: Area, using: Any) -> None:
    before = area.score(using)
    people = [(row["worker"], row["team"]) for row in area.rows["members"]]
    data.draw(case_of(area, "another", people, whole=True))
    assume(not area.rows["cases"][-1]["family"] or len(holders_of(area, "another")) < 2)
    after = area.score(using)
    assert (after.workers["load"] >= before.workers["load"]).all()
    assert (after.teams["demand"].fillna(0) >= before.teams["demand"].fillna(0)).all()


@thorough
@given(st.data(), areas(), schemes)
def test_one_more_reduction_never_raises_a_capacity(data: st.DataObject, area: Area, using: Any) -> None:
    before = area.score(using)
    add_reduction(data.draw, area, "w0", "North")
    after = area.score(using)
    assert (after.workers["capacity"] <= before.workers["capacity"]).all()
    assert (after.workers["stable"] <= before.workers["stable"]).all()


@thorough
@given(areas(), schemes, st.randoms(use_true_random=False))
def test_order_of_rows_changes_nothing(area: Area, using: Any, chance: random.Random) -> None:
    inputs = area.inputs()
    mixed = {
        entry.name: rows.iloc[chance.sample(range(len(rows)), len(rows))]
        for entry in fields(Inputs)
        if (rows := getattr(inputs, entry.name)) is not None
    }
    assert_same(score(using, inputs, as_of=DAY), score(using, Inputs(**mixed), as_of=DAY))


@thorough
@given(areas(), schemes, st.sampled_from(TEAMS))
def test_one_team_alone_scores_as_in_the_whole_area(area: Area, using: Any, team: str) -> None:
    whole = score(using, area.inputs(), as_of=DAY, teams=TEAMS)
    alone = score(using, narrow(area.inputs(), [team]), as_of=DAY, teams=[team])
    assert_same(apart(whole, TEAMS)[team], alone)


@thorough
@given(areas(), schemes)
def test_figures_alone_are_those_that_are_explained(area: Area, using: Any) -> None:
    explained = score(using, area.inputs(), as_of=DAY, teams=TEAMS)
    alone = figures(using, area.inputs(), as_of=DAY, teams=TEAMS)
    assert_same(explained, Workload(**vars(alone), lines=explained.lines, capacity=explained.capacity))


@thorough
@given(areas(), schemes)
def test_past_allocations_of_held_cases_bear_on_nothing(area: Area, using: Any) -> None:
    rows = area.inputs()
    now = replace(
        rows,
        members=rows.members[open_on(rows.members, "started_on", "ended_on", DAY)],
        cases=rows.cases[open_on(rows.cases, "opened_on", "closed_on", DAY)],
        allocations=rows.allocations[open_on(rows.allocations, "started_on", "ended_on", DAY)],
    )
    past = rows.allocations.drop(now.allocations.index)
    waiting = past[past["case"].isin(unheld(now))]
    fewer = replace(now, allocations=pd.concat([now.allocations, waiting]) if len(waiting) else now.allocations)
    all_of_them = replace(now, allocations=rows.allocations)
    assert_same(score(using, all_of_them, as_of=DAY, teams=TEAMS), score(using, fewer, as_of=DAY, teams=TEAMS))


@thorough
@given(areas(), schemes)
def test_explanation_lines_add_up_exactly(area: Area, using: Any) -> None:
    result = area.score(using)
    for row in result.workers.to_dict("records"):
        own = {
            name: rows[(rows["worker"] == row["worker"]) & (rows["team"] == row["team"])]
            for name, rows in (("lines", result.lines), ("capacity", result.capacity))
        }
        steps = own["capacity"]
        assert row["load"] == row["stable"] + own["lines"]["line"].sum()
        assert row["capacity"] == steps.loc[steps["step"] != "RESULT", "amount"].sum()
        assert row["capacity"] == steps.loc[steps["step"] == "RESULT", "amount"].item()
        assert row["capacity"] >= 0
        assert row["cases"] == len(own["lines"])
    parts = result.lines["category_weight"] + result.lines["factor_points"] + result.lines["bounded"]
    assert (parts == result.lines["weight"]).all()
    assert result.lines["weight"].between(using.lowest_weight, using.highest_weight).all()
    assert (result.scheme, result.as_of) == ("Scheme A, version 1", DAY)


@thorough
@given(areas(), schemes)
def test_team_sums_are_those_of_the_workers_shown(area: Area, using: Any) -> None:
    result = area.score(using)
    for row in result.teams.to_dict("records"):
        workers = result.workers[result.workers["team"] == row["team"]]
        free = result.unallocated[result.unallocated["team"] == row["team"]]
        assert row["load"] == workers["load"].sum()
        assert row["capacity"] == workers["capacity"].sum()
        assert row["demand"] == workers["load"].sum() + free["weight"].sum()
        assert row["well_over"] == workers["well_over"].sum() <= row["over"] == workers["over"].sum()
        assert row["unallocated"] == len(free)


BROKEN: tuple[dict[str, Any], ...] = (
    {"contracted": None},
    {"contracted": -1},
    {"stage": ""},
    {"stage": "WIZARD"},
)


@thorough
@given(areas(), schemes, st.sampled_from(BROKEN))
def test_one_workers_bad_data_changes_nobody_else(area: Area, using: Any, broken: dict[str, Any]) -> None:
    before = area.score(using)
    area.rows["members"][0] |= broken
    after = area.score(using)
    others = before.workers["worker"].ne("w0") | before.workers["team"].ne("North")
    pd.testing.assert_frame_equal(before.workers[others], after.workers[others])
    pd.testing.assert_frame_equal(before.lines, after.lines)
    pd.testing.assert_frame_equal(before.unallocated, after.unallocated)
    assert (after.workers.loc[~others, "state"] == State.NOT_KNOWN).all()


@thorough
@given(st.data(), areas(), schemes)
def test_expired_reduction_changes_nothing(data: st.DataObject, area: Area, using: Any) -> None:
    before = area.score(using)
    ended = data.draw(st.integers(0, 400))
    add_reduction(data.draw, area, "w1", "South", started_on=date(2020, 1, 1), ended_on=DAY - timedelta(ended))
    assert_same(before, area.score(using))


@thorough
@given(areas(), schemes)
def test_results_hold_no_binary_fractions(area: Area, using: Any) -> None:
    result = area.score(using)
    for entry in fields(Workload):
        rows = getattr(result, entry.name)
        if isinstance(rows, pd.DataFrame):
            assert not [column for column in rows.columns if rows[column].dtype.kind == "f"]
