"""Rows of the workforce census, worked through by hand, under the element names of its schema."""

import re
from datetime import date, timedelta
from decimal import Decimal

import pytest

from reports.census import (
    HELPERS,
    REASONS,
    TO_ADD,
    VACANCY_ELEMENTS,
    WORKER_ELEMENTS,
    CensusRow,
    CensusWorker,
    census_rows,
    newest_year,
    vacancies,
)
from teams.supervision import Span
from teams.workforce import Away, Hours, Posts

D = Decimal
DAY = date(2026, 9, 30)
SWE = "SW0123456789"
# facts of the schema of the census, 2022: CSWWWorker in its order, LALevelVacancies, and the codes of absencetype
SCHEMA = (
    "AgencyWorker SWENo FTE PersonBirthDate GenderCurrent Ethnicity QualInst QualLevel StepUpGrad OrgRole "
    "RoleStartDate "
    "StartOrigin RoleEndDate LeaverDestination ReasonLeave FTE30 Cases30 WorkingDaysLost ContractWeeks FrontlineGrad "
    "Absat30Sept ReasonAbsence CFKSSstatus"
)
CODES = {"MAT", "OTH", "PUB", "SIC", "TRN", "UNA", "UNP"}
FORMS = {
    "AgencyWorker": r"[01]",
    "SWENo": r"[A-Za-z]{2}\d{10}",
    "FTE": r"[01]\.\d{6}",
    "FTE30": r"[01]\.\d{6}",
    "Cases30": r"\d+",
    "OrgRole": r"[1-6]",
    "RoleStartDate": r"\d{4}-\d\d-\d\d",
    "RoleEndDate": r"\d{4}-\d\d-\d\d",
    "WorkingDaysLost": r"\d+\.\d\d",
    "Absat30Sept": r"[01]",
    "ReasonAbsence": "|".join(CODES),
}


def works(fte: str | None = "1", begun: date = date(2024, 1, 1), ends_on: date | None = None) -> Hours:
    return Hours(1, None if fte is None else D(fte), Span(begun, ends_on))


def away(reason: str, begun: date, ends_on: date | None) -> Away:
    return Away(1, reason, Span(begun, ends_on))


def worker(*contracts: Hours, **changes: object) -> CensusWorker:
    fields: dict[str, object] = {"name": "Asha Test", "reference": SWE, "agency": False, "contracts": contracts}
    return CensusWorker(**(fields | changes))  # type: ignore[arg-type]


def rows(*workers: CensusWorker) -> list[CensusRow]:
    return census_rows(workers, year=2026, bank_holidays={date(2026, 5, 4)})


def the_row(*contracts: Hours, **changes: object) -> CensusRow:
    (row,) = rows(worker(*contracts, **changes))
    assert all(re.fullmatch(FORMS[name], text) for name, text in row.elements.items() if text), row.elements
    return row


def test_elements_are_those_of_the_schema_in_its_order() -> None:
    assert list(WORKER_ELEMENTS) == SCHEMA.split()
    assert VACANCY_ELEMENTS == ("NumberOfVacancies", "NoAgencyFTE", "NoAgencyHeadcount")
    assert set(REASONS.values()) <= CODES


def test_every_element_is_filled_or_said_to_be_added() -> None:
    assert set(FORMS) | set(TO_ADD) == set(WORKER_ELEMENTS)
    assert not set(FORMS) & set(TO_ADD)
    assert set(the_row(works()).elements) == set(FORMS)


