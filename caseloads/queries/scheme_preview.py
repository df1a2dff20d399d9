"""What publishing a draft would change today: every team and worker of its area, scored by the draft in memory."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from caseloads.drafting import scheme_of_draft
from caseloads.frames import read_caseload, schemes_in_force
from caseloads.models import SchemeDraft
from caseloads.queries.schemes import reading_of
from caseloads.scheme_effects import Effects, Shift, effects
from caseloads.shown import Standing, standing_of
from caseloads.workload import score, unscored
from teams.models import Team, User
from teams.roles import Permission

MOST_NAMED = 200


@dataclass(frozen=True)
class TeamEffect:
    """One team before and after; numbers of workers and of unallocated cases past their limit as (before, after)."""

    name: str
    before: Standing
    after: Standing
    over: tuple[int, int]
    well_over: tuple[int, int]
    late: tuple[int, int]

    @property
    def numbers(self) -> tuple[tuple[int, int], ...]:
        return self.over, self.well_over, self.late


@dataclass(frozen=True)
class WorkerEffect:
    """A worker whose band would change. The name is there for those who may see the team's workload."""

    name: str
    team: str
    before: Standing
    after: Standing


@dataclass(frozen=True)
class Preview:
    """What a draft would change; scheme: the one in force today, "" where there is none."""

    draft: SchemeDraft
    scheme: str
    sentences: Sequence[str]
    teams: Sequence[TeamEffect]
    bands: Sequence[tuple[str, int, int]]
    moved: Sequence[WorkerEffect]
    moved_in_all: int
    unnamed: int

    @property
    def cut(self) -> bool:
        return len(self.moved) + self.unnamed < self.moved_in_all


def preview(draft: SchemeDraft, user: User, *, as_of: date) -> Preview | None:
    """Score the draft's area by the scheme in force and by the draft; None while it has faults. Seven statements."""
    reading = reading_of(draft)
    if reading.draft is None or reading.faults:
        return None
    area = draft.service_area
    teams = {team.pk: team for team in area.teams.all()}
    inputs = read_caseload(draft.employer, as_of=as_of, teams=list(teams.values()))
    now = schemes_in_force(draft.employer, on=as_of).get(area.pk)
    wanted = scheme_of_draft(reading.draft, version="draft", full_time_hours=area.full_time_hours)
    if now is None:
        before = unscored(inputs, f"No weighting scheme is published for {area.name}.", as_of=as_of, teams=teams)
    else:
        before = score(now.scheme, inputs, as_of=as_of, teams=teams)
    found = effects(before, score(wanted, inputs, as_of=as_of, teams=teams), inputs, wanted)
    named = dict(zip(inputs.members["worker"].tolist(), inputs.members["name"].tolist(), strict=True))
    seen = set(
        Team.objects.where_allowed(user, Permission.WORKLOAD_VIEW).filter(pk__in=teams).values_list("pk", flat=True)
    )
    moved = list(_moved(found, teams, named, seen))
    lost = now.scheme.categories if now else {}
    factors = now.scheme.factors if now else {}
    return Preview(
        draft=draft,
        scheme=str(now.row) if now else "",
        sentences=[*_sentences(found), *_left_out(found, {**_names(lost), **_names(factors)})],
        teams=[_team(teams[before_["team"]].name, before_, after_) for before_, after_ in found.teams],
        bands=found.by_band(),
        moved=moved[:MOST_NAMED],
        moved_in_all=len(found.moved),
        unnamed=len(found.moved) - len(moved),
    )


def _names(rows: Mapping[str, Any]) -> dict[str, str]:
    return {code: row.name for code, row in rows.items()}


def _team(name: str, before: Mapping[str, Any], after: Mapping[str, Any]) -> TeamEffect:
    numbers = {key: (before[key], after[key]) for key in ("over", "well_over", "late")}
    return TeamEffect(name, standing_of(dict(before)), standing_of(dict(after)), **numbers)


def _moved(
    found: Effects, teams: Mapping[int, Team], named: Mapping[int, str], seen: set[int]
) -> Iterator[WorkerEffect]:
    """The workers whose band changes, by name, in the teams whose workload the user may see."""
    rows = [pair for pair in found.moved if pair[0]["team"] in seen]
    for before, after in sorted(rows, key=lambda pair: (named[pair[0]["worker"]].casefold(), pair[0]["worker"])):
        name, team = named[before["worker"]], teams[before["team"]].name
        yield WorkerEffect(name, team, standing_of(dict(before)), standing_of(dict(after)))


def _sentences(found: Effects) -> Iterator[str]:
    if found.changes_nothing:
        yield "Nothing would change: every figure of every team and worker would stay as it is today."
    if found.newly_over:
        yield f"{_counted(found.newly_over, 'more worker')} would be over."
    if found.no_longer_over:
        yield f"{_counted(found.no_longer_over, 'worker')} would no longer be over."
    if found.newly_unknown:
        yield f"The load of {_counted(found.newly_unknown, 'more worker')} would not be known."
    yield from (_shift(one) for one in found.team_shifts)


def _shift(shift: Shift) -> str:
    verb = "go" if shift.up is None else "rise" if shift.up else "fall"
    return f"Team load of {_counted(shift.number, 'team')} would {verb} from {shift.before} to {shift.after}."


def _left_out(found: Effects, names: Mapping[str, str]) -> Iterator[str]:
    """What open cases have and the draft has not: without its weight, a load is not known."""
    kinds = (("category", found.lost_categories), ("factor", found.lost_factors))
    for kind, lost in kinds:
        for one in lost:
            yield (
                f"{_counted(one.cases, 'open case')} {'has' if one.cases == 1 else 'have'} the {kind} "
                f"“{names.get(one.code, one.code)}”, which the draft does not have: "
                "the loads of those who hold them would not be known."
            )


def _counted(number: int, what: str) -> str:
    return f"{number:,} {what}{'' if number == 1 else 's'}"
