"""Red flags, each raised by the row that causes it and by nothing less."""

from datetime import timedelta
from typing import Any

import pytest

from caseloads.workload import FLAG_NAMES, Flag, narrow
from tests.unit.caseloads.building import DAY, Area, flags, scheme


def loaded(weight: int, **more: Any) -> Area:
    """One worker with a capacity of 100.00, a stable load of 15.00 and one case of the weight."""
    return Area().worker("w", **more).case("c", "w", override=weight)


def codes(area: Area, **changes: Any) -> list[str]:
    return area.score(scheme(**changes)).flags["flag"].tolist()


@pytest.mark.parametrize(("weight", "raised"), [(94_94, []), (94_95, [Flag.WELL_OVER])])
def test_well_over_follows_the_rounded_percentage(weight: int, raised: list[str]) -> None:
    assert codes(loaded(weight)) == raised


def test_well_over_says_load_capacity_and_percentage() -> None:
    result = loaded(100_00).score()
    assert flags(result) == [("w", Flag.WELL_OVER, None)]
    assert result.flags["detail"].tolist() == ["Load 115.00, capacity 100.00: load is 115.0 % of capacity."]


def test_worker_without_capacity_who_holds_cases_is_flagged() -> None:
    result = loaded(4_00).reduction("w", "100").score()
    assert flags(result) == [("w", Flag.WELL_OVER, None), ("w", Flag.NO_CAPACITY, None)]
    assert result.flags["detail"].tolist() == [
        "Load 4.00, capacity 0.00: there is no capacity.",
        "Load 4.00, capacity 0.00: 1 case held without capacity.",
    ]


def test_worker_without_capacity_or_cases_holds_nothing() -> None:
    assert codes(Area().worker("w", stage="STUDENT"), stage_shares={"STUDENT": 0}) == [Flag.WELL_OVER]


def history(ages: list[int], *, weak: tuple[int, ...] = (), unknown: tuple[int, ...] = ()) -> list[str]:
    area = loaded(100_00)
    for age in ages:
        told = None if age in unknown else age not in weak
        area.snapshot("w", DAY - timedelta(age), well_over=told)
    return codes(area)


@pytest.mark.parametrize(
    ("ages", "excessive"),
    [
        (list(range(1, 28)), True),
        (list(range(1, 27)), False),
        ([0, *range(1, 27)], False),
        ([4, 8, 12, 16, 20, 24, 27], True),
        ([4, 8, 12, 16, 20, 24, 28], True),
        ([5, 8, 12, 16, 20, 24, 27], False),
        ([4, 8, 12, 16, 21, 24, 27], False),
        ([4, 8, 12, 16, 20, 24], False),
        ([-1, 4, 8, 12, 16, 20, 24, 27], True),
        ([], False),
    ],
)
def test_excessive_needs_28_consecutive_days_with_gaps_of_at_most_3(ages: list[int], excessive: bool) -> None:  # noqa: FBT001
    assert (Flag.EXCESSIVE in history(ages)) is excessive


def test_excessive_is_broken_by_one_snapshot_below() -> None:
    assert Flag.EXCESSIVE not in history(list(range(1, 40)), weak=(13,))
    assert Flag.EXCESSIVE in history(list(range(1, 40)), weak=(28,))


def test_excessive_bridges_days_that_are_not_known() -> None:
    assert Flag.EXCESSIVE in history(list(range(1, 28)), unknown=(11, 12, 13))
    assert Flag.EXCESSIVE not in history(list(range(1, 28)), unknown=(11, 12, 13, 14))


@pytest.mark.parametrize("order", [(True, False), (False, True)])
def test_two_snapshots_of_one_day_count_as_the_lower(order: tuple[bool, bool]) -> None:
    area = loaded(100_00)
    for age in [*range(1, 13), *range(14, 28)]:
        area.snapshot("w", DAY - timedelta(age), well_over=True)
    for well_over in order:
        area.snapshot("w", DAY - timedelta(13), well_over=well_over)
    assert codes(area) == [Flag.WELL_OVER]