def test_case_holder_who_was_there() -> None:
    sick = away("SICKNESS", date(2026, 5, 1), date(2026, 5, 6))  # Friday, bank holiday Monday, Tuesday
    row = the_row(works("0.8"), cases=14, absences=[sick])
    assert row.elements == {
        "AgencyWorker": "0",
        "SWENo": SWE,
        "FTE": "0.800000",
        "RoleStartDate": "2024-01-01",
        "RoleEndDate": "",
        "Absat30Sept": "0",
        "ReasonAbsence": "",
        "WorkingDaysLost": "1.60",
        "FTE30": "0.800000",
        "Cases30": "14",
        "OrgRole": "5",
    }
    assert (row.gaps, row.in_post) == ([], True)
    assert row.cells == [row.elements.get(name, "") for name in SCHEMA.split()] + [SWE, "Asha Test"]
    assert len(row.cells) == len(WORKER_ELEMENTS) + len(HELPERS)


def test_roles_follow_what_they_manage_and_whether_they_hold_cases() -> None:
    assert the_row(works()).elements["OrgRole"] == "6"
    assert the_row(works(), cases=3, managing="3").elements["OrgRole"] == "3"


def test_hours_in_two_teams_are_added_and_unbroken_work_is_traced_back() -> None:
    row = the_row(works("1", date(2020, 1, 1), date(2024, 1, 1)), works("0.333333"), works("0.25"))
    assert row.elements["FTE30"] == "0.583333"
    assert row.elements["RoleStartDate"] == "2020-01-01"


def test_more_than_full_time_and_unknown_hours_are_gaps() -> None:
    row = the_row(works("1"), works("0.5"))
    assert (row.elements["FTE"], row.elements["FTE30"], row.elements["WorkingDaysLost"]) == ("", "", "")
    assert row.gaps == ["FTE, FTE30: contracted hours come to 1.5 FTE, and the census takes 1 at most"]
    row = the_row(works(None), works("0.5"))
    assert row.elements["FTE30"] == ""
    assert row.gaps == ["FTE, FTE30, WorkingDaysLost: contracted hours are not recorded"]


@pytest.mark.parametrize("reference", ["", "S0101", "SW012345678", "SW01234567890", "S10123456789"])
def test_reference_that_is_no_registration_number_is_a_gap(reference: str) -> None:
    row = the_row(works(), reference=reference)
    assert row.elements["SWENo"] == ""
    assert row.gaps == ["SWENo: the staff reference is no Social Work England number"]


@pytest.mark.parametrize(("reason", "code"), [("SICKNESS", "SIC"), ("FAMILY", "MAT"), ("LEARNING", "TRN")])
def test_absence_on_the_day_has_its_code(reason: str, code: str) -> None:
    row = the_row(works(), absences=[away(reason, DAY, DAY + timedelta(days=1))])
    assert (row.elements["Absat30Sept"], row.elements["ReasonAbsence"], row.gaps) == ("1", code, [])


@pytest.mark.parametrize("reason", ["SPECIAL", "OTHER"])
def test_absence_that_may_be_several_codes_is_a_gap(reason: str) -> None:
    row = the_row(works(), absences=[away(reason, DAY, None)])
    assert (row.elements["Absat30Sept"], row.elements["ReasonAbsence"]) == ("1", "")
    assert row.gaps == ["ReasonAbsence: the class recorded may be one of several codes (OTH, PUB, UNA or UNP)"]
    assert row.elements["WorkingDaysLost"] == "0.00"


def test_only_days_of_the_year_are_lost() -> None:
    year = away("SICKNESS", date(2025, 9, 1), date(2025, 10, 3))  # 1 and 2 October
    end = away("SICKNESS", date(2026, 9, 29), None)  # 29 and 30 September
    assert the_row(works(), absences=[year, end]).elements["WorkingDaysLost"] == "4.00"


def test_agency_worker_has_no_days_lost_and_is_no_leaver() -> None:
    row = the_row(works("0.5"), agency=True, cases=2, absences=[away("SICKNESS", DAY, None)])
    assert (row.elements["AgencyWorker"], row.elements["WorkingDaysLost"]) == ("1", "")
    assert (row.elements["Absat30Sept"], row.elements["ReasonAbsence"]) == ("1", "SIC")
    assert rows(worker(works(ends_on=date(2026, 5, 1)), agency=True)) == []


