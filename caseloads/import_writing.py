"""Writes what an import changes: all of it or nothing, in bulk, beside the lines people read and what undoing needs."""

import json
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any
from uuid import uuid4

from django.db import IntegrityError, connection, transaction

from caseloads import bulk, policies, snapshots
from caseloads.comparing import Changes
from caseloads.import_lines import Line, fingerprint, lines_of, sentences
from caseloads.importing import Outcome, Reading, compare_with_records, service_area_for
from caseloads.intake.records import Refused
from caseloads.models import Allocation, Case, CaseChange, ImportImage, ImportLine, ImportRun, Rating
from caseloads.stored import CaseRow, ContractRow, Recorded, WorkerRow
from teams.access import holds_employer_wide
from teams.models import Contract, Employer, Team, User, Worker
from teams.refusals import NotAllowed
from teams.roles import Permission

LARGE_WRITE = 1_000
FEW_TEAMS = 5
_CONTRADICTS = (
    "The file contradicts what is recorded already, so nothing was changed. "
    "Check the shares of its cases and the dates of its contracts ({rule})."
)
_ALLOCATED = ("employer_id", "case_id", "worker_id", "team_id", "role", "share", "started_on")
_DESCRIBED = ("staff_reference", "career_stage", "registered", "case_holding", "agency")
_TERMS = ("weekly_hours", "starts_on", "ends_on")

Image = dict[str, list[Any]]


class LooksDifferent(Exception):  # noqa: N818 - it says what happened
    """What an import would change is no longer what was looked at; `outcome` is what it would change now."""

    def __init__(self, outcome: Outcome) -> None:
        super().__init__("Something recorded has changed since.")
        self.outcome = outcome


@dataclass(frozen=True)
class ToScore:
    """Keys of what is to be scored after a change: teams one by one, or a whole employer at once."""

    teams: Sequence[int] = ()
    employers: Sequence[int] = ()


@dataclass(frozen=True)
class Written:
    """What was written: the image that undoing needs, the teams to score, and the keys of teams made for stand-ins."""

    image: Image
    score: ToScore
    made: Mapping[int, int]


def look(*, employer: Employer, reading: Reading, by: User | None) -> Outcome:
    """What the files would change now. Raises NotAllowed where that is not for this person to change."""
    recorded, changes = compare_with_records(employer=employer, reading=reading)
    check_teams(employer, changes, by=by)
    return Outcome(reading, changes, lines_of(recorded, changes))


def carry_out(
    *, employer: Employer, reading: Reading, by: User | None, at: datetime, looked_at: str = ""
) -> tuple[Outcome, Written]:
    """Write what the files change, inside the caller's transaction; imports of one employer wait for each other.

    `looked_at`: the fingerprint of the lines somebody agreed to; raises LooksDifferent when they are others by now.
    """
    Employer.objects.select_for_update(no_key=True).get(pk=employer.pk)
    _lock(employer, reading)
    recorded, changes = compare_with_records(employer=employer, reading=reading)
    check_teams(employer, changes, by=by)
    lines = lines_of(recorded, changes)
    outcome = Outcome(reading, changes, lines)
    if looked_at and fingerprint(lines) != looked_at:
        raise LooksDifferent(outcome)
    said = sentences(lines, file_name=reading.name)
    try:
        with transaction.atomic():
            writing = _Writing(employer, recorded, changes, as_of=reading.as_of, by=by, at=at)
            image, teams, made = writing.write(said)
    except IntegrityError as error:
        diagnosis = getattr(error.__cause__, "diag", None)
        raise Refused(_CONTRADICTS.format(rule=getattr(diagnosis, "constraint_name", None) or "share limit")) from error
    return outcome, Written(image, ask_for_scores(employer, teams, at=at), made)


def keep(run: ImportRun, outcome: Outcome, written: Written) -> None:
    """Keep what an import that was applied has changed, in words and as an image."""
    keep_lines(run, outcome.lines, written.made)
    if run.changed_something:
        ImportImage.objects.create(run=run, data=zlib.compress(json.dumps(written.image, default=str).encode(), 6))


def keep_lines(run: ImportRun, lines: Sequence[Line], made: Mapping[int, int]) -> None:
    """Put these lines in the place of those that the run had before."""
    ImportLine.objects.filter(run=run).delete()
    numbers: dict[str, int] = {}

    def row(line: Line) -> tuple[object, ...]:
        number = numbers[line.section] = numbers.get(line.section, 0) + 1
        team = made.get(line.team, line.team) if line.team is not None else None
        return (run.pk, line.section, number, team if team and team > 0 else None, line.subject[:200], line.text)

    bulk.add_rows(ImportLine, ["run_id", "section", "number", "team_id", "subject", "text"], map(row, lines))


