"""What if: a team scored as it would be after changes, in memory only. Nothing is written."""

from collections.abc import Collection, Hashable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from caseloads import shown
from caseloads.frames import AreaScheme, hundredths, read_caseload, schemes_of
from caseloads.models import Case
from caseloads.proposing import propose
from caseloads.queries.cases import scheme_on
from caseloads.queries.transfers import why
from caseloads.shown import Standing, TeamFigures, records
from caseloads.workload import Inputs, Scheme, Workload, category_name, score
from caseloads.workload_changes import Given, give, join, leave, take
from teams.models import CareerStage, Team, Worker
from teams.refusals import NotAllowed

FULL = 100
MOST_JOINERS = 9


@dataclass(frozen=True)
class Asked:
    """What is supposed; all of it optional.

    leave: public ids of workers. joiners: how many, of which career stage, for how many hours a week. version: of the
    area's scheme. spread: share out what nobody holds. gives: public id of a case → that of a worker, or new-1.
    """

    leave: Collection[str] = ()
    joiners: int = 0
    stage: str = CareerStage.NEWLY_QUALIFIED.value
    hours: Decimal | None = None
    version: str = ""
    spread: bool = False
    gives: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Basis:
    """What a plan can be made from: the people, the schemes and the unallocated cases of a team on a day."""

    team: Team
    on: date
    schemes: Sequence[AreaScheme]
    scheme: AreaScheme
    inputs: Inputs
    before: Workload
    people: Mapping[int, Worker]
    waiting: Sequence[Case]

    @property
    def workers(self) -> list[Worker]:
        return sorted(self.people.values(), key=lambda worker: (worker.name.casefold(), worker.pk))


@dataclass(frozen=True)
class Line:
    """One worker before and after; None: not there. `note`: leaves, or joins."""

    name: str
    note: str
    before: Standing | None
    after: Standing | None
    cases: int
    cases_after: int


@dataclass(frozen=True)
class Destination:
    """A case that would go to somebody (or nobody), and why, where that was proposed."""

    reference: str
    category: str
    to: str
    why: str


@dataclass(frozen=True)
class Outcome:
    """A team before and after."""

    scheme: AreaScheme
    before: TeamFigures
    after: TeamFigures
    lines: Sequence[Line]
    destinations: Sequence[Destination]


def basis(team: Team, *, on: date) -> Basis:
    """Read what a plan starts from. Raises NotAllowed, a sentence, where no scheme is published. Eight statements."""
    schemes = schemes_of(team.service_area)
    scheme = scheme_on(schemes, on)
    if scheme is None:
        raise NotAllowed(f"No weighting scheme is published for {team.service_area}, so no plan can be worked out.")
    inputs = read_caseload(team.employer, as_of=on, teams=[team])
    before = score(scheme.scheme, inputs, as_of=on, teams=[team.pk])
    people = Worker.objects.in_bulk({int(key) for key in before.workers["worker"]})
    keys = [int(key) for key in before.unallocated["case"]]
    rows = Case.objects.in_bulk(keys)
    return Basis(team, on, schemes, scheme, inputs, before, people, [rows[key] for key in keys])


def work_out(start: Basis, asked: Asked) -> Outcome:
    """Score a plan. What it names that is not there any more is left out: a link may be older than the team."""
    plan = _Plan(start, asked)
    return Outcome(
        scheme=plan.scheme,
        before=shown.team_figures(start.before),
        after=shown.team_figures(plan.after),
        lines=plan.lines(),
        destinations=plan.destinations(),
    )


