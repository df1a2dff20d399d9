"""Who works for an employer: about 770 workers in 80 teams, with contracts, reductions, absences and supervision."""

from collections.abc import Iterator
from datetime import date
from typing import Any

import numpy as np
from national_cells import NULL, TEAMS, Place, Rows, Text, flags, text

from healthcheck.demo.people import HOURS, POSTS, REASONS

HOLDERS = 8.6
"""Case holders of a team, beside its manager."""


class Staff:
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
            text(self.workers),
            [str(self.place.employer)] * many,
            [f"Worker Number{key}" for key in self.workers],
            [f"S{number:05}" for number in range(many)],
            self.stage,
            ["t" if POSTS[max(post, 0)].registered else "f" for post in self.post.tolist()],
            flags(self.holds),
            flags(self.chosen(many, 10)),
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
        hours = text(np.where(np.isin(who, second), 18.5, self.hours[who]))
        for place in np.flatnonzero(self.chosen(many, 1)).tolist():
            hours[place] = NULL
        begun = self.ago(400, 1500, len(who))
        keys = self.place.keys("teams_contract", len(who))
        columns = (text(keys), text(self.workers[who]), self.team_keys(teams), hours, text(begun))
        return "teams_contract", ("id", "worker_id", "team_id", "weekly_hours", "starts_on"), columns

    def team_keys(self, places: Any) -> Text:
        return text(np.array(self.place.teams)[places])

    def _reductions(self) -> Rows:
        """One in four has one that counts, one in seventeen one that has lapsed; who is away carries nothing."""
        counts, lapsed = self.chosen(len(self.workers), 24), self.chosen(len(self.workers), 8)
        who = np.flatnonzero(self.holds & (counts | lapsed | self.away))
        chosen = [REASONS[place] for place in self.random.integers(0, len(REASONS), len(who)).tolist()]
        away, lapsed = self.away[who], lapsed[who]
        columns = (
            text(self.workers[who]),
            self.team_keys(self.team[who]),
            ["PERCENT" if gone else str(kind) for gone, (kind, _, _) in zip(away, chosen, strict=True)],
            ["100" if gone else amount for gone, (_, amount, _) in zip(away, chosen, strict=True)],
            ["Long absence" if gone else reason for gone, (_, _, reason) in zip(away, chosen, strict=True)],
            text(self.today - np.where(lapsed, 200, 90)),
            text(np.where(lapsed & ~away, self.today - 5, np.datetime64("NaT"))),
        )
        names = ("worker_id", "team_id", "kind", "amount", "reason", "starts_on", "ends_on")
        return "teams_capacityreduction", names, columns

    def _absences(self) -> Iterator[Rows]:
        now, past = np.flatnonzero(self.away), np.flatnonzero(self.chosen(len(self.workers), 15))
        names = ("worker_id", "reason", "starts_on", "ends_on")
        for who, begun, until in ((now, 45, None), (past, 200, 20)):
            ends = self.today - 200 + until if until else np.datetime64("NaT")
            columns = (
                text(self.workers[who]),
                ["SICKNESS"] * len(who),
                [str(self.today - begun)] * len(who),
                text(np.full(len(who), ends)),
            )
            yield "teams_absence", names, columns

    def _supervision(self) -> Rows:
        """A year of monthly sessions, one in eight late by weeks."""
        who = np.repeat(np.arange(len(self.workers)), 12)
        months = np.tile(np.arange(12), len(self.workers))
        late = np.repeat(self.random.integers(0, 28, len(self.workers)), 12)
        held = self.today - late - 29 * months
        by = text(self.workers[self.managers[self.team[who]]])
        other = [NULL if holds else "A senior manager" for holds in self.holds[who].tolist()]
        columns = (
            text(self.workers[who]),
            self.team_keys(self.team[who]),
            text(held),
            text(self.random.choice([60, 75, 90, 95], len(who))),
            flags(self.chosen(len(who), 10)),
            flags(self.chosen(len(who), 70)),
            [key if name == NULL else NULL for key, name in zip(by, other, strict=True)],
            ["" if name == NULL else name for name in other],
            [f"{self.today}T12:00Z"] * len(who),
        )
        names = ("worker_id", "team_id", "held_on", "minutes", "interrupted", "reflective", "supervisor_id")
        return "teams_supervisionsession", (*names, "supervisor_name", "recorded_at"), columns
