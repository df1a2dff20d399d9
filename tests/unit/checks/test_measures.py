"""Measures of one team, each with what it says where it is not known."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from caseloads.workload import unscored
from checks.facts import team_facts
from checks.measures import MEASURES, Measured, take
from standards.definition import Direction
from tests.unit.caseloads.building import DAY, Area, scheme

Told = tuple[Decimal | None, str]


def taken(area: Area, name: str, **changes: object) -> Measured:
    return take(name, team_facts(area.score(scheme(**changes), teams=["T", "U"]), "T"))


def measured(area: Area, name: str, **changes: object) -> Told:
    """A measure's value and what it says."""
    found = taken(area, name, **changes)
    return found.value, found.note


def told(value: str | None, note: str = "") -> Told:
    return (None if value is None else Decimal(value)), note


def team() -> Area:
    """Four workers: one at 23 %, one well over, one not known, one who holds cases without capacity."""
    area = Area().worker("room").worker("well", hours="3.7").worker("lost", hours=None).worker("away")
    area.reduction("away", "100").case("a", "room", family="f").case("b", "room").case("c", "well", override=20_00)
    area.case("d", "lost").case("e", "away").case("f")
    return area.worker("elsewhere", team="U").case("z", team="U", opened_on=date(2020, 1, 1))


UNKNOWN = "Not known: 1 of 4 workers."
UNSUPERVISED = "No supervision is recorded of which it can be told whether it is in time."


@pytest.mark.parametrize(
    ("name", "value", "note"),
    [
        ("team_load_pct", "44.1", UNKNOWN),
        ("demand_pct", "47.7", UNKNOWN),
        ("workers_over_pct", "66.7", UNKNOWN),
        ("workers_well_over", "2", UNKNOWN),
        ("unallocated_cases", "1", ""),
        ("longest_wait_days", "21", ""),
        ("newly_qualified_within_pct", "100.0", "The team has no newly qualified worker."),
        ("reserved_registered_pct", "100.0", "The team holds no case of a reserved category."),
        ("ratings_up_to_date_pct", "100.0", ""),
        ("caseload_per_fte", None, "The hours of somebody who holds cases are not known."),
        ("supervision_on_time_pct", None, UNSUPERVISED),
        ("supervision_in_full_pct", None, "No supervision of the last 91 days is recorded."),
    ],
)
def test_measure_of_a_team(name: str, value: str | None, note: str) -> None:
    assert measured(team(), name) == told(value, note)


@pytest.mark.parametrize(
    ("name", "value", "note"),
    [
        ("team_load_pct", None, "Nobody in the team has capacity."),
        ("demand_pct", None, "Nobody in the team has capacity."),
        ("workers_over_pct", None, "No worker's load and capacity are known."),
        ("workers_well_over", None, "No worker's load and capacity are known."),
        ("unallocated_cases", "0", ""),
        ("longest_wait_days", "0", "No case is unallocated."),
        ("ratings_up_to_date_pct", "100.0", "The team has no open case."),
        ("caseload_per_fte", None, "Nobody with contracted hours holds a case."),
    ],
)
def test_measure_of_an_empty_team(name: str, value: str | None, note: str) -> None:
    assert measured(Area(), name) == told(value, note)


def test_work_without_anybody_to_do_it_has_no_percentage() -> None:
    sentence = "There is work to do, and nobody in the team has capacity."
    assert measured(Area().case("c"), "demand_pct") == told(None, sentence)


def test_team_of_unknown_workers_has_no_percentage() -> None:
    area = Area().worker("w", hours=None)
    assert measured(area, "team_load_pct") == told(None, "No worker's load and capacity are known.")


def test_area_without_a_scheme_is_not_known() -> None:
    inputs = (
        Area().worker("w").worker("n", stage="NEWLY_QUALIFIED").case("c", "w", category="child protection").inputs()
    )
    facts = team_facts(unscored(inputs, "No scheme.", as_of=DAY), "T")
    found = {name: take(name, facts) for name in MEASURES}
    assert {name for name, measure in found.items() if measure.value is not None} == {
        *("unallocated_cases", "unallocated_weight", "longest_wait_days", "median_wait_days", "ratings_up_to_date_pct"),
        *("cases_held", "families_held", "worker_changes_per_case", "new_cases_12_months", "closed_cases_12_months"),
        *("overload_plans_open", "overloads_without_plan", "reductions_expiring"),
    }
    assert found["newly_qualified_within_pct"].note == "Not known: newly qualified workers, 1."
    assert found["reserved_registered_pct"].note == "The area has no scheme that says which categories are reserved."
    assert found["caseload_per_fte"].note == "The area has no scheme that says how many hours are full time."


