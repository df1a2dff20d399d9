"""A scheme, workers, cases and allocations described in one small document, ready to be scored.

Format: docs/scenario.md. Pure: the same frames and the same scoring as anywhere else, and no database.
"""

from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from caseloads.scenario_fields import Fields, ScenarioError, plain, shown
from caseloads.scenario_scheme import read_scheme, stage_of
from caseloads.workload import Inputs, Kind, Scheme, frame

__all__ = ["Scenario", "ScenarioError", "parse"]

DEFAULT_TEAM = "Team"
MANY = 10_000
FULL = 100
NEEDED = ("members", "reductions", "cases", "factors", "allocations", "history")
FRAMES = (*NEEDED, "supervision")
KINDS = {plain(kind): str(kind) for kind in Kind}
Rows = list[dict[str, Any]]


@dataclass(frozen=True)
class Scenario:
    """What a document describes: score with `score(scenario.scheme, scenario.inputs, as_of=scenario.as_of)`.

    The keys of workers, teams and cases are their names and references as text.
    """

    scheme: Scheme
    inputs: Inputs
    as_of: date


@dataclass
class _Reading:
    """What has been read so far, and what is wrong with it."""

    faults: list[str]
    as_of: date | None = None
    scheme: Scheme | None = None
    rows: dict[str, Rows] = field(default_factory=lambda: defaultdict(list))
    cases: dict[str, dict[str, Any]] = field(default_factory=dict)

    def teams(self, worker: str | None = None) -> list[str]:
        """Return the teams that have contracts in the document, or those of one worker."""
        return sorted({row["team"] for row in self.rows["members"] if worker in {None, row["worker"]}})


def parse(document: object) -> Scenario:
    """Turn a document (mappings, lists and plain values, as YAML gives them) into a scheme and frames.

    Raises ScenarioError with a sentence for every fault, each naming its place in the document.
    """
    if not isinstance(document, Mapping):
        raise ScenarioError(["The file must hold fields such as as_of, scheme, workers and cases."])
    reading = _Reading([])
    whole = Fields.of("", document, reading.faults)
    reading.as_of = whole.day("as_of", "day", "date")
    if reading.as_of is None and not reading.faults:
        whole.fault("as_of", "say for which day to score, such as as_of: 2026-11-22.")
    if isinstance(scheme := whole.value("scheme"), Mapping):
        reading.scheme = read_scheme(Fields.of("scheme", scheme, reading.faults))
    else:
        whole.fault("scheme", "there is no weighting scheme to score with.")
    parts: tuple[tuple[tuple[str, ...], str, Callable[[_Reading, Fields], None]], ...] = (
        (("workers", "members"), "name", _worker),
        (("reductions", "capacity_reductions"), "worker", _reduction),
        (("cases",), "reference", _cases),
        (("allocations",), "case", _allocation),
        (("history",), "worker", _snapshot),
    )
    for names, key, read in parts:
        for entry in whole.entries(*names, key=key):
            read(reading, entry)
            entry.finish()
    whole.finish()
    _place(reading)
    _check_shares(reading)
    if reading.faults or reading.scheme is None or reading.as_of is None:
        raise ScenarioError(reading.faults)
    inputs = Inputs(
        **{name: frame(name, reading.rows[name]) for name in FRAMES if name in NEEDED or reading.rows[name]}
    )
    return Scenario(scheme=reading.scheme, inputs=inputs, as_of=reading.as_of)


def _period(entry: Fields) -> dict[str, date | None]:
    started, ended = entry.day("started_on", "starts_on", "from"), entry.day("ended_on", "ends_on", "until")
    return {"started_on": started, "ended_on": ended}


def _worker(reading: _Reading, entry: Fields) -> None:
    name = entry.text("name", "worker", "reference")
    if not name:
        entry.fault("name", "every worker needs a name.")
    row = {
        "worker": name,
        "team": entry.text("team", default=DEFAULT_TEAM),
        "contracted": entry.hundredths("hours", "contracted_hours", "weekly_hours", "contracted"),
        "stage": stage_of(entry.text("stage", "career_stage")),
        "registered": entry.boolean("registered", default=None),
        "case_holding": entry.boolean("case_holding", default=True),
    }
    reading.rows["members"].append(row | _period(entry))
    if (due_on := entry.day("supervision_due_on")) is not None:
        detail = f"Due by {due_on.isoformat()}."
        reading.rows["supervision"].append({"worker": name, "due_on": due_on, "detail": detail})


