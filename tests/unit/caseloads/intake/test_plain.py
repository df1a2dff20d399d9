import csv
import io
from datetime import date

import pytest

from caseloads.intake.columns import CASE_COLUMNS, STAFF_COLUMNS
from caseloads.intake.plain import read_plain
from caseloads.intake.problems import problems_csv
from caseloads.intake.reading import read_tables
from caseloads.intake.records import Counts, Holding, Refused
from caseloads.intake.staff import read_staff
from caseloads.intake.templates import template_csv
from caseloads.intake.words import Words
from tests.unit.caseloads.intake.books import AS_OF, OPEN, a_list, plain, table

HEADINGS = (
    "case_reference", "family_reference", "category", "factors", "opened_on", "closed_on", "team", "worker", "role",
    "share", "rated_on",
)  # fmt: skip


def row(reference: str = "C1", **cells: str) -> tuple[str, ...]:
    usual = {"case_reference": reference, "opened_on": "2026-01-02", "team": "North", "worker": "Ann Able"} | cells
    return tuple(usual.get(heading, "") for heading in HEADINGS)


def test_a_full_row_is_a_case() -> None:
    intake = plain(
        HEADINGS,
        row(
            family_reference="F 1",
            category="Child protection",
            factors="long_travel; Further child x 2",
            share="60 %",
            role="Lead",
            rated_on="09/01/2026",
        ),
    )
    [case] = intake.cases
    assert (case.reference, case.family_reference, case.category) == ("C1", "F 1", "child_protection")
    assert case.factors == (("further_child", 2), ("long_travel", 1))
    assert (case.opened_on, case.rated_on, case.team) == (date(2026, 1, 2), date(2026, 1, 9), "North")
    assert case.holdings == (Holding("North", "Ann Able", "LEAD", 60),)
    assert intake.counts == Counts(rows=1, cases=1, workers=1, teams=1)


def test_a_row_with_only_a_reference_is_an_unallocated_case_without_dates() -> None:
    intake = plain(("Child ID",), ("7.0",))
    assert intake.cases[0].reference == "7"
    assert intake.cases[0].opened_on is None
    assert intake.cases[0].team == "No team recorded"
    assert intake.counts == Counts(rows=1, cases=1, unallocated=1)


def test_other_names_of_columns_are_understood_and_own_names_win() -> None:
    intake = plain(("Social Worker", "Team Name", "Case ID", "Start Date"), ("Ann Able", "North", "C1", "1/2/26"))
    assert intake.cases[0].holdings[0].worker == "Ann Able"
    assert intake.cases[0].opened_on == date(2026, 2, 1)
    own = plain(("id", "case_reference"), ("9", "C1"))
    assert own.cases[0].reference == "C1"


def test_headings_may_stand_below_a_title_and_on_another_sheet() -> None:
    tables = [table("Notes", [("hello",)]), table("Cases", [("Caseload",), HEADINGS, row()])]
    assert read_plain(tables, name="c.xlsx", as_of=AS_OF).counts.cases == 1


def test_a_file_without_a_reference_column_is_refused() -> None:
    with pytest.raises(Refused, match="no row of headings with “case_reference”"):
        plain(("name", "team"), ("x", "y"))


def test_an_annex_a_workbook_is_not_taken_for_a_plain_list() -> None:
    with pytest.raises(Refused, match="looks like an Annex A workbook"):
        read_plain([a_list(number, OPEN[number]) for number in OPEN], name="a.xlsx", as_of=AS_OF)


def test_several_rows_of_a_reference_are_workers_who_share_it() -> None:
    intake = plain(
        HEADINGS,
        row(role="co-worker", share="40", category="ignored"),
        row(worker="Bo Busy", team="South", role="lead", share="60", category="looked after"),
        row(worker="able, ann"),
    )
    [case] = intake.cases
    assert case.category == "looked_after"
    assert case.team == "South"
    assert case.holdings == (
        Holding("North", "Ann Able", "CO_WORKER", 40),
        Holding("South", "Bo Busy", "LEAD", 60),
    )
    assert intake.counts == Counts(rows=3, cases=1, merged=2, workers=2, teams=2)


def test_without_a_role_the_first_worker_leads() -> None:
    [case] = plain(HEADINGS, row(worker=""), row(worker="Bo Busy"), row(worker="Cy Calm")).cases
    assert [(holding.worker, holding.role, holding.share) for holding in case.holdings] == [
        ("Bo Busy", "LEAD", 50),
        ("Cy Calm", "CO_WORKER", 50),
    ]


def test_only_one_of_two_leads_leads() -> None:
    [case] = plain(HEADINGS, row(role="lead"), row(worker="Bo Busy", role="lead")).cases
    assert [holding.role for holding in case.holdings] == ["LEAD", "CO_WORKER"]


def test_shares_that_leave_no_room_set_all_rows_of_the_case_aside() -> None:
    rows = (row(share="70"), row("C2"), row(worker="Bo Busy", share="50"), row(closed_on="2026-01-05"))
    intake = plain(HEADINGS, *rows)
    assert intake.counts == Counts(rows=4, cases=1, closed=1, quarantined=2, workers=1, teams=1)
    assert [problem.row for problem in intake.problems] == [2, 4]
    assert intake.problems[0].sentence == "The shares of this case add up to 120 %, more than the 100 % it has."
    assert intake.closures == ()
    shared = plain(HEADINGS, *rows, words=Words(most_shared=120))
    assert [holding.share for holding in shared.cases[0].holdings] == [70, 50]


