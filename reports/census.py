"""What of the children's social work workforce census is on record: a row per worker, in the words of its schema. Pure.

Source: the element names, their order and their codes are those of the XML schema of the census (2022), as facts. docs/
how-to/workforce-census.md says how each element is filled, and what the employer must add.
"""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from teams import workforce
from teams.supervision import Span, employed_since
from teams.workforce import NOTHING, Away, Hours

WORKER_ELEMENTS = (
    *("AgencyWorker", "SWENo", "FTE", "PersonBirthDate", "GenderCurrent", "Ethnicity", "QualInst", "QualLevel"),
    *("StepUpGrad", "OrgRole", "RoleStartDate", "StartOrigin", "RoleEndDate", "LeaverDestination", "ReasonLeave"),
    *("FTE30", "Cases30", "WorkingDaysLost", "ContractWeeks", "FrontlineGrad", "Absat30Sept", "ReasonAbsence"),
    "CFKSSstatus",
)
"""The elements of CSWWWorker, in the order of the schema."""
VACANCY_ELEMENTS = ("NumberOfVacancies", "NoAgencyFTE", "NoAgencyHeadcount")
"""The elements of LALevelVacancies."""
HELPERS = ("StaffReference", "Name")
"""Columns of ours, by which rows are told apart until every SWENo is there. They are no part of the census."""

TO_ADD: Mapping[str, str] = {
    "PersonBirthDate": "Nobody's date of birth is held here.",
    "GenderCurrent": "Gender is not held here.",
    "Ethnicity": "Ethnicity is not held here.",
    "QualInst": "Where somebody qualified is not held here.",
    "QualLevel": "The level of a qualification is not held here.",
    "StepUpGrad": "Whether somebody came by Step Up to Social Work is not held here.",
    "StartOrigin": "Where somebody who started in the year came from is not held here.",
    "LeaverDestination": "Where somebody who left went is not held here.",
    "ReasonLeave": "Why somebody left is not held here.",
    "ContractWeeks": "For how many weeks an agency worker was engaged is not held here.",
    "FrontlineGrad": "Whether somebody came by Frontline is not held here.",
    "CFKSSstatus": "Accreditation is not held here.",
}
"""Elements that nothing here can fill, and why. Every other element is filled where it is on record."""
REASONS = {"SICKNESS": "SIC", "FAMILY": "MAT", "LEARNING": "TRN"}
"""Our classes of absence that are one code of the census. The others may be several."""
SENIOR_MANAGER, MIDDLE_MANAGER, FIRST_LINE, CASE_HOLDER, NO_CASES = "1", "2", "3", "5", "6"

DAY = timedelta(days=1)
SWE_NUMBER = re.compile(r"[A-Za-z]{2}\d{10}")
FULL_TIME = Decimal(1)


def census_day(year: int) -> date:
    return date(year, 9, 30)


def newest_year(today: date) -> int:
    """The year of the newest 30 September that is past."""
    return today.year if today > census_day(today.year) else today.year - 1


@dataclass(frozen=True)
class CensusWorker:
    """A registered social worker of children's services who was in post on the day, or left in the year to it.

    contracts: in FTE, all there ever were, up to the day after. absences: those of the year. cases: open cases led on
    the day. managing: OrgRole of what they manage by their account, "" for nobody.
    """

    name: str
    reference: str
    agency: bool
    contracts: Sequence[Hours]
    absences: Sequence[Away] = ()
    cases: int = 0
    managing: str = ""


@dataclass(frozen=True)
class CensusRow:
    """A worker's elements, empty where they are not on record, and in words what is missing of what could be."""

    worker: CensusWorker
    elements: Mapping[str, str]
    gaps: Sequence[str]

    @property
    def in_post(self) -> bool:
        """Whether they were there on the day; others left before it."""
        return self.elements["Absat30Sept"] != ""

    @property
    def cells(self) -> list[str]:
        """The row of the file: every element of the schema, then the helping columns."""
        return [*(self.elements.get(name, "") for name in WORKER_ELEMENTS), self.worker.reference, self.worker.name]


def census_rows(workers: Sequence[CensusWorker], *, year: int, bank_holidays: Collection[date]) -> list[CensusRow]:
    """Fill a row for everybody in post on 30 September, and for employed workers who left in the year before."""
    rows = [_row(worker, census_day(year), bank_holidays) for worker in workers]
    found = [row for row in rows if row is not None]
    return sorted(found, key=lambda row: (not row.in_post, row.worker.name.casefold(), row.worker.reference))


def _row(worker: CensusWorker, day: date, bank_holidays: Collection[date]) -> CensusRow | None:
    here = [row for row in worker.contracts if row.span.covers(day)]
    left = _left(worker, day)
    if not here and not left:
        return None
    gaps: list[str] = []
    last = here or [Hours(one.worker, one.weekly_hours, Span(one.on - DAY, one.on)) for one in left]
    fte = _fte(last, gaps)
    elements = {"AgencyWorker": "1" if worker.agency else "0", "SWENo": _swe(worker, gaps), "FTE": fte}
    elements |= _days(worker, here, left, day)
    elements |= _absence(worker, day, bank_holidays, gaps, here=bool(here), known=bool(fte))
    elements |= {"FTE30": fte, "Cases30": str(worker.cases)} if here else {}
    elements["OrgRole"] = worker.managing or (_role(worker) if here else "")
    if not elements["OrgRole"]:
        gaps.append("OrgRole: what they were before they left is not on record")
    return CensusRow(worker, elements, gaps)


