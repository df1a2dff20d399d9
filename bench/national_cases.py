"""Their cases: about 13,300 open ones and as many closed as make 67,000 past allocations.

The spread is that of the demonstration (healthcheck/demo/cases.py): categories and factors of each kind of team, one
case in twenty unrated, one in seventeen held by two, siblings, a few held by nobody or in a manager’s name.
"""

from collections.abc import Iterator
from typing import Any

import numpy as np
from national_cells import ADULT_TEAMS, NULL, TEAMS, Rows, Text, text
from national_staff import Staff

from healthcheck.demo.cases import ADULTS, CHILDRENS, Mix
from teams.models import CareerStage

CASES_EACH = 23
CLOSED = 26_700


class Cases:
    """Open cases first, then closed ones. `lead` is a place among the workers, -1 where nobody holds the case."""

    def __init__(self, employer: Staff) -> None:
        self.of, self.random, self.today = employer, employer.random, employer.today
        share = (
            np.where(employer.away, 0.15, 1) * employer.hours / 37 * self.random.uniform(0.8, 1.25, len(employer.team))
        )
        each = np.where(employer.holds, np.maximum(1, np.round(CASES_EACH * share)), 0).astype(int)
        held = np.repeat(np.arange(len(each)), each)
        team = np.concatenate([employer.team[held], np.repeat(np.arange(TEAMS), 3)])
        self.open = len(team)
        later = self.random.choice(np.flatnonzero(employer.holds), CLOSED)
        self.lead = np.concatenate([held, np.full(3 * TEAMS, -1), later])
        self.team = np.concatenate([team, employer.team[later]])
        self.many = len(self.lead)
        self.keys = employer.place.keys("caseloads_case", self.many)
        self.is_open = np.arange(self.many) < self.open
        self.closed_on = np.where(self.is_open, np.datetime64("NaT"), employer.ago(1, 1500, self.many))
        end = np.where(self.is_open, self.today, self.closed_on)
        self.opened_on = end - self.random.integers(3, np.where(self.is_open & (self.lead < 0), 16, 700), self.many)
        self.category, self.mixes = self._categories()

    def _categories(self) -> tuple[Text, list[Mix]]:
        kinds = list(CHILDRENS.values())
        first = TEAMS - ADULT_TEAMS
        mixes = [ADULTS if team >= first else kinds[team % len(kinds)] for team in range(TEAMS)]
        drawn: dict[int, str] = {}
        for team, mix in enumerate(mixes):
            often = np.array(list(mix.categories.values()), float)
            here = np.flatnonzero(self.team == team)
            drawn |= dict(
                zip(
                    here.tolist(),
                    self.random.choice(list(mix.categories), len(here), p=often / often.sum()),
                    strict=True,
                )
            )
        of_cases = [mixes[team] for team in self.team.tolist()]
        lead = [self.of.stage[place] if place >= 0 else "" for place in self.lead.tolist()]
        codes = [
            self._for(stage, mix, drawn[place]) for place, (stage, mix) in enumerate(zip(lead, of_cases, strict=True))
        ]
        return codes, of_cases

    def _for(self, stage: str, mix: Mix, code: str) -> str:
        """Unqualified workers hold no reserved work, but for one case in thirty."""
        if stage != CareerStage.UNQUALIFIED or self.of.chosen(1, 3)[0]:
            return code
        return next(code for code in ("child_in_need", "care_leaver", "support_plan_review") if code in mix.categories)

    def _families(self) -> Text:
        """Two cases in five, next to each other, have brothers or sisters held by the same worker."""
        number = np.arange(self.many) // 2
        together = self.of.chosen(self.many // 2 + 1, 40)[number]
        return [
            f"FAM-{family:06}" if sibling and mix.families else ""
            for family, sibling, mix in zip(number.tolist(), together.tolist(), self.mixes, strict=True)
        ]

    def rows(self) -> Iterator[Rows]:
        yield self._cases()
        yield self._ratings()
        yield self._allocations()
        yield self._transfers()

    def _cases(self) -> Rows:
        columns = (
            text(self.keys),
            [str(self.of.place.employer)] * self.many,
            self.of.team_keys(self.team),
            [f"UK-{number:06}" for number in self.random.permutation(self.many).tolist()],
            self._families(),
            self.category,
            text(self.opened_on),
            text(self.closed_on),
            text(self.random.choice([1, 2, 3], self.many, p=[0.05, 0.2, 0.75])),
            ["0"] * self.many,
            self.of.public_ids(self.many),
        )
        names = ("id", "employer_id", "team_id", "reference", "family_reference", "category", "opened_on", "closed_on")
        return "caseloads_case", (*names, "priority", "revision", "public_id"), columns

    def _ratings(self) -> Rows:
        """One in twenty has none, one in six a second; one in seventy is set by hand."""
        rated = ~self.of.chosen(self.many, 5)
        again = np.flatnonzero(self.is_open & rated & self.of.chosen(self.many, 17))
        case = np.concatenate([np.flatnonzero(rated), again])
        rated = np.maximum(self.opened_on[case], self.of.ago(0, 185, len(case)))
        rated[len(case) - len(again) :] = self.today
        rated = np.where(np.isnat(self.closed_on[case]), rated, self.opened_on[case])
        by_hand = self.of.chosen(len(case), 1.4).tolist()
        columns = (
            text(self.of.place.keys("caseloads_rating", len(case))),
            [str(self.of.place.employer)] * len(case),
            text(self.keys[case]),
            [self.category[place] for place in case.tolist()],
            self._factors(case),
            ["9.00" if hand else NULL for hand in by_hand],
            ["Agreed in supervision" if hand else "" for hand in by_hand],
            [""] * len(case),
            text(rated),
        )
        names = ("id", "employer_id", "case_id", "category", "factors", "override", "override_reason", "reason")
        return "caseloads_rating", (*names, "rated_on"), columns

    def _factors(self, case: Any) -> Text:
        first, second, counted = (self.random.random((3, len(case))) < [[0.06], [0.06], [0.07]]).tolist()
        times = self.random.integers(1, 3, len(case), endpoint=True).tolist()
        found = []
        for place, one, two, many, count in zip(case.tolist(), first, second, counted, times, strict=True):
            mix = self.mixes[place]
            given = {mix.factors[0]: 1} if one else {}
            given |= {mix.factors[1]: 1} if two else {}
            given |= {mix.counted: count} if many else {}
            found.append("{" + ", ".join(f'"{name}": {number}' for name, number in given.items()) + "}")
        return found

    def _allocations(self) -> Rows:
        """Who holds each open case, one in seventeen with somebody else; who held it before; who held closed ones."""
        held = np.flatnonzero(self.is_open & (self.lead >= 0))
        joint = held[self.of.chosen(len(held), 6)]
        closed = np.flatnonzero(~self.is_open)
        begun = self.opened_on + self.random.integers(0, 3, self.many)
        half = self.opened_on + (np.where(self.is_open, self.today, self.closed_on) - self.opened_on) // 2
        colleague, idle = self._colleague(), np.flatnonzero(self.lead < 0)[::4]
        before = held[self.of.chosen(len(held), 90)]
        now_begun = begun.copy()
        now_begun[before] = half[before]
        share = np.full(self.many, 100)
        share[joint] = 60
        blocks = (
            (held, self.lead[held], "LEAD", share[held], now_begun[held], None),
            (joint, colleague[joint], "CO_WORKER", np.full(len(joint), 40), now_begun[joint], None),
            (idle, self.of.managers[self.team[idle]], "LEAD", np.full(len(idle), 100), self.opened_on[idle], None),
            (before, colleague[before], "LEAD", np.full(len(before), 100), self.opened_on[before], half[before]),
            (closed, colleague[closed], "LEAD", np.full(len(closed), 100), self.opened_on[closed], half[closed]),
            (closed, self.lead[closed], "LEAD", np.full(len(closed), 100), half[closed], self.closed_on[closed]),
        )
        case = np.concatenate([block[0] for block in blocks])
        worker = np.concatenate([block[1] for block in blocks])
        ended = [np.full(len(block[0]), np.datetime64("NaT")) if block[5] is None else block[5] for block in blocks]
        columns = (
            text(self.of.place.keys("caseloads_allocation", len(case))),
            [str(self.of.place.employer)] * len(case),
            text(self.keys[case]),
            text(self.of.workers[worker]),
            self.of.team_keys(self.team[case]),
            [block[2] for block in blocks for _ in range(len(block[0]))],
            text(np.concatenate([block[3] for block in blocks])),
            text(np.concatenate([block[4] for block in blocks])),
            text(np.concatenate(ended)),
            [""] * len(case),
            [""] * len(case),
        )
        names = ("id", "employer_id", "case_id", "worker_id", "team_id", "role", "share", "started_on", "ended_on")
        return "caseloads_allocation", (*names, "agreement", "agreement_note"), columns

    def _colleague(self) -> Any:
        """Somebody else who holds cases in the same team."""
        found = np.zeros(self.many, int)
        for team in range(TEAMS):
            here = np.flatnonzero((self.of.team == team) & self.of.holds)
            places = np.flatnonzero(self.team == team)
            lead = np.searchsorted(here, self.lead[places])
            found[places] = here[(lead + 1 + self.random.integers(0, len(here) - 1, len(places))) % len(here)]
        return found

    def _transfers(self) -> Rows:
        """One open case in thirty was handed over, one in ten of them without a meeting."""
        held = np.flatnonzero(self.is_open & (self.lead >= 0))
        case = held[self.of.chosen(len(held), 3.3)]
        teams = self.of.team_keys(self.team[case])
        columns = (
            [str(self.of.place.employer)] * len(case),
            text(self.keys[case]),
            teams,
            text(self.of.workers[self.lead[case]]),
            teams,
            text(self.opened_on[case]),
            ["Its worker left"] * len(case),
            [NULL if none else str(self.today) for none in self.of.chosen(len(case), 10).tolist()],
            [f"{self.today}T12:00Z"] * len(case),
            self.of.public_ids(len(case)),
        )
        names = ("employer_id", "case_id", "from_team_id", "to_worker_id", "to_team_id", "moved_on", "reason")
        return "caseloads_transfer", (*names, "handover_on", "at", "public_id"), columns
