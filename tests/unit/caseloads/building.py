"""Made-up service areas for scoring, built row by row, and the published page's tables."""

from collections.abc import Hashable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from caseloads.workload import Category, Factor, Inputs, Scheme, Unit, Workload, frame, score

DAY = date(2026, 11, 22)
PAGE = Path(__file__).parents[3] / "docs" / "scoring.md"


def hundredths(text: str | int | Decimal) -> int:
    return int(Decimal(text) * 100)


def scheme(**changes: Any) -> Scheme:
    """Scheme A of the page; "child protection" is reserved and may wait 5 days."""
    weights = {"assessment": 5, "child in need": 4, "child protection": 8, "proceedings": 10, "looked after": 6}
    categories = {code: Category(code, code.capitalize(), weight * 100) for code, weight in weights.items()}
    categories["child protection"] = replace(categories["child protection"], reserved=True, unallocated_limit_days=5)
    made: dict[str, Any] = {
        "name": "Scheme A",
        "version": "1",
        "unit": Unit.POINTS,
        "maximum": 100_00,
        "stable": 15_00,
        "full_time_hours": 37_00,
        "default_weight": 5_00,
        "lowest_weight": 0,
        "highest_weight": 1000_00,
        "sibling_share": 50,
        "joint_uplift": 20,
        "review_interval_days": None,
        "stage_shares": {"ESTABLISHED": 100, "NEWLY_QUALIFIED": 90},
        "categories": categories,
        "factors": {
            "long travel": Factor("long travel", "Long travel", 1_00),
            "hostile household": Factor("hostile household", "Hostile household", 2_00),
            "further child": Factor("further child", "Further child", 1_00, per_extra=True),
            "settled": Factor("settled", "Settled", -3_00),
        },
    }
    return Scheme(**(made | changes))


@dataclass
class Area:
    """Rows of the frames that scoring reads. Methods return the area, so that a test reads as a list of facts."""

    rows: dict[str, list[dict[str, Any]]] = field(
        default_factory=lambda: {
            name: [] for name in ("members", "reductions", "cases", "factors", "allocations", "history")
        }
    )
    supervised: list[dict[str, Any]] = field(default_factory=list)
    handed: list[dict[str, Any]] = field(default_factory=list)

    def worker(self, worker: Hashable, *, team: Hashable = "T", hours: str | None = "37", **more: Any) -> "Area":
        row = {"worker": worker, "team": team, "stage": "ESTABLISHED", "registered": True, "case_holding": True}
        contracted = None if hours is None else hundredths(hours)
        self.rows["members"].append(row | {"contracted": contracted} | more)
        return self

    def reduction(self, worker: Hashable, amount: str, kind: str = "PERCENT", **more: Any) -> "Area":
        row = {"worker": worker, "team": "T", "reduction": len(self.rows["reductions"]), "kind": kind}
        self.rows["reductions"].append(row | {"amount": hundredths(amount)} | more)
        return self

    def case(
        self,
        reference: str,
        held: Mapping[Hashable, int] | Hashable = None,
        *,
        factors: Mapping[str, int] | None = None,
        **more: Any,
    ) -> "Area":
        """Add a case held by a worker, or by several with their shares; the case's key is its reference."""
        row = {"case": reference, "reference": reference, "team": "T", "category": "child in need", "rated": True}
        self.rows["cases"].append(row | {"opened_on": date(2026, 11, 1)} | more)
        shares = held if isinstance(held, Mapping) else {} if held is None else {held: 100}
        for worker, share in shares.items():
            self.allocation(reference, worker, share)
        for code, count in (factors or {}).items():
            self.rows["factors"].append({"case": reference, "factor": code, "count": count})
        return self

    def allocation(self, case: str, worker: Hashable, share: int | None = 100, **more: Any) -> "Area":
        self.rows["allocations"].append({"case": case, "worker": worker, "team": "T", "share": share} | more)
        return self

    def moved(self, case: str, worker: Hashable = None, *, on: date = DAY, team: Hashable = "T") -> "Area":
        """Add a transfer without a handover meeting, to a worker or to a team alone."""
        self.handed.append({"case": case, "worker": worker, "team": team, "moved_on": on})
        return self

    def snapshot(self, worker: Hashable, day: date, *, well_over: bool | None, team: Hashable = "T") -> "Area":
        self.rows["history"].append({"worker": worker, "team": team, "day": day, "well_over": well_over})
        return self

    def supervision(self, worker: Hashable, due_on: date | None, *, sessions: int = 0, in_full: int = 0) -> "Area":
        row = {"worker": worker, "due_on": due_on, "detail": f"Due by {due_on}."}
        self.supervised.append(row | {"sessions": sessions, "in_full": in_full})
        return self

    def inputs(self) -> Inputs:
        supervision = frame("supervision", self.supervised) if self.supervised else None
        handovers = frame("handovers", self.handed) if self.handed else None
        frames = {name: frame(name, rows) for name, rows in self.rows.items()}
        return Inputs(**frames, supervision=supervision, handovers=handovers)

    def score(self, using: Scheme | None = None, *, as_of: date = DAY, **more: Any) -> Workload:
        return score(using or scheme(), self.inputs(), as_of=as_of, **more)


def person(result: Workload, worker: Hashable, team: Hashable = "T") -> dict[str, Any]:
    """The row of one worker in one team."""
    found = result.workers[(result.workers["worker"] == worker) & (result.workers["team"] == team)]
    (row,) = found.to_dict("records")
    return dict(row)


def only_team(result: Workload) -> dict[str, Any]:
    (row,) = result.teams.to_dict("records")
    return dict(row)


def flags(result: Workload) -> list[tuple[Hashable, str, Hashable]]:
    """Every red flag as worker, code and case."""
    rows = result.flags.to_dict("records")
    return [(row["worker"], row["flag"], row["case"]) for row in rows]


def lines(result: Workload) -> dict[str, int]:
    """The line of each case reference; for cases that one worker holds."""
    return dict(zip(result.lines["reference"], result.lines["line"], strict=True))


def page_tables() -> dict[tuple[str, ...], list[list[list[str]]]]:
    """The tables of the published page, by their headings, each as rows of cells."""
    found: dict[tuple[str, ...], list[list[list[str]]]] = {}
    block: list[list[str]] = []
    for line in [*PAGE.read_text(encoding="utf-8").splitlines(), ""]:
        if line.startswith("|"):
            block.append([cell.strip() for cell in line.strip().strip("|").split("|")])
        elif block:
            found.setdefault(tuple(block[0]), []).append(block[2:])
            block = []
    return found
