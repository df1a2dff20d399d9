"""Which limits being given a case goes past."""

from caseloads.limits import Passed, limits_passed
from caseloads.workload import score
from caseloads.workload_changes import Given, give
from caseloads.workload_scheme import Limit
from tests.unit.caseloads.building import DAY, Area, scheme


def passed(area: Area, given: Given) -> list[tuple[Limit, str]]:
    inputs = area.inputs()
    before = score(scheme(), inputs, as_of=DAY)
    after = score(scheme(), give(inputs, [given], on=DAY), as_of=DAY)
    found = limits_passed(before, after, workers=[given.worker], cases=[given.case])
    assert all(isinstance(one, Passed) and one.worker == given.worker for one in found)
    return [(one.limit, one.detail) for one in found]


def test_nothing_is_passed_by_somebody_with_room() -> None:
    assert passed(Area().worker("w").case("new"), Given("new", "w", "T")) == []


def test_load_above_the_limit_says_from_and_to() -> None:
    area = (
        Area().worker("w", hours="9.25").case("held", "w", category="proceedings").case("new", category="proceedings")
    )
    assert passed(area, Given("new", "w", "T")) == []
    area.case("more", "w", category="looked after")
    assert passed(area, Given("new", "w", "T")) == [(Limit.OVER, "from 79.0\u00a0% to 119.0\u00a0%")]


def test_a_load_that_is_not_known_needs_a_reason_too() -> None:
    area = Area().worker("w", hours=None).case("new")
    assert passed(area, Given("new", "w", "T")) == [(Limit.OVER, "from not known to not known")]


def test_no_capacity_is_said_in_words() -> None:
    area = Area().worker("w").reduction("w", "100").case("new")
    assert passed(area, Given("new", "w", "T")) == [(Limit.OVER, "from not applicable to no capacity")]


def test_newly_qualified_above_own_maximum_and_alone_with_a_reserved_case() -> None:
    area = Area().worker("w", hours="3.7", stage="NEWLY_QUALIFIED").case("new", category="child protection")
    found = passed(area, Given("new", "w", "T"))
    assert [limit for limit, _ in found] == [Limit.OVER, Limit.NEWLY_QUALIFIED, Limit.NEWLY_QUALIFIED]
    assert found[1][1] == "Load 9.50, capacity 9.00: above the maximum of this newly qualified worker."
    assert found[2][1] == "Case new, Child protection: no other worker holds it."


def test_reserved_case_counts_only_where_it_is_the_one_given() -> None:
    area = Area().worker("w", registered=False).case("held", "w", category="child protection")
    area.case("new").case("reserved", category="child protection")
    assert passed(area, Given("new", "w", "T")) == []
    assert passed(area, Given("reserved", "w", "T")) == [
        (Limit.RESERVED, "Case reserved, Child protection: reserved to registered workers.")
    ]


def test_somebody_new_to_the_team_comes_from_nothing() -> None:
    inputs = Area().worker("w", hours="3.7").case("c", {"w": 100}, category="proceedings").inputs()
    after = score(scheme(), inputs, as_of=DAY)
    before = score(scheme(), Area().inputs(), as_of=DAY)
    (found,) = limits_passed(before, after, workers=["w"], cases=["c"])
    assert found.detail == "from nothing to 115.0\u00a0%"
