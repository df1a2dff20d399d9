"""Where scoring could go wrong: boundaries, missing values, ended rows, people who do not count."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pandas as pd
import pytest

from caseloads.workload import LARGEST, Band, BandLevel, Inputs, State, frame, score, two_places, unscored
from tests.unit.caseloads.building import DAY, Area, lines, only_team, person, scheme

YESTERDAY, TOMORROW = DAY - timedelta(1), DAY + timedelta(1)


def test_nothing_at_all_scores_to_nothing() -> None:
    result = Area().score()
    assert [len(rows) for rows in (result.workers, result.teams, result.lines, result.capacity, result.flags)] == [
        0
    ] * 5


def test_team_without_workers_or_cases_still_has_a_row() -> None:
    row = only_team(Area().score(teams=["Empty"]))
    assert (row["team"], row["head_count"], row["cases"], row["state"]) == ("Empty", 0, 0, State.NOT_APPLICABLE)
    assert pd.isna(row["load_pct"])
    assert pd.isna(row["median_pct"])
    assert pd.isna(row["longest_wait"])


@pytest.mark.parametrize(
    ("broken", "reason"),
    [
        ({"contracted": None}, "Contracted hours are not recorded."),
        ({"contracted": -1}, "Contracted hours are below zero."),
        ({"stage": ""}, "The career stage is not recorded."),
        ({"stage": None}, "The career stage is not recorded."),
        ({"stage": "STUDENT"}, "The career stage STUDENT has no share in Scheme A, version 1."),
    ],
)
def test_contract_that_cannot_be_read_is_not_known_and_says_why(broken: dict[str, Any], reason: str) -> None:
    result = Area().worker("w", **broken).case("c", "w").worker("other").score()
    row = person(result, "w")
    assert (row["state"], row["reason"], row["cases"], row["band"]) == (State.NOT_KNOWN, reason, 1, "")
    assert pd.isna([row["load"], row["capacity"], row["load_pct"]]).all()
    assert person(result, "other")["load"] == 15_00
    assert (only_team(result)["not_known"], only_team(result)["load"], only_team(result)["cases"]) == (1, 15_00, 1)


def test_category_not_in_the_scheme_makes_its_holder_not_known() -> None:
    result = Area().worker("w").worker("other").case("c", "w", category="zzz").case("d", "other").score()
    row = person(result, "w")
    assert row["reason"] == "The category “zzz” of case c is not in Scheme A, version 1."
    assert (row["capacity"], pd.isna(row["load"])) == (100_00, True)
    assert person(result, "other")["load"] == 19_00
    assert result.lines.set_index("case")["line"].isna().to_dict() == {"c": True, "d": False}
    assert result.lines["category_name"].tolist() == ["Child in need", "zzz"]


@pytest.mark.parametrize(
    ("factors", "reason"),
    [
        ({"zzz": 1}, "The complexity factor “zzz” of case c is not in Scheme A, version 1."),
        ({"further child": None}, "The count of Further child of case c is not known."),
        ({"further child": -2}, "The count of Further child of case c is not known."),
    ],
)
def test_factor_that_cannot_be_read_makes_its_holder_not_known(factors: dict[str, int], reason: str) -> None:
    assert person(Area().worker("w").case("c", "w", factors=factors).score(), "w")["reason"] == reason


@pytest.mark.parametrize("share", [None, 0, -5, 121])
def test_share_that_cannot_be_read_makes_its_holder_not_known(share: int | None) -> None:
    result = Area().worker("w").worker("other").case("c", "other").allocation("c", "w", share).score()
    sentence = "The share of case c is missing or not a percentage that the scheme allows."
    assert person(result, "w")["reason"] == sentence
    assert person(result, "other")["load"] == 19_00


@pytest.mark.parametrize(
    ("kind", "amount", "reason"),
    [
        ("WEEKS", "1", "A capacity reduction has the kind “WEEKS”, which is not known."),
        ("PERCENT", "-1", "A capacity reduction has no amount, or one below zero."),
    ],
)
def test_reduction_that_cannot_be_read_makes_its_worker_not_known(kind: str, amount: str, reason: str) -> None:
    result = Area().worker("w").worker("other").reduction("w", amount, kind).score()
    assert person(result, "w")["reason"] == reason
    assert person(result, "other")["capacity"] == 100_00


def test_reduction_without_amount_makes_its_worker_not_known() -> None:
    area = Area().worker("w").reduction("w", "1")
    area.rows["reductions"][0]["amount"] = None
    assert person(area.score(), "w")["state"] == State.NOT_KNOWN


def test_two_contracts_in_one_team_on_one_day_are_not_known() -> None:
    result = Area().worker("w").worker("w", hours="20").score()
    assert person(result, "w")["reason"] == "Two contracts in this team count on the same day."


def test_several_reasons_are_all_given() -> None:
    row = person(Area().worker("w", hours=None, stage="").case("c", "w", category="zzz").score(), "w")
    assert row["reason"].count(".") == 3


def test_team_of_unknown_workers_is_not_known() -> None:
    row = only_team(Area().worker("w", hours=None).case("c", "w").case("free").score())
    assert (row["state"], row["demand_state"], row["not_known"], row["hours"]) == ("NOT_KNOWN", "NOT_KNOWN", 1, 0)
    assert pd.isna([row["load"], row["capacity"], row["demand"], row["load_pct"], row["demand_pct"]]).all()


def test_capacity_zero_without_load_is_not_applicable() -> None:
    row = person(Area().worker("w").reduction("w", "100").score(), "w")
    assert (row["state"], row["load"], row["capacity"], row["band"]) == (State.NOT_APPLICABLE, 0, 0, "")


def test_capacity_zero_with_load_is_in_the_highest_band_without_a_percentage() -> None:
    result = Area().worker("w").case("c", "w").reduction("w", "100").score()
    row = person(result, "w")
    assert (row["state"], row["band"], row["over"], row["well_over"]) == ("NO_CAPACITY", "WELL_OVER", True, True)
    assert pd.isna(row["load_pct"])
    assert (only_team(result)["over"], only_team(result)["well_over"], only_team(result)["state"]) == (
        *(1, 1),
        State.NO_CAPACITY,
    )


def test_zero_hours_have_neither_capacity_nor_stable_load() -> None:
    row = person(Area().worker("w", hours="0").reduction("w", "5", "POINTS").score(), "w")
    assert (row["capacity"], row["stable"], row["state"]) == (0, 0, State.NOT_APPLICABLE)


def test_stage_without_a_share_of_the_maximum_keeps_its_stable_load_unless_reduced() -> None:
    using = scheme(stage_shares={"STUDENT": 0})
    area = Area().worker("w", stage="STUDENT").worker("away", stage="STUDENT").reduction("away", "1", "HOURS")
    result = area.score(using)
    assert [person(result, name)["stable"] for name in ("w", "away")] == [15_00, 0]
    assert [person(result, name)["state"] for name in ("w", "away")] == [State.NO_CAPACITY, State.NOT_APPLICABLE]


def test_reductions_above_the_base_stop_at_zero_and_say_so() -> None:
    result = Area().worker("w", hours="18.5").reduction("w", "80", reason="union").reduction("w", "20", "HOURS").score()
    assert person(result, "w")["capacity"] == 0
    steps = result.capacity[["step", "label", "amount"]].to_numpy().tolist()
    assert steps == [
        ["BASE", "Maximum 100.00 × 100 % for the career stage × 18.50 of 37.00 hours", 50_00],
        ["REDUCTION", "Reduction of 20.00 hours a week", -54_05],
        ["REDUCTION", "Reduction of 80.00 %: union", -40_00],
        ["FLOOR", "Capacity is never below zero", 44_05],
        ["RESULT", "Capacity", 0],
    ]


@pytest.mark.parametrize(
    ("started", "ended", "counts"),
    [
        (DAY, None, True),
        (TOMORROW, None, False),
        (YESTERDAY, DAY, False),
        (YESTERDAY, TOMORROW, True),
        (None, None, True),
    ],
)
class TestPeriods:
    def test_reduction_counts(self, started: date | None, ended: date | None, counts: bool) -> None:  # noqa: FBT001
        area = Area().worker("w").reduction("w", "10", started_on=started, ended_on=ended)
        assert (person(area.score(), "w")["capacity"] == 90_00) is counts

    def test_contract_counts(self, started: date | None, ended: date | None, counts: bool) -> None:  # noqa: FBT001
        result = Area().worker("w", started_on=started, ended_on=ended).case("c", "w").score()
        assert (len(result.workers), len(result.unallocated)) == ((1, 0) if counts else (0, 1))

    def test_allocation_counts(self, started: date | None, ended: date | None, counts: bool) -> None:  # noqa: FBT001
        area = Area().worker("w").case("c").allocation("c", "w", started_on=started, ended_on=ended)
        assert (len(area.score().lines) == 1) is counts

    def test_case_counts(self, started: date | None, ended: date | None, counts: bool) -> None:  # noqa: FBT001
        result = Area().worker("w").case("c", "w", opened_on=started, closed_on=ended).score()
        assert (len(result.lines), len(result.unallocated)) == (int(counts), 0)


def test_worker_in_two_teams_is_scored_in_each_by_what_is_held_there() -> None:
    area = Area().worker("w", hours="20").worker("w", team="U", hours="17").case("c", "w").case("d")
    area.allocation("d", "w", team="U").reduction("w", "50", team="U")
    result = area.score()
    here, there = person(result, "w"), person(result, "w", "U")
    assert (here["capacity"], here["load"]) == (54_05, 8_11 + 4_00)
    assert (there["capacity"], there["load"]) == (22_97, 3_45 + 4_00)


def test_case_of_one_team_held_in_another_counts_where_it_is_held() -> None:
    area = Area().worker("w", team="U").case("c").allocation("c", "w", team="U")
    result = area.score()
    assert len(result.unallocated) == 0
    assert result.teams.set_index("team")["cases"].to_dict() == {"T": 0, "U": 1}


@pytest.mark.parametrize("name", ["manager", "leaver", "stranger"])
def test_name_that_does_not_count_leaves_a_case_unallocated(name: str) -> None:
    area = Area().worker("manager", case_holding=False).worker("leaver", ended_on=DAY).case("c", name)
    result = area.score()
    assert result.unallocated[["case", "held_by", "weight"]].to_numpy().tolist() == [["c", name, 400]]
    assert len(result.workers) == 0


def test_largest_share_names_the_holder_who_does_not_count() -> None:
    result = Area().case("c", {"aa": 20, "bb": 50, "cc": 30}).case("d").score()
    assert result.unallocated.set_index("case")["held_by"].to_dict() == {"c": "bb", "d": ""}


def test_case_held_only_in_another_team_of_the_worker_is_unallocated() -> None:
    assert Area().worker("w").case("c").allocation("c", "w", team="U").score().unallocated["case"].tolist() == ["c"]


def test_wait_runs_from_the_day_the_last_holder_who_counted_stopped() -> None:
    opened = DAY - timedelta(100)
    area = Area().worker("w").worker("leaver", ended_on=DAY - timedelta(7)).worker("boss", case_holding=False)
    for reference in ("never", "ended", "left", "boss", "early"):
        area.case(reference, opened_on=opened)
    area.allocation("ended", "w", started_on=opened, ended_on=DAY - timedelta(3))
    area.allocation("ended", "w", started_on=opened, ended_on=DAY - timedelta(30))
    area.allocation("left", "leaver").allocation("boss", "boss", ended_on=DAY)
    area.allocation("early", "leaver", started_on=DAY - timedelta(5), ended_on=DAY - timedelta(2))
    area.allocation("early", "w", started_on=TOMORROW)
    area.worker("joiner", started_on=DAY - timedelta(2))
    area.allocation("never", "joiner", started_on=opened, ended_on=DAY - timedelta(10))
    area.case("undated", opened_on=None)
    result = area.score()
    waits = result.unallocated.set_index("case")["waiting_days"]
    assert waits.dropna().to_dict() == {"boss": 100, "early": 100, "never": 100, "left": 7, "ended": 3}
    assert result.unallocated["case"].tolist() == ["boss", "early", "never", "left", "ended", "undated"]
    assert (only_team(result)["longest_wait"], only_team(result)["median_wait"]) == (100, 100)


def test_median_wait_of_an_even_number_is_the_mean_of_the_middle_two_half_up() -> None:
    area = Area().case("c", opened_on=DAY - timedelta(4)).case("d", opened_on=DAY - timedelta(7))
    assert only_team(area.score())["median_wait"] == 6


def test_heaviest_sibling_counts_in_full_and_ties_go_to_the_lower_reference() -> None:
    area = Area().worker("w").case("c2", "w", family="f").case("c1", "w", family="f")
    area.case("b", "w", family="g").case("a", "w", family="g", category="proceedings")
    area.case("x", "w").case("y", "w")
    assert lines(area.score()) == {"a": 1000, "b": 200, "c1": 400, "c2": 200, "x": 400, "y": 400}


def test_siblings_are_those_of_one_worker_in_one_team() -> None:
    area = Area().worker("w").worker("v").worker("w", team="U").case("a", "w", family="f").case("b", "v", family="f")
    area.case("c", family="f").allocation("c", "w", team="U")
    assert lines(area.score()) == {"a": 400, "b": 400, "c": 400}


def test_heaviest_sibling_is_the_heaviest_case_whatever_share_of_it_the_worker_holds() -> None:
    area = Area().worker("w").worker("v").case("full", "w", family="f")
    area.case("heavier", {"w": 10, "v": 90}, family="f", category="child protection")
    result = area.score()
    assert result.lines[result.lines["worker"] == "w"].set_index("case")["line"].to_dict() == {
        "full": 200,
        "heavier": 80,
    }


@pytest.mark.parametrize(("share", "expected"), [(33, 165), (10, 50), (1, 5)])
def test_line_is_weight_times_share(share: int, expected: int) -> None:
    assert lines(Area().worker("w").case("c", {"w": share}, category="assessment").score()) == {"c": expected}


def test_line_is_rounded_half_up_once() -> None:
    using = scheme(sibling_share=50, default_weight=1_01)
    area = Area().worker("w").case("a", "w", rated=False, family="f").case("b", {"w": 50}, rated=False, family="f")
    assert lines(area.score(using)) == {"a": 101, "b": 25}
    assert lines(Area().worker("w").case("a", {"w": 50}, rated=False).score(using)) == {"a": 51}


def test_weight_is_made_up_of_category_and_factors_in_the_order_of_the_scheme() -> None:
    factors = {"further child": 3, "hostile household": 4, "long travel": 0}
    (row,) = Area().worker("w").case("c", "w", factors=factors).score().lines.to_dict("records")
    assert (row["category_weight"], row["factor_points"], row["bounded"], row["weight"]) == (400, 500, 0, 900)
    assert row["parts"] == "Child in need 4.00 + Hostile household 2.00 + Further child 1.00 × 3"


def test_weight_stays_within_the_bounds_of_the_scheme() -> None:
    using = scheme(lowest_weight=2_00, highest_weight=6_00)
    area = Area().worker("w").case("high", "w", factors={"further child": 10**12}).case("low", "w", override=50)
    area.case("settled", "w", factors={"settled": 1})
    found = area.score(using).lines.set_index("case")
    assert found["line"].to_dict() == {"high": 600, "low": 200, "settled": 200}
    assert found["parts"].to_dict() == {
        "high": "Child in need 4.00 + Further child 1.00 × 1000000; highest case weight 6.00 applies",
        "low": "Weight set by hand 0.50; lowest case weight 2.00 applies",
        "settled": "Child in need 4.00 − Settled 3.00; lowest case weight 2.00 applies",
    }
    assert (found["category_weight"] + found["factor_points"] + found["bounded"]).tolist() == [600, 200, 200]


def test_unrated_case_counts_at_the_default_weight_whatever_its_factors() -> None:
    area = Area().worker("w").case("c", "w", rated=False, factors={"long travel": 1}).case("d", "w", category="")
    found = area.score().lines.set_index("case")
    assert found["line"].to_dict() == {"c": 500, "d": 500}
    assert found["unrated"].all()
    assert found["category_name"].to_dict() == {"c": "Child in need", "d": "No category"}
    assert found.loc["c", "parts"] == "Not rated yet: default weight 5.00"


def test_overridden_and_contested_weights_count_and_are_marked() -> None:
    area = Area().worker("w").case("c", "w", override=7_50, rated=False).case("d", "w", contested=True)
    found = area.score().lines.set_index("case")
    assert found["line"].to_dict() == {"c": 750, "d": 400}
    assert found[["unrated", "overridden", "contested"]].to_numpy().tolist() == [
        [False, True, False],
        [False, False, True],
    ]


def test_unallocated_case_with_unknown_category_is_counted_without_weight() -> None:
    row = only_team(Area().worker("w").case("c", category="zzz").case("d").score())
    assert (row["unallocated"], row["unallocated_not_known"], row["unallocated_weight"], row["demand"]) == (
        *(2, 1),
        *(4_00, 19_00),
    )


def test_families_of_a_team_are_counted_once_and_cases_without_one_each() -> None:
    area = Area().worker("w").worker("v").case("a", "w", family="f").case("b", "v", family="f")
    area.case("c", {"w": 50, "v": 50}).case("d", "v")
    result = area.score()
    assert (only_team(result)["cases"], only_team(result)["families"]) == (4, 3)
    assert [person(result, name)[what] for name in "wv" for what in ("cases", "families")] == [2, 2, 3, 3]


def test_fte_is_shown_rounded_but_never_used_rounded() -> None:
    result = Area().worker("w", hours="24.7").score()
    assert (person(result, "w")["fte"], person(result, "w")["capacity"]) == (67, 66_76)
    assert (only_team(result)["fte"], only_team(result)["hours"]) == (67, 24_70)


def test_unscored_area_shows_cases_but_no_figures() -> None:
    area = Area().worker("w").worker("v", hours=None).case("c", "w").case("d", category="").reduction("w", "10")
    result = unscored(area.inputs(), "No weighting scheme is published for this area.", as_of=DAY)
    assert set(result.workers["reason"]) == {"No weighting scheme is published for this area."}
    assert (person(result, "w")["state"], person(result, "w")["cases"], person(result, "w")["hours"]) == (
        *(State.NOT_KNOWN, 1),
        37_00,
    )
    assert result.workers[["load", "capacity", "stable", "load_pct", "fte"]].isna().all(axis=None)
    assert result.lines[["weight", "line"]].isna().all(axis=None)
    assert result.unallocated["weight"].isna().all()
    assert (only_team(result)["not_known"], only_team(result)["unallocated"], result.scheme) == (2, 1, "")
    assert result.unallocated["waiting_days"].tolist() == [21]
    assert len(result.flags) == 0


def test_dates_may_be_date_objects_and_keys_numbers() -> None:
    area = Area().worker("w", started_on=YESTERDAY).case("c", "w", rated_on=YESTERDAY)
    inputs = area.inputs()
    keyed = {"worker": {"w": 7}, "case": {"c": 9}, "team": {"T": 1}}
    frames = {
        name: getattr(inputs, name).assign(
            **{
                column: getattr(inputs, name)[column].map(numbers)
                for column, numbers in keyed.items()
                if column in getattr(inputs, name)
            }
        )
        for name in ("members", "reductions", "cases", "factors", "allocations")
    }
    frames["members"]["started_on"] = frames["members"]["started_on"].map(lambda day: day.date()).astype(object)
    frames["cases"]["family"] = pd.Series([None], dtype=object)
    result = score(scheme(), Inputs(**frames), as_of=DAY)
    assert result.workers[["worker", "team", "load"]].to_numpy().tolist() == [[7, 1, 19_00]]


def test_frame_without_a_column_is_refused_by_name() -> None:
    inputs = Area().inputs()
    with pytest.raises(ValueError, match="The frame cases lacks the columns rated, override"):
        replace(inputs, cases=inputs.cases.drop(columns=["rated", "override"]))


def test_history_may_be_left_out() -> None:
    inputs = replace(Area().worker("w", hours="1").case("c", "w").inputs(), history=None)
    assert score(scheme(), inputs, as_of=DAY).flags["flag"].tolist() == ["WELL_OVER"]


def test_two_rows_with_the_same_case_key_are_refused() -> None:
    with pytest.raises(ValueError, match="same key"):
        Area().case("c").case("c").inputs()


def test_frame_of_an_unknown_name_is_refused() -> None:
    with pytest.raises(KeyError):
        frame("wishes")


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"maximum": 0}, "The maximum must be more than zero."),
        ({"full_time_hours": 0}, "The full-time hours must be more than zero."),
        ({"stable": -1}, "The stable load must be from 0 to 100000.00."),
        ({"highest_weight": LARGEST + 1}, "The highest case weight must be from 0 to 100000.00."),
        ({"default_weight": 0}, "The default weight must be more than zero: an unrated case is never free."),
        ({"lowest_weight": 6_00}, "The default weight must lie between the lowest and the highest case weight."),
        ({"sibling_share": 101}, "The sibling share must be from 0 to 100 per cent."),
        ({"joint_uplift": -1}, "The joint working uplift must be from 0 to 100 per cent."),
        ({"stage_shares": {"ODD": -1}}, "The share of the career stage ODD must be from 0 to 1000 per cent."),
        ({"bands": ()}, "The bands must start at 0 and rise, each from a higher load % than the one before."),
        (
            {"bands": (Band(BandLevel.ROOM, "room", 1),)},
            "The bands must start at 0 and rise, each from a higher load % than the one before.",
        ),
    ],
)
def test_scheme_that_cannot_be_scored_with_is_refused(changes: dict[str, Any], sentence: str) -> None:
    with pytest.raises(ValueError, match="must") as refused:
        scheme(**changes)
    assert str(refused.value) == sentence


def test_scheme_with_an_impossible_factor_is_refused() -> None:
    factor = replace(scheme().factors["settled"], points=-LARGEST - 1)
    with pytest.raises(ValueError, match="The points of the factor settled must be from −100000"):
        scheme(factors={"settled": factor})


def test_negative_figures_read_with_a_minus_sign() -> None:
    assert [two_places(amount) for amount in (-505, 0, 7)] == ["−5.05", "0.00", "0.07"]
