import io
import time

import pytest

from caseloads.intake.annex_a import read_annex_a
from caseloads.intake.layout import recognise
from caseloads.intake.reading import read_tables
from caseloads.intake.records import Counts
from tests.unit.caseloads.intake.books import AS_OF, HEADINGS, OPEN, table, workbook

# An older layout: other sheet names, title rows, other words for the same columns, other order.
OLDER = {
    "Front page": [("Annex A",), ("Produced 31 March 2026",)],
    "1. Contacts": [
        ("Child ID", "Date of contact", "Contact source", "Team", "Worker"),
        ("9", "2026-03-01", "Police", "T", "W"),
    ],
    "2. Early Help": [
        ("Child ID", "Assessment start date", "Assessment completion date", "Organisation completing assessment"),
        ("9", "2026-03-01", "2026-03-09", "School"),
    ],
    "3. Referrals": [
        ("List 3: referrals in the 6 months to 31 March 2026",),
        (),
        ("Unique Child ID", "Gender", "Referral Date", "Referral Source", "Referral NFA", "Team", "Social Worker"),
        ("101", "F", "01/03/2026", "Police", "N", "Front Door Team", "Able, Ann"),
        ("102", "M", "02/03/2026", "School", "Y", "Front Door Team", "Able, Ann"),
    ],
    "Assessments (single)": [
        ("Child’s Unique  ID ", "Date assessment started", "Date of authorisation", "Allocated Case Worker", "TEAM"),
        ("101", "05/03/2026", "", "Ann Able", "Front Door Team"),
        ("103", "05/01/2026", "09/02/2026", "Ann Able", "Front Door Team"),
    ],
    "s47s": [
        ("List 5",),
        (
            "Client ID",
            "Date of strategy discussion",
            "ICPC not required (Y/N)",
            "ICPC outcome",
            "Team Name",
            "Worker Name",
        ),
        ("101", "06/03/2026", "", "", "Front Door Team", "Ann Able"),
    ],
    "CIN": [
        (
            "LA Child ID",
            "Child in need start date",
            "Date closed",
            "Closure reason",
            "Status",
            "Team",
            "Allocated Social Worker",
        ),
        ("101", "06/03/2026", "", "", "d) Open assessment", "Front Door Team", "Ann Able"),
        ("104", "06/03/2025", "06/03/2026", "RC7", "Closed", "Locality 1", "Bo Busy"),
        ("105", "06/03/2025", "", "", "CIN", "Locality 1", "Bo Busy"),
    ],
    "List_7 CP": [
        ("Child ID", "CPP start date", "Category of abuse", "CPP end date", "Team", "Allocated worker"),
        ("105", "06/02/2026", "Neglect", "", "Locality 1", "Busy, Bo"),
    ],
    "Sheet8": [
        (
            "Child identifier",
            "LAC start date",
            "Legal status",
            "Start date of current placement",
            "Date LAC ended",
            "Team",
            "SW",
        ),
        ("106", "06/02/2020", "C2", "06/02/2024", "", "CIC", "Cy Calm"),
        ("107", "06/02/2020", "C2", "06/02/2024", "28/02/2026", "CIC", "Cy Calm"),
    ],
    "Leaving care": [
        ("Person ID", "Eligibility", "Personal Adviser", "Allocated Worker", "Team", "Pathway plan review"),
        ("107", "Relevant", "Pat Adviser", "#N/A", "CIC", "01/01/2026"),
        ("", "", "", "", "", ""),
        ("", "Relevant", "Pat Adviser", "Cy Calm", "CIC", "01/01/2026"),
    ],
}


def test_an_older_layout_is_understood_with_every_row_accounted_for() -> None:
    tables = read_tables(io.BytesIO(workbook(OLDER)), name="older.xlsx")
    intake = read_annex_a(tables, name="older.xlsx", as_of=AS_OF)
    assert intake.counts == Counts(
        rows=13, cases=4, merged=4, closed=4, quarantined=1, unallocated=1, workers=3, teams=3
    )
    assert {case.reference: case.category for case in intake.cases} == {
        "101": "section_47",
        "105": "child_protection",
        "106": "looked_after",
        "107": "care_leaver",
    }
    assert [(problem.sheet, problem.row) for problem in intake.problems] == [("Leaving care", 4)]
    assert [note for note in intake.notes if "no column" in note or "no list" in note] == []


@pytest.mark.parametrize("number", sorted(OPEN))
@pytest.mark.parametrize(
    "title", ["List {n}", "list{n}", "LIST_0{n}", "{n}. Something", "{n} - Things", "L{n}", "Annex A - List {n} (Mar)"]
)
def test_sheets_are_found_by_number(number: int, title: str) -> None:
    sheet = recognise(table(title.format(n=number), [HEADINGS[number], OPEN[number]]))
    assert sheet is not None
    assert sheet.listing.number == number


@pytest.mark.parametrize("number", sorted(OPEN))
def test_sheets_are_found_by_their_headings_when_the_title_drifts(number: int) -> None:
    sheet = recognise(table("List 1", [HEADINGS[number], OPEN[number]]))
    assert sheet is not None
    assert sheet.listing.number == number


