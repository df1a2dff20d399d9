"""The Standard Safeguarding Dataset as one case per child with an open involvement, and the staff who hold them.

Every row of ssd_involvements is exactly one of: quarantined, closed (it has ended), a case, or merged into a case
already counted. Rows of the other tables are not counted; those that cannot be used are told of.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal

from caseloads.intake.cells import is_empty, key, keyed_hash
from caseloads.intake.columns import Grid
from caseloads.intake.counting import tally
from caseloads.intake.judging import Unfit, date_in, past_date_in, reference_in
from caseloads.intake.mapping import NOTHING_SAID, SET_ASIDE, Mapped
from caseloads.intake.people import is_nobody, one_spelling, person_key, place_key, tidy_team
from caseloads.intake.records import NO_TEAM, CaseRecord, Closure, Holding, Intake, Problem, Row, Source, Table
from caseloads.intake.sharing import CO_WORKER, LEAD, share_out
from caseloads.intake.ssd_staff import Professional, read_professionals, staff_of
from caseloads.intake.ssd_tables import (
    CATEGORIES,
    DEPARTMENT,
    FAMILY,
    INVOLVEMENTS,
    PROFESSIONALS,
    Listed,
    grids_of,
)
from caseloads.intake.statuses import RANKS
from caseloads.intake.watching import Tell, quietly, watched

OTHER = "OTHER"  # the role of somebody who does not hold the case
_ROLES = (
    (
        OTHER,
        re.compile(
            r"\biro\b|\bindependent\b|\breviewing\b|\bchair|\bmanager\b|\bsupervis|\bpersonal advis|\bhealth\b"
            r"|\bnurse\b|\bdoctor\b|\bgp\b|\bschool\b|\bteacher\b|\bpolice\b|\bcarer\b|\bfoster|\badvocate\b|\bguardian\b"
            r"|\bsolicitor\b|\bfamily support\b|\bearly help\b|\badoption\b|\badmin|\bbusiness support\b|\bvisitor\b"
        ),
    ),
    (CO_WORKER, re.compile(r"\bco ?work|\bsecond|\bjoint\b|\bsupporting\b|\bother (case|social) ?worker\b")),
    (LEAD, re.compile(r"\ballocated\b|\b(case|key) ?worker\b|\bsocial worker\b|\blead\b|\bprimary\b|\bcase ?holder\b")),
)


@dataclass(frozen=True, slots=True)
class Line:
    """One usable row: who is involved with whom, as what, since when. `ended` None: still."""

    source: Source
    person: str
    professional: Professional | None
    role: str
    team: str
    start: date | None
    ended: date | None
    referral: str

    @property
    def holds(self) -> bool:
        return self.professional is not None and self.role in {LEAD, CO_WORKER, ""}

    def order(self) -> tuple[bool, int, int, str, str, str]:
        """Sorts first who leads: by role, then the latest start. Names last: the order of rows never matters."""
        name = self.professional.name if self.professional else ""
        role = (LEAD, "", CO_WORKER).index(self.role) if self.holds else 0
        latest = -(self.start or date.min).toordinal()
        return (not self.holds, role, latest, person_key(name), place_key(self.team), self.referral)


@dataclass(slots=True)
class _Reading:
    lines: list[Line] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    asides: list[Problem] = field(default_factory=list)
    set_aside: set[str] = field(default_factory=set)
    unknown_roles: Counter[str] = field(default_factory=Counter)
    categories: dict[str, str] = field(default_factory=dict)
    families: dict[str, str] = field(default_factory=dict)


def role_of(text: str) -> str | None:
    """LEAD, CO_WORKER or OTHER; "" when the role is not given, None when it is one we do not know."""
    if is_empty(text):
        return ""
    word = key(text)
    return next((role for role, pattern in _ROLES if pattern.search(word)), None)


def read_ssd(
    tables: Sequence[Table],
    *,
    name: str,
    as_of: date,
    full_time_hours: Decimal,
    most_shared: int = 100,
    secret: str = "",
    mapped: Mapped = NOTHING_SAID,
    tell: Tell = quietly,
) -> Intake:
    """Cases, staff and problems of an extract on `as_of`. With a secret, references become keyed hashes of themselves.

    `full_time_hours`: the week that a full-time equivalent of 1 stands for. Raises Refused, a sentence.
    """
    grids = grids_of(tables, names=f"“{name}”", mapped=mapped)
    reading = _Reading()
    teams = _teams(grids.get(DEPARTMENT))
    people = read_professionals(grids[PROFESSIONALS], teams, full_time_hours=full_time_hours, problems=reading.asides)
    for table, listed in CATEGORIES.items():
        if table in grids:
            _read_categories(reading, grids[table], listed, as_of=as_of)
    if FAMILY in grids:
        _read_families(reading, grids[FAMILY])
    reader = _Reader(grids[INVOLVEMENTS], people, teams, as_of, mapped)
    for row in watched(grids[INVOLVEMENTS].rows, tell):
        _place(reading, reader, row)
    return _settle(reading, grids, rows=len(grids[INVOLVEMENTS].rows), most=most_shared, secret=secret)


def _teams(grid: Grid | None) -> dict[str, str]:
    """Names of teams by their numbers, and by themselves."""
    if grid is None:
        return {}
    number, name = grid.reader("dept_team_id"), grid.reader("dept_team_name")
    rows = [row for row in grid.rows if not is_empty(name(row))]
    named = {place_key(name(row)): name(row) for row in rows}
    return named | {place_key(number(row)): name(row) for row in rows if not is_empty(number(row))}


def _read_categories(reading: _Reading, grid: Grid, listed: Listed, *, as_of: date) -> None:
    person, eligible = grid.reader(listed.person), grid.reader("clea_care_leaver_eligibility")
    start, end = grid.reader(listed.start), grid.reader(listed.end)
    for row in grid.rows:
        try:
            reference = reference_in(person(row), grid.heading(listed.person), owner="child")
            begun = date_in(start(row), grid.heading(listed.start))
            ended = date_in(end(row), grid.heading(listed.end))
        except Unfit as unfit:
            reading.asides.append(unfit.at(Source(grid.table, row.number)))
            continue
        over = ended is not None and ended <= as_of
        if over or (begun is not None and begun > as_of) or key(eligible(row)) == "no current eligibility":
            continue
        best = min(reading.categories.get(reference, listed.category), listed.category, key=lambda one: RANKS[one])
        reading.categories[reference] = best


def _read_families(reading: _Reading, grid: Grid) -> None:
    person, family = grid.reader("fami_person_id"), grid.reader("fami_family_id")
    for row in grid.rows:
        try:
            reference = reference_in(person(row), grid.heading("fami_person_id"), owner="child")
            named = reference_in(family(row), grid.heading("fami_family_id"), owner="family", needed=False)
        except Unfit as unfit:
            reading.asides.append(unfit.at(Source(grid.table, row.number)))
        else:
            reading.families[reference] = named


class _Reader:
    """Turns rows of involvements into lines, with every column looked up once."""

    def __init__(
        self, grid: Grid, people: Mapping[str, Professional], teams: Mapping[str, str], as_of: date, mapped: Mapped
    ) -> None:
        self.grid, self.people, self.teams, self.as_of, self.mapped = grid, people, teams, as_of, mapped
        names = ("person_id", "professional_id", "professional_role_id", "professional_team", "referral_id")
        self.text = {name: grid.reader(f"invo_{name}") for name in names}
        self.start, self.end = (grid.reader(f"invo_involvement_{side}_date") for side in ("start", "end"))

    def reference(self, row: Row) -> str:
        return reference_in(self.text["person_id"](row), self.grid.heading("invo_person_id"), owner="child")

    def line(self, row: Row, person: str, unknown: Counter[str]) -> Line:
        start_column, end_column = (f"invo_involvement_{side}_date" for side in ("start", "end"))
        start = past_date_in(self.start(row), self.grid.heading(start_column), as_of=self.as_of)
        ended = date_in(self.end(row), self.grid.heading(end_column))
        if start is not None and ended is not None and ended < start:
            raise Unfit(self.grid.heading(end_column), self.end(row), "This involvement ended before it started.")
        ended = ended if ended is not None and ended <= self.as_of else None
        professional = self._professional(row) if ended is None else None
        team = self.text["professional_team"](row)
        at_home = professional.team if professional else NO_TEAM
        return Line(
            source=Source(self.grid.table, row.number),
            person=person,
            professional=professional,
            role=self._role(row, unknown) if professional else OTHER,
            team=at_home if is_empty(team) else tidy_team(self.teams.get(place_key(team), team)),
            start=start,
            ended=ended,
            referral=key(self.text["referral_id"](row)),
        )

    def _professional(self, row: Row) -> Professional | None:
        number = self.text["professional_id"](row)
        if is_empty(number):
            return None
        found = self.people.get(key(number))
        if found is None or is_empty(found.name):
            sentence = "This professional has no name in ssd_professionals, so nobody can be given the case."
            raise Unfit(self.grid.heading("invo_professional_id"), number, sentence)
        return None if is_nobody(found.name) or place_key(found.name) in self.teams else found

    def _role(self, row: Row, unknown: Counter[str]) -> str:
        text = self.text["professional_role_id"](row)
        said = self.mapped.code("role", text)
        role = role_of(text) if said in {None, SET_ASIDE} else said
        if role is None:
            unknown[" ".join(text.split())] += 1
        return OTHER if role is None else role


def _place(reading: _Reading, reader: _Reader, row: Row) -> None:
    person = ""
    try:
        if sum(not is_empty(text) for text in row.cells) == 1:  # a remark might name somebody
            raise Unfit("", "", "This row holds a single value and no case.")  # noqa: TRY301
        person = reader.reference(row)
        reading.lines.append(reader.line(row, person, reading.unknown_roles))
    except Unfit as unfit:
        reading.problems.append(unfit.at(Source(reader.grid.table, row.number)))
        reading.set_aside.add(person)


def _settle(reading: _Reading, grids: Mapping[str, Grid], *, rows: int, most: int, secret: str) -> Intake:
    opened: defaultdict[str, list[Line]] = defaultdict(list)
    closed: defaultdict[str, list[Line]] = defaultdict(list)
    for line in reading.lines:
        (opened if line.ended is None else closed)[line.person].append(line)
    teams = one_spelling((line.team for line in reading.lines), place_key)
    groups = [sorted(lines, key=Line.order) for lines in opened.values()]
    held = [_holders(group) for group in groups]
    cases = [
        _case(group, holders, _start(group, closed[group[0].person]), reading, teams, most=most)
        for group, holders in zip(groups, held, strict=True)
    ]
    gone = [lines for person, lines in closed.items() if lines and person not in opened]
    going = [lines for lines in gone if lines[0].person not in reading.set_aside | reading.categories.keys()]
    counts = tally(
        cases,
        rows=rows,
        merged=sum(len(group) - 1 for group in groups),
        closed=sum(map(len, closed.values())),
        quarantined=len(reading.problems),
    )
    return Intake(
        counts=counts,
        cases=tuple(_kept(case, secret) for case in cases),
        closures=tuple(_closure(lines, secret) for lines in going),
        staff=staff_of([line.professional for holders in held for line in holders if line.professional], teams),
        problems=tuple(reading.problems),
        staff_problems=tuple(reading.asides),
        notes=tuple(_notes(reading, grids, groups, cases, gone)),
    )


def _holders(group: Sequence[Line]) -> list[Line]:
    """Who holds the case: the lead, then co-workers. Of several who lead, the latest; a worker once."""
    holders: dict[str, Line] = {}
    for line in group:
        if line.professional and line.holds and (not holders or line.role == CO_WORKER):
            holders.setdefault(line.professional.number, line)
    return list(holders.values())


def _start(group: Sequence[Line], before: Sequence[Line]) -> date | None:
    """The first day of anybody's involvement in the same referral; without one, of those that are open."""
    referral = group[0].referral
    same = [line for line in (*group, *before) if referral and line.referral == referral]
    return min((line.start for line in same or group if line.start), default=None)


