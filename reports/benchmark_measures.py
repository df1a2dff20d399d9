"""The published rates: what each is, and how it is worked out from the published figures beside it. Pure.

The formulas are those of teams/workforce.py. Their source: Department for Education, children's social work workforce;
inferred from its published figures (docs/benchmarks.md says how well they agree).
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from itertools import product

from teams import workforce

Inputs = Mapping[str, Decimal]
HALF_A_TENTH = Decimal("0.05")
EXACT = frozenset({"cases", "inpost_headcount", "leavers_headcount", "agency_headcount"})
"""Columns of whole people and cases; all others are rounded to one place before they are published."""


class Unit(StrEnum):
    PERCENT = "%"
    CASES = "cases per full-time equivalent"


@dataclass(frozen=True)
class Rate:
    """A published rate. column: its own; inputs: the columns it follows from; work_out: None where nothing divides."""

    column: str
    title: str
    unit: Unit
    formula: str
    definition: str
    inputs: tuple[str, ...]
    work_out: Callable[[Inputs], Decimal | None]


def bounds(rate: Rate, inputs: Inputs) -> tuple[Decimal, Decimal] | None:
    """Return the lowest and highest value that inputs may have led to that were rounded to one place; None: none.

    Every rate rises or falls with each of its inputs alone, so its extremes lie at the inputs' own.
    """
    ends = [(inputs[name],) if name in EXACT else _ends(inputs[name]) for name in rate.inputs]
    values = [rate.work_out(dict(zip(rate.inputs, corner, strict=True))) for corner in product(*ends)]
    known = [value for value in values if value is not None]
    return (min(known), max(known)) if known else None


def _ends(value: Decimal) -> tuple[Decimal, Decimal]:
    return max(value - HALF_A_TENTH, Decimal(0)), value + HALF_A_TENTH


RATES = (
    Rate(
        column="caseload_fte",
        title="Average caseload",
        unit=Unit.CASES,
        formula="cases held ÷ FTE of the social workers who hold at least one case",
        definition="Each child is one case; brothers and sisters are counted one by one. Social workers from agencies "
        "who hold cases are among the holders. On 30 September.",
        inputs=("cases", "case_holders_fte"),
        work_out=lambda given: workforce.caseload(cases=given["cases"], holders=given["case_holders_fte"]),
    ),
    Rate(
        column="vacancy_rate_fte",
        title="Vacancy rate",
        unit=Unit.PERCENT,
        formula="100 × vacant FTE ÷ (vacant FTE + FTE in post)",
        definition="A post that an agency worker covers is still vacant. Agency workers are not in post. On "
        "30 September.",
        inputs=("vacancy_fte", "inpost_fte"),
        work_out=lambda given: workforce.vacancy_rate(vacant=given["vacancy_fte"], in_post=given["inpost_fte"]),
    ),
    Rate(
        column="agency_rate_fte",
        title="Agency workers, by full-time equivalent",
        unit=Unit.PERCENT,
        formula="100 × agency FTE ÷ (agency FTE + FTE in post)",
        definition="Social workers whom an agency or they themselves pay, and not the employer. On 30 September.",
        inputs=("agency_fte", "inpost_fte"),
        work_out=lambda given: workforce.agency_rate(agency=given["agency_fte"], in_post=given["inpost_fte"]),
    ),
    Rate(
        column="agency_rate_headcount",
        title="Agency workers, by headcount",
        unit=Unit.PERCENT,
        formula="100 × agency workers ÷ (agency workers + people in post)",
        definition="The same in people, however many hours they work. On 30 September.",
        inputs=("agency_headcount", "inpost_headcount"),
        work_out=lambda given: workforce.agency_rate(
            agency=given["agency_headcount"], in_post=given["inpost_headcount"]
        ),
    ),
    Rate(
        column="turnover_rate_fte",
        title="Turnover, by full-time equivalent",
        unit=Unit.PERCENT,
        formula="100 × FTE of those who left in the year ÷ FTE in post on its last day",
        definition="Whoever left the employer's children's social work in the year to 30 September, to other work of "
        "the same employer too. Agency workers do not count as leavers.",
        inputs=("leavers_fte", "inpost_fte"),
        work_out=lambda given: workforce.turnover_rate(leavers=given["leavers_fte"], in_post=given["inpost_fte"]),
    ),
    Rate(
        column="turnover_rate_headcount",
        title="Turnover, by headcount",
        unit=Unit.PERCENT,
        formula="100 × people who left in the year ÷ people in post on its last day",
        definition="The same in people, however many hours they worked.",
        inputs=("leavers_headcount", "inpost_headcount"),
        work_out=lambda given: workforce.turnover_rate(
            leavers=given["leavers_headcount"], in_post=given["inpost_headcount"]
        ),
    ),
    Rate(
        column="absence_rate_fte",
        title="Sickness absence",
        unit=Unit.PERCENT,
        formula="100 × working days lost to sickness in the year ÷ (FTE in post × 253)",
        definition="A year is taken to have 253 working days: of all divisors it fits the published figures best. "
        "Other kinds of absence and agency workers are not counted.",
        inputs=("working_days_lost_fte", "inpost_fte"),
        work_out=lambda given: workforce.absence_rate(
            days_lost=given["working_days_lost_fte"], in_post=given["inpost_fte"]
        ),
    ),
    Rate(
        column="agency_cover_rate_fte",
        title="Agency workers who cover a vacancy",
        unit=Unit.PERCENT,
        formula="100 × FTE of agency workers who cover vacancies ÷ agency FTE",
        definition="How much of the agency work stands in for somebody to be appointed. On 30 September.",
        inputs=("agency_cover_fte", "agency_fte"),
        work_out=lambda given: workforce.agency_cover_rate(
            covering=given["agency_cover_fte"], agency=given["agency_fte"]
        ),
    ),
    Rate(
        column="vacancy_agency_cover_rate_fte",
        title="Vacancies that an agency worker covers",
        unit=Unit.PERCENT,
        formula="100 × FTE of agency workers who cover vacancies ÷ vacant FTE",
        definition="How much of what is vacant is covered by agency workers. On 30 September.",
        inputs=("agency_cover_fte", "vacancy_fte"),
        work_out=lambda given: workforce.vacancy_cover_rate(
            covering=given["agency_cover_fte"], vacant=given["vacancy_fte"]
        ),
    ),
)
