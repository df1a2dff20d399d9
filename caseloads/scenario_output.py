"""A scored scenario as one plain object, for JSON, and as text to read.

Decimals are text, such as "47.00" and "97.8"; what is not known is null. Format: docs/scenario.md.
"""

from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from typing import Any

import pandas as pd

from caseloads.workload import FLAG_NAMES, STATE_NAMES, Flag, Workload

HUNDREDTHS = frozenset(
    {
        *("category_weight", "factor_points", "bounded", "weight", "line", "amount", "hours", "fte", "stable"),
        *("load", "capacity", "demand", "unallocated_weight"),
    }
)
TENTHS = frozenset({"load_pct", "demand_pct", "lowest_pct", "median_pct", "highest_pct"})
BANDS = {"band": "state", "demand_band": "demand_state"}
OWN = ("worker", "team")


def as_object(workload: Workload) -> dict[str, Any]:
    """Return the result as mappings and lists: workers with lines, capacity and flags; unallocated cases; teams."""
    flags = [{"name": FLAG_NAMES[Flag(row["flag"])]} | row for row in _rows(workload.flags)]
    lines, steps = list(_rows(workload.lines)), list(_rows(workload.capacity))
    return {
        "scheme": workload.scheme,
        "as_of": workload.as_of.isoformat(),
        "workers": [
            row
            | {
                "flags": _own(flags, row),
                "lines": _own(lines, row),
                "capacity_lines": [step for step in _own(steps, row) if step["step"] != "RESULT"],
            }
            for row in _rows(workload.workers)
        ],
        "unallocated": list(_rows(workload.unallocated)),
        "teams": [
            row | {"flags": [flag for flag in flags if (flag["team"], flag["worker"]) == (row["team"], None)]}
            for row in _rows(workload.teams)
        ],
    }


def _own(rows: Iterable[Mapping[str, Any]], worker: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return the rows of one worker in one team, without repeating whose they are."""
    whose = [worker[name] for name in OWN]
    return [
        {name: value for name, value in row.items() if name not in OWN}
        for row in rows
        if [row[name] for name in OWN] == whose
    ]


def _rows(rows: pd.DataFrame) -> Iterator[dict[str, Any]]:
    for row in rows.to_dict("records"):
        found = {str(name): _cell(str(name), value) for name, value in row.items()}
        for band, state in BANDS.items():
            if band in found:
                found[f"{band}_level"] = found[band] or None
                found[band] = STATE_NAMES.get(row[state]) or found[f"{band}_name"]
                del found[f"{band}_name"]
        yield found


def _cell(name: str, value: Any) -> Any:
    if pd.isna(value):
        return None
    if name in HUNDREDTHS:
        return str(Decimal(int(value)).scaleb(-2))
    if name in TENTHS:
        return str(Decimal(int(value)).scaleb(-1))
    return value.item() if hasattr(value, "item") else value


def as_text(found: Mapping[str, Any]) -> str:
    """Return an object of `as_object` as people read it: each sum line by line, then the teams."""
    written = [f"{found['scheme']}, as of {found['as_of']}"]
    for worker in found["workers"]:
        written += ["", *_worker_text(worker)]
    for team in found["teams"]:
        free = [case for case in found["unallocated"] if case["team"] == team["team"]]
        written += ["", *_team_text(team, free)]
    return "\n".join(written)


def _worker_text(worker: Mapping[str, Any]) -> Iterator[str]:
    yield f"{worker['worker']} ({worker['team']}): {_share(worker, 'load_pct', 'band')}"
    if worker["reason"]:
        yield f"  {worker['reason']}"
    for line in worker["lines"]:
        yield _sum_line(line["line"], f"{line['reference']}: {_line_text(line)}")
    yield _sum_line(worker["stable"], "stable load")
    yield _sum_line(worker["load"], "load")
    for step in worker["capacity_lines"]:
        yield _sum_line(step["amount"], step["label"])
    yield _sum_line(worker["capacity"], "capacity")
    yield from _flag_text(worker["flags"])


def _line_text(line: Mapping[str, Any]) -> str:
    shares = [f"{line['sibling_share']} % as a sibling"] if line["sibling_share"] != 100 else []  # noqa: PLR2004 - in full
    shares += [f"{line['share']} % share"] if line["share"] not in {None, 100} else []
    marks = [mark for mark in ("contested",) if line[mark]]
    return ", ".join([line["parts"], *shares, *marks])


def _team_text(team: Mapping[str, Any], free: Iterable[Mapping[str, Any]]) -> Iterator[str]:
    yield f"Team {team['team']}: {_share(team, 'load_pct', 'band')}"
    for case in free:
        held = f", in the name of {case['held_by']}" if case["held_by"] else ""
        waiting = "" if case["waiting_days"] is None else f", waiting {case['waiting_days']} days"
        yield _sum_line(case["weight"], f"{case['reference']}: nobody holds it{held}{waiting}")
    yield _sum_line(team["load"], f"load of {team['head_count']} workers, {team['cases']} cases")
    yield _sum_line(team["capacity"], f"capacity; {team['not_known']} workers not known")
    yield f"  demand: {_share(team, 'demand_pct', 'demand_band')}"
    spread = (f"{word} {_given(team[f'{word}_pct'])}" for word in ("lowest", "median", "highest"))
    yield f"  load %: {', '.join(spread)}; over {team['over']}, well over {team['well_over']}"
    yield f"  unallocated: {team['unallocated']} cases, weight {team['unallocated_weight']}"
    yield from _flag_text(team["flags"])


def _flag_text(flags: Iterable[Mapping[str, Any]]) -> Iterator[str]:
    for flag in flags:
        yield f"  ! {flag['name']}. {flag['detail']}"


def _share(row: Mapping[str, Any], share: str, band: str) -> str:
    return row[band] if row[share] is None else f"{row[share]} %, {row[band]}"


def _given(value: str | None) -> str:
    return "–" if value is None else value


def _sum_line(amount: str | None, words: str) -> str:
    return f"  {_given(amount):>9}  {words}"