def _known_worker(reading: _Reading, entry: Fields) -> tuple[str, str]:
    """Return a worker of the document and the team meant; a fault where there is no such worker or several teams."""
    worker, team = entry.text("worker", "name"), entry.text("team")
    teams = reading.teams(worker)
    if not teams:
        entry.fault("worker", f"there is no worker {shown(worker)}.")
    elif team and team not in teams:
        entry.fault("team", f"{shown(worker)} has no contract in a team {shown(team)}.")
    elif not team and len(teams) > 1:
        entry.fault("team", f"say which team: {shown(worker)} works in {', '.join(teams)}.")
    return worker, team or "".join(teams[:1])


def _reduction(reading: _Reading, entry: Fields) -> None:
    worker, team = _known_worker(reading, entry)
    amounts = [(kind, entry.hundredths(kind)) for kind in KINDS if entry.value(kind) is not None]
    if entry.value("amount") is not None or entry.value("kind") is not None:
        kind = entry.choice("kind", options=KINDS, default="")
        amounts.append((kind, entry.hundredths("amount")))
    if len(amounts) != 1 or not amounts[0][0]:
        entry.fault("amount", "give one amount: percent, hours (a week) or points.")
    for kind, amount in amounts[:1]:
        row: dict[str, Any] = {"worker": worker, "team": team, "reduction": len(reading.rows["reductions"])}
        row |= {"kind": KINDS.get(plain(kind), ""), "amount": amount, "reason": entry.text("reason")}
        reading.rows["reductions"].append(row | _period(entry))


def _cases(reading: _Reading, entry: Fields) -> None:
    """Read one case, or several alike where a count is given."""
    reference = entry.text("reference", "case", default=f"case {len(reading.rows['cases']) + 1}")
    count = entry.whole("count", "times", default=1)
    category = _code(entry.text("category"), reading.scheme.categories if reading.scheme else {})
    row = {
        "family": entry.text("family", "family_reference"),
        "team": entry.text("team"),
        "category": category,
        "rated": entry.boolean("rated", default=bool(category)),
        "rated_on": entry.day("rated_on"),
        "override": entry.hundredths("weight", "override"),
        "contested": entry.boolean("contested", default=False),
        "opened_on": entry.day("opened_on", "opened", "from"),
        "closed_on": entry.day("closed_on", "closed", "until"),
    }
    factors, shares = _case_factors(reading, entry), _held_by(entry)
    if count is None or not 0 < count <= MANY:
        entry.fault("count", f"must be from 1 to {MANY}.")
        count = 1
    width = len(str(count))
    for number in range(1, count + 1):
        name = reference if count == 1 else f"{reference} {number:0{width}d}"
        if name in reading.cases:
            entry.fault("reference", f"there is another case {shown(name)}.")
        reading.cases[name] = {"case": name, "reference": name} | row
        reading.rows["cases"].append(reading.cases[name])
        reading.rows["factors"] += [{"case": name, "factor": code, "count": times} for code, times in factors]
        for worker, share in shares.items():
            _hold(reading, entry, reading.cases[name], {"worker": worker, "share": share, "team": ""})


def _code(word: str, known: Mapping[str, Any]) -> str:
    """Return the scheme's own spelling of a code; one that the scheme does not have stays as it is."""
    return next((code for code in known if plain(code) == plain(word)), word)