def test_excessive_needs_to_be_well_over_today_in_that_team() -> None:
    area = loaded(4_00).worker("v", hours="3").case("d", "v", override=50_00)
    for age in range(1, 28):
        area.snapshot("w", DAY - timedelta(age), well_over=True)
        area.snapshot("v", DAY - timedelta(age), well_over=True, team="U")
    assert codes(area) == [Flag.WELL_OVER]


def test_excessive_says_for_how_many_days() -> None:
    area = loaded(100_00)
    for age in range(1, 31):
        area.snapshot("w", DAY - timedelta(age), well_over=True)
    assert area.score().flags["detail"].tolist()[1] == "Well over on every snapshot of 31 consecutive days."


@pytest.mark.parametrize(("weight", "raised"), [(75_00, []), (75_01, [Flag.NEWLY_QUALIFIED_OVER])])
def test_newly_qualified_above_own_maximum_by_a_hundredth(weight: int, raised: list[str]) -> None:
    assert codes(loaded(weight, stage="NEWLY_QUALIFIED")) == raised
    assert codes(loaded(weight, stage="ESTABLISHED")) == []


def test_newly_qualified_alone_with_a_reserved_case_is_flagged() -> None:
    area = Area().worker("w", stage="NEWLY_QUALIFIED").worker("v").worker("boss", case_holding=False)
    area.case("alone", "w", category="child protection").case("shared", {"w": 50, "v": 50}, category="child protection")
    area.case("open", "w").case("boss", {"w": 60, "boss": 40}, category="child protection").case("v", "v")
    result = area.score()
    assert flags(result) == [
        ("w", Flag.NEWLY_QUALIFIED_SOLE, "alone"),
        ("w", Flag.NEWLY_QUALIFIED_SOLE, "boss"),
        (None, Flag.PART_NOT_HELD, "boss"),
    ]
    assert result.flags["detail"].tolist()[0] == "Case alone, Child protection: no other worker holds it."


@pytest.mark.parametrize(("registered", "raised"), [(True, []), (None, []), (False, [Flag.NOT_REGISTERED])])
def test_reserved_case_held_by_somebody_not_registered(registered: bool | None, raised: list[str]) -> None:  # noqa: FBT001
    area = Area().worker("w", registered=registered).worker("v").case("c", "w", category="child protection")
    area.case("d", "v", category="child protection").case("e", "w", category="looked after")
    assert codes(area) == raised


def test_not_registered_says_which_case() -> None:
    area = Area().worker("w", registered=False, hours=None).case("c", "w", category="child protection")
    result = area.score()
    assert flags(result) == [("w", Flag.NOT_REGISTERED, "c")]
    assert result.flags["detail"].tolist() == ["Case c, Child protection: reserved to registered workers."]


@pytest.mark.parametrize(("waited", "raised"), [(5, []), (6, [Flag.UNALLOCATED_LATE])])
def test_unallocated_longer_than_the_limit_of_its_category(waited: int, raised: list[str]) -> None:
    opened = DAY - timedelta(waited)
    area = Area().case("c", category="child protection", opened_on=opened).case("d", opened_on=opened)
    result = area.score()
    assert result.flags["flag"].tolist() == raised
    assert result.unallocated.set_index("case")["over_limit"].to_dict() == {"c": bool(raised), "d": False}


def test_unallocated_for_too_long_is_a_flag_of_the_owning_team() -> None:
    area = Area().case("c", category="child protection", opened_on=DAY - timedelta(6), team="U")
    (row,) = area.score().flags.to_dict("records")
    assert (row["team"], row["worker"], row["case"]) == ("U", None, "c")
    assert row["detail"] == "Case c has waited 6 days; the limit is 5."


