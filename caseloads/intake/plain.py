"""The plain case list: one row per case, or one per worker where several share a case.

Every row is exactly one of: quarantined, closed, a case, or merged into a case already counted.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from caseloads.intake.cells import keyed_hash
from caseloads.intake.columns import CASE_COLUMNS, Grid, find_grid
from caseloads.intake.counting import tally
from caseloads.intake.judging import Unfit, date_in, name_in, past_date_in, reference_in
from caseloads.intake.layout import recognise
from caseloads.intake.people import is_nobody, one_spelling, person_key, place_key, tidy_person, tidy_team
from caseloads.intake.records import CaseRecord, Closure, Holding, Intake, Problem, Refused, Row, Source, Table
from caseloads.intake.sharing import CO_WORKER, LEAD, role_in, share_in, share_out
from caseloads.intake.watching import Tell, quietly, watched
from caseloads.intake.words import Words

ANNEX_A = "“{name}” looks like an Annex A workbook. Import it as one, or upload a plain case list."


@dataclass(frozen=True, slots=True)
class Line:
    """One usable row. `share` None: the file gives none. Worker "": nobody."""

    source: Source
    reference: str
    family: str
    category: str
    factors: tuple[tuple[str, int], ...]
    opened_on: date | None
    closed_on: date | None
    rated_on: date | None
    team: str
    worker: str
    role: str
    share: int | None


@dataclass(slots=True)
class _Reading:
    """What has been read so far, by reference."""

    opened: dict[str, list[Line]] = field(default_factory=dict)
    closed: dict[str, list[Line]] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    set_aside: set[str] = field(default_factory=set)


class _Reader:
    """Turns rows into lines, with every column looked up once."""

    def __init__(self, grid: Grid, words: Words, as_of: date) -> None:
        self.grid, self.words, self.as_of = grid, words, as_of
        self.heading = {column: grid.heading(column) for column in CASE_COLUMNS}
        self.text = {column: grid.reader(column) for column in CASE_COLUMNS}
        self.trays = {place_key(self.text["team"](row)) for row in grid.rows}

    def reference(self, row: Row) -> str:
        return reference_in(self.text["case_reference"](row), self.heading["case_reference"], owner="case")

    def line(self, row: Row, reference: str) -> Line:
        text, heading = self.text, self.heading
        opened_on = past_date_in(text["opened_on"](row), heading["opened_on"], as_of=self.as_of)
        return Line(
            source=Source(self.grid.table, row.number),
            reference=reference,
            family=self._family(row),
            category=self.words.category_in(text["category"](row), heading["category"]),
            factors=self.words.factors_in(text["factors"](row), heading["factors"]),
            opened_on=opened_on,
            closed_on=self._closed_on(row, opened_on),
            rated_on=past_date_in(text["rated_on"](row), heading["rated_on"], as_of=self.as_of),
            team=tidy_team(name_in(text["team"](row), heading["team"])),
            worker=self._worker(row),
            role=role_in(text["role"](row), heading["role"]),
            share=share_in(text["share"](row), heading["share"]),
        )

    def _family(self, row: Row) -> str:
        text = self.text["family_reference"](row)
        return reference_in(text, self.heading["family_reference"], owner="family", needed=False)

    def _closed_on(self, row: Row, opened_on: date | None) -> date | None:
        text = self.text["closed_on"](row)
        closed_on = date_in(text, self.heading["closed_on"])
        if closed_on is not None and opened_on is not None and closed_on < opened_on:
            raise Unfit(self.heading["closed_on"], text, "This case was closed before it was opened.")
        return closed_on if closed_on is not None and closed_on <= self.as_of else None

    def _worker(self, row: Row) -> str:
        text = name_in(self.text["worker"](row), self.heading["worker"])
        return "" if is_nobody(text) or place_key(text) in self.trays else tidy_person(text)


def read_plain(
    tables: Sequence[Table],
    *,
    name: str,
    as_of: date,
    words: Words | None = None,
    secret: str = "",
    tell: Tell = quietly,
) -> Intake:
    """The cases of a plain list on `as_of`. With a secret, references become keyed hashes of themselves.

    Raises Refused when there is no row of headings with a case reference, or when the file is an Annex A workbook.
    """
    words = words or Words()
    if len(tables) > 1 and sum(recognise(table) is not None for table in tables) > 1:
        raise Refused(ANNEX_A.format(name=name))
    said = words.mapped.headings("cases")
    grid = find_grid(tables, CASE_COLUMNS, needed=("case_reference",), name=name, said=said)
    reader = _Reader(grid, words, as_of)
    reading = _Reading()
    for row in watched(grid.rows, tell):
        _place(reading, reader, row)
    return _settle(reading, rows=len(grid.rows), most=words.most_shared, secret=secret)


def _place(reading: _Reading, reader: _Reader, row: Row) -> None:
    reference = ""
    try:
        reference = reader.reference(row)
        line = reader.line(row, reference)
    except Unfit as unfit:
        reading.problems.append(unfit.at(Source(reader.grid.table, row.number)))
        reading.set_aside.add(reference)
        return
    side = reading.opened if line.closed_on is None else reading.closed
    side.setdefault(reference, []).append(line)


def _settle(reading: _Reading, *, rows: int, most: int, secret: str) -> Intake:
    lines = [line for group in reading.opened.values() for line in group]
    teams = one_spelling((line.team for line in lines), place_key)
    workers = one_spelling((line.worker for line in lines if line.worker), person_key)
    cases: list[CaseRecord] = []
    merged = 0
    for reference, group in reading.opened.items():
        try:
            cases.append(_case(group, teams, workers, most=most, secret=secret))
        except Unfit as unfit:
            reading.problems += [unfit.at(line.source) for line in group]
            reading.set_aside.add(reference)
        else:
            merged += len(group) - 1
    gone = {
        ref: group
        for ref, group in reading.closed.items()
        if ref not in reading.opened and ref not in reading.set_aside
    }
    counts = tally(
        cases,
        rows=rows,
        merged=merged,
        closed=sum(map(len, reading.closed.values())),
        quarantined=len(reading.problems),
    )
    closures = tuple(_closure(ref, group, secret=secret) for ref, group in gone.items())
    problems = tuple(sorted(reading.problems, key=lambda problem: problem.row))
    return Intake(counts=counts, cases=tuple(cases), closures=closures, problems=problems)


def _case(
    group: Sequence[Line], teams: dict[str, str], workers: dict[str, str], *, most: int, secret: str
) -> CaseRecord:
    """One case from all open rows of its reference; the lead's row speaks for it."""
    held: dict[str, Line] = {}
    for line in group:
        if line.worker:
            held.setdefault(person_key(line.worker), line)
    lead = next((line for line in held.values() if line.role == LEAD), next(iter(held.values()), group[0]))
    shares = share_out([line.share for line in held.values()], most=most)
    holdings = tuple(
        Holding(teams[line.team], workers[line.worker], LEAD if line is lead else CO_WORKER, share)
        for line, share in zip(held.values(), shares, strict=True)
    )
    return CaseRecord(
        reference=_kept(lead.reference, secret),
        family_reference=_kept(lead.family, secret),
        category=lead.category,
        factors=lead.factors,
        opened_on=lead.opened_on,
        team=teams[lead.team],
        holdings=holdings,
        rated_on=lead.rated_on,
        source=lead.source,
    )


def _closure(reference: str, group: Sequence[Line], *, secret: str) -> Closure:
    closed_on = max(line.closed_on for line in group if line.closed_on)
    return Closure(_kept(reference, secret), closed_on, group[0].source)


def _kept(reference: str, secret: str) -> str:
    return keyed_hash(reference, secret=secret) if secret else reference
