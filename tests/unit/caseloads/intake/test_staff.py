from datetime import date
from decimal import Decimal

import pytest

from caseloads.intake.records import Problem, Refused, StaffRecord
from caseloads.intake.staff import read_staff
from tests.unit.caseloads.intake.books import table

HEADINGS = (
    "worker", "staff_reference", "team", "weekly_hours", "career_stage", "registered", "case_holding", "agency",
    "starts_on", "ends_on",
)  # fmt: skip


def read(*rows: tuple[str, ...]) -> tuple[tuple[StaffRecord, ...], tuple[Problem, ...]]:
    return read_staff([table("staff", [HEADINGS, *rows])], name="staff.csv")


def row(**cells: str) -> tuple[str, ...]:
    usual = {"worker": "Ann Able", "team": "North", "weekly_hours": "37"} | cells
    return tuple(usual.get(heading, "") for heading in HEADINGS)


def test_a_full_row() -> None:
    [record], problems = read(
        (" Able,\u00a0Ann", "0042", "North", "18,5", "ASYE", "Yes", "No", "Y", "01/09/2025", "2026-08-31")
    )
    assert problems == ()
    assert (record.worker, record.staff_reference, record.team) == ("Ann Able", "0042", "North")
    assert (record.weekly_hours, record.career_stage) == (Decimal("18.50"), "NEWLY_QUALIFIED")
    assert (record.registered, record.case_holding, record.agency) == (True, False, True)
    assert (record.starts_on, record.ends_on) == (date(2025, 9, 1), date(2026, 8, 31))
    assert (record.source.sheet, record.source.row) == ("staff", 2)


def test_what_a_row_leaves_out_is_not_known() -> None:
    [record], _ = read(row(weekly_hours="n/a"))
    assert record.weekly_hours is None
    assert record.registered is None
    assert record.case_holding is None
    assert record.agency is None
    assert (record.career_stage, record.starts_on, record.ends_on) == ("", None, None)


@pytest.mark.parametrize(
    ("text", "stage"),
    [
        ("Student", "STUDENT"),
        ("Newly qualified", "NEWLY_QUALIFIED"),
        ("NEWLY_QUALIFIED", "NEWLY_QUALIFIED"),
        ("established", "ESTABLISHED"),
        ("Social Worker", "ESTABLISHED"),
        ("Senior Social Worker", "EXPERIENCED"),
        ("experienced", "EXPERIENCED"),
        ("Unqualified", "UNQUALIFIED"),
        ("Family support worker", "UNQUALIFIED"),
    ],
)
def test_career_stages(text: str, stage: str) -> None:
    [record], _ = read(row(career_stage=text))
    assert record.career_stage == stage


@pytest.mark.parametrize(
    ("cells", "column", "sentence"),
    [
        ({"worker": "Vacant"}, "worker", "This row has no worker's name."),
        ({"team": "-"}, "team", "This row has no team."),
        ({"weekly_hours": "full time"}, "weekly_hours", "“full time” is not a number of hours in a week."),
        ({"weekly_hours": "169"}, "weekly_hours", "“169” is not a number of hours in a week."),
        ({"career_stage": "wizard"}, "career_stage", "“wizard” is not a career stage we know."),
        ({"registered": "perhaps"}, "registered", "“perhaps” is neither yes nor no."),
        ({"starts_on": "2026-02-01", "ends_on": "2026-02-01"}, "ends_on", "This contract ends before it starts."),
        ({"starts_on": "x"}, "starts_on", "“x” is not a date we can read."),
    ],
)
def test_a_row_that_cannot_be_used_is_set_aside(cells: dict[str, str], column: str, sentence: str) -> None:
    records, [problem] = read(row(**cells))
    assert records == ()
    assert (problem.row, problem.column, problem.sentence) == (2, column, sentence)


def test_one_person_spelt_two_ways_in_two_teams_is_one_worker() -> None:
    records, problems = read(row(), row(worker="ABLE, Ann", team="South"), row(worker="Ann Able", team="SOUTH Two"))
    assert problems == ()
    assert {record.worker for record in records} == {"Ann Able"}


def test_two_contracts_in_one_team_may_follow_but_not_overlap() -> None:
    first = row(ends_on="2026-01-01")
    records, problems = read(first, row(starts_on="2026-01-01"), row(worker="able, ann", starts_on="2026-06-01"))
    assert len(records) == 2
    [problem] = problems
    assert problem.sentence == "Ann Able is already in North at that time (row 3)."


def test_a_file_without_worker_and_team_is_refused() -> None:
    with pytest.raises(Refused, match="no row of headings with “worker” and “team”"):
        read_staff([table("staff", [("hours",), ("37",)])], name="staff.csv")