def _case_factors(reading: _Reading, entry: Fields) -> list[tuple[str, int | None]]:
    """Return factors with counts, from one word, a list of words, or words with counts."""
    given = entry.value("factors", "factor")
    known = reading.scheme.factors if reading.scheme else {}
    found: list[tuple[str, int | None]] = []
    for item in given if isinstance(given, list) else [] if given is None else [given]:
        if isinstance(item, list):
            entry.fault("factors", f"{shown(item)} is not the code of a factor.")
            continue
        counts = item if isinstance(item, Mapping) else {item: 1}
        part = Fields.of(f"{entry.path}.factors", counts, entry.faults)
        found += [(_code(str(code), known), part.whole(str(code), default=1)) for code in counts]
    return found


def _held_by(entry: Fields) -> dict[str, int | None]:
    """Return the shares of those who hold a case, from one name or names with shares."""
    given = entry.value("held_by", "worker")
    if not isinstance(given, Mapping):
        worker = entry.text("held_by", "worker")
        return {worker: FULL} if worker else {}
    part = Fields.of(f"{entry.path}.held_by", given, entry.faults)
    return {" ".join(str(name).split()): part.whole(str(name), default=FULL) for name in given}


def _allocation(reading: _Reading, entry: Fields) -> None:
    reference = entry.text("case", "reference")
    row: dict[str, Any] = {"worker": entry.text("worker", "name"), "team": entry.text("team")}
    row |= {"share": entry.whole("share", default=FULL)} | _period(entry)
    case = reading.cases.get(reference)
    if case is None:
        entry.fault("case", f"there is no case {shown(reference)}.")
    elif not row["worker"]:
        entry.fault("worker", "say who holds the case.")
    else:
        _hold(reading, entry, case, row)


def _hold(reading: _Reading, entry: Fields, case: Mapping[str, Any], row: dict[str, Any]) -> None:
    """Add an allocation in the team given, else in the worker's only team, else in the team of the case."""
    teams = reading.teams(row["worker"])
    if not row["team"] and len(teams) > 1 and case["team"] not in teams:
        entry.fault("team", f"say which team: {shown(row['worker'])} works in {', '.join(teams)}.")
    team = row["team"] or (teams[0] if len(teams) == 1 else case["team"])
    reading.rows["allocations"].append({"case": case["case"]} | row | {"team": team})


def _snapshot(reading: _Reading, entry: Fields) -> None:
    worker, team = _known_worker(reading, entry)
    day, well_over = entry.day("day"), entry.boolean("well_over", default=None)
    reading.rows["history"].append({"worker": worker, "team": team, "day": day, "well_over": well_over})


def _place(reading: _Reading) -> None:
    """Give every case its team: the one given, else that of its holders, else the only one there is."""
    held: dict[str, set[str]] = defaultdict(set)
    for row in reading.rows["allocations"]:
        held[row["case"]] |= {row["team"]} - {""}
    only = reading.teams() or [DEFAULT_TEAM]
    for number, row in enumerate(reading.rows["cases"], start=1):
        teams = [row["team"]] if row["team"] else sorted(held[row["case"]]) or only
        if len(teams) > 1:
            place = f"cases[{number}].team"
            reading.faults.append(f"{place}: say which team owns {shown(row['case'])}: {', '.join(teams)}.")
        row["team"] = teams[0]
    owners = {row["case"]: row["team"] for row in reading.rows["cases"]}
    for row in reading.rows["allocations"]:
        row["team"] = row["team"] or owners[row["case"]]


def _check_shares(reading: _Reading) -> None:
    """Refuse a case of which more is held on the day than there is."""
    if reading.scheme is None or reading.as_of is None:
        return
    shares: dict[str, list[int]] = defaultdict(list)
    holders: dict[str, set[str]] = defaultdict(set)
    for row in reading.rows["allocations"]:
        started, ended = row.get("started_on"), row.get("ended_on")
        if (started is None or started <= reading.as_of) and (ended is None or ended > reading.as_of):
            shares[row["case"]].append(row["share"] or 0)
            holders[row["case"]].add(row["worker"])
    for case, parts in shares.items():
        limit = FULL + (reading.scheme.joint_uplift if len(holders[case]) > 1 else 0)
        if sum(parts) > limit:
            reading.faults.append(
                f"allocations: the shares of {shown(case)} add up to {sum(parts)} %, above {limit} %."
            )
