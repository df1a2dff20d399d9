from datetime import date

import pytest

from caseloads.intake.annex_a import read_annex_a
from caseloads.intake.records import Counts, Intake, Refused
from tests.unit.caseloads.intake.books import AS_OF, HEADINGS, OPEN, a_list, annex_a, changed, table

CATEGORIES = {
    3: "referral",
    4: "assessment",
    5: "section_47",
    6: "child_in_need",
    7: "child_protection",
    8: "looked_after",
    9: "care_leaver",
}


def only_row(number: int, row: tuple[str, ...]) -> Intake:
    return annex_a(a_list(number, row))


def state(intake: Intake) -> str:
    """What became of the only row."""
    counts = intake.counts
    assert counts.rows == 1
    return next(name for name in ("cases", "merged", "closed", "quarantined") if getattr(counts, name))


@pytest.mark.parametrize("number", sorted(CATEGORIES))
def test_an_open_row_is_a_case_of_its_list(number: int) -> None:
    intake = only_row(number, OPEN[number])
    [case] = intake.cases
    assert case.reference == "1"
    assert case.category == CATEGORIES[number]
    assert case.team == "Team A"
    assert [holding.worker for holding in case.holdings] == ["Ann Able"]
    assert case.opened_on == (None if number == 9 else date(2026, 1, number))
    assert (case.source.sheet, case.source.row) == (f"List {number}", 2)
    assert intake.counts == Counts(rows=1, cases=1, workers=1, teams=1)


@pytest.mark.parametrize(
    ("number", "cells"),
    [
        (3, {"NFA": "a) Yes"}),
        (3, {"NFA": "NFA"}),
        (3, {"NFA": "No further action"}),
        (3, {"NFA": "1 - Yes"}),
        (4, {"Authorisation": "2026-03-31"}),
        (5, {"unnecessary": "a) Yes"}),
        (5, {"Result": "Yes"}),
        (5, {"Result": "b) No"}),
        (6, {"Closure_Date": "31/03/2026"}),
        (6, {"Reason": "RC7 - other"}),
        (6, {"Status": "e) Closed episode"}),
        (6, {"Status": "Care leaver"}),
        (6, {"Status": "Closed - stepdown"}),
        (6, {"Status": "e"}),
        (7, {"End": "2026-03-31"}),
        (8, {"Ceased": "2026-03-30"}),
    ],
)
def test_a_closed_episode_is_no_case(number: int, cells: dict[str, str]) -> None:
    assert state(only_row(number, changed(number, **cells))) == "closed"


@pytest.mark.parametrize(
    ("number", "cells"),
    [
        (3, {"NFA": ""}),
        (3, {"NFA": "Progress to assessment"}),
        (3, {"NFA": "U"}),
        (3, {"NFA": "Not NFA"}),
        (4, {"Authorisation": "2026-04-01"}),
        (5, {"unnecessary": ""}),
        (5, {"Result": "c) Unknown"}),
        (6, {"Closure_Date": "2026-04-01"}),
        (6, {"Reason": "n/a"}),
        (7, {"End": "#N/A"}),
        (8, {"Ceased": "2026-12-01"}),
    ],
)
def test_a_row_that_has_not_ended_by_the_day_is_open(number: int, cells: dict[str, str]) -> None:
    assert state(only_row(number, changed(number, **cells))) == "cases"


@pytest.mark.parametrize(
    ("status", "category"),
    [
        ("a) Looked after child", "looked_after"),
        ("CLA&CP", "looked_after"),
        ("CP/CLA", "looked_after"),
        ("LAC", "looked_after"),
        ("b) Child Protection plan", "child_protection"),
        ("CPP", "child_protection"),
        ("CP Ext", "child_protection"),
        ("CiN Plan", "child_in_need"),
        ("Open case", "child_in_need"),
        ("", "child_in_need"),
        ("Open asmt", "assessment"),
        ("CF Assessment in progress", "assessment"),
        ("d", "assessment"),
        ("Referral", "referral"),
    ],
)
def test_list_6_status_decides_the_category(status: str, category: str) -> None:
    [case] = only_row(6, changed(6, Status=status)).cases
    assert case.category == category


