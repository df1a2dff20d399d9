"""The tables of a Standard Safeguarding Dataset extract that are read, and finding them among files or sheets.

No table with a child's name, birth or address is read.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from caseloads.intake.cells import heading_key, is_empty, key
from caseloads.intake.columns import HEADINGS_WITHIN, Grid, match
from caseloads.intake.mapping import NOTHING_SAID, Mapped
from caseloads.intake.records import Refused, Row, Table
from caseloads.intake.statuses import (
    ASSESSMENT,
    CARE_LEAVER,
    CHILD_IN_NEED,
    CHILD_PROTECTION,
    LOOKED_AFTER,
    SECTION_47,
)

INVOLVEMENTS, PROFESSIONALS, DEPARTMENT = "ssd_involvements", "ssd_professionals", "ssd_department"
FAMILY = "ssd_family"
_FEWEST_OWN = 2  # headings of a table's own by which it is known, whatever it is called

NO_TABLES = (
    "{names} has no table {missing} of the Standard Safeguarding Dataset. "
    "Choose all of its files together, each named like its table, or one workbook with a sheet for each."
)


@dataclass(frozen=True, slots=True)
class Listed:
    """A table that tells what a child's open case is: whose, from when to when, and the category it stands for."""

    person: str
    start: str
    end: str
    category: str


COLUMNS: Mapping[str, tuple[str, ...]] = {
    INVOLVEMENTS: (
        "invo_person_id",
        "invo_professional_id",
        "invo_professional_role_id",
        "invo_professional_team",
        "invo_involvement_start_date",
        "invo_involvement_end_date",
        "invo_referral_id",
    ),
    PROFESSIONALS: (
        "prof_professional_id",
        "prof_professional_name",
        "prof_staff_id",
        "prof_social_worker_registration_no",
        "prof_professional_job_title",
        "prof_professional_department",
        "prof_full_time_equivalency",
        "prof_agency_worker_flag",
    ),
    DEPARTMENT: ("dept_team_id", "dept_team_name"),
    FAMILY: ("fami_person_id", "fami_family_id"),
    "ssd_cla_episodes": ("clae_person_id", "clae_cla_episode_start_date", "clae_cla_episode_ceased"),
    "ssd_cp_plans": ("cppl_person_id", "cppl_cp_plan_start_date", "cppl_cp_plan_end_date"),
    "ssd_care_leavers": ("clea_person_id", "clea_care_leaver_eligibility"),
    "ssd_s47_enquiry": ("s47e_person_id", "s47e_s47_start_date", "s47e_s47_end_date"),
    "ssd_cin_plans": ("cinp_person_id", "cinp_cin_plan_start_date", "cinp_cin_plan_end_date"),
    "ssd_cin_assessments": ("cina_person_id", "cina_assessment_start_date", "cina_assessment_auth_date"),
}
NEEDED: Mapping[str, tuple[str, ...]] = {
    INVOLVEMENTS: ("invo_person_id", "invo_professional_id", "invo_involvement_end_date"),
    PROFESSIONALS: ("prof_professional_id", "prof_professional_name"),
    DEPARTMENT: ("dept_team_id", "dept_team_name"),
    FAMILY: ("fami_person_id", "fami_family_id"),
    "ssd_care_leavers": ("clea_person_id",),
}
CATEGORIES: Mapping[str, Listed] = {
    "ssd_cla_episodes": Listed(
        "clae_person_id", "clae_cla_episode_start_date", "clae_cla_episode_ceased", LOOKED_AFTER
    ),
    "ssd_cp_plans": Listed("cppl_person_id", "cppl_cp_plan_start_date", "cppl_cp_plan_end_date", CHILD_PROTECTION),
    "ssd_care_leavers": Listed("clea_person_id", "", "", CARE_LEAVER),
    "ssd_s47_enquiry": Listed("s47e_person_id", "s47e_s47_start_date", "s47e_s47_end_date", SECTION_47),
    "ssd_cin_plans": Listed("cinp_person_id", "cinp_cin_plan_start_date", "cinp_cin_plan_end_date", CHILD_IN_NEED),
    "ssd_cin_assessments": Listed(
        "cina_person_id", "cina_assessment_start_date", "cina_assessment_auth_date", ASSESSMENT
    ),
}
NAMES: Mapping[str, str] = {
    "invo_person_id": "the child's reference",
    "invo_professional_id": "the professional's number",
    "invo_involvement_end_date": "the end of the involvement",
    "prof_professional_id": "the professional's number",
    "prof_professional_name": "the professional's name",
}


