"""The overview of an employer, put together from stored rows: one statement for each section, however long it is."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from uuid import UUID

from caseloads.models import WeightingScheme
from caseloads.queries.newest_scorings import Month, Reach, ScoredTeam, bands_of_teams, months_of, newest_of_teams
from checks.queries.finding_days import SetName, StandardName, StoredFindings, names_of, newest_findings
from checks.queries.standing_open import CycleStates, Open, newest_cycle, open_by_age, variations_on
from design.charts import Item, Point
from design.stacked_charts import PARTS, Stack
from reports.overview.asking import Sort, Wanted, last_months, month_end, month_key, month_name, past_months
from reports.overview.grid import Column, GridRow, anchor, cells, ordered
from reports.overview.totals import Part, Total, percentage, share, total
from standards.models import LocalVariation
from teams.models import Employer

DRAWN = 40
"""How many teams a chart has room for; more of them are drawn by service area, or not at all."""
YEARS = timedelta(days=3653)


@dataclass(frozen=True)
class AreaRow:
    """A service area's teams together."""

    name: str
    total: Total


@dataclass(frozen=True)
class BandRow:
    """How many workers of a team, or an area, are in each band, in the order of the key."""

    stack: Stack
    counts: Sequence[int]


@dataclass(frozen=True)
class MonthRow:
    """One month in words."""

    month: str
    day: date | None
    teams: int
    load: str
    demand: str
    over: str
    unallocated: int


@dataclass(frozen=True)
class Waiting:
    """The unallocated work of a team; its weight is in the unit of its scheme."""

    name: str
    public_id: UUID
    many: int
    weight: Decimal | None
    unit: str
    longest: int | None


@dataclass(frozen=True)
class VariationRow:
    """A local variation in force, in words."""

    public_id: UUID
    name: str
    limits: str
    review_on: date


@dataclass(frozen=True)
class Grid:
    """Teams × standards, or × the indicators of one standard; `day`: of the newest findings, None: none are stored.

    `not_measured`: standards of which nothing can be measured.
    """

    title: str
    columns: Sequence[Column]
    not_measured: Sequence[str]
    rows: Sequence[GridRow]
    day: date | None
    local: bool
    narrowed: bool

    @property
    def drawn(self) -> Sequence[Mapping[str, object]]:
        """The rows as the chart takes them; none where they are too many, or are about the indicators of a standard."""
        if self.narrowed or len(self.rows) > DRAWN:
            return []
        return [{"name": row.name, "findings": [one.effective for one in row.cells or ()]} for row in self.rows]

    @property
    def heads(self) -> list[str]:
        return [column.code for column in self.columns]


@dataclass(frozen=True)
class Overview:
    """Everything the page shows. `open` and `cycle` are of today, and None for a past month."""

    employer: Employer
    wanted: Wanted
    teams: int
    day: date | None
    unscored: int
    total: Total
    areas: Sequence[AreaRow]
    grid: Grid
    bands: Sequence[BandRow]
    months: Sequence[MonthRow]
    load_points: Sequence[Point]
    demand_points: Sequence[Point]
    waiting: Sequence[Waiting]
    open: Sequence[Open] | None
    variations: Sequence[VariationRow]
    cycle: CycleStates | None
    choices: Mapping[str, Sequence[tuple[str, str]]]

    @property
    def late(self) -> int | None:
        return None if self.open is None else sum(one.late_duties for one in self.open)

    @property
    def unclosed(self) -> int:
        return sum(one.duties for one in self.open or ())

    @property
    def area_bars(self) -> list[Item]:
        return [Item(row.name, row.total.demand_pct, row.total.demand_words, "") for row in self.areas]

    @property
    def stacks(self) -> list[Stack]:
        return [row.stack for row in self.bands]

    @property
    def bands_by_area(self) -> bool:
        return self.teams > DRAWN

    @property
    def sorts(self) -> list[tuple[Sort, str, bool, str]]:
        """The columns that can be sorted by: key, heading, whether it is a figure, and the order it is in, if any."""
        here = self.wanted.sort
        return [(one, one.heading, one is not Sort.NAME, one.direction if one is here else "") for one in Sort]

    @property
    def sorted_by(self) -> str:
        return self.wanted.sort.heading.lower()

    @property
    def parts(self) -> list[str]:
        return [part.name for part in PARTS]