def _case(
    group: Sequence[Line],
    holders: Sequence[Line],
    start: date | None,
    reading: _Reading,
    teams: Mapping[str, str],
    *,
    most: int,
) -> CaseRecord:
    first = holders[0] if holders else group[0]
    shares = share_out([None] * len(holders), most=most)
    return CaseRecord(
        reference=first.person,
        family_reference=reading.families.get(first.person, ""),
        category=reading.categories.get(first.person, ""),
        factors=(),
        opened_on=start,
        team=teams[first.team],
        holdings=tuple(
            _holding(line, share, teams, lead=line is first) for line, share in zip(holders, shares, strict=True)
        ),
        rated_on=None,
        source=first.source,
    )


def _holding(line: Line, share: int, teams: Mapping[str, str], *, lead: bool) -> Holding:
    worker = line.professional
    assert worker is not None  # noqa: S101 - only lines with a professional hold
    return Holding(teams[line.team], worker.name, LEAD if lead else CO_WORKER, share, worker.staff_reference)


def _closure(lines: Sequence[Line], secret: str) -> Closure:
    day = max(line.ended for line in lines if line.ended)
    person = lines[0].person
    return Closure(keyed_hash(person, secret=secret) if secret else person, day, lines[0].source)


def _kept(case: CaseRecord, secret: str) -> CaseRecord:
    if not secret:
        return case
    reference, family = (keyed_hash(text, secret=secret) for text in (case.reference, case.family_reference))
    return replace(case, reference=reference, family_reference=family)


