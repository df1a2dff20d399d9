"""What comes with the product as data: supervision rules, and examples of reasons for which somebody carries less."""

from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib import resources
from typing import Any

import yaml

from teams.supervision import Rule, months_after


@dataclass(frozen=True)
class ReductionReason:
    """A reason with the percentage and the months it is suggested for, as an example."""

    reason: str
    percent: int
    months: int

    def ends_on(self, starts_on: date) -> date:
        return months_after(starts_on, self.months)

    @property
    def words(self) -> str:
        return f"{self.reason} (example: {self.percent} %, {self.months} month{'' if self.months == 1 else 's'})"


@cache
def supervision_rules() -> tuple[Rule, ...]:
    """The rules for employers that agreed none of their own."""
    return tuple(_rule(stage, given) for given in _read("supervision_rules")["rules"] for stage in given["stages"])


def _rule(stage: str, given: dict[str, Any]) -> Rule:
    return Rule(stage=stage, **({"gap_days": None} | {name: given[name] for name in given if name != "stages"}))


@cache
def reduction_reasons() -> tuple[ReductionReason, ...]:
    rows = _read("reduction_reasons")["reasons"]
    return tuple(ReductionReason(row["reason"], row["percent"], row["months"]) for row in rows)


def _read(name: str) -> Any:
    file = resources.files("teams").joinpath("data", f"{name}.yaml")
    return yaml.safe_load(file.read_text(encoding="utf-8"))
