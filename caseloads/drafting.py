"""A version of a weighting scheme before it is published: its values, and every reason why it cannot be. Pure.

The one place that says whether a scheme may be published, whoever publishes it and from where.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from caseloads.workload_scheme import (
    WHOLE,
    Band,
    BandLevel,
    Category,
    Factor,
    Scheme,
    SchemeError,
    Unit,
)

STAGES: Mapping[str, str] = {
    "STUDENT": "Student",
    "NEWLY_QUALIFIED": "Newly qualified",
    "ESTABLISHED": "Established",
    "EXPERIENCED": "Experienced",
    "UNQUALIFIED": "Unqualified",
}


@dataclass(frozen=True)
class SchemeDraft:
    """Everything a version of a weighting scheme says: its own fields, and the rows that belong to it."""

    fields: Mapping[str, Any]
    categories: Sequence[Mapping[str, Any]]
    factors: Sequence[Mapping[str, Any]]
    bands: Sequence[Mapping[str, Any]]
    stage_shares: Mapping[str, int]


def why_not_publish(draft: SchemeDraft, *, full_time_hours: Decimal) -> list[str]:
    """Return a sentence for each reason why a draft cannot be published."""
    found = [*_of_rows(draft)]
    if draft.fields["stable"] >= draft.fields["maximum"]:
        found.append("The stable load must be less than the maximum.")
    found += [
        f"The share of the career stage {STAGES[stage].lower()} must be 100 per cent at most."
        for stage, share in draft.stage_shares.items()
        if share > WHOLE
    ]
    try:
        scheme_of_draft(draft, version="", full_time_hours=full_time_hours)
    except SchemeError as error:
        found += error.faults
    return found


def _of_rows(draft: SchemeDraft) -> Iterator[str]:
    """Yield a sentence for each line that is there twice, and for each list that has none and needs one."""
    if not draft.categories:
        yield "A scheme needs at least one category."
    if not draft.bands:
        yield "A scheme needs at least one band."
    for what, rows, name in (
        ("categories", draft.categories, "name"),
        ("categories", draft.categories, "code"),
        ("factors", draft.factors, "name"),
        ("factors", draft.factors, "code"),
        ("bands", draft.bands, "level"),
    ):
        counted = Counter(str(row[name]).casefold() for row in rows)
        for value, times in counted.items():
            if times > 1:
                yield f"{times} {what} have the same {name}: {value.replace('_', ' ')}."


def scheme_of_draft(draft: SchemeDraft, *, version: str, full_time_hours: Decimal) -> Scheme:
    """Return a draft as scoring takes it. Raises SchemeError, a sentence for every fault, where it cannot be used."""
    fields = draft.fields
    return Scheme(
        name=fields["name"],
        version=version,
        unit=Unit(fields["unit"]),
        maximum=hundredths(fields["maximum"]),
        stable=hundredths(fields["stable"]),
        full_time_hours=hundredths(full_time_hours),
        default_weight=hundredths(fields["default_weight"]),
        lowest_weight=hundredths(fields["lowest_weight"]),
        highest_weight=hundredths(fields["highest_weight"]),
        sibling_share=fields["sibling_share"],
        joint_uplift=fields["joint_uplift"],
        review_interval_days=fields["review_interval_days"],
        stage_shares=dict(draft.stage_shares),
        categories={row["code"]: _category(row) for row in draft.categories},
        factors={row["code"]: _factor(row) for row in draft.factors},
        bands=tuple(
            Band(BandLevel(row["level"]), row["name"], int(row["lower"].scaleb(1)))
            for row in sorted(draft.bands, key=lambda row: row["lower"])
        ),
    )


def hundredths(value: Decimal) -> int:
    return int(value.scaleb(2))


def _category(row: Mapping[str, Any]) -> Category:
    return Category(
        code=row["code"],
        name=row["name"],
        weight=hundredths(row["weight"]),
        reserved=row["reserved"],
        unallocated_limit_days=row["unallocated_limit_days"],
    )


def _factor(row: Mapping[str, Any]) -> Factor:
    return Factor(code=row["code"], name=row["name"], points=hundredths(row["points"]), per_extra=row["per_extra"])
