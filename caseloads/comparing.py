"""What a file changes: its cases, closures and staff compared with what is recorded. Reads and writes nothing."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import date

from caseloads.intake.records import NO_TEAM, CaseRecord, Closure, Holding, Intake
from caseloads.staffing import Staffing
from caseloads.stored import AllocationRow, CaseRow, ContractRow, RatingRow, Recorded, WorkerRow


@dataclass(slots=True)
class Summary:
    """How much changes, for the preview and the record of the import."""

    new_cases: int = 0
    changed_cases: int = 0
    reopened_cases: int = 0
    closed_cases: int = 0
    new_ratings: int = 0
    allocations_started: int = 0
    allocations_ended: int = 0
    new_workers: int = 0
    changed_workers: int = 0
    new_teams: int = 0
    new_contracts: int = 0
    changed_contracts: int = 0
    cases_left_alone: int = 0

    def nothing(self) -> bool:
        """Whether the import changes nothing at all."""
        return not any(number for name, number in asdict(self).items() if name != "cases_left_alone")


@dataclass(slots=True)
class Changes:
    """Rows to write. Negative keys stand for rows that do not exist yet."""

    summary: Summary = field(default_factory=Summary)
    new_teams: list[tuple[int, str]] = field(default_factory=list)
    new_workers: list[WorkerRow] = field(default_factory=list)
    changed_workers: list[WorkerRow] = field(default_factory=list)
    new_contracts: list[ContractRow] = field(default_factory=list)
    changed_contracts: list[ContractRow] = field(default_factory=list)
    new_cases: list[CaseRow] = field(default_factory=list)
    changed_cases: list[CaseRow] = field(default_factory=list)
    new_ratings: list[tuple[int, str, dict[str, int], date]] = field(default_factory=list)
    started: list[tuple[int, int, int, str, int, date]] = field(default_factory=list)
    ended: list[tuple[int, date]] = field(default_factory=list)
    teams: set[int] = field(default_factory=set)
    held_in_name_only: int = 0
    workers_before: dict[int, WorkerRow] = field(default_factory=dict)
    contracts_before: dict[int, ContractRow] = field(default_factory=dict)

    def workers_touched(self) -> set[int]:
        """Recorded workers whose description or membership of a team changes."""
        contracts = {row.worker for row in (*self.new_contracts, *self.changed_contracts)}
        return {key for key in contracts | {row.key for row in self.changed_workers} if key > 0}


def compare(recorded: Recorded, intake: Intake, *, as_of: date, factors_given: bool) -> Changes:
    """The changes that make the records agree with the file on `as_of`.

    `factors_given`: the file says which complexity factors apply (Annex A does not).
    """
    comparison = _Comparison(recorded, as_of=as_of, factors_given=factors_given)
    comparison.staffing.employ(intake.staff)
    for record in intake.cases:
        comparison.open_case(record)
    for closure in intake.closures:
        comparison.close_case(closure)
    return comparison.result()


class _Comparison:
    def __init__(self, recorded: Recorded, *, as_of: date, factors_given: bool) -> None:
        self.recorded, self.as_of, self.factors_given = recorded, as_of, factors_given
        self.staffing = Staffing(recorded, as_of=as_of)
        self.changes = Changes(
            workers_before={row.key: replace(row) for row in recorded.workers},
            contracts_before={row.key: replace(row) for row in recorded.contracts if row.key is not None},
        )

    def open_case(self, record: CaseRecord) -> None:
        old = self.recorded.cases.get(record.reference)
        holders = [self._holder(holding, old) for holding in record.holdings or ()]
        lead = next((team for _, team, role, _ in holders if role == "LEAD"), None)
        new = self._case(record, old, lead_team=lead)
        if old is None:
            self.changes.new_cases.append(new)
        elif new != old:
            self.changes.changed_cases.append(new)
            self.changes.summary.reopened_cases += old.closed_on is not None
        if holders and not any(self.staffing.holds_cases(worker) for worker, *_ in holders):
            self.changes.held_in_name_only += 1
        rated = self._rate(new.key, record)
        moved = record.holdings is not None and self._allocate(new.key, holders)
        if new != old or rated or moved:
            self.changes.teams |= {new.team} | ({old.team} if old else set())

    def _case(self, record: CaseRecord, old: CaseRow | None, *, lead_team: int | None) -> CaseRow:
        """The case as it should be; what the file does not say stays as it was."""
        team = old.team if old else None
        if record.team != NO_TEAM:
            team = self.staffing.team(record.team)
        elif old is None:
            team = lead_team
        return CaseRow(
            key=old.key if old else -1 - len(self.changes.new_cases),
            team=self.staffing.team(NO_TEAM) if team is None else team,
            reference=record.reference,
            family_reference=record.family_reference or (old.family_reference if old else ""),
            category=record.category or (old.category if old else ""),
            opened_on=record.opened_on or (old.opened_on if old else self.as_of),
            closed_on=None,
        )

    def _holder(self, holding: Holding, old: CaseRow | None) -> tuple[int, int, str, int]:
        """Worker, team, role and share. A worker without a team in the file works where they are known to."""
        if holding.key is not None:
            team = self.staffing.team(holding.team)
            worker = holding.key
        elif holding.team != NO_TEAM:
            team = self.staffing.team(holding.team)
            worker = self.staffing.worker(holding.worker, team=team, reference=holding.staff_reference)
        else:
            here = old.team if old else None
            worker = self.staffing.worker(holding.worker, team=here, reference=holding.staff_reference)
            known = self.staffing.team_of(worker, first=here)
            team = self.staffing.team(NO_TEAM) if known is None else known
        self.staffing.join(worker, team)
        return worker, team, holding.role, holding.share

    def _rate(self, case: int, record: CaseRecord) -> bool:
        """Rate a case whose category is known, unless its newest rating says the same and is as new."""
        if not record.category:
            return False
        last = self.recorded.ratings.get(case)
        factors, day = self._factors(record, last), record.rated_on or self.as_of
        if last is not None:
            same = (last.category, last.factors) == (record.category, factors)
            if same and (record.rated_on is None or record.rated_on <= last.rated_on):
                return False
            day = max(day, last.rated_on)
        self.changes.new_ratings.append((case, record.category, factors, day))
        return True

    def _factors(self, record: CaseRecord, last: RatingRow | None) -> dict[str, int]:
        """The file's factors, unless it has none to give or a person has found others since."""
        if last is None or record.factors is None:
            return dict(record.factors or ()) if last is None else last.factors
        newer = last.by_a_person_on is None or (record.rated_on is not None and record.rated_on > last.by_a_person_on)
        return dict(record.factors) if self.factors_given and newer else last.factors

    def _allocate(self, case: int, holders: Sequence[tuple[int, int, str, int]]) -> bool:
        """End what the file no longer says and begin what it newly says; whether anything changed."""
        wanted = {worker: (team, role, share) for worker, team, role, share in holders}
        before = len(self.changes.ended)
        for row in self.recorded.allocations.get(case, ()):
            if row.ended_on is None and wanted.get(row.worker) == (row.team, row.role, row.share):
                del wanted[row.worker]
            else:
                self._end(row, self.as_of)
        for worker, (team, role, share) in wanted.items():
            self.changes.started.append((case, worker, team, role, share, self.as_of))
            self.changes.teams.add(team)
        return bool(wanted) or len(self.changes.ended) > before

    def _end(self, row: AllocationRow, day: date) -> None:
        self.changes.ended.append((row.key, max(day, row.started_on)))
        self.changes.teams.add(row.team)

    def close_case(self, closure: Closure) -> None:
        """Close a recorded case that is still open."""
        case = self.recorded.cases.get(closure.reference)
        if case is None or (case.closed_on is not None and case.closed_on <= self.as_of):
            return
        closed_on = max(closure.closed_on or self.as_of, case.opened_on)
        self.changes.changed_cases.append(replace(case, closed_on=closed_on))
        self.changes.summary.closed_cases += 1
        self.changes.teams.add(case.team)
        for row in self.recorded.allocations.get(case.key, ()):
            self._end(row, closed_on)

    def result(self) -> Changes:
        changes, staffing = self.changes, self.staffing
        changes.new_teams, changes.new_workers = staffing.new_teams, staffing.new_workers
        changes.changed_workers = [row for row in self.recorded.workers if row.changed and row.key > 0]
        contracts = [row for rows in staffing.contracts.values() for row in rows]
        changes.new_contracts = [row for row in contracts if row.key is None]
        changes.changed_contracts = [row for row in contracts if row.key is not None and row.changed]
        workers = {row.key for row in changes.changed_workers}
        changes.teams |= {row.team for row in contracts if row.key is None or row.changed or row.worker in workers}
        summary = changes.summary
        summary.new_cases = len(changes.new_cases)
        summary.changed_cases = len(changes.changed_cases) - summary.closed_cases - summary.reopened_cases
        summary.new_ratings = len(changes.new_ratings)
        summary.allocations_started, summary.allocations_ended = len(changes.started), len(changes.ended)
        summary.new_workers, summary.changed_workers = len(changes.new_workers), len(changes.changed_workers)
        summary.new_teams = len(changes.new_teams)
        summary.new_contracts, summary.changed_contracts = len(changes.new_contracts), len(changes.changed_contracts)
        summary.cases_left_alone = self.recorded.other_cases
        return changes