class _Plan:
    def __init__(self, start: Basis, asked: Asked) -> None:
        self.start, self.team, self.on = start, start.team.pk, start.on
        self.scheme = next((one for one in start.schemes if str(one.row.version) == asked.version), start.scheme)
        self.leavers = {worker.pk for worker in start.people.values() if str(worker.public_id) in asked.leave}
        self.joiners = self._joiners(asked)
        self.names: dict[Hashable, str] = {key: worker.name for key, worker in start.people.items()}
        self.names |= {key: f"New worker {-key}" for key in self.joiners}
        inputs = join(leave(start.inputs, self.leavers, team=self.team), self.joiners.values())
        self.given: dict[Hashable, tuple[Hashable | None, str]] = {
            case: (worker, "") for case, worker in self._chosen(asked).items()
        }
        inputs = self._give(inputs, self.given)
        if asked.spread:
            proposed = self._proposed(inputs)
            self.given |= proposed
            inputs = self._give(inputs, proposed)
        self.after = self._score(inputs)

    def _score(self, inputs: Inputs) -> Workload:
        return score(self._rules, inputs, as_of=self.on, teams=[self.team])

    @property
    def _rules(self) -> Scheme:
        return self.scheme.scheme

    def _joiners(self, asked: Asked) -> dict[int, dict[str, object]]:
        """Members who would join, under keys that nobody has: -1, -2, …"""
        hours = self._rules.full_time_hours if asked.hours is None else hundredths(asked.hours)
        member: dict[str, object] = {"team": self.team, "contracted": hours, "stage": asked.stage, "case_holding": True}
        registered = asked.stage not in {CareerStage.UNQUALIFIED, CareerStage.STUDENT}
        return {
            -number: member | {"worker": -number, "registered": registered}
            for number in range(1, min(asked.joiners, MOST_JOINERS) + 1)
        }

    def _chosen(self, asked: Asked) -> dict[Hashable, Hashable]:
        """Case → worker, of the cases that wait and the people who would be there."""
        who: dict[str, Hashable] = {f"new-{-key}": key for key in self.joiners}
        who |= {str(one.public_id): key for key, one in self.start.people.items() if key not in self.leavers}
        waiting = {str(case.public_id): case.pk for case in self.start.waiting}
        return {waiting[case]: who[to] for case, to in asked.gives.items() if case in waiting and to in who}

    def _proposed(self, inputs: Inputs) -> dict[Hashable, tuple[Hashable | None, str]]:
        """Who would take what nobody holds after the changes."""
        shares = dict.fromkeys(self._score(inputs).unallocated["case"].tolist(), FULL)
        choices = propose(self._rules, _free(inputs, shares), team=self.team, shares=shares, as_of=self.on)
        return {case: (choice.candidate, why(choice, self.names)) for case, choice in choices.items()}

    def _give(self, inputs: Inputs, given: Mapping[Hashable, tuple[Hashable | None, str]]) -> Inputs:
        rows = [Given(case, worker, self.team, FULL) for case, (worker, _) in given.items() if worker is not None]
        return give(_free(inputs, [row.case for row in rows]), rows, on=self.on)

    def lines(self) -> list[Line]:
        """Everybody by name, who joins last."""
        then, now = ({row["worker"]: row for row in records(one.workers)} for one in (self.start.before, self.after))
        keys = sorted({*then, *now}, key=lambda key: (key < 0, -key if key < 0 else self.names[key].casefold(), key))
        return [
            Line(
                name=self.names[key],
                note="leaves" if key in self.leavers else self._stage(key) if key < 0 else "",
                before=shown.standing_of(then[key]) if key in then else None,
                after=shown.standing_of(now[key]) if key in now else None,
                cases=then[key]["cases"] if key in then else 0,
                cases_after=now[key]["cases"] if key in now else 0,
            )
            for key in keys
        ]

    def _stage(self, key: int) -> str:
        return f"joins, {CareerStage(str(self.joiners[key]['stage'])).label.lower()}"

    def destinations(self) -> list[Destination]:
        cases = Case.objects.in_bulk([int(str(key)) for key in self.given])
        return [
            Destination(
                reference=cases[int(str(case))].reference,
                category=category_name(self._rules, cases[int(str(case))].category),
                to="nobody" if worker is None else self.names[worker],
                why=reason,
            )
            for case, (worker, reason) in self.given.items()
        ]


def _free(inputs: Inputs, cases: Collection[Hashable]) -> Inputs:
    """The rows without anybody's name on cases that do not count as held."""
    rows = inputs.allocations[inputs.allocations["case"].isin(list(cases))]
    return take(inputs, set(zip(rows["case"].tolist(), rows["worker"].tolist(), strict=True)))
