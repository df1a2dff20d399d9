"""An employer's figures beside the published ones, as the benchmarks page shows them: a fixed number of statements."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import Max, Q

from checks.freezing import SUPPRESSED
from design import figures
from design.range_charts import Mark, Strip
from reports.adults import AdultRate, adult_rates
from reports.benchmark_measures import RATES, Rate, Unit
from reports.models import BenchmarkArea
from reports.own_figures import Own, own_figures
from reports.published import ENGLAND, AreaYear, Level, why_none
from reports.queries import workforce as reading
from reports.ranges import Spread, spread
from teams.access import find_employer
from teams.models import Employer, ServiceArea, User
from teams.roles import Permission
from teams.supervision import months_after
from teams.workforce import MONTHS

LONDON = {"E13000001", "E13000002"}
"""Inner and Outer London lie in London: the range over regions counts London once."""


@dataclass(frozen=True)
class Figure:
    """A rate as it is shown: its value, or in words why there is none."""

    value: Decimal | None
    text: str


@dataclass(frozen=True)
class TrendRow:
    year: int
    england: Figure
    region: Figure


@dataclass(frozen=True)
class Compared:
    """One rate: the employer's own figure, its region, England, the range, and the years."""

    rate: Rate
    own: Own
    own_figure: Figure
    region: Figure
    england: Figure
    range_figures: Sequence[tuple[str, Figure]]
    range_of: str
    strip: Strip | None
    trend: Sequence[TrendRow]


@dataclass(frozen=True)
class Benchmarks:
    """Everything the page says. region: its name, "" where it is not said; year None: no published figure is loaded."""

    employer: Employer
    region: str
    as_of: date
    since: date
    year: int | None
    not_said: int
    compared: Sequence[Compared]
    adults: Sequence[AdultRate]


def benchmarks_of(user: User, slug: str, *, as_of: date) -> Benchmarks:
    """The benchmarks of an employer whose overview the user may see. Seven statements."""
    employer = find_employer(user, slug, Permission.OVERVIEW_VIEW)
    since = months_after(as_of, -MONTHS)
    record = reading.read(employer, as_of=as_of, since=since)
    childrens, adults = (
        reading.workforce_of(record[group.value])
        for group in (ServiceArea.ClientGroup.CHILDREN, ServiceArea.ClientGroup.ADULTS)
    )
    known = _Known(employer.region, _published(employer.region))
    own = own_figures(childrens)
    return Benchmarks(
        employer=employer,
        region=employer.get_region_display() if employer.region else "",
        as_of=as_of,
        since=since,
        year=known.year,
        not_said=childrens.not_said,
        compared=[_compare(rate, own[rate.column], known) for rate in RATES] if known.year else [],
        adults=adult_rates(own_figures(adults)) if adults.teams else [],
    )


def _published(region: str) -> list[AreaYear]:
    """England and the region in every year, and every area in the newest year of England. Two statements."""
    newest = BenchmarkArea.objects.filter(code=ENGLAND).aggregate(year=Max("year"))["year"]
    rows = BenchmarkArea.objects.filter(Q(code__in=[ENGLAND, region]) | Q(year=newest))
    return [row.published for row in rows]


class _Known:
    """The published rows, by area and year, for one region."""

    def __init__(self, region: str, rows: Sequence[AreaYear]) -> None:
        self.region = region
        self.by_area: Mapping[str, dict[int, AreaYear]] = defaultdict(dict)
        for row in rows:
            self.by_area[row.code][row.year] = row
        self.years = sorted(self.by_area[ENGLAND], reverse=True)
        self.year = self.years[0] if self.years else None
        self.newest = [row for row in rows if row.year == self.year]

    def figure(self, rate: Rate, code: str, year: int | None) -> Figure:
        if not code:
            return Figure(None, "not said")
        row = self.by_area[code].get(year or 0)
        if row is None:
            return Figure(None, figures.NOT_KNOWN)
        value = row.number(rate.column)
        return Figure(value, why_none(row.figures.get(rate.column, "")) if value is None else shown(value, rate.unit))

    def range_over(self, rate: Rate) -> tuple[Spread | None, str]:
        """The range of a rate, and over which areas it was taken."""
        authorities = [row for row in self.newest if row.level == Level.AUTHORITY]
        wanted = LONDON | {self.region} if self.region == "E12000007" else {self.region}
        near = [row for row in authorities if row.region in wanted]
        regions = [row for row in self.newest if row.level == Level.REGION and row.code not in LONDON]
        for rows, words in (
            (near, "local authorities of the region"),
            (authorities, "local authorities of England"),
            (regions, "regions of England"),
        ):
            found = spread(value for row in rows if (value := row.number(rate.column)) is not None)
            if found:
                return found, f"{found.number} {words}"
        return None, ""


def shown(value: Decimal, unit: Unit) -> str:
    """A rate as it is read: a percentage, or a number of cases, with one place."""
    return figures.pct(value) if unit == Unit.PERCENT else f"{value:,.1f}"


def _own_text(own: Own, unit: Unit) -> str:
    if own.value is None:
        return SUPPRESSED if own.suppressed else figures.NOT_KNOWN
    return shown(own.value, unit)


def _compare(rate: Rate, own: Own, known: _Known) -> Compared:
    england = known.figure(rate, ENGLAND, known.year)
    region = known.figure(rate, known.region, known.year)
    mine = Figure(own.value, _own_text(own, rate.unit))
    found, words = known.range_over(rate)
    return Compared(
        rate=rate,
        own=own,
        own_figure=mine,
        region=region,
        england=england,
        range_figures=_range_figures(found, rate.unit) if found else (),
        range_of=words,
        strip=_strip(found, rate.unit, mine, region, england) if found else None,
        trend=[
            TrendRow(year, known.figure(rate, ENGLAND, year), known.figure(rate, known.region, year))
            for year in known.years
        ],
    )


def _range_figures(found: Spread, unit: Unit) -> list[tuple[str, Figure]]:
    named = {
        "Lowest": found.lowest,
        "Lower quartile": found.lower,
        "Median": found.median,
        "Upper quartile": found.upper,
        "Highest": found.highest,
    }
    return [(name, Figure(value, shown(value, unit))) for name, value in named.items()]


def _strip(found: Spread, unit: Unit, own: Figure, region: Figure, england: Figure) -> Strip:
    wanted = (("This employer", own, "diamond"), ("Region", region, "square"), ("England", england, "circle"))
    return Strip(
        values=(found.lowest, found.lower, found.median, found.upper, found.highest),
        ends=(f"Lowest {shown(found.lowest, unit)}", f"Highest {shown(found.highest, unit)}"),
        marks=[Mark(name, one.value, one.text, shape) for name, one, shape in wanted if one.value is not None],
    )