def check_teams(employer: Employer, changes: Changes, *, by: User | None) -> None:
    """A manager imports into their own teams only; whoever may import for the whole employer, into all."""
    if by is None or holds_employer_wide(by, Permission.CASELOAD_IMPORT, employer=employer):
        return
    own = set(Team.objects.where_allowed(by, Permission.CASELOAD_IMPORT).values_list("pk", flat=True))
    others = [key for key in changes.teams | {key for key, _ in changes.new_teams} if key not in own]
    members = Worker.objects.filter(contracts__team__in=own).values_list("pk", flat=True)
    strangers = changes.workers_touched() - set(members)
    names = Worker.objects.filter(pk__in=strangers).values_list("name", flat=True)
    if reason := policies.why_not_import(other_teams=len(others), strangers=list(names)):
        raise NotAllowed(reason)


def ask_for_scores(employer: Employer, teams: set[int], *, at: datetime) -> ToScore:
    """Note that teams changed. Few are scored one by one; many by scoring the employer once."""
    changed = list(Team.objects.filter(pk__in=teams))
    asked = snapshots.request_scoring(changed, at=at)
    return ToScore(teams=asked) if len(changed) <= FEW_TEAMS else ToScore(employers=[employer.pk])


def _lock(employer: Employer, reading: Reading) -> None:
    """Lock the cases named in the files, in the order of their keys, and the employer's workers and contracts."""
    intake = reading.intake
    references = [case.reference for case in intake.cases] + [closure.reference for closure in intake.closures]
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT count(*)
              FROM (SELECT id FROM caseloads_case WHERE employer_id = %s AND reference = ANY(%s::text[])
                     ORDER BY id FOR NO KEY UPDATE) AS locked
            """,
            [employer.pk, references],
        )
    list(Worker.objects.filter(employer=employer).order_by("pk").select_for_update(no_key=True).values_list("pk"))
    contracts = Contract.objects.filter(team__employer=employer).order_by("pk")
    list(contracts.select_for_update(no_key=True, of=("self",)).values_list("pk"))


class _Writing:
    """One write: stand-ins become keys as rows are made."""

    def __init__(
        self, employer: Employer, recorded: Recorded, changes: Changes, *, as_of: date, by: User | None, at: datetime
    ) -> None:
        self.employer, self.recorded, self.changes = employer, recorded, changes
        self.as_of, self.by, self.at = as_of, by, at
        self.teams: dict[int, int] = {}
        self.workers: dict[int, int] = {}
        self.cases: dict[int, int] = {}
        self.image: Image = {}

    def write(self, said: Mapping[int, str]) -> tuple[Image, set[int], Mapping[int, int]]:
        """Write everything; return the image, the keys of the teams whose figures change, and those of teams made."""
        changes = self.changes
        self._write_teams()
        self._write_workers()
        self._write_contracts()
        self._write_cases(said)
        self._write_ratings()
        with bulk.joining_whole_tables():
            self._write_allocations()
        if len(changes.started) + len(changes.new_ratings) > LARGE_WRITE:
            bulk.renew_statistics(Case, CaseChange, Rating, Allocation, Worker, Contract)
        touched = {self.teams.get(team, team) for team in changes.teams}
        self.image["teams"] = sorted(touched)
        return self.image, touched, self.teams

    def _write_teams(self) -> None:
        new = self.changes.new_teams
        area = service_area_for(self.employer) if new else None
        rows = Team.objects.bulk_create(Team(employer=self.employer, service_area=area, name=name) for _, name in new)
        self.teams = {key: row.pk for (key, _), row in zip(new, rows, strict=True)}
        self.image["teams_added"] = [row.pk for row in rows]

    def _write_workers(self) -> None:
        changes = self.changes
        rows = Worker.objects.bulk_create(
            Worker(employer=self.employer, name=row.name, **dict(zip(_DESCRIBED, _values(row), strict=True)))
            for row in changes.new_workers
        )
        self.workers = {stand_in.key: row.pk for stand_in, row in zip(changes.new_workers, rows, strict=True)}
        changed = [(row.key, *_values(row)) for row in changes.changed_workers]
        bulk.change_rows(Worker, ["id", *_DESCRIBED], changed)
        self.image["workers_added"] = [row.pk for row in rows]
        self.image["workers"] = [[key, _values(changes.workers_before[key]), after] for key, *after in changed]

    def _write_contracts(self) -> None:
        changes = self.changes
        changed = [(row.key or 0, *_terms(row)) for row in changes.changed_contracts]
        bulk.change_rows(Contract, ["id", *_TERMS], changed)
        rows = Contract.objects.bulk_create(
            Contract(
                worker_id=self.workers.get(row.worker, row.worker),
                team_id=self.teams.get(row.team, row.team),
                **dict(zip(_TERMS, _terms(row), strict=True)),
            )
            for row in changes.new_contracts
        )
        self.image["contracts"] = [[key, _terms(changes.contracts_before[key]), after] for key, *after in changed]
        self.image["contracts_added"] = [[row.pk, [row.weekly_hours, row.starts_on, row.ends_on]] for row in rows]

    def _write_cases(self, said: Mapping[int, str]) -> None:
        changes, known = self.changes, {row.key: row for row in self.recorded.cases.values()}
        keys = bulk.reserve_keys(Case, len(changes.new_cases))
        self.cases = {row.key: key for row, key in zip(changes.new_cases, keys, strict=True)}
        placed = [replace(row, team=self.teams.get(row.team, row.team)) for row in changes.new_cases]
        bulk.add_rows(
            Case,
            ["id", "public_id", "employer_id", "priority", "revision", "reference", *_CASE],
            (
                (key, uuid4(), self.employer.pk, Case.Priority.ROUTINE.value, 1, row.reference, *_case_values(row))
                for key, row in zip(keys, placed, strict=True)
            ),
        )
        changed = [replace(row, team=self.teams.get(row.team, row.team)) for row in changes.changed_cases]
        bulk.change_rows(Case, ["id", *_CASE], [(row.key, *_case_values(row)) for row in changed])
        self._note_reopened([row.key for row in changed if row.closed_on is None and known[row.key].closed_on])
        revisions = self._raise_revisions([key for key in said if key > 0])
        self._write_history(said, revisions)
        self.image["cases_added"] = [[key, 1] for key in keys]
        self.image["cases"] = [[row.key, _case_values(known[row.key])] for row in changed]
        self.image["cases_touched"] = [[key, revision] for key, revision in revisions.items()]

    def _note_reopened(self, keys: Sequence[int]) -> None:
        """A case that is opened again waits from that day for somebody to hold it."""
        reopened = Case.objects.filter(pk__in=keys)
        self.image["reopened"] = list(reopened.values_list("pk", "reopened_on"))
        reopened.update(reopened_on=self.as_of)

    def _raise_revisions(self, keys: Sequence[int]) -> dict[int, int]:
        with connection.cursor() as cursor:
            cursor.execute(
                "UPDATE caseloads_case SET revision = revision + 1 WHERE id = ANY(%s::bigint[]) RETURNING id, revision",
                [list(keys)],
            )
            return dict(cursor.fetchall())

    def _write_history(self, said: Mapping[int, str], revisions: Mapping[int, int]) -> None:
        by = self.by.pk if self.by else None
        rows = (
            (self.cases.get(case, case), revisions.get(case, 1), CaseChange.Kind.IMPORTED.value, text, self.at, by)
            for case, text in said.items()
        )
        bulk.add_rows(CaseChange, ["case_id", "revision", "kind", "text", "at", "by_id"], rows)

    def _write_ratings(self) -> None:
        new = self.changes.new_ratings
        keys = bulk.reserve_keys(Rating, len(new))
        rows = (
            (key, self.cases.get(case, case), category, factors, "", "", day)
            for key, (case, category, factors, day) in zip(keys, new, strict=True)
        )
        columns = ["id", "case_id", "category", "factors", "override_reason", "reason", "rated_on"]
        bulk.add_rows(Rating, columns, rows)
        self.image["ratings"] = [key for key, (case, *_) in zip(keys, new, strict=True) if case > 0]

    def _write_allocations(self) -> None:
        changes = self.changes
        before = {row.key: row.ended_on for rows in self.recorded.allocations.values() for row in rows}
        bulk.change_rows(Allocation, ["id", "ended_on"], changes.ended)
        keys = bulk.reserve_keys(Allocation, len(changes.started))
        bulk.add_rows(
            Allocation,
            ["id", *_ALLOCATED, "agreement", "agreement_note"],
            (
                (key, self.employer.pk, *self._real(case, worker, team), *rest, "", "")
                for key, (case, worker, team, *rest) in zip(keys, changes.started, strict=True)
            ),
        )
        self.image["allocations_ended"] = [[key, before[key], day] for key, day in changes.ended]
        self.image["allocations_started"] = list(keys)

    def _real(self, case: int, worker: int, team: int) -> tuple[int, int, int]:
        return self.cases.get(case, case), self.workers.get(worker, worker), self.teams.get(team, team)


_CASE = ("team_id", "family_reference", "category", "opened_on", "closed_on")


def _case_values(row: CaseRow) -> tuple[int, str, str, date, date | None]:
    return row.team, row.family_reference, row.category, row.opened_on, row.closed_on


def _values(row: WorkerRow) -> list[Any]:
    return [getattr(row, name) for name in _DESCRIBED]


def _terms(row: ContractRow) -> list[Any]:
    return [getattr(row, name) for name in _TERMS]
