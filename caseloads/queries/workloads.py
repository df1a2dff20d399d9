"""Workloads as people see them: rows read, scored by the one pure function, handed on as plain values."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from django.db.models import QuerySet

from caseloads import shown
from caseloads.frames import AreaScheme, read_inputs, schemes_in_force
from caseloads.models import TeamSnapshot
from caseloads.queries.history import band_names, stored_standing, worker_trends
from caseloads.shown import (
    CaseAddress,
    LineRow,
    Person,
    RedFlag,
    Standing,
    Step,
    TeamFigures,
    UnallocatedRow,
    WorkerRow,
    decimal,
    records,
)
from caseloads.workload import Figures, Inputs, State, Workload, apart, figures, narrow, score, unscored
from design.charts import Item, Point
from teams.models import Employer, Team, User, Worker
from teams.roles import Permission


@dataclass(frozen=True)
class AreaWorkload:
    """The scored teams of one service area, and the scheme that was used; None where none is published.

    inputs: the rows that were scored; with what a page shows of each where it was one team.
    """

    scheme: AreaScheme | None
    workload: Workload
    inputs: Inputs


@dataclass(frozen=True)
class _Group:
    """Teams of one service area that are scored together."""

    area: int
    name: str
    teams: list[int]

    @property
    def why(self) -> str:
        """Why nobody can be scored where there is no scheme."""
        return f"No weighting scheme is published for {self.name}."


@dataclass(frozen=True)
class AreaFigures:
    """The figures of one service area's teams without how they come about, and the scheme that was used."""

    scheme: AreaScheme | None
    figures: Figures


def area_figures(employer: Employer, *, as_of: date, team: Team | None = None) -> list[AreaFigures]:
    """Score an employer's teams, or one of them, as they stand on a day. A fixed number of statements."""
    teams = [] if team is None else [team]
    rows = [(team.pk, team.service_area_id, team.service_area.name) for team in teams]
    groups = _grouped(rows or employer.teams.values_list("pk", "service_area", "service_area__name"))
    read = _read(employer, groups, as_of=as_of, teams=teams)
    return [AreaFigures(scheme, _figures(group, scheme, inputs, as_of)) for group, scheme, inputs in read]


def _figures(group: _Group, scheme: AreaScheme | None, inputs: Inputs, as_of: date) -> Figures:
    if scheme is None:
        return figures(None, inputs, as_of=as_of, teams=group.teams, reason=group.why)
    return figures(scheme.scheme, inputs, as_of=as_of, teams=group.teams)


def _grouped(teams: Iterable[tuple[int, int, str]]) -> list[_Group]:
    """Teams, given with the key and the name of their service area, area by area."""
    groups: dict[int, _Group] = {}
    for key, area, name in teams:
        groups.setdefault(area, _Group(area, name, [])).teams.append(key)
    return list(groups.values())


def _read(
    employer: Employer, groups: Sequence[_Group], *, as_of: date, teams: Sequence[Team]
) -> Iterator[tuple[_Group, AreaScheme | None, Inputs]]:
    """Each group with the scheme in force and the rows that it is scored from."""
    schemes = schemes_in_force(employer, on=as_of)
    inputs = read_inputs(employer, as_of=as_of, teams=teams)
    for group in groups:
        yield group, schemes.get(group.area), inputs if len(groups) == 1 else narrow(inputs, group.teams)


def _scored(group: _Group, scheme: AreaScheme | None, inputs: Inputs, as_of: date) -> AreaWorkload:
    if scheme is None:
        return AreaWorkload(None, unscored(inputs, group.why, as_of=as_of, teams=group.teams), inputs)
    return AreaWorkload(scheme, score(scheme.scheme, inputs, as_of=as_of, teams=group.teams), inputs)


@dataclass(frozen=True)
class TeamWorkload:
    """Everything the team page and the report say about one team's workload on a day."""

    team: Team
    as_of: date
    scheme: AreaScheme | None
    workload: Workload
    figures: TeamFigures
    workers: Sequence[WorkerRow]
    unallocated: Sequence[UnallocatedRow]
    team_flags: Sequence[RedFlag]
    addresses: Mapping[int, CaseAddress]

    @property
    def red_flags(self) -> int:
        return len(self.team_flags) + sum(len(row.flags) for row in self.workers)


def team_workload(team: Team, *, as_of: date) -> TeamWorkload:
    """Score one team for people to read."""
    (found,) = team_workloads([team], as_of=as_of)
    return found


def team_workloads(teams: Sequence[Team], *, as_of: date) -> list[TeamWorkload]:
    """Score some teams of one employer for people to read, each service area at once. A fixed number of statements."""
    if not teams:
        return []
    groups = _grouped((team.pk, team.service_area_id, team.service_area.name) for team in teams)
    read = _read(teams[0].employer, groups, as_of=as_of, teams=teams)
    areas = [_scored(*each, as_of) for each in read]
    people, found = _people(areas), {}
    for group, area in zip(groups, areas, strict=True):
        addresses = shown.case_addresses(area.inputs.cases)
        for key, result in apart(area.workload, group.teams).items():
            found[key] = (area.scheme, result, addresses)
    return [_team_workload(team, *found[team.pk], people, as_of=as_of) for team in teams]