def _left(worker: CensusWorker, day: date) -> list[workforce.Moved]:
    """How they last left in the year to the day; agency workers do not leave."""
    found = workforce.leavers(worker.contracts, since=year_start(day), until=day)
    last = max((one.on for one in found), default=None)
    return [] if worker.agency else [one for one in found if one.on == last]


def year_start(day: date) -> date:
    """The last 30 September before the year of the census: what happened after it is in the year."""
    return census_day(day.year - 1)


def _swe(worker: CensusWorker, gaps: list[str]) -> str:
    if SWE_NUMBER.fullmatch(worker.reference):
        return worker.reference
    gaps.append("SWENo: the staff reference is no Social Work England number")
    return ""


def _fte(rows: Sequence[Hours], gaps: list[str]) -> str:
    if any(row.weekly_hours is None for row in rows):
        gaps.append("FTE, FTE30, WorkingDaysLost: contracted hours are not recorded")
        return ""
    total = workforce.rounded(sum((row.weekly_hours or NOTHING for row in rows), NOTHING), 6)
    if total > FULL_TIME:
        gaps.append(f"FTE, FTE30: contracted hours come to {total.normalize()} FTE, and the census takes 1 at most")
        return ""
    return f"{total:.6f}"


def _days(worker: CensusWorker, here: Sequence[Hours], left: Sequence[workforce.Moved], day: date) -> dict[str, str]:
    """First and last day in children's services. Ours is the first day that no longer counts, the census's the last."""
    on = day if here else left[0].on - DAY
    begun = employed_since([row.span for row in worker.contracts], on)
    stays = any(row.span.covers(day + DAY) for row in worker.contracts)
    return {
        "RoleStartDate": begun.isoformat() if begun else "",
        "RoleEndDate": "" if here and stays else on.isoformat(),
    }


def _absence(
    worker: CensusWorker, day: date, bank_holidays: Collection[date], gaps: list[str], *, here: bool, known: bool
) -> dict[str, str]:
    found = {"Absat30Sept": "", "ReasonAbsence": "", "WorkingDaysLost": ""}
    if not worker.agency and known:
        lost = workforce.days_lost(
            [away for away in worker.absences if away.reason == "SICKNESS"],
            worker.contracts,
            FULL_TIME,
            since=year_start(day) + DAY,
            until=day + DAY,
            bank_holidays=bank_holidays,
        )
        found["WorkingDaysLost"] = f"{sum(lost.values(), NOTHING):.2f}"
    if not here:
        return found
    away = next((one for one in worker.absences if one.span.covers(day)), None)
    found["Absat30Sept"] = "0" if away is None else "1"
    if away is not None:
        found["ReasonAbsence"] = REASONS.get(away.reason, "")
    if away is not None and away.reason not in REASONS:
        gaps.append("ReasonAbsence: the class recorded may be one of several codes (OTH, PUB, UNA or UNP)")
    return found


def _role(worker: CensusWorker) -> str:
    return CASE_HOLDER if worker.cases else NO_CASES


@dataclass(frozen=True)
class Vacancies:
    """The elements of LALevelVacancies, empty where they are not on record, and what is left out."""

    elements: Mapping[str, str]
    gaps: Sequence[str]


def vacancies(rows: Sequence[CensusRow], posts: Sequence[workforce.Posts]) -> Vacancies:
    """Add up what is vacant in children's teams on the day, in FTE, and the agency workers among the rows."""
    gaps: list[str] = []
    known = [one.vacant for one in posts if one.vacant is not None and not one.not_known]
    if lost := len(posts) - len(known):
        said = "1 team" if lost == 1 else f"{lost} teams"
        gaps.append(f"NumberOfVacancies: posts or hours of {said} are not recorded; they are left out")
    agency = [row for row in rows if row.worker.agency]
    with_hours = [Decimal(row.elements["FTE"]) for row in agency if row.elements["FTE"]]
    if lost := len(agency) - len(with_hours):
        said = "1 agency worker" if lost == 1 else f"{lost} agency workers"
        gaps.append(f"NoAgencyFTE: the hours of {said} are not known; they are left out")
    if agency:
        gaps.append(
            "NoAgencyFTE, NoAgencyHeadcount: which agency workers cover a vacancy is not recorded; all are counted"
        )
    elements = {
        "NumberOfVacancies": f"{workforce.rounded(sum(known, NOTHING), 2):.2f}" if known else "",
        "NoAgencyFTE": f"{workforce.rounded(sum(with_hours, NOTHING), 2):.2f}",
        "NoAgencyHeadcount": str(len(agency)),
    }
    return Vacancies(elements, gaps)