@pytest.mark.parametrize(
    ("number", "cells", "column", "value", "sentence"),
    [
        (3, {"Child": "#N/A"}, "Child Unique ID", "#N/A", "This row has no reference for the child."),
        (3, {"Referral NFA": "maybe"}, "Referral NFA?", "maybe", "“maybe” is neither yes nor no."),
        (
            3,
            {"Date_of_Referral": "31/02/2026"},
            "Date of Referral",
            "31/02/2026",
            "“31/02/2026” is not a date we can read.",
        ),
        (
            4,
            {"Start": "1 April 2026"},
            "Continuous Assessment Start Date",
            "1 April 2026",
            "1 April 2026 is after the day of the import, 31 March 2026.",
        ),
        (6, {"Status": "Pending"}, "Case Status", "Pending", "“Pending” is not a case status we know."),
        (
            8,
            {"Ceased": "x" * 200},
            "Date Ceased to be Looked After",
            "x" * 80,
            f"“{'x' * 80}” is not a date we can read.",
        ),
        (
            9,
            {"Child": "1.2E+12"},
            "Child Unique ID",
            "1.2E+12",
            "“1.2E+12” is a long number that a spreadsheet has shortened; format the column as text.",
        ),
        (9, {"Child": "9" * 81}, "Child Unique ID", "", "This reference is longer than 80 characters."),
        (9, {"Allocated_Team": "T" * 201}, "Allocated Team", "T" * 80, "This name is longer than 200 characters."),
    ],
)
def test_a_row_that_cannot_be_judged_is_set_aside(
    number: int, cells: dict[str, str], column: str, value: str, sentence: str
) -> None:
    intake = only_row(number, changed(number, **cells))
    assert intake.counts == Counts(rows=1, quarantined=1)
    [problem] = intake.problems
    assert (problem.sheet, problem.row) == (f"List {number}", 2)
    assert (problem.column, problem.value, problem.sentence) == (column, value, sentence)


def test_a_remark_below_the_list_is_set_aside() -> None:
    intake = annex_a(a_list(7, OPEN[7], ("Total: 1 child",)))
    assert intake.counts == Counts(rows=2, cases=1, quarantined=1, workers=1, teams=1)
    assert intake.problems[0].sentence == "This row holds a single value and no case."
    assert intake.problems[0].value == ""


def test_quarantine_comes_before_closure() -> None:
    row = changed(7, Start="nonsense", End="2026-01-31")
    assert state(only_row(7, row)) == "quarantined"


def test_blank_rows_are_not_rows() -> None:
    intake = annex_a(table("List 7", [HEADINGS[7], OPEN[7], ("", "", "", "", ""), (" ", "-", "#N/A"), OPEN[7]]))
    assert intake.counts.rows == 2
    assert intake.counts.merged == 1


def test_one_child_on_every_list_is_one_case_at_the_highest_status() -> None:
    intake = annex_a(*(a_list(number, OPEN[number]) for number in OPEN))
    assert intake.counts == Counts(rows=7, cases=1, merged=6, workers=1, teams=1)
    assert intake.cases[0].category == "looked_after"
    assert intake.cases[0].source.sheet == "List 8"


@pytest.mark.parametrize(
    ("higher", "lower"), [(8, 7), (7, 9), (9, 5), (5, 6), (6, 4), (4, 3)], ids=lambda number: CATEGORIES[number]
)
def test_higher_status_wins(higher: int, lower: int) -> None:
    intake = annex_a(a_list(lower, OPEN[lower]), a_list(higher, OPEN[higher]))
    assert [case.category for case in intake.cases] == [CATEGORIES[higher]]


def test_the_statuss_own_list_wins_a_tie_with_list_6() -> None:
    six = changed(6, Status="a) Looked after child", Worker="Bo Busy")
    intake = annex_a(a_list(6, six), a_list(8, OPEN[8]))
    assert intake.cases[0].source.sheet == "List 8"
    assert intake.cases[0].holdings[0].worker == "Ann Able"


def test_list_6_wins_when_its_status_is_higher_than_any_other_list() -> None:
    six = changed(6, Status="a) Looked after child")
    intake = annex_a(a_list(6, six), a_list(7, OPEN[7]))
    assert intake.cases[0].category == "looked_after"


def test_of_two_rows_on_one_list_the_one_with_a_worker_then_the_later_counts() -> None:
    nobody = changed(7, Start="2026-03-01", Worker="")
    later = changed(7, Start="2026-02-01", Worker="Bo Busy")
    intake = annex_a(a_list(7, nobody, OPEN[7], later))
    assert intake.counts == Counts(rows=3, cases=1, merged=2, workers=1, teams=1)
    assert intake.cases[0].holdings[0].worker == "Bo Busy"
    assert intake.cases[0].opened_on == date(2026, 2, 1)


def test_a_start_is_borrowed_from_the_childs_other_open_rows() -> None:
    intake = annex_a(a_list(9, OPEN[9]), a_list(6, OPEN[6]), a_list(3, OPEN[3]))
    assert intake.cases[0].category == "care_leaver"
    assert intake.cases[0].opened_on == date(2026, 1, 3)


def test_cases_without_any_start_are_counted_in_a_note() -> None:
    intake = only_row(9, OPEN[9])
    assert intake.cases[0].opened_on is None
    assert any("without a start date" in note and note.endswith(" 1.") for note in intake.notes)


