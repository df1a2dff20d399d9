"""What would be if cases changed hands: everybody's figures before and after, and the limits that would be passed."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from uuid import UUID

from django.http import Http404

from caseloads import shown
from caseloads.frames import AreaScheme, read_caseload, schemes_in_force
from caseloads.limits import Passed, limits_passed
from caseloads.models import Allocation, Case, WeightingScheme
from caseloads.proposing import alone
from caseloads.shown import Standing, decimal, records
from caseloads.workload import Inputs, Scheme, Workload, category_name, score
from caseloads.workload_changes import Given, give, take
from caseloads.workload_scheme import Limit
from teams.access import holders
from teams.models import CareerStage, Contract, Team, User, Worker
from teams.refusals import NotAllowed
from teams.roles import Permission

FULL = 100


@dataclass(frozen=True)
class Plan:
    """Who is to hold what in a team: allocations ended, as pairs of case and worker, and shares given."""

    gives: Sequence[Given]
    takes: Collection[tuple[int, int]] = ()

    @property
    def cases(self) -> set[int]:
        return {int(str(item.case)) for item in self.gives}


@dataclass(frozen=True)
class Effect:
    """One worker before and after."""

    worker: Worker
    load: Decimal | None
    load_after: Decimal | None
    capacity: Decimal | None
    before: Standing
    after: Standing
    reason: str
    passed: Sequence[Passed] = ()

    @property
    def stage(self) -> str:
        return CareerStage(self.worker.career_stage).label if self.worker.career_stage else "Stage not known"

    @property
    def limits(self) -> list[str]:
        """The limits that would be passed, each named once."""
        return list(dict.fromkeys(one.said for one in self.passed))

    @property
    def changes(self) -> bool:
        return self.load != self.load_after or self.before != self.after


@dataclass(frozen=True)
class Trial:
    """A team as it stands on a day, ready to try plans on."""

    team: Team
    area: AreaScheme
    inputs: Inputs
    before: Workload
    people: Mapping[int, Worker]
    as_of: date

    @property
    def scheme(self) -> Scheme:
        return self.area.scheme

    @property
    def blocking(self) -> set[Limit]:
        """The limits that the scheme lets nobody pass without a named approver."""
        row, block = self.area.row, WeightingScheme.Limit.BLOCK
        modes = {
            Limit.OVER: row.when_over,
            Limit.NEWLY_QUALIFIED: row.when_newly_qualified,
            Limit.RESERVED: row.when_reserved,
        }
        return {limit for limit, mode in modes.items() if mode == block}

    def score(self, inputs: Inputs) -> Workload:
        return score(self.scheme, inputs, as_of=self.as_of, teams=[self.team.pk])

    def changed(self, plan: Plan) -> Inputs:
        return give(take(self.inputs, set(plan.takes)), plan.gives, on=self.as_of)

    def effects(self, plan: Plan) -> list[Effect]:
        """Everybody in the team, by name, as they would be after the plan."""
        after = self.score(self.changed(plan))
        passed = limits_passed(self.before, after, workers={item.worker for item in plan.gives}, cases=plan.cases)
        return self._effects(after, passed)

    def candidates(self, case: Case, share: int, takes: Collection[tuple[int, int]] = ()) -> list[Effect]:
        """Everybody who may be given a share of a case, by name, each as if it were given to them alone.

        One scoring serves all: nobody's load depends on who else holds a case. Only whether somebody would be alone
        with it does, and that is looked up.
        """
        plan = Plan([Given(case.pk, worker, self.team.pk, share) for worker in self.people], takes)
        after = self.score(self.changed(plan))
        passed = limits_passed(self.before, after, workers=self.people.keys(), cases={case.pk})
        return self._effects(after, [*passed, *self._alone(case, takes)])

    def _alone(self, case: Case, takes: Collection[tuple[int, int]]) -> list[Passed]:
        """Newly qualified workers who would hold a reserved case with nobody beside them."""
        category = self.scheme.categories.get(case.category)
        if category is None or not category.reserved:
            return []
        without = self.score(take(self.inputs, set(takes))) if takes else self.before
        detail = f"Case {case}, {category.name}: no other worker holds it."
        found = alone(self.inputs, without, [case.pk])[case.pk]
        return [Passed(key, Limit.NEWLY_QUALIFIED, detail) for key in self.people if key in found]

    def _effects(self, after: Workload, passed: Sequence[Passed]) -> list[Effect]:
        now = {row["worker"]: row for row in records(after.workers)}
        effects = []
        for row in records(self.before.workers):
            later = now[row["worker"]]
            effects.append(
                Effect(
                    worker=self.people[row["worker"]],
                    load=decimal(row["load"], 2),
                    load_after=decimal(later["load"], 2),
                    capacity=decimal(row["capacity"], 2),
                    before=shown.standing_of(row),
                    after=shown.standing_of(later),
                    reason=row["reason"],
                    passed=[one for one in passed if one.worker == row["worker"]],
                )
            )
        return sorted(effects, key=lambda effect: (effect.worker.name.casefold(), effect.worker.pk))


def trial(team: Team, *, as_of: date, cases: Collection[int] = ()) -> Trial:
    """Read a team's rows once, and those of cases from elsewhere that it may be given. Raises NotAllowed."""
    area = schemes_in_force(team.employer, on=as_of).get(team.service_area_id)
    if area is None:
        raise NotAllowed(
            f"No weighting scheme is published for {team.service_area}, so nobody’s load can be told. "
            "Ask your principal social worker to publish one."
        )
    inputs = read_caseload(team.employer, as_of=as_of, teams=[team], cases=cases)
    before = score(area.scheme, inputs, as_of=as_of, teams=[team.pk])
    people = Worker.objects.in_bulk({int(key) for key in before.workers["worker"]})
    return Trial(team, area, inputs, before, people, as_of)


