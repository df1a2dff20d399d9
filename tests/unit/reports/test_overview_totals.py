"""Several teams together: sums, never means, and in full-time workers, whatever their schemes count in."""

from dataclasses import replace
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from reports.overview.totals import Part, percentage, share, total


def part(load: str | None, capacity: str | None, maximum: str | None = "100", **changes: object) -> Part:
    fields: dict[str, object] = {
        "load": None if load is None else Decimal(load),
        "capacity": None if capacity is None else Decimal(capacity),
        "waiting": Decimal(0),
        "maximum": None if maximum is None else Decimal(maximum),
        "head_count": 4,
        "over": 1,
        "not_known": 1,
        "unallocated": 2,
        "longest_wait": 3,
    }
    return Part(**(fields | changes))  # type: ignore[arg-type]


def test_a_large_team_weighs_more_than_a_small_one() -> None:
    found = total([part("900", "1000"), part("150", "100")])
    assert found.load_pct == Decimal("95.5")
    assert found.of_words == "work for 10.5 full-time workers, capacity of 11.0"
    assert (found.teams, found.over, found.known, found.unallocated, found.longest_wait) == (2, 2, 6, 4, 3)


def test_units_of_schemes_do_not_matter() -> None:
    points, cases = part("100", "100", "100"), part("30", "20", "20")
    assert total([points, cases]).load_pct == Decimal("125.0")


def test_what_waits_is_in_demand_only() -> None:
    found = total([part("80", "100", waiting=Decimal(40))])
    assert (found.load_words, found.demand_words) == ("80.0\u00a0%", "120.0\u00a0%")


def test_what_is_not_known_is_left_out_and_nothing_known_is_said() -> None:
    assert total([part("80", "100"), part(None, None)]).load_pct == Decimal("80.0")
    nothing = total([part(None, None), part("80", "100", None)])
    assert (nothing.load, nothing.load_words, nothing.of_words) == (None, "–", "no team's load is known")
    assert total([]).longest_wait is None
    assert total([part("1", "0", longest_wait=None)]).load_pct is None


def test_shares_are_rounded_half_up() -> None:
    assert share(Decimal("99.95"), Decimal(100)) == Decimal("100.0")
    assert share(None, Decimal(1)) is None
    assert share(Decimal(1), None) is None
    assert percentage(None) == "–"


amounts = st.decimals(min_value=0, max_value=10_000, places=2)
parts = st.builds(part, amounts.map(str), amounts.map(str), st.sampled_from(["20", "100", "110"]))


@given(st.lists(parts, max_size=8), st.sampled_from([Decimal(2), Decimal(5)]))
def test_a_finer_unit_changes_nothing(given_parts: list[Part], times: Decimal) -> None:
    finer = [
        replace(
            one, load=(one.load or 0) * times, capacity=(one.capacity or 0) * times, maximum=(one.maximum or 1) * times
        )
        for one in given_parts
    ]
    before, after = total(given_parts), total(finer)
    assert before.load_pct is None or abs(before.load_pct - (after.load_pct or 0)) <= Decimal("0.1")


@given(st.lists(parts, min_size=1, max_size=8))
def test_the_whole_lies_between_the_lowest_and_the_highest(given_parts: list[Part]) -> None:
    known = [share(one.load, one.capacity) for one in given_parts]
    whole = total(given_parts).load_pct
    if whole is not None and all(one is not None for one in known):
        told = [one for one in known if one is not None]
        assert min(told) - Decimal("0.1") <= whole <= max(told) + Decimal("0.1")
