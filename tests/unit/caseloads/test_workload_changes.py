"""Changed copies score as the same rows would, and the rows they were made from stay as they are."""

from datetime import date, timedelta
from typing import Any

import pytest

from caseloads.workload import Workload, score
from caseloads.workload_changes import Given, give, join, leave, take
from tests.unit.caseloads.building import DAY, Area, lines, only_team, person, scheme


def area() -> Area:
    """w holds two siblings and shares a third case with v; one case waits."""
    made = Area().worker("w").worker("v").case("a", "w", family="f").case("b", "w", family="f")
    return made.case("shared", {"w": 60, "v": 40}).case("waits", category="child protection")


def scored(inputs: Any) -> Workload:
    return score(scheme(), inputs, as_of=DAY)


def test_given_case_counts_for_everybody_it_is_given_to() -> None:
    inputs = area().inputs()
    after = scored(give(inputs, [Given("waits", "w", "T"), Given("waits", "v", "T", 50)], on=DAY))
    assert person(after, "w")["load"] == person(scored(inputs), "w")["load"] + 8_00
    assert person(after, "v")["load"] == person(scored(inputs), "v")["load"] + 4_00
    assert only_team(after)["unallocated"] == 0


def test_a_share_given_to_a_holder_is_added_to_theirs() -> None:
    after = scored(give(area().inputs(), [Given("shared", "v", "T", 20)], on=DAY))
    assert after.lines[after.lines["worker"] == "v"]["share"].tolist() == [60]
    assert person(after, "v")["load"] == 15_00 + 2_40


def test_nothing_given_changes_nothing() -> None:
    inputs = area().inputs()
    assert give(inputs, [], on=DAY) is inputs
    assert join(inputs, []) is inputs


@pytest.mark.parametrize("held", [False, True])
def test_given_where_nobody_held_anything_or_only_did_before(held: bool) -> None:  # noqa: FBT001 - a case of the test
    made = Area().worker("w").case("a")
    if held:
        made.allocation("a", "w", started_on=DAY - timedelta(9), ended_on=DAY - timedelta(2))
    assert lines(scored(give(made.inputs(), [Given("a", "w", "T")], on=DAY))) == {"a": 4_00}


def test_taken_case_counts_no_more_and_its_sibling_counts_in_full() -> None:
    inputs = area().inputs()
    after = scored(take(inputs, {("a", "w"), ("shared", "v")}))
    assert lines(after) == {"b": 4_00, "shared": 2_40}
    assert lines(scored(inputs))["b"] == 2_00


def test_what_a_leaver_held_waits_in_their_name() -> None:
    after = scored(leave(area().worker("w", team="U").inputs(), ["w"], team="T"))
    assert after.workers["worker"].tolist() == ["v", "w"]
    assert after.unallocated["held_by"].tolist().count("w") == 2


@pytest.mark.parametrize("start", [None, date(2026, 9, 1), DAY + timedelta(1)])
def test_joined_member_has_capacity_from_their_first_day(start: date | None) -> None:
    member = {"worker": "n", "team": "T", "contracted": 37_00, "stage": "NEWLY_QUALIFIED", "registered": True}
    after = scored(join(area().inputs(), [member | {"case_holding": True, "started_on": start}]))
    found = after.workers.set_index("worker")["capacity"].to_dict()
    assert found.get("n") == (None if start and start > DAY else 90_00)


def test_the_first_member_of_an_empty_team() -> None:
    member = {"worker": "n", "team": "T", "contracted": 37_00, "stage": "ESTABLISHED", "case_holding": True}
    after = scored(join(Area().case("a").inputs(), [member]))
    assert after.workers["worker"].tolist() == ["n"]


def test_the_rows_they_were_made_from_stay_as_they_are() -> None:
    inputs = area().inputs()
    before = scored(inputs)
    give(inputs, [Given("waits", "w", "T"), Given("shared", "v", "T", 5)], on=DAY)
    take(inputs, {("a", "w")})
    leave(inputs, ["w"], team="T")
    join(inputs, [{"worker": "n", "team": "T", "contracted": 1, "stage": "", "case_holding": True}])
    assert scored(inputs).workers.equals(before.workers)
