"""What people do when cases change hands, one or many at a time."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID, uuid4

from django.db import transaction
from django.utils import timezone

from caseloads.actions.allocating import from_to
from caseloads.actions.changing import Noted, lock_case, lock_cases, note, note_all
from caseloads.actions.placing import (
    PastLimit,
    Placing,
    about_limits,
    ask_about_limits,
    begin_allocations,
    end_allocations,
    keep_exceptions,
)
from caseloads.actions.scoring import score_soon
from caseloads.models import Allocation, Case, CaseChange, Transfer
from caseloads.policies import why_not_transfer
from caseloads.queries.allocating import Effect, Plan, Trial, shares_of, trial
from caseloads.workload_changes import Given
from design import figures
from teams import audit, submissions
from teams.access import require
from teams.audit import Event
from teams.models import Team, User, Worker
from teams.refusals import NotAllowed
from teams.roles import Permission


@dataclass(frozen=True)
class Move:
    """One case on its way from a worker (None: from nobody) to a worker of a team (None: to the team alone)."""

    case: Case
    from_worker: Worker | None
    to_worker: Worker | None


@dataclass(frozen=True)
class Handover:
    """Why cases change hands, from which day, and when they are handed over; None: no meeting was held."""

    reason: str
    on: date
    meeting_on: date | None


@dataclass(frozen=True)
class _Moving:
    """A move with what it ends."""

    move: Move
    case: Case
    held: Sequence[Allocation]
    left: int

    @property
    def share(self) -> int:
        """What goes with the case: the worker's share, or what nobody who counts holds."""
        giver = self.move.from_worker
        return sum(row.share for row in self.held if row.worker == giver) if giver else self.left

    @property
    def role(self) -> str:
        leads = not self.held or any(row.role == Allocation.Role.LEAD for row in self.held)
        return Allocation.Role.LEAD if leads else Allocation.Role.CO_WORKER


@transaction.atomic
def transfer(
    *,
    moves: Sequence[Move],
    to_team: Team,
    handover: Handover,
    past: PastLimit,
    seen: Mapping[int, int],
    once: UUID | None,
    by: User | None,
    at: datetime,
) -> list[Transfer]:
    """Move cases, all of them or none; `seen` is case key → the revision it was looked at with.

    In its team a case goes with the share of who held it. To another team it goes whole: nobody of the old one holds
    it any more; without a worker it is unallocated there, and that team's manager allocates it.
    Raises LimitsPassed where a limit is passed and `past` does not say why, or who approved it; NotAllowed otherwise.
    """
    if not moves:
        raise NotAllowed("Choose at least one case to transfer.")
    submissions.claim(once, by=by, at=at)
    cases = {case.pk: case for case in lock_cases([move.case for move in moves], seen=seen)}
    _check(cases.values(), moves, to_team, handover, by=by)
    moving = _moving(moves, cases, to_team, on=handover.on)
    given = [item for item in moving if item.move.to_worker is not None]
    from_teams = {row.team for item in moving for row in item.held} | {case.team for case in cases.values()}
    before = {case.pk: case.team for case in cases.values()}
    said = _place(given, moving, to_team, handover, past, by=by, at=at) if given else _end(moving, handover.on)
    Case.objects.filter(pk__in=cases).exclude(team=to_team).update(team=to_team)
    rows = Transfer.objects.bulk_create(_rows(moving, before, to_team, handover, by=by, at=at))
    note_all([_noted(item, to_team, handover, said) for item in moving], by=by, at=at)
    moved = {case: team.pk for case, team in before.items()}
    detail = {"cases": sorted(cases), "teams": moved, "to_team": to_team.pk, "handover_on": handover.meeting_on}
    audit.record(Event.CASES_TRANSFERRED, employer=to_team.employer, target=to_team, by=by, at=at, detail=detail)
    score_soon(from_teams | {to_team}, at=at)
    return rows


def _check(cases: Iterable[Case], moves: Sequence[Move], to_team: Team, handover: Handover, *, by: User | None) -> None:
    for team in {case.team for case in cases}:
        require(by, Permission.CASE_RECORD, team=team)
        if team.employer_id != to_team.employer_id:
            raise NotAllowed("A case cannot be transferred to another employer.")
    if any(move.to_worker is not None for move in moves):
        require(by, Permission.CASE_RECORD, team=to_team)
    for case in cases:
        if reason := why_not_transfer(
            opened_on=case.opened_on, closed_on=case.closed_on, on=handover.on, handover_on=handover.meeting_on
        ):
            raise NotAllowed(f"{case}: {reason}" if len(moves) > 1 else reason)


