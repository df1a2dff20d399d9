"""What an import changes, in words: one line for each case, worker, team or membership. Reads and writes nothing."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from hashlib import sha256

from caseloads.comparing import Changes
from caseloads.intake.records import WHOLE
from caseloads.stored import CaseRow, ContractRow, Recorded, WorkerRow

NOBODY = "nobody"


@dataclass(frozen=True, slots=True)
class Line:
    """One thing that changes: in which section it stands, what it is about, and how.

    `team` is a key, negative: to be made; `case` the key of the case that it changes.
    """

    section: str
    subject: str
    text: str
    team: int | None = None
    case: int | None = None


@dataclass(frozen=True, slots=True)
class _Names:
    teams: Mapping[int, str]
    workers: Mapping[int, str]


def lines_of(recorded: Recorded, changes: Changes) -> list[Line]:
    """Every line, section by section."""
    names = _Names(
        recorded.teams | dict(changes.new_teams),
        {row.key: row.name for row in (*recorded.workers, *changes.new_workers)},
    )
    return [
        *_cases(recorded, changes, names),
        *(Line("WORKERS_ADDED", row.name, _described(row), team) for row, team in _placed(changes)),
        *_workers_changed(changes),
        *(Line("TEAMS_ADDED", name, "A new team.", key) for key, name in changes.new_teams),
        *_memberships(changes, names),
    ]


def fingerprint(lines: Iterable[Line]) -> str:
    """The same for the same lines: how an import knows that what it would do is what was looked at."""
    digest = sha256()
    for line in lines:
        digest.update(f"{line.section}\t{line.subject}\t{line.text}\n".encode())
    return digest.hexdigest()


def sentences(lines: Iterable[Line], *, file_name: str) -> dict[int, str]:
    """What the history of each case says, by the case's key."""
    told: defaultdict[int, list[str]] = defaultdict(list)
    added = set()
    for line in lines:
        if line.case is not None:
            told[line.case].append(line.text)
            if line.section == "CASES_ADDED":
                added.add(line.case)
    begin = {True: f"Recorded by the import of {file_name}: ", False: f"Changed by the import of {file_name}: "}
    return {case: begin[case in added] + "; ".join(texts) for case, texts in told.items()}


def _cases(recorded: Recorded, changes: Changes, names: _Names) -> Iterator[Line]:
    ratings = {case: _rating(category, factors) for case, category, factors, _ in changes.new_ratings}
    began, left = _began(changes, names), _left(recorded, changes, names)
    for row in changes.new_cases:
        parts = [row.category, f"opened {_day(row.opened_on)}", names.teams[row.team]]
        held = " and ".join(began.pop(row.key, ())) or NOBODY
        rated = ratings.pop(row.key, "")
        text = ", ".join(filter(None, [*parts, f"held by {held}", rated]))
        yield Line("CASES_ADDED", row.reference, text, row.team, row.key)
    by_key = {case.key: case for case in recorded.cases.values()}
    for row in changes.changed_cases:
        old = by_key[row.key]
        parts = [*_differences(old, row, names), ratings.pop(row.key, "")]
        yield Line(_section(old, row), row.reference, "; ".join(filter(None, parts)), row.team, row.key)
    for key, text in ratings.items():
        yield Line("CASES_CHANGED", by_key[key].reference, text, by_key[key].team, key)
    for key in dict.fromkeys([*left, *began]):
        before, after = (" and ".join(side.get(key, ())) or NOBODY for side in (left, began))
        yield Line("ALLOCATIONS", by_key[key].reference, f"held by {before} → {after}", by_key[key].team, key)


def _section(old: CaseRow, new: CaseRow) -> str:
    if new.closed_on is not None:
        return "CASES_CLOSED"
    return "CASES_CHANGED" if old.closed_on is None else "CASES_REOPENED"


def _differences(old: CaseRow, new: CaseRow, names: _Names) -> Iterator[str]:
    if new.closed_on != old.closed_on:
        yield "opened again" if new.closed_on is None else f"closed on {_day(new.closed_on)}"
    if new.category != old.category:
        yield f"category {old.category or 'none'} → {new.category}"
    if new.team != old.team:
        yield f"team {names.teams[old.team]} → {names.teams[new.team]}"
    if new.family_reference != old.family_reference:
        yield f"family {old.family_reference or 'none'} → {new.family_reference}"
    if new.opened_on != old.opened_on:
        yield f"opened {_day(old.opened_on)} → {_day(new.opened_on)}"


def _rating(category: str, factors: Mapping[str, int]) -> str:
    counted = ", ".join(f"{name} × {number}" for name, number in factors.items())
    return f"rated {category}" + (f" ({counted})" if counted else "")


def _began(changes: Changes, names: _Names) -> dict[int, list[str]]:
    found: defaultdict[int, list[str]] = defaultdict(list)
    for case, worker, _, _, share, _ in changes.started:
        found[case].append(_held(names.workers[worker], share))
    return found


def _left(recorded: Recorded, changes: Changes, names: _Names) -> dict[int, list[str]]:
    ended = {key for key, _ in changes.ended}
    found: defaultdict[int, list[str]] = defaultdict(list)
    for case, rows in recorded.allocations.items():
        for row in (one for one in rows if one.key in ended):
            found[case].append(_held(names.workers[row.worker], row.share))
    return found


def _held(worker: str, share: int) -> str:
    return worker if share == WHOLE else f"{worker} ({share} %)"


def _placed(changes: Changes) -> Iterator[tuple[WorkerRow, int | None]]:
    """New workers, each with a team they join."""
    teams = {row.worker: row.team for row in reversed(changes.new_contracts)}
    return ((row, teams.get(row.key)) for row in changes.new_workers)


def _described(row: WorkerRow) -> str:
    said = [
        row.career_stage.replace("_", " ").lower() or "career stage not known",
        {True: "registered", False: "not registered", None: "registration not known"}[row.registered],
        "agency" if row.agency else "",
        "" if row.case_holding else "holds no cases",
        f"staff reference {row.staff_reference}" if row.staff_reference else "",
    ]
    return ", ".join(filter(None, said))


def _workers_changed(changes: Changes) -> Iterator[Line]:
    teams = {row.worker: row.team for row in changes.contracts_before.values()}
    for row in changes.changed_workers:
        old, new = (_described(one) for one in (changes.workers_before[row.key], row))
        yield Line("WORKERS_CHANGED", row.name, f"{old} → {new}", teams.get(row.key))


def _memberships(changes: Changes, names: _Names) -> Iterator[Line]:
    for row in changes.changed_contracts:
        old = changes.contracts_before[row.key or 0]
        yield Line("MEMBERSHIPS", names.workers[row.worker], f"{_term(old, names)} → {_term(row, names)}", row.team)
    for row in changes.new_contracts:
        yield Line("MEMBERSHIPS", names.workers[row.worker], f"joins {_term(row, names)}", row.team)


def _term(row: ContractRow, names: _Names) -> str:
    hours = "hours not known" if row.weekly_hours is None else f"{row.weekly_hours.normalize():f} hours"
    end = f" until {_day(row.ends_on)}" if row.ends_on else ""
    return f"{names.teams[row.team]}, {hours}, from {_day(row.starts_on)}{end}"


def _day(day: date) -> str:
    return f"{day:%-d %B %Y}"