def _notes(
    reading: _Reading,
    grids: Mapping[str, Grid],
    groups: Sequence[Sequence[Line]],
    cases: Sequence[CaseRecord],
    gone: Sequence[Sequence[Line]],
) -> Iterable[str]:
    if DEPARTMENT not in grids:
        yield "There is no table ssd_department: teams are called what the involvements call them."
    if absent := [table for table in CATEGORIES if table not in grids]:
        yield f"Not among the files, so their categories cannot be told: {', '.join(absent)}."
    if unrated := sum(not case.category for case in cases):
        yield f"Cases without a category, which stay unrated: {unrated}."
    if reading.unknown_roles:
        named = ", ".join(f"“{word}” ({number})" for word, number in sorted(reading.unknown_roles.items())[:10])
        yield f"Roles that we do not know, whose people do not hold the case: {named}."
    if several := sum(sum(line.holds and line.role != CO_WORKER for line in group) > 1 for group in groups):
        yield f"Cases with several open lead workers, of whom the latest is taken: {several}."
    named_people = {line.person for line in reading.lines} | reading.set_aside
    if ended := sum(lines[0].person in reading.categories for lines in gone):
        yield f"Children with an open plan or episode whose involvements have all ended; left as they are: {ended}."
    if nobody := len(reading.categories.keys() - named_people):
        yield f"Children with an open plan or episode and no involvement at all, who are not imported: {nobody}."
