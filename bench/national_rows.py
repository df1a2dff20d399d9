"""One employer's rows, made from a seed and ready for COPY: 80 teams, about 770 workers, about 13,300 open cases.

The spread is that of the demonstration (healthcheck/demo/cases.py): categories and factors of each kind of team, one
case in twenty unrated, one in seventeen held by two, siblings, a few held by nobody or in a manager’s name.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np

from healthcheck.demo.cases import ADULTS, CHILDRENS, Mix
from healthcheck.demo.people import HOURS, POSTS, REASONS
from teams.models import CareerStage

TEAMS, HOLDERS, CASES_EACH = 80, 8.6, 23
ADULT_TEAMS = 24
CLOSED = 26_700
STRIDE = {
    "teams_worker": 1_000,
    "teams_contract": 2_000,
    "caseloads_case": 60_000,
    "caseloads_rating": 80_000,
    "caseloads_allocation": 120_000,
}
SHIFT = 1_000
"""Keys below are the sequences' own: of what is made by actions before, such as by the demonstration."""

Text = list[str]
NULL = r"\N"
Rows = tuple[str, tuple[str, ...], Sequence[Sequence[str]]]


@dataclass(frozen=True)
class Place:
    """Where an employer's rows hang: its key, its teams (those for adults last), and its number among the employers."""

    employer: int
    teams: Sequence[int]
    number: int

    def keys(self, table: str, many: int) -> Any:
        return SHIFT + self.number * STRIDE[table] + np.arange(many)


def rows_of(place: Place, *, as_of: date) -> Iterator[Rows]:
    """Every table's columns, in an order in which what is referred to comes first."""
    return _Employer(place, as_of).rows()