def test_wait_without_an_opening_day_is_not_known() -> None:
    found = measured(Area().case("c", opened_on=None), "longest_wait_days")
    assert found == told(None, "No opening day of the unallocated cases is known.")


def test_newly_qualified_within_their_maximum_to_the_hundredth() -> None:
    area = Area().worker("e", hours="1").case("e", "e", override=90_00)
    for name, weight in {"at": 75_00, "above": 75_01, "below": 10_00}.items():
        area.worker(name, stage="NEWLY_QUALIFIED").case(name, name, override=weight)
    assert measured(area, "newly_qualified_within_pct") == told("66.7")
    area.worker("lost", stage="NEWLY_QUALIFIED", hours=None)
    assert measured(area, "newly_qualified_within_pct")[1] == "Not known: newly qualified workers, 1."


def test_reserved_cases_are_measured_over_those_of_whom_it_is_known() -> None:
    area = Area().worker("yes").worker("no", registered=False).worker("open", registered=None)
    area.case("a", "open", category="child protection")
    note = "Not known whether the worker is registered: reserved cases, 1."
    assert measured(area, "reserved_registered_pct") == told(None, note)
    area.case("b", {"yes": 50, "no": 50}, category="child protection").case("c", "yes", category="child protection")
    area.case("d", "no")
    assert measured(area, "reserved_registered_pct") == told("66.7", note)


def test_ratings_up_to_date_counts_each_open_case_once_held_or_not() -> None:
    old, due = DAY - timedelta(91), DAY - timedelta(90)
    area = Area().worker("w").worker("v").case("old", {"w": 50, "v": 50}, rated_on=old).case("due", "w", rated_on=due)
    area.case("never", "w", rated=False).case("free", rated_on=old).case("free and rated", rated_on=due)
    area.case("free and never", rated=False)
    assert measured(area, "ratings_up_to_date_pct", review_interval_days=90) == told("33.3")
    assert measured(area, "ratings_up_to_date_pct") == told("66.7")


def test_average_caseload_is_of_the_workers_who_hold_cases_with_fte_unrounded() -> None:
    area = Area().worker("w", hours="24.7").worker("v", hours="18.5").worker("idle")
    area.case("a", {"w": 50, "v": 50}).case("b", "w").case("c", "v", family="f").case("d", "v", family="f").case("free")
    assert measured(area, "caseload_per_fte") == told("3.4")


def test_supervision_is_measured_over_the_workers_for_whom_a_day_is_due() -> None:
    area = team().supervision("room", DAY, sessions=2, in_full=2).supervision("well", DAY - timedelta(1), sessions=1)
    area.supervision("away", None).supervision("elsewhere", DAY - timedelta(9), sessions=5)
    note = "Away, held as agreed or not known: 2 of 4 workers."
    assert measured(area, "supervision_on_time_pct") == told("50.0", note)
    assert measured(area, "supervision_in_full_pct") == told("66.7")
    everybody = Area().worker("w").supervision("w", DAY)
    assert measured(everybody, "supervision_on_time_pct") == told("100.0")


def test_team_that_was_not_scored_has_no_facts() -> None:
    with pytest.raises(KeyError):
        team_facts(Area().score(), "T")


def test_every_measure_is_documented() -> None:
    for name, measure in MEASURES.items():
        assert measure.name == name
        words = (measure.title, measure.formula, measure.source, measure.needs, measure.record)
        assert all(word.strip() for word in words)
        assert measure.record.endswith(".")


@pytest.mark.parametrize(
    ("name", "direction"),
    [("team_load_pct", Direction.AT_MOST), ("newly_qualified_within_pct", Direction.AT_LEAST)],
)
def test_direction_says_which_way_is_better(name: str, direction: Direction) -> None:
    assert MEASURES[name].direction == direction


@pytest.mark.parametrize(
    ("name", "value", "shown"),
    [
        ("team_load_pct", "86.8", "86.8 %"),
        ("workers_well_over", "1", "1 worker"),
        ("unallocated_cases", "0", "0 cases"),
        ("caseload_per_fte", "1.0", "1.0 case"),
        ("longest_wait_days", "12", "12 days"),
    ],
)
def test_value_is_shown_with_its_unit(name: str, value: str, shown: str) -> None:
    assert MEASURES[name].shown(Decimal(value)) == shown