def overview(employer: Employer, wanted: Wanted, *, as_of: date) -> Overview:
    """Eight statements for now; seven for a past month, of which duties, actions and checks are not known."""
    until = month_end(wanted.month) if wanted.month else as_of
    reach = Reach(wanted.month or as_of - YEARS, until)
    everybody = newest_of_teams(employer.pk, reach)
    teams = [team for team in everybody if wanted.area in {None, team.area}]
    if not teams:
        wanted, teams = replace(wanted, area=None), everybody
    keys = [team.key for team in teams]
    found = newest_findings(employer.pk, reach, pack=wanted.pack)
    names = names_of(employer, _versions(found), on=until)
    months = months_of(employer.pk, teams=keys, months=last_months(until), until=until)
    return Overview(
        employer=employer,
        wanted=wanted,
        teams=len(teams),
        day=max((team.scoring.day for team in teams if team.scoring), default=None),
        unscored=sum(team.scoring is None for team in teams),
        total=total(_part(team) for team in teams if team.scoring),
        areas=_areas(teams),
        grid=_grid(teams, found, names, wanted),
        bands=_bands(teams, bands_of_teams(employer.pk, reach)),
        months=[_month(month) for month in months],
        load_points=[Point(one.day, share(one.load, one.capacity)) for one in months if one.day],
        demand_points=[Point(one.day, share(one.demand, one.capacity)) for one in months if one.day],
        waiting=_waiting(teams),
        open=None if wanted.month else open_by_age(employer.pk, teams=keys, on=as_of),
        variations=_variations(variations_on(employer, on=until), names),
        cycle=None if wanted.month else newest_cycle(employer, teams=keys),
        choices=_choices(everybody, names, as_of=as_of),
    )


def _versions(found: Mapping[int, StoredFindings]) -> Mapping[str, str]:
    """The versions by which the newest findings were made."""
    newest = max(found.values(), key=lambda one: one.day, default=None)
    return newest.versions if newest else {}


def _part(team: ScoredTeam) -> Part:
    one = team.scoring
    if one is None:
        raise ValueError(f"{team.name} is not scored.")
    return Part(
        load=one.load,
        capacity=one.capacity,
        waiting=one.unallocated_weight or Decimal(0),
        maximum=one.maximum,
        head_count=one.head_count,
        over=one.over,
        not_known=one.not_known,
        unallocated=one.unallocated,
        longest_wait=one.longest_wait,
    )


def _areas(teams: Sequence[ScoredTeam]) -> list[AreaRow]:
    names = {team.area: team.area_name for team in teams}
    parts: dict[int, list[Part]] = {area: [] for area in names}
    for team in teams:
        if team.scoring:
            parts[team.area].append(_part(team))
    return [AreaRow(name, total(parts[area])) for area, name in names.items()]


def _grid(
    teams: Sequence[ScoredTeam], found: Mapping[int, StoredFindings], names: Sequence[SetName], wanted: Wanted
) -> Grid:
    chosen = next((one for one in names if one.pack == wanted.pack), names[0] if names else None)
    asked = chosen is not None and chosen.pack == wanted.pack
    standard = (
        next((one for one in chosen.standards if asked and one.code == wanted.standard), None) if chosen else None
    )
    columns = _columns(chosen, standard) if chosen else []
    rows = []
    for team in teams:
        own = found.get(team.key)
        told = None if own is None else own.indicators if standard else own.standards.get(chosen.pack if chosen else "")
        rows.append(_row(team, columns, told))
    title = f"{standard.code}. {standard.title}" if standard else chosen.label if chosen else ""
    return Grid(
        title=title,
        columns=columns,
        not_measured=[one.code for one in chosen.standards if not one.measured] if chosen and not standard else [],
        rows=ordered(rows, wanted.sort),
        day=max((one.day for one in found.values()), default=None),
        local=any(one.local_sign for row in rows for one in row.cells or ()),
        narrowed=standard is not None,
    )