def _moving(moves: Sequence[Move], cases: Mapping[int, Case], to_team: Team, *, on: date) -> list[_Moving]:
    """Each move with the allocations it ends: to another team a case goes whole. Two statements."""
    shared = shares_of(cases, on=on)
    found = []
    for move in moves:
        case, worker, now = cases[move.case.pk], move.from_worker, shared[move.case.pk]
        if case.team != to_team:
            rows = [holding.allocation for holding in now.of_team(case.team)]
        elif worker is None:
            rows = [holding.allocation for holding in now.holdings if not holding.counts]
        else:
            rows = [holding.allocation for holding in now.holdings if holding.worker == worker]
        if worker and worker not in {row.worker for row in rows}:
            raise NotAllowed(f"{worker} does not hold case {case} on {figures.day(on)}. Look at it again.")
        if move.to_worker is not None and move.to_worker == worker:
            raise NotAllowed(f"{worker} holds case {case} already. Choose somebody else.")
        found.append(_Moving(move, case, rows, now.left))
    return found


def _end(moving: Iterable[_Moving], on: date) -> dict[int, str]:
    end_allocations([row for item in moving for row in item.held], on=on)
    return {}


def _place(
    given: Sequence[_Moving],
    moving: Sequence[_Moving],
    team: Team,
    handover: Handover,
    past: PastLimit,
    *,
    by: User | None,
    at: datetime,
) -> dict[int, str]:
    """End what is held and begin it with the new workers; return what is to be said of each of them, by worker."""
    cases = [item.case.pk for item in moving]
    attempt = trial(team, as_of=max(handover.on, timezone.localdate(at)), cases=cases)
    placings = [
        Placing(item.case, item.move.to_worker, item.share, item.role, handover.on)
        for item in given
        if item.move.to_worker is not None
    ]
    for placing in placings:
        if placing.worker.pk not in attempt.people:
            raise NotAllowed(f"{placing.worker} is not a case-holding member of {team} on {figures.day(handover.on)}.")
    effects = attempt.effects(_plan(placings, moving, team))
    ask_about_limits(attempt, effects, past)
    _end(moving, handover.on)
    begun = begin_allocations(attempt, placings, on=handover.on)
    keep_exceptions(attempt, begun, effects, past, by=by, at=at)
    return {effect.worker.pk: _figures(effect, past, attempt) for effect in effects}


def _plan(placings: Sequence[Placing], moving: Sequence[_Moving], team: Team) -> Plan:
    given = [Given(placing.case.pk, placing.worker.pk, team.pk, placing.share) for placing in placings]
    return Plan(given, {(item.case.pk, row.worker_id) for item in moving for row in item.held})


def _figures(effect: Effect, past: PastLimit, attempt: Trial) -> str:
    return f": {from_to(effect)}.{about_limits(effect, past, attempt.blocking)}"


def _rows(
    moving: Sequence[_Moving],
    before: Mapping[int, Team],
    to_team: Team,
    handover: Handover,
    *,
    by: User | None,
    at: datetime,
) -> list[Transfer]:
    batch = uuid4() if len(moving) > 1 else None
    return [
        Transfer(
            employer=to_team.employer,
            case=item.case,
            from_worker=item.move.from_worker,
            from_team=item.held[0].team if item.held else before[item.case.pk],
            to_worker=item.move.to_worker,
            to_team=to_team,
            moved_on=handover.on,
            reason=handover.reason,
            handover_on=handover.meeting_on,
            batch=batch,
            at=at,
            by=by,
        )
        for item in moving
    ]


def _noted(item: _Moving, to_team: Team, handover: Handover, said: Mapping[int, str]) -> Noted:
    source = ", ".join(dict.fromkeys(str(row.worker) for row in item.held)) or "nobody"
    target = item.move.to_worker or f"{to_team}, where it is unallocated"
    meeting = f"Handover meeting on {figures.day(handover.meeting_on)}." if handover.meeting_on else NO_MEETING
    figure = said.get(item.move.to_worker.pk, ".") if item.move.to_worker else "."
    text = f"Transferred from {source} to {target} on {figures.day(handover.on)}{figure} {meeting}"
    return Noted(item.case, CaseChange.Kind.TRANSFERRED, f"{text} Reason: {handover.reason.rstrip('.')}.")


NO_MEETING = "No handover meeting was held."


@transaction.atomic
def record_handover(*, row: Transfer, meeting_on: date, once: UUID | None, by: User, at: datetime) -> None:
    """Say that the handover meeting of a transfer was held after all. The red flag goes with the next scoring."""
    require(by, Permission.CASE_RECORD, team=row.to_team)
    submissions.claim(once, by=by, at=at)
    case = lock_case(row.case, seen=None)
    if not Transfer.objects.filter(pk=row.pk, handover_on__isnull=True).update(handover_on=meeting_on):
        raise NotAllowed("A handover meeting is recorded for this transfer already.")
    text = f"Handover meeting held on {figures.day(meeting_on)}, after the transfer of {figures.day(row.moved_on)}."
    note(case, CaseChange.Kind.TRANSFERRED, text, by=by, at=at)
    detail = {"handover_on": {"before": None, "after": meeting_on}}
    audit.record(Event.CASES_TRANSFERRED, employer=row.employer, target=row, by=by, at=at, detail=detail)
    score_soon({row.to_team, case.team}, at=at)
