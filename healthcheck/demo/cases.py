"""The demo employer's cases: open ones, a year of closed ones, and everything that makes a caseload hard to read."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from random import Random

from caseloads.actions.cases import Holder, NewCase
from caseloads.models import Allocation, Case
from teams.models import CareerStage, Team, Worker

LONGEST_OPEN_DAYS = 700
PRIORITIES = (Case.Priority.URGENT, Case.Priority.HIGH, Case.Priority.ROUTINE)
REASONS = ("Looked at in supervision", "First rating", "The plan changed", "Rated after the last review")
YEAR = 365


@dataclass(frozen=True)
class Mix:
    """What a kind of team works on: category codes with how often each comes, and its complexity factors."""

    categories: dict[str, int]
    factors: tuple[str, ...]
    counted: str
    families: bool


CHILDRENS = {
    "assessment": Mix(
        {"referral": 3, "assessment": 8, "child_in_need": 6, "section_47": 1},
        ("long_travel", "hostile_household"),
        "further_child",
        families=True,
    ),
    "safeguarding": Mix(
        {"child_in_need": 8, "child_protection": 5, "proceedings": 1, "section_47": 1},
        ("long_travel", "hostile_household"),
        "further_child",
        families=True,
    ),
    "looked after": Mix(
        {"looked_after": 7, "proceedings": 1, "care_leaver": 8},
        ("long_travel", "hostile_household"),
        "further_child",
        families=True,
    ),
}
ADULTS = Mix(
    {
        "care_act_assessment": 3,
        "safeguarding_enquiry": 1,
        "hospital_discharge": 1,
        "support_plan_review": 8,
        "long_term_support": 7,
        "mental_capacity": 1,
    },
    ("long_travel", "several_agencies"),
    "further_carer",
    families=False,
)


class Caseload:
    """Makes one team's cases; references run on from a start."""

    def __init__(
        self,
        team: Team,
        workers: Sequence[Worker],
        *,
        manager: Worker,
        mix: Mix,
        first: int,
        random: Random,
        as_of: date,
    ) -> None:
        self.team, self.workers, self.manager, self.mix = team, workers, manager, mix
        self.number, self.random, self.as_of = first, random, as_of
        self.said = Random(first)  # what people say draws on its own, so that it moves no figure

    def cases(self, *, each: int, unallocated: int, closed: int) -> Iterator[NewCase]:
        """About `each` open cases a worker, some nobody holds, and some closed in the last year."""
        for worker in self.workers:
            wanted = self._how_many(each, worker)
            while wanted > 0:
                family = list(self._family(worker))[:wanted]
                wanted -= len(family)
                yield from family
        for place in range(unallocated):
            yield self._unallocated(held_by_manager=place % 4 == 3)
        for _ in range(closed):
            yield self._closed(self.random.choice(self.workers))

    def _how_many(self, each: int, worker: Worker) -> int:
        """By hours, stage and relief, give or take a fifth; whoever is away for long still holds a case or two."""
        stage = {CareerStage.NEWLY_QUALIFIED: 0.8, CareerStage.UNQUALIFIED: 0.9}
        share = stage.get(CareerStage(worker.career_stage), 1.0)
        hours = worker.contracts.all()[0].weekly_hours or Decimal(37)
        relief = sum(row.amount for row in worker.reductions.all() if row.kind == row.Kind.PERCENT)
        share *= float(hours) / 37 * float(100 - min(relief, Decimal(90))) / 100
        return max(1, round(each * share * self.random.uniform(0.8, 1.2)))

    def _family(self, worker: Worker) -> Iterator[NewCase]:
        """One case, or two or three siblings' with the same worker."""
        size = self.random.choice((1, 1, 1, 2, 3)) if self.mix.families else 1
        family = f"FAM-{self.number:06}" if size > 1 else ""
        category, opened = self._category(worker), self._days_ago(3, LONGEST_OPEN_DAYS)
        for _ in range(size):
            yield self._with_holders(self._rated(self._new(category, opened, family)), worker)

    def _new(self, category: str, opened_on: date, family: str = "") -> NewCase:
        self.number += 1
        return NewCase(
            reference=f"DEMO-{self.number:06}",
            category=category,
            opened_on=opened_on,
            family_reference=family,
            priority=self.said.choices(PRIORITIES, (1, 4, 15))[0],
        )

    def _category(self, worker: Worker | None = None) -> str:
        """A category of the mix. Unqualified workers seldom hold reserved work, but it happens, and is flagged."""
        codes, often = list(self.mix.categories), list(self.mix.categories.values())
        if worker is not None and worker.career_stage == CareerStage.UNQUALIFIED and self.random.random() < 0.97:
            return min(codes, key=lambda code: code not in {"child_in_need", "care_leaver", "support_plan_review"})
        return self.random.choices(codes, often)[0]

    def _rated(self, case: NewCase) -> NewCase:
        draw = self.random.random()
        if draw < 0.05:
            return case
        latest = (self.as_of - case.opened_on).days
        rated = self.as_of - timedelta(days=self.random.randint(0, min(latest, 185)))
        factors: dict[str, int] = {name: 1 for name in self.mix.factors if self.random.random() < 0.06}
        if self.random.random() < 0.07:
            factors[self.mix.counted] = self.random.randint(1, 3)
        reason = self.said.choice(REASONS) if self.said.random() < 0.4 else ""
        case = replace(case, rated_on=rated, factors=factors, reason=reason)
        if 0.97 < draw <= 0.985:
            return replace(case, override=Decimal(9), override_reason="Agreed in supervision: daily contact for now")
        return case

    def _with_holders(self, case: NewCase, worker: Worker) -> NewCase:
        since = case.opened_on + timedelta(days=self.random.randint(0, min(6, (self.as_of - case.opened_on).days)))
        others = [other for other in self.workers if other.pk != worker.pk]
        if self.random.random() < 0.06:
            other, (lead, co) = self.random.choice(others), self.random.choice(((60, 40), (80, 40), (70, 30)))
            return replace(
                case,
                holders=(
                    Holder(worker, self.team, since, share=lead),
                    Holder(other, self.team, since, share=co, role=Allocation.Role.CO_WORKER),
                ),
            )
        return replace(case, holders=(Holder(worker, self.team, since),))

    def _unallocated(self, *, held_by_manager: bool) -> NewCase:
        case = self._rated(self._new(self._category(), self._days_ago(0, 16)))
        return replace(case, holders=(Holder(self.manager, self.team, case.opened_on),)) if held_by_manager else case

    def _closed(self, worker: Worker) -> NewCase:
        closed = self._days_ago(1, YEAR)
        opened = closed - timedelta(days=self.random.randint(10, 300))
        case = self._new(self._category(worker), opened)
        holder = Holder(worker, self.team, opened, ended_on=closed)
        return replace(case, closed_on=closed, rated_on=opened, holders=(holder,))

    def _days_ago(self, fewest: int, most: int) -> date:
        return self.as_of - timedelta(days=self.random.randint(fewest, most))