@pytest.mark.parametrize(
    ("title", "number"),
    [
        ("Referrals", 3),
        ("Assessments", 4),
        ("S47 enquiries", 5),
        ("Children in need", 6),
        ("Child protection", 7),
        ("Looked after", 8),
        ("Care leavers", 9),
    ],
)
def test_the_title_decides_where_headings_are_common_to_all(title: str, number: int) -> None:
    sheet = recognise(table(title, [("Child ID", "Start date", "End date", "Team", "Worker")]))
    assert sheet is not None
    assert sheet.listing.number == number


@pytest.mark.parametrize(
    "rows",
    [
        [],
        [("Child ID", "Worker")],
        [("Team", "Worker", "Hours"), ("T", "W", "37")],
        [("Child ID", "Date placed for adoption", "Date of placement order", "Team")],
        [("Individual adopter identifier", "Date stage 1 started", "Team")],
        [("Child ID", "Team", "Worker", "Shoe size")],
    ],
)
def test_other_sheets_carry_no_caseload(rows: list[tuple[str, ...]]) -> None:
    assert recognise(table("Sheet1", rows)) is None


def test_headings_may_stand_below_titles_but_not_far_below() -> None:
    titles = [(f"Title {number}",) for number in range(14)]
    assert recognise(table("List 7", [*titles, HEADINGS[7], OPEN[7]])) is not None
    assert recognise(table("List 7", [*titles, ("one more",), HEADINGS[7], OPEN[7]])) is None


@pytest.mark.parametrize(
    "heading",
    [
        "CHILD UNIQUE ID",
        " Child  Unique\u00a0ID",
        "Child’s Unique ID",
        "Unique Child ID",
        "Child ID",
        "Client ID",
        "ID",
    ],
)
def test_the_reference_is_found_under_many_headings(heading: str) -> None:
    sheet = recognise(table("List 7", [(heading, *HEADINGS[7][1:]), OPEN[7]]))
    assert sheet is not None
    assert sheet.columns["reference"] == 0


def test_absurd_headings_cost_no_time() -> None:
    absurd = table("List 7", [("date plan start end " * 1_600,) * 2_000 for _ in range(15)])
    begun = time.monotonic()
    recognise(absurd)
    seconds = time.monotonic() - begun
    assert seconds < 5


def test_a_childs_name_is_never_taken_for_the_reference() -> None:
    sheet = recognise(table("List 7", [("Child name", "Child name ID", *HEADINGS[7][1:])]))
    assert sheet is not None
    assert "reference" not in sheet.columns
    assert sheet.missing == "the child's reference"


SYNONYMS = {
    3: {"start": ["Referral date", "Received date"], "nfa": ["NFA (Y/N)", "Resulted in no further action?"]},
    4: {
        "start": ["Date Assessment Started", "C&F Assessment Start", "Start Date"],
        "authorised": ["Assessment Authorised Date", "Assessment completion date", "Completed date"],
    },
    5: {
        "start": ["S.47 start date", "Strategy Discussion Date", "Date of Section 47"],
        "unnecessary": ["ICPC not required", "Was ICPC deemed unnecessary (Y/N)"],
        "result": ["ICPC Outcome", "Did the ICPC result in a CP plan?"],
    },
    6: {
        "start": ["Date became CIN", "Case start date", "Date opened"],
        "ended": ["Date of closure", "CIN End Date", "Date case closed"],
        "reason": ["Closure Reason", "Reason closed"],
        "status": ["Status", "Current case status"],
    },
    7: {
        "start": ["CPP Start Date", "Date of Registration", "Date of CP plan"],
        "ended": ["Plan end date", "Date of de-registration", "CP Plan ceased date"],
    },
    8: {
        "start": ["Date became looked after", "LAC Start Date", "Date accommodated", "Date entered care"],
        "ended": ["Date ceased LAC", "CLA end date", "Date left care"],
    },
    9: {"adviser": ["Personal Adviser", "Allocated PA"]},
}
FOR_ALL = {
    "reference": ["PersonID", "Mosaic ID", "ID number", "Child Ref", "Case number", "LA Child ID", "URN"],
    "team": ["Team", "Team Name", "Responsible Team"],
    "worker": ["Social Worker", "Allocated Case Worker", "Key Worker", "SW", "Lead Practitioner", "Case Manager"],
}


@pytest.mark.parametrize("number", sorted(OPEN))
def test_columns_are_found_under_other_words(number: int) -> None:
    usual = recognise(table("Data", [HEADINGS[number], OPEN[number]]))
    assert usual is not None
    for column, words in (SYNONYMS[number] | FOR_ALL).items():
        for word in words:
            headings = list(HEADINGS[number])
            headings[usual.columns[column]] = word
            sheet = recognise(table(f"List {number}", [headings, OPEN[number]]))
            assert sheet is not None, word
            assert sheet.columns == usual.columns, word
