"""A Standard Safeguarding Dataset extract: whose case is open, who holds it, and what the dataset cannot tell."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from caseloads.intake.mapping import NOTHING_SAID, Mapped
from caseloads.intake.records import Counts, Holding, Intake, Refused, Table
from caseloads.intake.ssd import read_ssd, role_of
from caseloads.intake.ssd_staff import stage_in_title
from caseloads.intake.ssd_tables import COLUMNS, table_of
from tests.unit.caseloads.intake.books import AS_OF, table

PEOPLE = (
    ("1", "Able, Ann", "S-1", "SW100001", "Senior Social Worker", "T1", "0.5", "N"),
    ("2", "Bo Busy", "S-2", "", "Social Worker", "T2", "1", "Y"),
    ("3", "Cy Chair", "", "", "Independent Reviewing Officer", "T2", "", "PLACEHOLDER_DATA"),
    ("4", "Duty Team North", "", "", "", "", "", ""),
)
TEAMS = (("T1", "North"), ("T2", "South"))


def ssd(name: str, *rows: Sequence[str]) -> Table:
    return table(name, [COLUMNS[name], *rows])


def involvement(
    child: str = "100",
    who: str = "1",
    *,
    role: str = "Allocated Case Worker",
    team: str = "T1",
    start: str = "2026-01-05",
    end: str = "",
    referral: str = "",
) -> tuple[str, ...]:
    return (child, who, role, team, start, end, referral)


def extract(*rows: Sequence[str], more: Sequence[Table] = (), **options: object) -> Intake:
    tables = [ssd("ssd_involvements", *rows), ssd("ssd_professionals", *PEOPLE), ssd("ssd_department", *TEAMS), *more]
    return read(tables, **options)


def read(tables: Sequence[Table], *, mapped: Mapped = NOTHING_SAID, secret: str = "") -> Intake:
    return read_ssd(tables, name="extract", as_of=AS_OF, full_time_hours=Decimal(37), secret=secret, mapped=mapped)


def test_an_open_involvement_makes_a_case_held_by_its_worker() -> None:
    intake = extract(involvement(), more=[ssd("ssd_cin_plans", ("100", "2026-01-20", ""))])
    [case] = intake.cases
    assert (case.reference, case.category, case.team) == ("100", "child_in_need", "North")
    assert (case.opened_on, case.family_reference, case.factors) == (date(2026, 1, 5), "", ())
    assert case.holdings == (Holding("North", "Ann Able", "LEAD", 100, "S-1"),)
    assert intake.counts == Counts(rows=1, cases=1, workers=1, teams=1)


def test_the_holders_are_the_staff_with_what_the_dataset_says_of_them() -> None:
    intake = extract(involvement(), involvement("200", "2", team="T2"), involvement("300", "3", role="IRO", team="T2"))
    ann, bo = intake.staff
    assert (ann.worker, ann.staff_reference, ann.team, ann.weekly_hours) == (
        "Ann Able",
        "S-1",
        "North",
        Decimal("18.50"),
    )
    assert (ann.career_stage, ann.registered, ann.agency, ann.case_holding) == ("EXPERIENCED", True, False, None)
    assert (bo.worker, bo.weekly_hours) == ("Bo Busy", Decimal("37.00"))
    assert (bo.career_stage, bo.registered, bo.agency) == ("", None, True)


def test_co_workers_share_and_others_do_not_hold() -> None:
    intake = extract(
        involvement(role="Allocated Case Worker"),
        involvement(who="2", role="Co-worker", team="T2"),
        involvement(who="3", role="Independent Reviewing Officer", team="T2"),
    )
    [case] = intake.cases
    assert [(held.worker, held.role, held.share, held.team) for held in case.holdings] == [
        ("Ann Able", "LEAD", 50, "North"),
        ("Bo Busy", "CO_WORKER", 50, "South"),
    ]
    assert intake.counts == Counts(rows=3, cases=1, merged=2, workers=2, teams=2)


def test_of_several_lead_workers_the_latest_leads_and_it_is_said() -> None:
    intake = extract(involvement(start="2025-01-01"), involvement(who="2", team="T2", start="2026-02-01"))
    [case] = intake.cases
    assert [held.worker for held in case.holdings] == ["Bo Busy"]
    assert "Cases with several open lead workers, of whom the latest is taken: 1." in intake.notes


def test_a_case_whose_people_do_not_hold_it_is_unallocated() -> None:
    intake = extract(
        involvement(who="3", role="IRO"),
        involvement("200", "4"),
        involvement("300", ""),
        involvement("400", "2", role=""),
    )
    assert {case.reference: [held.worker for held in case.holdings] for case in intake.cases} == {
        "100": [],
        "200": [],
        "300": [],
        "400": ["Bo Busy"],
    }
    assert intake.counts.unallocated == 3


def test_a_role_we_do_not_know_holds_nothing_until_somebody_says_what_it_is() -> None:
    rows = [involvement(role="Role 17")]
    intake = extract(*rows)
    assert intake.cases[0].holdings == ()
    assert "Roles that we do not know, whose people do not hold the case: “Role 17” (1)." in intake.notes
    told = NOTHING_SAID.with_more({}, {"role": {"ROLE 17": "LEAD"}})
    assert extract(*rows, mapped=told).cases[0].holdings[0].worker == "Ann Able"
    aside = NOTHING_SAID.with_more({}, {"role": {"Role 17": "-"}})
    assert extract(*rows, mapped=aside).cases[0].holdings == ()


def test_an_ended_involvement_closes_only_where_nothing_is_open() -> None:
    plans = ssd(
        "ssd_cin_plans", ("300", "2026-01-01", ""), ("900", "2026-01-01", ""), ("200", "2025-01-01", "2026-03-01")
    )
    intake = extract(
        involvement(end="2026-01-31"),
        involvement(who="2"),
        involvement("200", end="2026-02-10"),
        involvement("200", "2", end="2026-02-28"),
        involvement("300", end="2026-02-28"),
        involvement("400", end="2026-12-31"),
        more=[plans],
    )
    assert [(gone.reference, gone.closed_on) for gone in intake.closures] == [("200", date(2026, 2, 28))]
    assert intake.counts == Counts(rows=6, cases=2, closed=4, workers=2, teams=1)
    assert intake.notes[-2:] == (
        "Children with an open plan or episode whose involvements have all ended; left as they are: 1.",
        "Children with an open plan or episode and no involvement at all, who are not imported: 1.",
    )


def test_the_highest_open_category_counts() -> None:
    intake = extract(
        *(involvement(str(child)) for child in range(100, 800, 100)),
        more=[
            ssd("ssd_cin_plans", ("100", "", ""), ("200", "", ""), ("700", "2027-01-01", "")),
            ssd("ssd_cp_plans", ("200", "2026-01-01", ""), ("300", "2026-01-01", "2026-02-01")),
            ssd("ssd_cla_episodes", ("200", "2026-01-01", "2026-01-15"), ("400", "2026-01-01", "")),
            ssd("ssd_care_leavers", ("500", "Relevant"), ("600", "No Current Eligibility")),
            ssd("ssd_s47_enquiry", ("300", "2026-03-01", "")),
            ssd("ssd_cin_assessments", ("100", "2026-01-01", "")),
        ],
    )
    assert [case.category for case in intake.cases] == [
        "child_in_need", "child_protection", "section_47", "looked_after", "care_leaver", "", "",
    ]  # fmt: skip
    assert "Cases without a category, which stay unrated: 2." in intake.notes


def test_families_are_taken_where_the_extract_has_them() -> None:
    intake = extract(
        involvement(), involvement("200.0"), more=[ssd("ssd_family", ("100", "F1"), ("200", "F1"), ("", "F2"))]
    )
    assert [case.family_reference for case in intake.cases] == ["F1", "F1"]
    assert [problem.sentence for problem in intake.staff_problems] == ["This row has no reference for the child."]


def test_a_case_begins_with_its_referral() -> None:
    intake = extract(
        involvement(start="2026-03-01", referral="R2"),
        involvement(who="2", start="2026-02-01", end="2026-03-01", referral="R2"),
        involvement(who="2", start="2024-01-01", end="2024-03-01", referral="R1"),
        involvement("200", start=""),
    )
    assert [case.opened_on for case in intake.cases] == [date(2026, 2, 1), None]


def test_rows_that_cannot_be_used_are_set_aside_with_a_reason() -> None:
    intake = extract(
        involvement(""),
        involvement("200", who="99"),
        involvement("300", start="soon"),
        involvement("400", start="2026-03-01", end="2026-02-01"),
        involvement("500", start="2027-01-01"),
        ("Total: 12", "", "", "", "", "", ""),
        involvement("200", end="2026-01-31"),
    )
    assert [problem.sentence for problem in intake.problems] == [
        "This row has no reference for the child.",
        "This professional has no name in ssd_professionals, so nobody can be given the case.",
        "“soon” is not a date we can read.",
        "This involvement ended before it started.",
        "1 January 2027 is after the day of the import, 31 March 2026.",
        "This row holds a single value and no case.",
    ]
    assert intake.problems[-1].value == ""
    assert intake.counts == Counts(rows=7, closed=1, quarantined=6)
    assert intake.closures == ()


def test_rows_of_the_other_tables_that_cannot_be_used_are_told_of() -> None:
    tables = [
        ssd("ssd_involvements", involvement()),
        ssd("ssd_professionals", (*PEOPLE[0][:6], "37", "N"), ("", *PEOPLE[1][1:]), ("1E+11", *PEOPLE[1][1:])),
        ssd("ssd_cin_plans", ("100", "soon", "")),
    ]
    intake = read(tables)
    assert [(problem.sheet, problem.sentence) for problem in intake.staff_problems] == [
        ("ssd_professionals", "“37” is not a full-time equivalent between 0 and 1, so the hours are not known."),
        ("ssd_professionals", "This row has no reference for the professional."),
        ("ssd_professionals", "“1E+11” is a long number that a spreadsheet has shortened; format the column as text."),
        ("ssd_cin_plans", "“soon” is not a date we can read."),
    ]
    assert intake.staff[0].weekly_hours is None


def test_teams_without_a_department_table_are_called_what_the_involvements_call_them() -> None:
    tables = [ssd("ssd_involvements", involvement(team="West Team"), involvement("200", team=""))]
    people = ssd("ssd_professionals", (*PEOPLE[0][:5], "", "", ""))
    intake = read([*tables, people])
    assert [case.team for case in intake.cases] == ["West Team", "No team recorded"]
    assert intake.staff == ()
    assert intake.notes[0] == "There is no table ssd_department: teams are called what the involvements call them."


def test_a_department_without_a_name_or_number_names_nothing() -> None:
    tables = [
        ssd("ssd_involvements", involvement(team="T9")),
        ssd("ssd_professionals", *PEOPLE),
        ssd("ssd_department", ("T9", ""), ("", "East")),
    ]
    assert read(tables).cases[0].team == "T9"


def test_references_become_hashes() -> None:
    family = ssd("ssd_family", ("100", "F1"))
    intake = extract(involvement(), involvement("200", end="2026-01-31"), more=[family], secret="a key")
    [case], [gone] = intake.cases, intake.closures
    assert len(case.reference) == len(case.family_reference) == len(gone.reference) == 20


def test_the_same_worker_twice_holds_once() -> None:
    intake = extract(involvement(), involvement(role="Co-worker"), involvement(who="2", role="Joint worker"))
    assert [held.worker for held in intake.cases[0].holdings] == ["Ann Able", "Bo Busy"]


# Finding the tables


@pytest.mark.parametrize(
    ("name", "headings", "found"),
    [
        ("ssd_involvements_2026-03", ("a",), "ssd_involvements"),
        ("Involvements", ("a",), "ssd_involvements"),
        ("SSD CIN Plans", ("a",), "ssd_cin_plans"),
        ("export 7", COLUMNS["ssd_professionals"], "ssd_professionals"),
        ("export 8", ("dept_team_id", "dept_team_name", "x"), "ssd_department"),
        ("ssd_person", ("pers_person_id", "pers_forename"), None),
    ],
)
def test_a_table_is_known_by_its_name_or_its_headings(name: str, headings: tuple[str, ...], found: str | None) -> None:
    assert table_of(table(name, [headings])) == found


def test_columns_may_lack_the_letters_of_their_table_or_be_said_by_somebody() -> None:
    tables = [
        table(
            "involvements",
            [("x",), ("person_id", "professional_id", "Till", "involvement_start_date"), ("100", "1", "", "")],
        ),
        ssd("ssd_professionals", *PEOPLE),
    ]
    with pytest.raises(Refused, match="Table ssd_involvements has no column “invo_involvement_end_date”"):
        read(tables)
    said = NOTHING_SAID.with_more({"ssd_involvements": {"invo_involvement_end_date": "TILL"}}, {})
    assert read(tables, mapped=said).counts.cases == 1


def test_two_files_of_one_table_are_read_one_after_another() -> None:
    columns = COLUMNS["ssd_involvements"]
    back = table(
        "ssd_involvements (2)", [tuple(reversed(columns[:-1])), tuple(reversed(involvement("200")[:-1])), ("",)]
    )
    intake = extract(involvement(), more=[back])
    assert sorted(case.reference for case in intake.cases) == ["100", "200"]
    assert all(case.holdings for case in intake.cases)


def test_an_extract_without_its_tables_is_refused_with_what_to_do() -> None:
    with pytest.raises(Refused, match="“extract” has no table ssd_professionals of the Standard Safeguarding Dataset"):
        read([ssd("ssd_involvements", involvement())])
    with pytest.raises(Refused, match="no table ssd_involvements and no table ssd_professionals"):
        read([table("a", []), table("ssd_person", [("pers_person_id",)])])
    with pytest.raises(Refused, match="Table ssd_involvements has no column"):
        read([Table("ssd_involvements", ()), ssd("ssd_professionals", *PEOPLE)])


# Words


@pytest.mark.parametrize(
    ("text", "role"),
    [
        ("", ""),
        ("Allocated Social Worker", "LEAD"),
        ("CASE WORKER", "LEAD"),
        ("Lead professional", "LEAD"),
        ("Co-Worker", "CO_WORKER"),
        ("Secondary worker", "CO_WORKER"),
        ("IRO", "OTHER"),
        ("Team Manager", "OTHER"),
        ("Supervising Social Worker", "OTHER"),
        ("Health Visitor", "OTHER"),
        ("R17", None),
    ],
)
def test_roles(text: str, role: str | None) -> None:
    assert role_of(text) == role


@pytest.mark.parametrize(
    ("title", "stage"),
    [
        ("Social Worker", ""),
        ("Newly Qualified Social Worker (ASYE)", "NEWLY_QUALIFIED"),
        ("Advanced Practitioner", "EXPERIENCED"),
        ("Student Social Worker", "STUDENT"),
        ("Social Work Assistant", "UNQUALIFIED"),
        ("", ""),
    ],
)
def test_titles(title: str, stage: str) -> None:
    assert stage_in_title(title) == stage


ROWS = st.lists(
    st.tuples(
        st.sampled_from(["", "1", "2", "3", "#N/A"]),
        st.sampled_from(["", "1", "2", "3", "4", "99"]),
        st.sampled_from(["", "Allocated worker", "Co-worker", "IRO", "R17"]),
        st.sampled_from(["T1", "T2", "", "Elsewhere"]),
        st.sampled_from(["", "2026-01-01", "2025-01-01", "2027-01-01", "soon"]),
        st.sampled_from(["", "2026-02-01", "2024-01-01", "2027-01-01"]),
        st.sampled_from(["", "R1"]),
    ),
    max_size=8,
)


@given(ROWS, st.randoms(use_true_random=False))
def test_every_row_is_accounted_for_in_any_order(rows: list[tuple[str, ...]], chance: object) -> None:
    there, back = extract(*rows), extract(*sorted(rows, key=lambda _: chance.random()))  # type: ignore[attr-defined]
    counts = there.counts
    assert counts.rows == counts.cases + counts.merged + counts.closed + counts.quarantined
    assert len(there.problems) == counts.quarantined
    assert there.counts == back.counts
    assert {case.reference: case.holdings for case in there.cases} == {
        case.reference: case.holdings for case in back.cases
    }