def test_a_whole_share_leaves_nothing_for_another_worker() -> None:
    intake = plain(HEADINGS, row(share="100"), row(worker="Bo Busy"))
    assert intake.counts.quarantined == 2
    assert intake.problems[0].sentence == "The shares of this case leave nothing for the workers without one."


@pytest.mark.parametrize("closed_on", ["2026-03-31", "01/02/2026"])
def test_a_row_closed_by_the_day_is_a_closure(closed_on: str) -> None:
    intake = plain(HEADINGS, row(closed_on=closed_on))
    assert intake.counts == Counts(rows=1, closed=1)
    assert [closure.reference for closure in intake.closures] == ["C1"]


def test_a_row_that_closes_later_is_open() -> None:
    assert plain(HEADINGS, row(closed_on="2026-04-01")).counts.cases == 1


def test_a_closed_row_beside_an_open_one_closes_nothing() -> None:
    intake = plain(HEADINGS, row(closed_on="2026-02-01"), row(worker="Bo Busy"))
    assert intake.counts == Counts(rows=2, cases=1, closed=1, workers=1, teams=1)
    assert intake.closures == ()


@pytest.mark.parametrize(
    ("cells", "column", "sentence"),
    [
        ({"case_reference": "-"}, "case_reference", "This row has no reference for the case."),
        ({"opened_on": "32/01/2026"}, "opened_on", "“32/01/2026” is not a date we can read."),
        (
            {"opened_on": "2026-04-01"},
            "opened_on",
            "1 April 2026 is after the day of the import, 31 March 2026.",
        ),
        ({"closed_on": "2026-01-01"}, "closed_on", "This case was closed before it was opened."),
        ({"role": "boss"}, "role", "“boss” is neither “lead” nor “co-worker”."),
        ({"share": "0"}, "share", "“0” is not a share between 1 and 100 percent."),
        ({"share": "half"}, "share", "“half” is not a share between 1 and 100 percent."),
        ({"category": "x" * 61}, "category", f"“{'x' * 60}” cannot be the code of a category."),
        ({"factors": "räger"}, "factors", ""),
        ({"factors": "東京"}, "factors", "“東京” cannot be the code of a factor."),
    ],
)
def test_a_row_that_cannot_be_used_is_set_aside(cells: dict[str, str], column: str, sentence: str) -> None:
    intake = plain(HEADINGS, row(**cells))
    if not sentence:
        assert intake.counts.cases == 1
        return
    assert intake.counts == Counts(rows=1, quarantined=1)
    [problem] = intake.problems
    assert (problem.sheet, problem.row, problem.column, problem.sentence) == ("cases", 2, column, sentence)


def test_words_of_the_scheme_are_matched_by_code_and_name() -> None:
    words = Words(
        categories={"cp": "cp", "child_protection": "cp"}, factors={"travel": "travel", "long_travel": "travel"}
    )
    intake = plain(
        HEADINGS,
        row("C1", category="Child protection", factors="Long travel (3); travel"),
        row("C2", category="CP", factors="travel x 0"),
        row("C3", category="other"),
        row("C4", factors="other"),
        words=words,
    )
    assert [(case.category, case.factors) for case in intake.cases] == [("cp", (("travel", 4),)), ("cp", ())]
    assert [problem.sentence for problem in intake.problems] == [
        "“other” is not a category of the weighting scheme (cp).",
        "“other” is not a factor of the weighting scheme (travel).",
    ]


def test_spreadsheet_shares_and_trays_are_understood() -> None:
    intake = plain(HEADINGS, row(share="0.5"), row("C2", worker="NORTH"), row("C3", worker="Duty tray"))
    assert intake.cases[0].holdings[0].share == 50
    assert intake.counts.unallocated == 2


def test_references_can_be_kept_as_keyed_hashes() -> None:
    intake = plain(HEADINGS, row(family_reference="F1"), row("C2", closed_on="2026-01-05"), secret="a key")
    kept = {intake.cases[0].reference, intake.cases[0].family_reference, intake.closures[0].reference}
    assert {len(reference) for reference in kept} == {20}
    assert len(kept) == 3


# Templates and the list of problems


@pytest.mark.parametrize(("kind", "columns"), [("cases", CASE_COLUMNS), ("staff", STAFF_COLUMNS)])
def test_a_template_names_every_column_and_can_be_read_back(kind: str, columns: dict[str, tuple[str, ...]]) -> None:
    data = template_csv(kind).encode("utf-8-sig")
    [sheet] = read_tables(io.BytesIO(data), name=f"{kind}.csv")
    assert sheet.rows[0].cells == tuple(columns)


def test_the_templates_rows_are_good() -> None:
    cases = read_plain(
        read_tables(io.BytesIO(template_csv("cases").encode()), name="cases.csv"), name="cases.csv", as_of=AS_OF
    )
    assert cases.counts == Counts(rows=2, cases=1, merged=1, workers=2, teams=1)
    staff, problems = read_staff(
        read_tables(io.BytesIO(template_csv("staff").encode()), name="staff.csv"), name="staff.csv"
    )
    assert len(staff) == 1
    assert problems == ()


def test_problems_are_written_without_formulas() -> None:
    text = problems_csv(
        [{"sheet": "List 3", "row": 2, "column": "Team", "value": '=HYPERLINK("x")', "reason": "-no, really"}]
    )
    assert list(csv.reader(io.StringIO(text))) == [
        ["sheet", "row", "column", "value", "reason"],
        ["List 3", "2", "Team", '\'=HYPERLINK("x")', "'-no, really"],
    ]