def _team_workload(
    team: Team,
    scheme: AreaScheme | None,
    result: Workload,
    addresses: Mapping[int, CaseAddress],
    people: Mapping[int, Person],
    *,
    as_of: date,
) -> TeamWorkload:
    flags, counts = shown.red_flags(result), shown.marked_cases(result)
    unallocated = [shown.unallocated_row(row, people, scheme, addresses) for row in records(result.unallocated)]
    return TeamWorkload(
        team=team,
        as_of=as_of,
        scheme=scheme,
        workload=result,
        figures=shown.team_figures(result),
        workers=[shown.worker_row(row, people, counts, flags) for row in records(result.workers)],
        unallocated=sorted(unallocated, key=shown.urgency),
        team_flags=flags.get(None, []),
        addresses=addresses,
    )


class Order(StrEnum):
    """In what order the workers of a team are shown."""

    LOAD = "load"
    NAME = "name"
    CASES = "cases"

    @classmethod
    def of(cls, asked: str | None) -> "Order":
        """The order asked for; the heaviest load first unless a known one is."""
        return cls(asked) if asked in {order.value for order in cls} else cls.LOAD

    def sort(self, rows: Sequence[WorkerRow]) -> list[WorkerRow]:
        by_name = sorted(rows, key=lambda row: (row.name.casefold(), row.worker))
        match self:
            case Order.NAME:
                return by_name
            case Order.CASES:
                return sorted(by_name, key=lambda row: -row.cases)
            case Order.LOAD:
                return sorted(by_name, key=lambda row: _heaviness(row.standing), reverse=True)


def _heaviness(standing: Standing) -> tuple[int, Decimal]:
    """Without capacity first, then by load %, then those that are not known."""
    rank = {State.NO_CAPACITY: 2, State.SCORED: 1}.get(State(standing.state), 0)
    return rank, standing.pct or Decimal(0)


def bars(rows: Sequence[WorkerRow]) -> list[Item]:
    """A bar a worker, for a chart against the limit of 100 %."""
    return [Item(row.name, row.standing.pct, row.standing.text, row.standing.band) for row in rows]


@dataclass(frozen=True)
class TeamSummary:
    """A team in a list, with its newest snapshot; None before it was ever scored."""

    team: Team
    snapshot: TeamSnapshot | None
    standing: Standing | None


def team_list(user: User, *, as_of: date) -> list[TeamSummary]:
    """The teams whose workload somebody may see, each with what the newest scoring found. Three statements."""
    teams = Team.objects.where_allowed(user, Permission.WORKLOAD_VIEW).select_related("service_area", "employer")
    newest = TeamSnapshot.objects.filter(team__in=teams.values("pk"), day__lte=as_of)
    found = {row.team_id: row for row in newest.order_by("team_id", "-day", "-scored_at").distinct("team_id")}
    names = band_names({row.scheme_id for row in found.values()})
    standings = {
        key: stored_standing(row.scheme_id, row.load_pct, row.band, names, row.state) for key, row in found.items()
    }
    ordered = teams.order_by("service_area__name", "name")
    return [TeamSummary(team, found.get(team.pk), standings.get(team.pk)) for team in ordered]


def _people(areas: Sequence[AreaWorkload]) -> dict[int, Person]:
    """The members of the teams, and whoever has a case in their name without being one."""
    people: dict[int, Person] = {}
    for area in areas:
        people |= shown.members(area.inputs.members)
    held_by = {key for area in areas for key in area.workload.unallocated["held_by"] if key != ""}
    strangers = held_by - people.keys()
    rows = Worker.objects.filter(pk__in=strangers) if strangers else ()
    return people | {row.pk: Person(row.pk, row.public_id, row.name, row.career_stage, row.agency) for row in rows}


@dataclass(frozen=True)
class Post:
    """A worker's workload in one team, line by line: stable + Σ lines = load, Σ steps = capacity."""

    team: Team
    scheme: AreaScheme | None
    row: WorkerRow
    lines: Sequence[LineRow]
    steps: Sequence[Step]
    to_review: Sequence[CaseAddress]
    trend: Sequence[Point] = ()


def worker_posts(worker: Worker, *, as_of: date, teams: QuerySet[Team] | None = None) -> list[Post]:
    """A worker's workload in each team they hold cases in on a day (or those of the teams given)."""
    own = Team.objects.filter(pk__in=worker.contracts.open_on(as_of).values("team"))
    wanted = own if teams is None else own.filter(pk__in=teams.values("pk"))
    found = wanted.select_related("employer", "service_area").order_by("name", "pk")
    scored, trends = team_workloads(list(found), as_of=as_of), worker_trends(worker, as_of=as_of)
    return [
        _post(result, row, trends.get(result.team.pk, ()))
        for result in scored
        for row in result.workers
        if row.worker == worker.pk
    ]


def _post(result: TeamWorkload, row: WorkerRow, trend: Sequence[Point]) -> Post:
    lines, steps = result.workload.lines, result.workload.capacity
    return Post(
        team=result.team,
        scheme=result.scheme,
        row=row,
        lines=[shown.line_row(line, result.addresses) for line in records(lines[lines["worker"] == row.worker])],
        steps=[
            Step(label=step["label"], amount=decimal(step["amount"], 2))
            for step in records(steps[(steps["worker"] == row.worker) & (steps["step"] != "RESULT")])
        ],
        to_review=shown.to_review(result.workload, row.worker, result.addresses),
        trend=trend,
    )