def _columns(chosen: SetName, standard: StandardName | None) -> list[Column]:
    """The measured standards of a set, or the measured indicators of one of them."""
    if standard is not None:
        place = anchor(chosen.pack, standard.code)
        return [Column(one.code, one.title, place) for one in standard.measured]
    return [Column(one.code, one.title, anchor(chosen.pack, one.code)) for one in chosen.standards if one.measured]


def _row(team: ScoredTeam, columns: Sequence[Column], found: Mapping[str, Sequence[str]] | None) -> GridRow:
    one = team.scoring
    return GridRow(
        name=team.name,
        public_id=team.public_id,
        area=team.area_name,
        load_pct=one.load_pct if one else None,
        load=percentage(one.load_pct) if one else "–",
        load_band=one.band.lower() if one else "",
        demand_pct=one.demand_pct if one else None,
        demand=percentage(one.demand_pct) if one else "–",
        unallocated=one.unallocated if one else None,
        cells=None if found is None else cells(columns, found),
    )


def _bands(teams: Sequence[ScoredTeam], counts: Mapping[int, Mapping[str, int]]) -> list[BandRow]:
    """By team; where there are too many to draw, by service area."""
    whole = len(teams) > DRAWN
    found: dict[tuple[str, int], dict[str, int]] = {}
    for team in teams:
        own = found.setdefault((team.area_name, team.area) if whole else (team.name, team.key), {})
        for level, many in counts.get(team.key, {}).items():
            own[level] = own.get(level, 0) + many
    return [
        BandRow(Stack(name, told), [told.get(part.level, 0) for part in PARTS]) for (name, _), told in found.items()
    ]


def _month(month: Month) -> MonthRow:
    return MonthRow(
        month=month_name(month.first),
        day=month.day,
        teams=month.teams,
        load=percentage(share(month.load, month.capacity)),
        demand=percentage(share(month.demand, month.capacity)),
        over=f"{month.over} of {month.known}",
        unallocated=month.unallocated,
    )


def _waiting(teams: Sequence[ScoredTeam]) -> list[Waiting]:
    found = [
        Waiting(team.name, team.public_id, one.unallocated, one.unallocated_weight, _unit(one.unit), one.longest_wait)
        for team in teams
        if (one := team.scoring) and one.unallocated
    ]
    return sorted(found, key=lambda row: (-row.many, row.name.casefold()))


def _unit(unit: str) -> str:
    return str(WeightingScheme.Unit(unit).label) if unit else ""


def _variations(rows: Sequence[LocalVariation], names: Sequence[SetName]) -> list[VariationRow]:
    known = {(one.pack, two.code): two for one in names for standard in one.standards for two in standard.indicators}
    found = []
    for row in rows:
        name = known.get((row.pack, row.indicator))
        limits = name.limits(met=row.met, partly=row.partly) if name else ""
        found.append(
            VariationRow(row.public_id, name.text if name else f"Indicator {row.indicator}", limits, row.review_on)
        )
    return found


def _choices(
    teams: Sequence[ScoredTeam], names: Sequence[SetName], *, as_of: date
) -> Mapping[str, Sequence[tuple[str, str]]]:
    """What each box of the form offers."""
    areas = {team.area: team.area_name for team in teams}
    standards = []
    for one in names:
        before = f"{one.title}: " if len(names) > 1 else ""
        standards.append((one.pack, f"{before}all standards" if before else "All standards"))
        standards += [
            (f"{one.pack}:{standard.code}", f"{before}{standard.code}. {standard.title}")
            for standard in one.standards
            if standard.measured
        ]
    return {
        "area": [("", "All service areas"), *((str(key), name) for key, name in areas.items())],
        "month": [("", "Now"), *((month_key(one), month_name(one)) for one in past_months(as_of))],
        "standard": standards or [("", "All standards")],
    }