def approvers(team: Team) -> list[User]:
    """Who may approve that a limit which blocks is passed in a team."""
    return list(holders(Permission.CASE_LIMIT_APPROVE, team=team))


@dataclass(frozen=True)
class Holding:
    """Who holds a case now."""

    allocation: Allocation
    counts: bool

    @property
    def worker(self) -> Worker:
        return self.allocation.worker


@dataclass(frozen=True)
class Shares:
    """How a case is shared on a day."""

    holdings: Sequence[Holding] = field(default_factory=tuple)

    def of_team(self, team: Team) -> list[Holding]:
        return [holding for holding in self.holdings if holding.allocation.team_id == team.pk]

    @property
    def counting(self) -> list[Holding]:
        return [holding for holding in self.holdings if holding.counts]

    @property
    def held(self) -> int:
        """Whole percent held by workers who count."""
        return sum(holding.allocation.share for holding in self.counting)

    @property
    def left(self) -> int:
        """What is left to give, at least one percent."""
        return max(1, FULL - self.held)

    @property
    def has_lead(self) -> bool:
        return any(holding.allocation.role == Allocation.Role.LEAD for holding in self.counting)


def shares(case: Case, *, on: date) -> Shares:
    """Who holds a case on a day; those who are not case-holding members of the team they hold it in do not count."""
    return shares_of([case.pk], on=on)[case.pk]


def shares_of(cases: Collection[int], *, on: date) -> dict[int, Shares]:
    """Who holds each of some cases on a day, the lead first. Two statements."""
    rows = Allocation.objects.filter(case__in=cases).open_on(on).select_related("worker", "team")
    contracts = Contract.objects.open_on(on).filter(worker__in=rows.values("worker"))
    members = set(contracts.values_list("worker", "team"))
    found: dict[int, list[Holding]] = {case: [] for case in cases}
    for row in rows.order_by("-role", "worker__name", "pk"):
        counts = row.worker.case_holding and (row.worker_id, row.team_id) in members
        found[row.case_id].append(Holding(row, counts=counts))
    return {case: Shares(holdings) for case, holdings in found.items()}


def own_allocation(user: User, public_id: UUID, *, as_of: date) -> Allocation:
    """A worker's own open allocation of a case; nobody else's is there (404)."""
    rows = Allocation.objects.open_on(as_of).filter(case__public_id=public_id, worker__user=user)
    row = rows.select_related("case__employer", "case__team", "worker").order_by("pk").first()
    if row is None:
        raise Http404("You do not hold this case today.")
    return row


@dataclass(frozen=True)
class AllocatePage:
    """Everybody who may be given a case, as they would be with it."""

    case: Case
    category: str
    shares: Shares
    share: int
    candidates: Sequence[Effect]
    approvers: Sequence[User]

    @property
    def workers(self) -> list[Worker]:
        return [effect.worker for effect in self.candidates]


def allocate_page(case: Case, *, asked_share: str | None, as_of: date) -> AllocatePage:
    """Who could hold a case, whoever would have the most room first. Raises NotAllowed, a sentence."""
    now = shares(case, on=as_of)
    share = min(int(asked_share), FULL) if asked_share and asked_share.isdecimal() and int(asked_share) else now.left
    attempt = trial(case.team, as_of=as_of)
    candidates = attempt.candidates(case, share)
    return AllocatePage(
        case=case,
        category=category_name(attempt.scheme, case.category),
        shares=now,
        share=share,
        candidates=sorted(candidates, key=_least_loaded),
        approvers=approvers(case.team),
    )


def _least_loaded(effect: Effect) -> tuple[bool, bool, Decimal]:
    """Whoever has no figure comes last, and before them whoever may not hold it."""
    barred = any(one.limit == Limit.RESERVED for one in effect.passed)
    return effect.after.pct is None, barred, effect.after.pct or Decimal(0)
