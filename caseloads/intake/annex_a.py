"""Ofsted's Annex A workbook as one case per child. Lists 3 to 9 carry a team and a worker; the others are not read.

Every row is exactly one of: quarantined, closed, a case, or merged into the case of a child already counted.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date

from caseloads.intake import lists
from caseloads.intake.cells import is_empty, keyed_hash
from caseloads.intake.counting import tally
from caseloads.intake.judging import Unfit, name_in, past_date_in, reference_in
from caseloads.intake.layout import Sheet, recognise
from caseloads.intake.mapping import NOTHING_SAID, Mapped
from caseloads.intake.people import is_nobody, one_spelling, person_key, place_key, tidy_person, tidy_team
from caseloads.intake.records import WHOLE, CaseRecord, Closure, Holding, Intake, Problem, Refused, Row, Source, Table
from caseloads.intake.statuses import RANKS, Standing, standing_of
from caseloads.intake.watching import Tell, quietly, watched

NO_LISTS = (
    "“{name}” has no sheet that looks like one of Annex A lists 3 to 9. "
    "Check that it is the whole workbook and that each list has its row of headings."
)
_WIDE_ENOUGH = 4  # headings; in a table this wide a row of one value is a remark or a total


@dataclass(frozen=True, slots=True)
class Line:
    """One usable row."""

    source: Source
    number: int
    reference: str
    standing: Standing
    start: date | None
    team: str
    worker: str
    adviser: bool

    def order(self) -> tuple[int, bool, bool, int, str, str]:
        """Sorts first what a child's case is taken from: highest status, that status's own list, a worker, the latest.

        Names come last, so that the order of rows never matters.
        """
        rank = RANKS[self.standing.category]
        latest = -(self.start or date.min).toordinal()
        own = self.standing.category == _OWN[self.number]
        return (rank, not own, not self.worker, latest, person_key(self.worker), place_key(self.team))


@dataclass(slots=True)
class _Reading:
    """What has been read so far."""

    mapped: Mapped = NOTHING_SAID
    rows: int = 0
    lines: list[Line] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    set_aside: set[str] = field(default_factory=set)


_OWN = {listing.number: listing.category for listing in lists.LISTINGS}


def read_annex_a(
    tables: Iterable[Table],
    *,
    name: str,
    as_of: date,
    secret: str = "",
    mapped: Mapped = NOTHING_SAID,
    tell: Tell = quietly,
) -> Intake:
    """One case per child at its highest status on `as_of`. With a secret, references become keyed hashes of themselves.

    Raises Refused when no sheet is one of the lists.
    """
    sheets = [sheet for table in tables if (sheet := recognise(table, mapped)) is not None]
    if not sheets:
        raise Refused(NO_LISTS.format(name=name))
    reading = _Reading(mapped=mapped)
    trays = {place_key(sheet.text(row, lists.TEAM)) for sheet in sheets for row in sheet.rows}
    for sheet in sheets:
        for row in watched(sheet.rows, lambda number, before=reading.rows: tell(before + number)):  # type: ignore[misc]
            _read_row(reading, sheet, row, as_of=as_of, trays=trays)
    return _settle(reading, sheets, secret=secret)


def _read_row(reading: _Reading, sheet: Sheet, row: Row, *, as_of: date, trays: set[str]) -> None:
    reading.rows += 1
    source = Source(sheet.table, row.number)
    reference = ""
    try:
        _check_shape(sheet, row)
        heading = sheet.heading(lists.REFERENCE)
        reference = reference_in(sheet.text(row, lists.REFERENCE), heading, owner="child")
        standing = standing_of(sheet, row, as_of=as_of, mapped=reading.mapped)
        reading.lines.append(_read_line(sheet, row, standing, reference=reference, as_of=as_of, trays=trays))
    except Unfit as unfit:
        reading.problems.append(unfit.at(source))
        reading.set_aside.add(reference)


def _check_shape(sheet: Sheet, row: Row) -> None:
    if sheet.missing:
        raise Unfit(sheet.missing, "", f"This sheet has no column for {sheet.missing}.")
    said = [text for text in row.cells if not is_empty(text)]
    if len(said) == 1 and len(sheet.headings) >= _WIDE_ENOUGH:
        raise Unfit("", "", "This row holds a single value and no case.")  # a remark might name somebody


def _read_line(sheet: Sheet, row: Row, standing: Standing, *, reference: str, as_of: date, trays: set[str]) -> Line:
    start = past_date_in(sheet.text(row, lists.START), sheet.heading(lists.START), as_of=as_of)
    worker = name_in(sheet.text(row, lists.WORKER), sheet.heading(lists.WORKER))
    nobody = is_nobody(worker) or place_key(worker) in trays
    return Line(
        source=Source(sheet.table, row.number),
        number=sheet.listing.number,
        reference=reference,
        standing=standing,
        start=start,
        team=tidy_team(name_in(sheet.text(row, lists.TEAM), sheet.heading(lists.TEAM))),
        worker="" if nobody else tidy_person(worker),
        adviser=not is_nobody(sheet.text(row, lists.ADVISER)),
    )


def _settle(reading: _Reading, sheets: Sequence[Sheet], *, secret: str) -> Intake:
    open_lines: defaultdict[str, list[Line]] = defaultdict(list)
    closed_lines: defaultdict[str, list[Line]] = defaultdict(list)
    for line in reading.lines:
        (closed_lines if line.standing.closed else open_lines)[line.reference].append(line)
    winners = [min(lines, key=Line.order) for lines in open_lines.values()]
    teams = one_spelling((line.team for line in winners), place_key)
    workers = one_spelling((line.worker for line in winners if line.worker), person_key)
    cases = tuple(
        _case(line, _start(line, open_lines[line.reference]), teams, workers, secret=secret) for line in winners
    )
    gone = {ref: lines for ref, lines in closed_lines.items() if ref not in open_lines and ref not in reading.set_aside}
    return Intake(
        counts=tally(
            cases,
            rows=reading.rows,
            merged=sum(len(lines) - 1 for lines in open_lines.values()),
            closed=sum(map(len, closed_lines.values())),
            quarantined=len(reading.problems),
        ),
        cases=cases,
        closures=tuple(_closure(ref, lines, secret=secret) for ref, lines in gone.items()),
        problems=tuple(reading.problems),
        notes=tuple(_notes(sheets, winners, cases)),
    )


def _start(line: Line, lines: Iterable[Line]) -> date | None:
    """The winning row's start; where its list has none (list 9 never has), the earliest of the child's open rows."""
    return line.start or min((other.start for other in lines if other.start), default=None)


def _case(line: Line, start: date | None, teams: dict[str, str], workers: dict[str, str], *, secret: str) -> CaseRecord:
    team = teams[line.team]
    held = (Holding(team, workers[line.worker], "LEAD", WHOLE),) if line.worker else ()
    return CaseRecord(
        reference=_kept(line.reference, secret),
        family_reference="",
        category=line.standing.category,
        factors=(),
        opened_on=start,
        team=team,
        holdings=held,
        rated_on=None,
        source=line.source,
    )


def _closure(reference: str, lines: Sequence[Line], *, secret: str) -> Closure:
    days = [line.standing.ended for line in lines if line.standing.ended]
    return Closure(_kept(reference, secret), max(days, default=None), lines[0].source)


def _kept(reference: str, secret: str) -> str:
    return keyed_hash(reference, secret=secret) if secret else reference


def _notes(sheets: Sequence[Sheet], winners: Sequence[Line], cases: Sequence[CaseRecord]) -> Iterable[str]:
    for sheet in sheets:
        if sheet.missing:
            yield f"Sheet “{sheet.table}” has no column for {sheet.missing}: its {len(sheet.rows)} rows were set aside."
            continue
        absent = [column for column in (lists.TEAM, lists.WORKER) if column not in sheet.columns]
        if absent:
            yield f"Sheet “{sheet.table}” has no column for {' or '.join(lists.NAMES[column] for column in absent)}."
    present = {sheet.listing.number for sheet in sheets}
    if absent_lists := [listing for listing in lists.LISTINGS if listing.number not in present]:
        named = ", ".join(f"{listing.number} ({listing.subject})" for listing in absent_lists)
        yield f"The workbook has no list {named}."
    if undated := sum(case.opened_on is None for case in cases):
        yield f"Open cases without a start date, which count as opened on the day of the import: {undated}."
    if advised := sum(line.adviser and not line.worker for line in winners):
        yield f"Care leavers with a personal adviser but no allocated worker, which count as unallocated: {advised}."
