"""An employer's teams, workers and contracts while a file is compared with them: found by name, or made."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date, timedelta

from caseloads.intake.people import person_key, place_key
from caseloads.intake.records import StaffRecord
from caseloads.stored import ContractRow, Recorded, WorkerRow

_DAY = timedelta(days=1)


class Staffing:
    """Looks up and makes teams and workers. What it makes has negative keys until it is written."""

    def __init__(self, recorded: Recorded, *, as_of: date) -> None:
        self.as_of = as_of
        self.new_teams: list[tuple[int, str]] = []
        self.new_workers: list[WorkerRow] = []
        self.contracts: defaultdict[tuple[int, int], list[ContractRow]] = defaultdict(list)
        self._teams = {place_key(name): key for key, name in reversed(recorded.teams.items())}
        self._named: defaultdict[str, list[WorkerRow]] = defaultdict(list)
        self._numbered = {row.staff_reference: row for row in recorded.workers if row.staff_reference}
        self._places: defaultdict[int, list[int]] = defaultdict(list)
        self._by_key = {row.key: row for row in recorded.workers}
        for row in recorded.workers:
            self._named[person_key(row.name)].append(row)
        for contract in recorded.contracts:
            self._keep(contract)

    def team(self, name: str) -> int:
        """The team of that name, made when there is none."""
        same = place_key(name)
        if same not in self._teams:
            self._teams[same] = -1 - len(self.new_teams)
            self.new_teams.append((self._teams[same], name))
        return self._teams[same]

    def worker(self, name: str, *, team: int | None, reference: str = "") -> int:
        """The worker with that reference, else of that name (of several, the one in the team), else a new one."""
        if reference in self._numbered:
            return self._numbered[reference].key
        same = self._named[person_key(name)]
        here = (row for row in same if team is not None and self._is_member(row.key, team))
        found = next(here, same[0] if same else None)
        return (found or self._make(name)).key

    def holds_cases(self, worker: int) -> bool:
        """Whether somebody holds cases themselves; a manager's name on one does not make it allocated."""
        return self._by_key[worker].case_holding

    def team_of(self, worker: int, *, first: int | None) -> int | None:
        """A team the worker is in on the day: `first` when they are in it."""
        teams = [team for team in self._places[worker] if self._is_member(worker, team)]
        return first if first in teams else next(iter(teams), None)

    def join(self, worker: int, team: int) -> None:
        """Make the worker a member of the team on the day, with hours that are not known."""
        if not self._is_member(worker, team):
            self._add(ContractRow(None, worker, team, None, self.as_of, None))

    def employ(self, records: Iterable[StaffRecord]) -> None:
        """Take over what a staff list says. What it leaves out stays as it was."""
        for record in records:
            worker = self._staff_member(record)
            self._describe(worker, record)
            self._contract(record, worker.key, self.team(record.team))

    def _make(self, name: str) -> WorkerRow:
        row = WorkerRow(-1 - len(self.new_workers), name)
        self.new_workers.append(row)
        self._by_key[row.key] = row
        self._named[person_key(name)].append(row)
        return row

    def _is_member(self, worker: int, team: int) -> bool:
        return any(row.covers(self.as_of) for row in self.contracts.get((worker, team), ()))

    def _keep(self, row: ContractRow) -> None:
        self.contracts[row.worker, row.team].append(row)
        if row.team not in self._places[row.worker]:
            self._places[row.worker].append(row.team)

    def _staff_member(self, record: StaffRecord) -> WorkerRow:
        """By staff reference; else by name among those who have no other reference."""
        if record.staff_reference in self._numbered:
            return self._numbered[record.staff_reference]
        same = self._named[person_key(record.worker)]
        free = (row for row in same if not (record.staff_reference and row.staff_reference))
        row = next(free, None) or self._make(record.worker)
        if record.staff_reference:
            self._numbered[record.staff_reference] = row
        return row

    def _describe(self, row: WorkerRow, record: StaffRecord) -> None:
        said = {
            "staff_reference": record.staff_reference or None,
            "career_stage": record.career_stage or None,
            "registered": record.registered,
            "case_holding": record.case_holding,
            "agency": record.agency,
        }
        for name, value in said.items():
            if value is not None and getattr(row, name) != value:
                setattr(row, name, value)
                row.changed = True

    def _contract(self, record: StaffRecord, worker: int, team: int) -> None:
        """Hours and dates in a team: fill in what is not known, correct in place, or begin anew from a day."""
        rows = self.contracts[worker, team]
        begins = record.starts_on or self.as_of
        gone = record.ends_on is not None and record.ends_on <= self.as_of
        day = record.ends_on - _DAY if record.ends_on is not None and gone else self.as_of
        exact = next((row for row in rows if row.starts_on == record.starts_on), None)
        current = exact or next((row for row in rows if row.covers(day)), None)
        if current is None:
            if record.starts_on is not None or not gone:
                self._add(ContractRow(None, worker, team, record.weekly_hours, begins, record.ends_on))
        elif current is exact or gone or self._agrees(current, record, begins):
            self._amend(current, record)
        else:
            since = begins if begins > current.starts_on else self.as_of
            current.ends_on, current.changed = since, True
            self._add(ContractRow(None, worker, team, record.weekly_hours, since, record.ends_on))

    def _agrees(self, row: ContractRow, record: StaffRecord, begins: date) -> bool:
        """Whether the list speaks of this contract rather than of a change of hours."""
        if begins > self.as_of:
            return False
        unknown = row.weekly_hours is None or record.weekly_hours is None
        return unknown or row.weekly_hours == record.weekly_hours or row.starts_on >= self.as_of

    def _amend(self, row: ContractRow, record: StaffRecord) -> None:
        before = (row.weekly_hours, row.starts_on, row.ends_on)
        if row.weekly_hours is None and record.starts_on is not None and record.starts_on < row.starts_on:
            row.starts_on = max([record.starts_on, *self._ends_before(row)])
        if record.weekly_hours is not None:
            row.weekly_hours = record.weekly_hours
        if record.ends_on is not None and record.ends_on > row.starts_on:
            row.ends_on = min([record.ends_on, *self._starts_after(row)])
        row.changed = row.changed or before != (row.weekly_hours, row.starts_on, row.ends_on)

    def _add(self, row: ContractRow) -> None:
        """Add a contract, cut to the time in which the worker has no other in the team."""
        row.starts_on = max([row.starts_on, *self._ends_before(row)])
        ends = [*self._starts_after(row), *([row.ends_on] if row.ends_on else [])]
        row.ends_on = min(ends, default=None)
        self._keep(row)

    def _ends_before(self, row: ContractRow) -> Iterable[date]:
        others = self.contracts[row.worker, row.team]
        return [other.ends_on or date.max for other in others if other is not row and other.starts_on <= row.starts_on]

    def _starts_after(self, row: ContractRow) -> Iterable[date]:
        others = self.contracts[row.worker, row.team]
        return [other.starts_on for other in others if other is not row and other.starts_on > row.starts_on]
