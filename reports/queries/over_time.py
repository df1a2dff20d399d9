"""One team month by month, put together from what was stored, with what changed in schemes and standards."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from caseloads.models import TeamSnapshot
from caseloads.queries.months import months_of_team, schemes_of_team
from checks.models import TeamFindings
from checks.queries import finding_days
from checks.queries.finding_days import SetName, names_of
from design import figures
from design.charts import Point
from design.line_charts import Mark
from reports.overview.asking import last_months, month_end, month_name
from reports.overview.changes import (
    Change,
    Numbered,
    numbered,
    scheme_changes,
    standard_change,
    variation_changes,
)
from reports.overview.grid import Cell, Column, anchor, cells
from reports.overview.totals import percentage
from standards.queries.changes import set_changes, variations_between
from teams.extra_hours import Total
from teams.models import Team
from teams.queries.staffing import hours_totals
from teams.queries.supervision import Sessions, sessions_by_month

LENGTHS = (3, 12, 24)
USUAL = 12
ON_TIME = "supervision_on_time_pct"


@dataclass(frozen=True)
class MonthRow:
    """One month: its newest scoring, the sessions held in it, and how much supervision was in time when measured."""

    month: str
    figures: TeamSnapshot | None
    sessions: Sessions
    on_time: str

    @property
    def load_pct(self) -> str:
        return percentage(self.figures.load_pct if self.figures else None)

    @property
    def demand_pct(self) -> str:
        return percentage(self.figures.demand_pct if self.figures else None)


@dataclass(frozen=True)
class FindingRow:
    """What was found in a month; `cells` are in the order of the columns."""

    month: str
    day: date
    cells: Sequence[Cell]


@dataclass(frozen=True)
class Lines:
    """The points of each line, by the day of the scoring."""

    load: Sequence[Point]
    demand: Sequence[Point]
    cases: Sequence[Point]
    over: Sequence[Point]
    unallocated: Sequence[Point]
    wait: Sequence[Point]
    sessions: Sequence[Point]


@dataclass(frozen=True)
class OverTime:
    """Everything the page shows. `hours` None: not for this reader."""

    months: int
    since: date
    until: date
    rows: Sequence[MonthRow]
    lines: Lines
    changes: Sequence[Numbered]
    columns: Sequence[Column]
    findings: Sequence[FindingRow]
    hours: Sequence[Total] | None

    @property
    def marks(self) -> list[Mark]:
        return [one.mark for one in self.changes]

    @property
    def lengths(self) -> Sequence[int]:
        return LENGTHS

    @property
    def scored(self) -> bool:
        return any(row.figures for row in self.rows)


def months_asked(asked: str | None) -> int:
    """For how many months; twelve unless one of the lengths offered is asked for."""
    return int(asked) if asked in {str(length) for length in LENGTHS} else USUAL


def over_time(team: Team, *, months: int, as_of: date, sees_hours: bool) -> OverTime:
    """A team over some months up to a day. A fixed number of statements."""
    firsts = last_months(as_of, months=months)
    since = firsts[0]
    scored = months_of_team(team, since=since, until=as_of)
    found = finding_days.months_of_team(team, since=since, until=as_of)
    sessions = sessions_by_month(team, since=since, until=as_of)
    names = names_of(team.employer, found[-1].versions if found else {}, on=as_of)
    columns = _columns(names)
    by_month = {row.day.replace(day=1): row for row in scored}
    told = {row.day.replace(day=1): row for row in found}
    return OverTime(
        months=months,
        since=since,
        until=as_of,
        rows=[
            MonthRow(
                month=month_name(first),
                figures=by_month.get(first),
                sessions=sessions.get(first, Sessions(0, 0)),
                on_time=_on_time(told.get(first), names),
            )
            for first in firsts
        ],
        lines=_lines(scored, [(min(month_end(first), as_of), sessions.get(first)) for first in firsts]),
        changes=numbered(_changes(team, names, since=since, until=as_of)),
        columns=columns,
        findings=[
            FindingRow(month_name(first), row.day, cells(columns, _standards(row))) for first, row in told.items()
        ],
        hours=hours_totals(team, today=as_of) if sees_hours else None,
    )


def _lines(scored: Sequence[TeamSnapshot], sessions: Sequence[tuple[date, Sessions | None]]) -> Lines:
    return Lines(
        load=[Point(row.day, row.load_pct) for row in scored],
        demand=[Point(row.day, row.demand_pct) for row in scored],
        cases=[Point(row.day, Decimal(row.cases)) for row in scored],
        over=[Point(row.day, Decimal(row.over)) for row in scored],
        unallocated=[Point(row.day, Decimal(row.unallocated)) for row in scored],
        wait=[Point(row.day, Decimal(row.longest_wait or 0)) for row in scored],
        sessions=[Point(day, Decimal(one.held if one else 0)) for day, one in sessions],
    )


def _columns(names: Sequence[SetName]) -> list[Column]:
    """The measured standards of every set in use; a code carries its set: earlier months may have others."""
    return [
        Column(f"{one.pack}:{standard.code}", standard.title, anchor(one.pack, standard.code))
        for one in names
        for standard in one.standards
        if standard.measured
    ]


def _standards(row: TeamFindings) -> dict[str, Sequence[str]]:
    """The findings of a day by the codes of the columns."""
    return {f"{pack}:{code}": told for pack, found in row.standards.items() for code, told in found.items()}


def _on_time(row: TeamFindings | None, names: Sequence[SetName]) -> str:
    """How much supervision was in time, as the indicator that asks for it was stored; a dash where none does."""
    asking = [
        (one.pack, two.code)
        for one in names
        for three in one.standards
        for two in three.indicators
        if two.measure == ON_TIME
    ]
    told = [row.indicators.get(pack, {}).get(code) for pack, code in asking] if row else []
    return next((str(one[0]) for one in told if one), "–")


def _changes(team: Team, names: Sequence[SetName], *, since: date, until: date) -> list[Change]:
    uses = schemes_of_team(team, since=since, until=until)
    found = scheme_changes([(one.first_on, one.name, one.version, one.effective_on) for one in uses])
    for one in set_changes(team.employer, since=since, until=until):
        found.append(standard_change(one.day, title=one.title, version=one.version))
    known = {(one.pack, two.code): two for one in names for standard in one.standards for two in standard.indicators}
    for row in variations_between(team.employer, since=since, until=until):
        name = known.get((row.pack, row.indicator))
        found += variation_changes(
            figures.sentence(name.text if name else f"Indicator {row.indicator}"),
            limits=name.limits(met=row.met, partly=row.partly) if name else "",
            starts_on=row.starts_on,
            over_on=row.ended_on or row.review_on + timedelta(days=1),
            ended_early=row.ended_on is not None,
            since=since,
            until=until,
        )
    return found
