"""Whatever the lists hold, no row is lost or counted twice, and the order of rows does not matter."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from caseloads.intake.counting import tally
from caseloads.intake.records import Counts, Intake, MiscountedError
from tests.unit.caseloads.intake.books import HEADINGS, a_list, annex_a, plain

REFERENCES = st.sampled_from(["", "1", "2", "2.0", "3", "#N/A", "4"])
WORKERS = st.sampled_from(["Ann Able", "Able, Ann", "Bo Busy", "", "#N/A", "Team A", "Unallocated", "Cy\u00a0Calm"])
TEAMS = st.sampled_from(["Team A", "team a", "Team B", "#N/A", ""])
DATES = st.sampled_from(["", "2026-01-01", "01/02/2026", "2027-01-01", "yesterday", "#N/A"])
ANSWERS = st.sampled_from(["", "Yes", "b) No", "c) Unknown", "maybe"])
STATUSES = st.sampled_from(["", "a) Looked after child", "CP", "CIN", "Open asmt", "Closed", "Pending"])
CELLS = {"ID": REFERENCES, "Team": TEAMS, "Worker": WORKERS, "Advisor": WORKERS, "Status": STATUSES, "Date": DATES}


def cells(heading: str) -> st.SearchStrategy[str]:
    return next((strategy for word, strategy in CELLS.items() if word in heading), ANSWERS)


def lists() -> st.SearchStrategy[dict[int, list[tuple[str, ...]]]]:
    rows = {number: st.lists(st.tuples(*map(cells, headings)), max_size=6) for number, headings in HEADINGS.items()}
    return st.fixed_dictionaries(rows)


def adds_up(intake: Intake) -> bool:
    counts = intake.counts
    parts = counts.cases + counts.merged + counts.closed + counts.quarantined
    return counts.rows == parts and counts.quarantined == len(intake.problems) and counts.cases == len(intake.cases)


@given(lists())
def test_annex_a_accounts_for_every_row(rows: dict[int, list[tuple[str, ...]]]) -> None:
    intake = annex_a(*(a_list(number, *listed) for number, listed in rows.items()))
    assert adds_up(intake)
    references = [case.reference for case in intake.cases]
    assert len(set(references)) == len(references)
    assert not {closure.reference for closure in intake.closures} & set(references)
    assert all(
        holding.worker in {"Ann Able", "Bo Busy", "Cy Calm"} for case in intake.cases for holding in case.holdings
    )


@given(lists(), st.randoms(use_true_random=False))
def test_annex_a_gives_the_same_counts_in_any_order(rows: dict[int, list[tuple[str, ...]]], chance: object) -> None:
    mixed = {number: sorted(listed, key=lambda _: chance.random()) for number, listed in rows.items()}  # type: ignore[attr-defined]
    there = annex_a(*(a_list(number, *listed) for number, listed in rows.items()))
    back = annex_a(*(a_list(number, *mixed[number]) for number in sorted(mixed, reverse=True)))
    assert there.counts == back.counts
    assert sorted((case.reference, case.category) for case in there.cases) == sorted(
        (case.reference, case.category) for case in back.cases
    )


@given(
    st.lists(
        st.tuples(REFERENCES, DATES, DATES, TEAMS, WORKERS, st.sampled_from(["", "lead", "co-worker", "boss"]),
                  st.sampled_from(["", "50", "60 %", "100", "none", "x"])),
        max_size=12,
    )
)  # fmt: skip
def test_plain_accounts_for_every_row(rows: list[tuple[str, ...]]) -> None:
    headings = ("case_reference", "opened_on", "closed_on", "team", "worker", "role", "share")
    intake = plain(headings, *rows)
    assert adds_up(intake)
    for case in intake.cases:
        assert sum(holding.share for holding in case.holdings) <= 100
        assert [holding.role for holding in case.holdings].count("LEAD") == min(1, len(case.holdings))


def test_a_miscount_is_an_error_of_ours() -> None:
    with pytest.raises(MiscountedError, match="3 rows were read but 2 are accounted for"):
        tally([], rows=3, merged=0, closed=1, quarantined=1)
    Counts(rows=1, closed=1).check()