def test_whoever_left_in_the_year_has_a_last_day_and_no_figures_of_the_day() -> None:
    row = the_row(works("0.5", ends_on=date(2026, 2, 1)))
    assert (row.elements["FTE"], row.elements["RoleEndDate"], row.in_post) == ("0.500000", "2026-01-31", False)
    assert {name for name in ("FTE30", "Cases30", "Absat30Sept", "ReasonAbsence") if row.elements.get(name)} == set()
    assert row.gaps == ["OrgRole: what they were before they left is not on record"]
    assert the_row(works(ends_on=date(2026, 2, 1)), managing="2").gaps == []


def test_somebody_who_left_twice_left_as_they_last_did() -> None:
    row = the_row(works("0.5", ends_on=date(2025, 12, 1)), works("0.8", date(2026, 2, 1), date(2026, 6, 1)))
    assert row.elements["FTE"] == "0.800000"
    assert (row.elements["RoleStartDate"], row.elements["RoleEndDate"]) == ("2026-02-01", "2026-05-31")


def test_last_day_on_the_day_itself_is_in_post() -> None:
    row = the_row(works(ends_on=DAY + timedelta(days=1)))
    assert (row.in_post, row.elements["RoleEndDate"]) == (True, "2026-09-30")


def test_change_of_hours_on_the_day_after_is_no_end() -> None:
    row = the_row(works("0.5", ends_on=DAY + timedelta(days=1)), works("0.8", DAY + timedelta(days=1)))
    assert (row.in_post, row.elements["FTE30"], row.elements["RoleEndDate"]) == (True, "0.500000", "")
    assert row.elements["RoleStartDate"] == "2024-01-01"


def test_others_have_no_row() -> None:
    assert rows(worker(works(ends_on=date(2025, 9, 30)))) == []
    assert rows(worker(works(begun=date(2026, 10, 1)))) == []


def test_rows_are_in_order_of_names_with_leavers_last() -> None:
    found = rows(
        worker(works(ends_on=date(2026, 5, 1)), name="Ada"), worker(works(), name="zoe"), worker(works(), name="Ben")
    )
    assert [row.worker.name for row in found] == ["Ben", "zoe", "Ada"]


def test_vacancies_are_sums_of_teams_and_agency_workers_are_those_of_the_rows() -> None:
    found = rows(worker(works("0.5"), agency=True), worker(works("1"), agency=True), worker(works()))
    made = vacancies(found, [Posts(D("5.505"), D("4"), D(0), 0), Posts(D(1), D(2), D(0), 0)])
    assert made.elements == {"NumberOfVacancies": "1.51", "NoAgencyFTE": "1.50", "NoAgencyHeadcount": "2"}
    assert made.gaps == [
        "NoAgencyFTE, NoAgencyHeadcount: which agency workers cover a vacancy is not recorded; all are counted"
    ]


def test_vacancies_that_are_not_known_are_said() -> None:
    found = rows(worker(works(None), agency=True))
    made = vacancies(found, [Posts(None, D(4), D(0), 0), Posts(D(9), D(4), D(0), 1)])
    assert made.elements == {"NumberOfVacancies": "", "NoAgencyFTE": "0.00", "NoAgencyHeadcount": "1"}
    assert made.gaps[0] == "NumberOfVacancies: posts or hours of 2 teams are not recorded; they are left out"
    assert made.gaps[1] == "NoAgencyFTE: the hours of 1 agency worker are not known; they are left out"
    assert vacancies([], [Posts(None, D(4), D(0), 0)]).gaps[0].startswith("NumberOfVacancies: posts or hours of 1 team")


def test_newest_year_is_of_a_day_that_is_past() -> None:
    assert (newest_year(DAY), newest_year(DAY + timedelta(days=1)), newest_year(date(2026, 1, 1))) == (2025, 2026, 2025)