def aliases(table: str) -> dict[str, tuple[str, ...]]:
    """Other headings of a table's columns: their names without the table's own letters in front."""
    return {column: (key(column.partition("_")[2]),) for column in COLUMNS[table]}


def needed_in(table: str) -> tuple[str, ...]:
    """Columns without which no row of a table can be judged."""
    return NEEDED.get(table, COLUMNS[table])


def table_of(table: Table) -> str | None:
    """Which of the dataset's tables this is: by its name, else by headings of its own. None: one that is not read."""
    said = f" {heading_key(table.name)} "
    named = [name for name in COLUMNS if f" {key(name.removeprefix('ssd_'))} " in said]
    if named:
        return max(named, key=len)
    for row in table.rows[:HEADINGS_WITHIN]:
        headings = {key(cell) for cell in row.cells}
        own = {name: sum(key(column) in headings for column in columns) for name, columns in COLUMNS.items()}
        best = max(own, key=lambda name: own[name])
        if own[best] >= _FEWEST_OWN:
            return best
    return None


def grids_of(tables: Sequence[Table], *, names: str, mapped: Mapped = NOTHING_SAID) -> dict[str, Grid]:
    """The dataset's tables by name, each with its columns found; several files of one table are read one after another.

    Raises Refused when the involvements or the professionals are missing, or one of them lacks a needed column.
    """
    found: dict[str, Grid] = {}
    for table in tables:
        name = table_of(table)
        if name is None:
            continue
        at, columns = heading_row(table, name, mapped)
        rows = tuple(row for row in table.rows[at + 1 :] if not all(map(is_empty, row.cells)))
        grid = Grid(table.name, table.rows[at].cells if table.rows else (), columns, rows)
        found[name] = _joined(found[name], grid) if name in found else grid
    _check(found, names=names)
    return found


def heading_row(table: Table, name: str, mapped: Mapped) -> tuple[int, dict[str, int]]:
    """The index of the row with the most of the table's headings, and where its columns are."""
    known, said = aliases(name), mapped.headings(name)
    candidates = [match(row.cells, known, said) for row in table.rows[:HEADINGS_WITHIN]] or [{}]
    at = max(range(len(candidates)), key=lambda index: len(candidates[index]))
    return at, candidates[at]


def _joined(first: Grid, second: Grid) -> Grid:
    """A second file of the same table, its cells in the first one's order."""
    order = {at: second.columns[column] for column, at in first.columns.items() if column in second.columns}
    width = max(order, default=-1) + 1

    def moved(row: Row) -> Row:
        texts = [row.cells[order[at]] if at in order and order[at] < len(row.cells) else "" for at in range(width)]
        return Row(row.number, tuple(texts))

    return Grid(first.table, first.headings, first.columns, (*first.rows, *map(moved, second.rows)))


def _check(found: Mapping[str, Grid], *, names: str) -> None:
    absent = [name for name in (INVOLVEMENTS, PROFESSIONALS) if name not in found]
    if absent:
        raise Refused(NO_TABLES.format(names=names, missing=" and no table ".join(absent)))
    for name, grid in found.items():
        lacking = [column for column in needed_in(name) if column not in grid.columns]
        if lacking:
            named = ", ".join(f"“{column}”" for column in lacking)
            raise Refused(f"Table {name} has no column {named}. Add it to the extract, or say which column it is.")
