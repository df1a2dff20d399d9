"""The templates people download and fill in: the columns, and two rows that show what goes where."""

import csv
import io

from caseloads.intake.columns import CASE_COLUMNS, STAFF_COLUMNS

_EXAMPLES = {
    "cases": (
        {
            "case_reference": "EXAMPLE-1",
            "family_reference": "FAMILY-1",
            "category": "child_protection",
            "factors": "long_travel; further_child x 2",
            "opened_on": "2026-03-02",
            "team": "Example team",
            "worker": "Example Worker",
            "role": "lead",
            "share": "60",
            "rated_on": "2026-03-09",
        },
        {
            "case_reference": "EXAMPLE-1",
            "opened_on": "2026-03-02",
            "team": "Example team",
            "worker": "Second Worker",
            "role": "co-worker",
            "share": "40",
        },
    ),
    "staff": (
        {
            "worker": "Example Worker",
            "staff_reference": "S-001",
            "team": "Example team",
            "weekly_hours": "37",
            "career_stage": "established",
            "registered": "yes",
            "case_holding": "yes",
            "agency": "no",
            "starts_on": "2025-09-01",
        },
    ),
}
_COLUMNS = {"cases": tuple(CASE_COLUMNS), "staff": tuple(STAFF_COLUMNS)}


def template_csv(kind: str) -> str:
    """The template for "cases" or "staff" as CSV text; the caller encodes it as UTF-8 with a byte-order mark."""
    text = io.StringIO()
    writer = csv.DictWriter(text, fieldnames=_COLUMNS[kind], restval="")
    writer.writeheader()
    writer.writerows(_EXAMPLES[kind])
    return text.getvalue()