class _Employer:
    def __init__(self, place: Place, as_of: date) -> None:
        self.place, self.today = place, np.datetime64(as_of, "D")
        self.random = np.random.default_rng(place.number)
        sizes = 9 + (self.random.random(TEAMS) < HOLDERS % 1)
        self.team = np.repeat(np.arange(TEAMS), sizes)
        self.holds = np.concatenate([np.arange(size) > 0 for size in sizes])
        self.post = np.concatenate([np.arange(size) - 1 for size in sizes])
        self.managers = np.flatnonzero(~self.holds)
        self.workers = place.keys("teams_worker", len(self.team))
        self.hours = np.where(self.holds, self.random.choice(np.array(HOURS, float), len(self.team)), 37.0)
        self.stage = [POSTS[max(post, 0)].stage.value for post in self.post.tolist()]
        self.away = self.chosen(len(self.team), 3)

    def rows(self) -> Iterator[Rows]:
        yield self._workers()
        yield self._contracts()
        yield self._reductions()
        yield from self._absences()
        yield self._supervision()
        yield from self._casework()

    def ago(self, fewest: Any, most: Any, many: int) -> Any:
        return self.today - self.random.integers(fewest, most, many, endpoint=True)

    def chosen(self, many: int, percent: float) -> Any:
        """So many draws, about so many per cent of them true."""
        return self.random.random(many) < percent / 100

    def public_ids(self, many: int) -> Text:
        drawn = self.random.bytes(16 * many).hex()
        return [drawn[place : place + 32] for place in range(0, 32 * many, 32)]

    def _workers(self) -> Rows:
        many = len(self.workers)
        columns = (
            _text(self.workers),
            [str(self.place.employer)] * many,
            [f"Worker Number{key}" for key in self.workers],
            [f"S{number:05}" for number in range(many)],
            self.stage,
            ["t" if POSTS[max(post, 0)].registered else "f" for post in self.post.tolist()],
            _flags(self.holds),
            _flags(self.chosen(many, 10)),
            self.public_ids(many),
        )
        names = ("id", "employer_id", "name", "staff_reference", "career_stage", "registered", "case_holding", "agency")
        return "teams_worker", (*names, "public_id"), columns

    def _contracts(self) -> Rows:
        """One for everybody; one in fifty works in a second team as well, one in a hundred for hours not known."""
        many = len(self.workers)
        second = np.flatnonzero(self.chosen(many, 2) & self.holds)
        who = np.concatenate([np.arange(many), second])
        teams = np.concatenate([self.team, (self.team[second] + 1) % TEAMS])
        hours = _text(np.where(np.isin(who, second), 18.5, self.hours[who]))
        for place in np.flatnonzero(self.chosen(many, 1)).tolist():
            hours[place] = NULL
        begun = self.ago(400, 1500, len(who))
        keys = self.place.keys("teams_contract", len(who))
        columns = (_text(keys), _text(self.workers[who]), self.team_keys(teams), hours, _text(begun))
        return "teams_contract", ("id", "worker_id", "team_id", "weekly_hours", "starts_on"), columns

    def team_keys(self, places: Any) -> Text:
        return _text(np.array(self.place.teams)[places])

    def _reductions(self) -> Rows:
        """One in four has one that counts, one in seventeen one that has lapsed; who is away carries nothing."""
        counts, lapsed = self.chosen(len(self.workers), 24), self.chosen(len(self.workers), 8)
        who = np.flatnonzero(self.holds & (counts | lapsed | self.away))
        chosen = [REASONS[place] for place in self.random.integers(0, len(REASONS), len(who)).tolist()]
        away, lapsed = self.away[who], lapsed[who]
        columns = (
            _text(self.workers[who]),
            self.team_keys(self.team[who]),
            ["PERCENT" if gone else str(kind) for gone, (kind, _, _) in zip(away, chosen, strict=True)],
            ["100" if gone else amount for gone, (_, amount, _) in zip(away, chosen, strict=True)],
            ["Long absence" if gone else reason for gone, (_, _, reason) in zip(away, chosen, strict=True)],
            _text(self.today - np.where(lapsed, 200, 90)),
            _text(np.where(lapsed & ~away, self.today - 5, np.datetime64("NaT"))),
        )
        names = ("worker_id", "team_id", "kind", "amount", "reason", "starts_on", "ends_on")
        return "teams_capacityreduction", names, columns

    def _absences(self) -> Iterator[Rows]:
        now, past = np.flatnonzero(self.away), np.flatnonzero(self.chosen(len(self.workers), 15))
        names = ("worker_id", "reason", "starts_on", "ends_on")
        for who, begun, until in ((now, 45, None), (past, 200, 20)):
            ends = self.today - 200 + until if until else np.datetime64("NaT")
            columns = (
                _text(self.workers[who]),
                ["SICKNESS"] * len(who),
                [str(self.today - begun)] * len(who),
                _text(np.full(len(who), ends)),
            )
            yield "teams_absence", names, columns

    def _supervision(self) -> Rows:
        """A year of monthly sessions, one in eight late by weeks."""
        who = np.repeat(np.arange(len(self.workers)), 12)
        months = np.tile(np.arange(12), len(self.workers))
        late = np.repeat(self.random.integers(0, 28, len(self.workers)), 12)
        held = self.today - late - 29 * months
        by = _text(self.workers[self.managers[self.team[who]]])
        other = [NULL if holds else "A senior manager" for holds in self.holds[who].tolist()]
        columns = (
            _text(self.workers[who]),
            self.team_keys(self.team[who]),
            _text(held),
            _text(self.random.choice([60, 75, 90, 95], len(who))),
            _flags(self.chosen(len(who), 10)),
            _flags(self.chosen(len(who), 70)),
            [key if name == NULL else NULL for key, name in zip(by, other, strict=True)],
            ["" if name == NULL else name for name in other],
            [f"{self.today}T12:00Z"] * len(who),
        )
        names = ("worker_id", "team_id", "held_on", "minutes", "interrupted", "reflective", "supervisor_id")
        return "teams_supervisionsession", (*names, "supervisor_name", "recorded_at"), columns

    def _casework(self) -> Iterator[Rows]:
        cases = _Cases(self)
        yield cases.cases()
        yield cases.ratings()
        yield cases.allocations()
        yield cases.transfers()


