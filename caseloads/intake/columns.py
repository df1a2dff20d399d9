"""Columns of the plain preset: their names, other names they are known by, and finding them under a row of headings."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from caseloads.intake.cells import is_empty, key
from caseloads.intake.records import Refused, Row, Table

CASE_COLUMNS: Mapping[str, tuple[str, ...]] = {
    "case_reference": ("case ref", "case id", "case", "reference", "child id", "child unique id", "client id", "id"),
    "family_reference": ("family ref", "family id", "family", "family identifier", "sibling group"),
    "category": ("case category", "case type", "type", "status"),
    "factors": ("complexity factors", "complexity", "factor"),
    "opened_on": ("opened", "open date", "date opened", "start date", "started on", "opened date"),
    "closed_on": ("closed", "close date", "date closed", "end date", "closed date"),
    "team": ("team name", "allocated team"),
    "worker": ("worker name", "allocated worker", "social worker", "allocated social worker", "caseworker"),
    "role": ("worker role", "allocation role"),
    "share": ("share percent", "share of case", "percentage", "percent"),
    "rated_on": ("rated", "date rated", "rating date", "rated date"),
}
STAFF_COLUMNS: Mapping[str, tuple[str, ...]] = {
    "worker": ("worker name", "name", "social worker", "staff name"),
    "staff_reference": ("staff ref", "staff id", "employee number", "employee id", "payroll number", "worker id"),
    "team": ("team name", "allocated team"),
    "weekly_hours": ("hours", "contracted hours", "weekly contracted hours", "hours per week"),
    "career_stage": ("stage", "career level", "level"),
    "registered": ("registered social worker", "registration", "swe registered"),
    "case_holding": ("case holder", "caseholding", "holds cases"),
    "agency": ("agency worker", "agency staff", "locum"),
    "starts_on": ("starts", "start date", "started on", "contract start"),
    "ends_on": ("ends", "end date", "ended on", "contract end", "leaving date"),
}
HEADINGS_WITHIN = 15

NO_HEADINGS = (
    "“{name}” has no row of headings with {needed}. "
    "Start from the template, whose first row names the columns, and upload it again."
)


@dataclass(frozen=True, slots=True)
class Grid:
    """A table whose headings were found."""

    table: str
    headings: tuple[str, ...]
    columns: Mapping[str, int]
    rows: tuple[Row, ...]

    def reader(self, column: str) -> Callable[[Row], str]:
        """A function from a row to the text in a column; "" where the row or the table has none."""
        at = self.columns.get(column)
        if at is None:
            return _nothing
        return lambda row: row.cells[at] if at < len(row.cells) else ""

    def heading(self, column: str) -> str:
        """The heading as written in the file, or the column's own name."""
        at = self.columns.get(column)
        return column if at is None else " ".join(self.headings[at].split())


def find_grid(
    tables: Sequence[Table],
    known: Mapping[str, tuple[str, ...]],
    *,
    needed: tuple[str, ...],
    name: str,
    said: Mapping[str, str] | None = None,
) -> Grid:
    """The first table with the needed headings in one of its first rows. Refused when there is none.

    `said`: the key of the heading that somebody has said is a field's, by field; "" when there is none.
    """
    for table in tables:
        for at, row in enumerate(table.rows[:HEADINGS_WITHIN]):
            columns = match(row.cells, known, said or {})
            if all(column in columns for column in needed):
                rows = tuple(row for row in table.rows[at + 1 :] if not all(map(is_empty, row.cells)))
                return Grid(table.name, row.cells, columns, rows)
    raise Refused(NO_HEADINGS.format(name=name, needed=" and ".join(f"“{column}”" for column in needed)))


def _nothing(_: Row) -> str:
    return ""


def match(headings: Sequence[str], known: Mapping[str, tuple[str, ...]], said: Mapping[str, str]) -> dict[str, int]:
    """What was said first, then own names, then the aliases in their order; one heading serves one column."""
    keys = [key(heading) for heading in headings]
    found = {column: keys.index(heading) for column, heading in said.items() if heading and heading in keys}
    for column, aliases in known.items():
        if column in said and (column in found or not said[column]):
            continue
        names = (key(column), *aliases)
        at = next((keys.index(name) for name in names if name in keys and keys.index(name) not in found.values()), None)
        if at is not None:
            found[column] = at
    return found
