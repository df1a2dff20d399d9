"""The professionals of a Standard Safeguarding Dataset extract: who they are, and what the dataset says of them."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from caseloads.intake.cells import clean, is_empty, key
from caseloads.intake.columns import Grid
from caseloads.intake.judging import Unfit, name_in, reference_in
from caseloads.intake.people import one_spelling, person_key, place_key, tidy_person, tidy_team
from caseloads.intake.records import NO_TEAM, Problem, Row, Source, StaffRecord

_EQUIVALENT = re.compile(r"\d(?:[.,]\d{1,6})?")
_MOST_EQUIVALENT = Decimal("1.5")
_HUNDREDTH = Decimal("0.01")
_ANSWERS = dict.fromkeys(["y", "yes", "true", "1"], True) | dict.fromkeys(["n", "no", "false", "0"], False)
# A title that names a stage; "social worker" alone names none.
_TITLED = (
    ("STUDENT", re.compile(r"\bstudent\b|\btrainee\b|\bapprentice\b")),
    ("NEWLY_QUALIFIED", re.compile(r"\bnewly qualified\b|\bnqsw\b|\basye\b")),
    ("UNQUALIFIED", re.compile(r"\bunqualified\b|\bnot qualified\b|\bassistant\b|\bsupport worker\b")),
    ("EXPERIENCED", re.compile(r"\bexperienced\b|\badvanced\b|\bsenior\b|\bconsultant\b|\bprincipal\b")),
)


@dataclass(frozen=True, slots=True)
class Professional:
    """One row of ssd_professionals. What it does not say is None or ""."""

    number: str
    name: str
    staff_reference: str
    registered: bool | None
    stage: str
    team: str
    weekly_hours: Decimal | None
    agency: bool | None
    source: Source


def read_professionals(
    grid: Grid, teams: Mapping[str, str], *, full_time_hours: Decimal, problems: list[Problem]
) -> dict[str, Professional]:
    """The professionals by the key of their number. Rows and hours that cannot be used are added to `problems`."""
    found: dict[str, Professional] = {}
    for row in grid.rows:
        text = {name: grid.reader(name)(row) for name in grid.columns}
        try:
            number = reference_in(
                text["prof_professional_id"], grid.heading("prof_professional_id"), owner="professional"
            )
            week = _week(grid, row, text, full_time_hours=full_time_hours, problems=problems)
            found[key(number)] = _professional(grid, row, text, teams=teams, weekly_hours=week)
        except Unfit as unfit:
            problems.append(unfit.at(Source(grid.table, row.number)))
    return found


def _week(
    grid: Grid, row: Row, text: Mapping[str, str], *, full_time_hours: Decimal, problems: list[Problem]
) -> Decimal | None:
    """Hours in a week. An equivalent that cannot be read costs the hours, not the person."""
    column = "prof_full_time_equivalency"
    try:
        equivalent = equivalent_in(text.get(column, ""), grid.heading(column))
    except Unfit as unfit:
        problems.append(unfit.at(Source(grid.table, row.number)))
        return None
    return None if equivalent is None else (equivalent * full_time_hours).quantize(_HUNDREDTH)


def _professional(
    grid: Grid, row: Row, text: Mapping[str, str], *, teams: Mapping[str, str], weekly_hours: Decimal | None
) -> Professional:
    staff = text.get("prof_staff_id", "")
    department = text.get("prof_professional_department", "")
    flag = key(text.get("prof_agency_worker_flag", ""))
    return Professional(
        number=key(text["prof_professional_id"]),
        name=tidy_person(name_in(text["prof_professional_name"], grid.heading("prof_professional_name"))),
        staff_reference=reference_in(staff, grid.heading("prof_staff_id"), owner="worker", needed=False),
        registered=None if is_empty(text.get("prof_social_worker_registration_no", "")) else True,
        stage=stage_in_title(text.get("prof_professional_job_title", "")),
        team=tidy_team(name_in(teams.get(place_key(department), department), "prof_professional_department")),
        weekly_hours=weekly_hours,
        agency=_ANSWERS.get(flag),
        source=Source(grid.table, row.number),
    )


def equivalent_in(text: str, column: str) -> Decimal | None:
    """A full-time equivalent. None when it is empty or nought, which is how systems write that it is not recorded."""
    if is_empty(text):
        return None
    tidy = clean(text)
    number = Decimal(tidy.replace(",", ".")) if _EQUIVALENT.fullmatch(tidy) else Decimal(-1)
    if not 0 <= number <= _MOST_EQUIVALENT:
        sentence = f"“{tidy}” is not a full-time equivalent between 0 and 1, so the hours are not known."
        raise Unfit(column, text, sentence)
    return number or None


def stage_in_title(title: str) -> str:
    """The career stage that a job title names; "" when it names none."""
    word = key(title)
    return next((stage for stage, pattern in _TITLED if pattern.search(word)), "")


def staff_of(holders: Sequence[Professional], teams: Mapping[str, str]) -> tuple[StaffRecord, ...]:
    """The people who hold cases, once each, in the team that the dataset gives them."""
    once = {professional.number: professional for professional in holders if professional.team != NO_TEAM}
    names = one_spelling((one.name for one in once.values()), person_key)
    return tuple(
        StaffRecord(
            worker=names[one.name],
            staff_reference=one.staff_reference,
            team=teams.get(one.team, one.team),
            weekly_hours=one.weekly_hours,
            career_stage=one.stage,
            registered=one.registered,
            case_holding=None,
            agency=one.agency,
            starts_on=None,
            ends_on=None,
            source=one.source,
        )
        for one in once.values()
    )