def test_rating_older_than_the_review_interval_is_flagged_where_the_case_is() -> None:
    area = Area().worker("w").worker("v")
    area.case("old", {"w": 50, "v": 50}, rated_on=DAY - timedelta(91)).case("due", "w", rated_on=DAY - timedelta(90))
    area.case("never", "w", rated=False, rated_on=DAY - timedelta(400)).case("undated", "w")
    area.case("free", rated_on=DAY - timedelta(100))
    result = area.score(scheme(review_interval_days=90))
    assert flags(result) == [
        ("v", Flag.RATING_OLD, "old"),
        ("w", Flag.RATING_OLD, "old"),
        (None, Flag.RATING_OLD, "free"),
    ]
    assert result.flags["detail"].tolist()[0] == "Case old was rated 91 days ago; the scheme reviews ratings after 90."
    assert codes(area) == []


def test_part_of_a_case_that_nobody_who_counts_holds_is_flagged() -> None:
    area = Area().worker("w").worker("leaver", ended_on=DAY)
    area.case("c", {"w": 60, "leaver": 30, "stranger": 10}).case("d", {"leaver": 100}).case("e", {"w": 50})
    result = area.score()
    assert flags(result) == [(None, Flag.PART_NOT_HELD, "c"), (None, Flag.PART_NOT_HELD, "e")]
    assert result.flags["detail"].tolist() == [
        "40 % of case c is in the name of somebody who holds no cases here.",
        "50 % of case e is held by nobody.",
    ]


def test_flags_are_restricted_to_the_teams_asked_for() -> None:
    area = loaded(100_00).worker("v", team="U", hours="1").case("d").allocation("d", "v", team="U")
    assert flags(area.score(teams=["U"])) == [("v", Flag.WELL_OVER, None)]


def test_every_flag_has_a_name() -> None:
    assert set(FLAG_NAMES) == set(Flag)


def test_supervision_is_overdue_the_day_after_it_was_due_in_every_team_of_the_worker() -> None:
    area = Area().worker("late").worker("late", team="U").worker("due").worker("away").worker("unrecorded")
    area.supervision("late", DAY - timedelta(1)).supervision("due", DAY).supervision("away", None)
    area.worker("manager", case_holding=False).supervision("manager", DAY - timedelta(90))
    result = area.score()
    raised = [(row["worker"], row["team"], row["detail"]) for row in result.flags.to_dict("records")]
    assert raised == [("late", "T", f"Due by {DAY - timedelta(1)}."), ("late", "U", f"Due by {DAY - timedelta(1)}.")]
    assert set(result.flags["flag"]) == {Flag.SUPERVISION_OVERDUE}
    told = dict(zip(result.workers["worker"], result.workers["supervised"].astype(object), strict=True))
    assert told["due"] is True
    assert told["late"] is False


def test_supervision_that_is_not_recorded_raises_nothing() -> None:
    result = Area().worker("w").score()
    assert result.flags.empty
    assert result.workers["supervised"].isna().all()


def test_a_case_that_came_without_a_handover_meeting() -> None:
    area = Area().worker("w").worker("v").case("came", "w").case("shared", {"w": 50, "v": 50}).case("waits")
    area.moved("came", "w").moved("shared").moved("waits").moved("came", "v", team="U")
    assert sorted(flags(area.score())) == [
        ("v", Flag.NO_HANDOVER, "shared"),
        ("w", Flag.NO_HANDOVER, "came"),
        ("w", Flag.NO_HANDOVER, "shared"),
    ]
    detail = area.score().flags["detail"].tolist()
    assert "Case came was transferred on 2026-11-22, and no handover meeting is recorded." in detail


def test_a_case_that_moved_on_or_will_come_raises_nothing() -> None:
    area = Area().worker("w").worker("v").case("gone", "v").case("later", "w")
    area.moved("gone", "w").moved("later", "w", on=DAY + timedelta(1))
    assert flags(area.score()) == []


def test_handovers_of_one_team_are_those_of_the_whole_area() -> None:
    inputs = Area().worker("w").case("came", "w").moved("came", "w").moved("came", "w", team="U").inputs()
    found = narrow(inputs, ["T"]).handovers
    assert found is not None
    assert found["team"].tolist() == ["T"]
