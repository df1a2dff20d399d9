"""What the workforce census of an employer will contain, from the rows as they stood on 30 September."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from django.core.paginator import Page
from django.utils.text import slugify

from design.paging import page_of
from design.spreadsheets import csv_text
from reports.census import (
    DAY,
    FIRST_LINE,
    HELPERS,
    MIDDLE_MANAGER,
    SENIOR_MANAGER,
    VACANCY_ELEMENTS,
    WORKER_ELEMENTS,
    CensusRow,
    CensusWorker,
    Vacancies,
    census_day,
    census_rows,
    newest_year,
    vacancies,
    year_start,
)
from reports.queries import workforce as reading
from reports.queries.workforce import Record
from teams import workforce
from teams.access import find_employer
from teams.models import Employer, RoleAssignment, ServiceArea, User
from teams.roles import Permission, Role
from teams.supervision import Span
from teams.workforce import Away

YEARS = 5
PAGE = 100
MANAGING = {Role.MANAGER: FIRST_LINE, Role.SERVICE_MANAGER: MIDDLE_MANAGER, Role.DIRECTOR: SENIOR_MANAGER}


def find_census_employer(user: User, slug: str) -> Employer:
    """An employer for which the user may make the census file."""
    return find_employer(user, slug, Permission.CENSUS_MAKE)


def census_years(today: date) -> list[int]:
    """The years whose census can be made: the newest 30 September that is past, and some before it."""
    newest = newest_year(today)
    return list(range(newest, newest - YEARS, -1))


@dataclass(frozen=True)
class Census:
    """What is on record for the census of one year."""

    employer: Employer
    year: int
    rows: Sequence[CensusRow]
    vacancies: Vacancies

    @property
    def day(self) -> date:
        return census_day(self.year)

    @cached_property
    def in_post(self) -> list[CensusRow]:
        return [row for row in self.rows if row.in_post]

    @property
    def totals(self) -> list[tuple[str, int]]:
        """How many rows there are of each kind, and the cases in them."""
        here = self.in_post
        return [
            ("Social workers in post on the day", sum(not row.worker.agency for row in here)),
            ("Agency workers on the day", sum(row.worker.agency for row in here)),
            ("Away on the day", sum(row.elements["Absat30Sept"] == "1" for row in here)),
            ("Left in the year before it", len(self.rows) - len(here)),
            ("Cases held on the day", sum(row.worker.cases for row in here)),
        ]

    @property
    def with_gaps(self) -> list[CensusRow]:
        return [row for row in self.rows if row.gaps]

    def page_of_gaps(self, number: str | None) -> Page[CensusRow]:
        return page_of(self.with_gaps, number, PAGE)


def census_of(employer: Employer, *, year: int) -> Census:
    """The census of an employer's children's services. Five statements."""
    day = census_day(year)
    found = reading.read(
        employer, as_of=day, since=year_start(day), contracts_since=date.min, contracts_until=day + DAY
    )
    record = found[ServiceArea.ClientGroup.CHILDREN.value]
    rows = census_rows(_workers(record), year=year, bank_holidays=record.bank_holidays)
    posts = reading.workforce_of(record).teams
    return Census(
        employer,
        year,
        rows,
        vacancies(rows, [workforce.posts(team.contracts, team.established, on=day) for team in posts]),
    )


def _workers(record: Record) -> list[CensusWorker]:
    """Registered social workers of the teams, with what is recorded of each."""
    people = {row.worker_id: row.worker for row in record.contracts if row.worker.registered}
    contracts, absences = defaultdict(list), defaultdict(list)
    for contract in record.contracts:
        contracts[contract.worker_id].append(record.hours(contract))
    for row in record.absences:
        absences[row.worker_id].append(Away(row.worker_id, row.reason, Span(row.starts_on, row.ends_on)))
    managing = _managing(record.employer)
    return [
        CensusWorker(
            name=worker.name,
            reference=worker.staff_reference,
            agency=worker.agency,
            contracts=contracts[key],
            absences=absences[key],
            cases=record.held[key].cases if key in record.held else 0,
            managing=managing.get(key, ""),
        )
        for key, worker in people.items()
    ]


def _managing(employer: Employer) -> Mapping[int, str]:
    """What workers manage by the roles of their accounts today, the highest of each."""
    rows = RoleAssignment.objects.filter(employer=employer, role__in=list(MANAGING), user__worker__employer=employer)
    found: dict[int, str] = {}
    for worker, role in rows.order_by().values_list("user__worker", "role"):
        code = MANAGING[Role(role)]
        found[worker] = min(code, found.get(worker, code))
    return found


@dataclass(frozen=True)
class CensusFile:
    """A file to take away; rows: how many it has under its header."""

    name: str
    content: bytes
    rows: int


def as_file(employer: Employer, *, year: int, kind: str) -> CensusFile:
    """The workers or the vacancies of a census as CSV, under the element names of its schema."""
    found = census_of(employer, year=year)
    header, rows = [*WORKER_ELEMENTS, *HELPERS], [row.cells for row in found.rows]
    if kind == "vacancies":
        header, rows = [*VACANCY_ELEMENTS], [[found.vacancies.elements[name] for name in VACANCY_ELEMENTS]]
    name = f"workforce-census-{year}-{slugify(employer.name)}-{kind}.csv"
    return CensusFile(name, csv_text(header, rows).encode("utf-8-sig"), len(rows))