class _Cases:
    """Open cases first, then closed ones. `lead` is a place among the workers, -1 where nobody holds the case."""

    def __init__(self, employer: _Employer) -> None:
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

    def cases(self) -> Rows:
        columns = (
            _text(self.keys),
            [str(self.of.place.employer)] * self.many,
            self.of.team_keys(self.team),
            [f"UK-{number:06}" for number in self.random.permutation(self.many).tolist()],
            self._families(),
            self.category,
            _text(self.opened_on),
            _text(self.closed_on),
            _text(self.random.choice([1, 2, 3], self.many, p=[0.05, 0.2, 0.75])),
            ["0"] * self.many,
            self.of.public_ids(self.many),
        )
        names = ("id", "employer_id", "team_id", "reference", "family_reference", "category", "opened_on", "closed_on")
        return "caseloads_case", (*names, "priority", "revision", "public_id"), columns

    def ratings(self) -> Rows:
        """One in twenty has none, one in six a second; one in seventy is set by hand."""
        rated = ~self.of.chosen(self.many, 5)
        again = np.flatnonzero(self.is_open & rated & self.of.chosen(self.many, 17))
        case = np.concatenate([np.flatnonzero(rated), again])
        rated = np.maximum(self.opened_on[case], self.of.ago(0, 185, len(case)))
        rated[len(case) - len(again) :] = self.today
        rated = np.where(np.isnat(self.closed_on[case]), rated, self.opened_on[case])
        by_hand = self.of.chosen(len(case), 1.4).tolist()
        columns = (
            _text(self.of.place.keys("caseloads_rating", len(case))),
            _text(self.keys[case]),
            [self.category[place] for place in case.tolist()],
            self._factors(case),
            ["9.00" if hand else NULL for hand in by_hand],
            ["Agreed in supervision" if hand else "" for hand in by_hand],
            [""] * len(case),
            _text(rated),
        )
        names = ("id", "case_id", "category", "factors", "override", "override_reason", "reason", "rated_on")
        return "caseloads_rating", names, columns

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

    def allocations(self) -> Rows:
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
            _text(self.of.place.keys("caseloads_allocation", len(case))),
            [str(self.of.place.employer)] * len(case),
            _text(self.keys[case]),
            _text(self.of.workers[worker]),
            self.of.team_keys(self.team[case]),
            [block[2] for block in blocks for _ in range(len(block[0]))],
            _text(np.concatenate([block[3] for block in blocks])),
            _text(np.concatenate([block[4] for block in blocks])),
            _text(np.concatenate(ended)),
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

    def transfers(self) -> Rows:
        """One open case in thirty was handed over, one in ten of them without a meeting."""
        held = np.flatnonzero(self.is_open & (self.lead >= 0))
        case = held[self.of.chosen(len(held), 3.3)]
        teams = self.of.team_keys(self.team[case])
        columns = (
            [str(self.of.place.employer)] * len(case),
            _text(self.keys[case]),
            teams,
            _text(self.of.workers[self.lead[case]]),
            teams,
            _text(self.opened_on[case]),
            ["Its worker left"] * len(case),
            [NULL if none else str(self.today) for none in self.of.chosen(len(case), 10).tolist()],
            [f"{self.today}T12:00Z"] * len(case),
            self.of.public_ids(len(case)),
        )
        names = ("employer_id", "case_id", "from_team_id", "to_worker_id", "to_team_id", "moved_on", "reason")
        return "caseloads_transfer", (*names, "handover_on", "at", "public_id"), columns


def _text(values: Any) -> Text:
    found: Text = np.asarray(values).astype(str).tolist()
    return [NULL if value == "NaT" else value for value in found] if np.asarray(values).dtype.kind == "M" else found


def _flags(values: Any) -> Text:
    return ["t" if value else "f" for value in values.tolist()]