def test_references_written_as_numbers_and_text_are_one_child() -> None:
    intake = annex_a(a_list(7, OPEN[7]), a_list(6, changed(6, Child=" 1.0 ")))
    assert intake.counts.cases == 1


@pytest.mark.parametrize("worker", ["#N/A", "", "Unallocated", "Unknown", "-", "Team A", "team  a", "Duty Tray"])
def test_nobody_in_the_workers_column_means_unallocated(worker: str) -> None:
    intake = only_row(7, changed(7, Worker=worker))
    assert intake.cases[0].holdings == ()
    assert intake.counts == Counts(rows=1, cases=1, unallocated=1, teams=1)


def test_no_team_is_a_place_of_its_own_and_no_team() -> None:
    intake = only_row(7, changed(7, Team="#N/A", Worker="#N/A"))
    assert intake.cases[0].team == "No team recorded"
    assert intake.counts.teams == 0


def test_a_personal_adviser_is_not_the_worker() -> None:
    intake = only_row(9, changed(9, Worker=""))
    assert intake.counts.unallocated == 1
    assert any("personal adviser but no allocated worker" in note for note in intake.notes)


def test_one_worker_spelt_two_ways_in_two_teams_is_one_worker() -> None:
    rows = (
        changed(7, Child="1", Worker="Ann\u00a0Able"),
        changed(7, Child="2", Worker="ABLE, Ann (Agency)", Team="Team B"),
        changed(7, Child="3", Worker="Ann  Able", Team="TEAM A"),
    )
    intake = annex_a(a_list(7, *rows))
    assert (intake.counts.workers, intake.counts.teams) == (1, 2)
    assert {holding.worker for case in intake.cases for holding in case.holdings} == {"Ann Able"}
    assert {case.team for case in intake.cases} == {"TEAM A", "Team B"}


def test_a_child_only_on_closed_rows_is_a_closure_on_the_last_day() -> None:
    first, last = changed(7, End="2026-01-31"), changed(7, End="2026-02-28")
    intake = annex_a(a_list(7, first, last))
    [closure] = intake.closures
    assert (closure.reference, closure.closed_on) == ("1", date(2026, 2, 28))
    assert intake.counts == Counts(rows=2, closed=2)


def test_a_closed_row_closes_nothing_while_another_row_is_open_or_set_aside() -> None:
    closed = changed(7, End="2026-01-31")
    assert annex_a(a_list(7, closed), a_list(3, OPEN[3])).closures == ()
    assert annex_a(a_list(7, closed), a_list(3, changed(3, NFA="maybe"))).closures == ()


def test_a_closure_without_a_day() -> None:
    [closure] = only_row(3, changed(3, NFA="Yes")).closures
    assert closure.closed_on is None


def test_references_can_be_kept_as_keyed_hashes() -> None:
    closed = changed(7, Child="2", End="2026-01-31")
    intake = annex_a(a_list(7, OPEN[7], closed), secret="a key")
    kept = [intake.cases[0].reference, intake.closures[0].reference]
    assert [len(reference) for reference in kept] == [20, 20]
    assert kept != [case.reference for case in annex_a(a_list(7, OPEN[7], closed), secret="another").cases]


def test_dates_of_birth_are_kept_nowhere() -> None:
    intake = only_row(3, changed(3, Date_of_Birth="2011-05-06"))
    assert "2011" not in repr(intake)


def test_a_sheet_without_a_needed_column_is_set_aside_whole_and_says_so() -> None:
    rows = [(row[0], row[1], *row[3:]) for row in (HEADINGS[7], OPEN[7], changed(7, Child="2"))]
    intake = annex_a(table("List 7", rows))
    assert intake.counts == Counts(rows=2, quarantined=2)
    assert intake.problems[1].sentence == "This sheet has no column for the date it ended."
    assert "Sheet “List 7” has no column for the date it ended: its 2 rows were set aside." in intake.notes


def test_a_sheet_without_team_and_worker_says_so() -> None:
    intake = annex_a(table("List 7", [HEADINGS[7][:3], OPEN[7][:3]]))
    assert intake.counts.unallocated == 1
    assert "Sheet “List 7” has no column for the team or the worker." in intake.notes


def test_missing_lists_are_named() -> None:
    intake = annex_a(*(a_list(number, OPEN[number]) for number in OPEN if number != 5))
    assert "The workbook has no list 5 (section 47 enquiries)." in intake.notes


def test_a_workbook_without_lists_is_refused() -> None:
    with pytest.raises(Refused, match="no sheet that looks like one of Annex A lists 3 to 9"):
        read_annex_a([table("Sheet1", [("a", "b"), ("1", "2")])], name="other.xlsx", as_of=AS_OF)
