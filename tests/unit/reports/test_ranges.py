from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as some

from reports.ranges import spread

D = Decimal


def test_range_of_nine_regions() -> None:
    found = spread(D(value) for value in ("16.5", "13.8", "15.8", "15.9", "15.3", "15.3", "14.9", "15.3", "15.6"))
    assert found is not None
    assert (found.number, found.lowest, found.lower, found.median, found.upper, found.highest) == (
        *(9, D("13.8"), D("15.3"), D("15.3"), D("15.8")),
        D("16.5"),
    )


def test_quartiles_between_two_values_are_in_proportion_and_round_half_up() -> None:
    found = spread([D("1.0"), D("2.0"), D("3.0"), D("4.0")])
    assert found is not None
    assert (found.lower, found.median, found.upper) == (D("1.8"), D("2.5"), D("3.3"))


def test_one_value_has_no_range() -> None:
    assert spread([]) is spread([D(1)]) is None


@given(some.lists(some.decimals(0, 100, places=1), min_size=2, max_size=160))
def test_range_is_in_order_and_within_the_values(values: list[Decimal]) -> None:
    found = spread(values)
    assert found is not None
    assert min(values) == found.lowest <= found.lower <= found.median <= found.upper <= found.highest == max(values)
