"""The schema of published data (JSON Schema 2020-12): what data.json of a published cycle holds. Pure."""

import json
from collections.abc import Mapping
from typing import Any

from checks.findings import Finding
from checks.publishing import FORMAT, NOT_PUBLISHED

Schema = dict[str, Any]

FINDING = [finding.value.lower() for finding in Finding]
TEXT: Schema = {"type": "string"}
DAY: Schema = {"type": "string", "format": "date"}
DAY_OR_NONE: Schema = {"type": "string", "pattern": r"^(\d{4}-\d{2}-\d{2})?$"}
COUNT: Schema = {"type": "integer", "minimum": 0}


def _object(fields: Mapping[str, Schema], **more: object) -> Schema:
    """Every field is always there, and there is no other."""
    return {
        "type": "object",
        "properties": dict(fields),
        "required": list(fields),
        "additionalProperties": False,
        **more,
    }


def _list(items: Schema, description: str) -> Schema:
    return {"type": "array", "items": items, "description": description}


def _said(schema: Schema, description: str) -> Schema:
    return schema | {"description": description}


COUNTS = {"$ref": "#/$defs/counts"}
FOUND = {"$ref": "#/$defs/finding"}
FOUND_OR_NONE: Schema = {
    "enum": [*FINDING, NOT_PUBLISHED],
    "description": f"Worked out from the indicators given here alone; {NOT_PUBLISHED} where there is none.",
}

_INDICATOR = _object(
    {
        "indicator": TEXT,
        "text": TEXT,
        "essential": {"type": "boolean", "description": "Not met means that the standard is not met."},
        "figure": _said(TEXT, "As it was frozen, with its unit; empty where the indicator is judged."),
        "national_thresholds": TEXT,
        "local_thresholds": _said(TEXT, "Empty: no local variation was in force."),
        "national": FOUND,
        "local": FOUND,
        "overruled": _said(TEXT, "What stands in the place of the figure, where something does."),
    }
)
_STANDARD_OF_TEAM = _object(
    {
        "standard": TEXT,
        "title": TEXT,
        "national": FOUND_OR_NONE,
        "local": FOUND_OR_NONE,
        "left_out": _said(COUNT, "Indicators left out because they are about single workers."),
        "indicators": _list(_INDICATOR, "Those that anybody may read."),
    }
)
_ACTION = _object(
    {
        "indicator": TEXT,
        "about": TEXT,
        "kind": {"enum": ["action", "decision not to act"]},
        "words": TEXT,
        "works_if": TEXT,
        "state": TEXT,
        "due_on": DAY_OR_NONE,
    }
)
_TEAM = _object(
    {
        "name": TEXT,
        "service_area": TEXT,
        "words": _said(TEXT, "What the director said when the team's check was published."),
        "standards": _list(_STANDARD_OF_TEAM, "In the order of the set."),
        "actions": _list(_ACTION, "What is done, or why nothing is."),
    }
)
_VARIATION = _object(
    {
        "standard": TEXT,
        "indicator": TEXT,
        "text": TEXT,
        "national_thresholds": TEXT,
        "local_thresholds": TEXT,
        "reason": TEXT,
        "from": DAY_OR_NONE,
        "review_by": DAY_OR_NONE,
        "national": COUNTS,
        "local": COUNTS,
    }
)

_DOCUMENT = _object(
    {
        "$schema": {"type": "string", "format": "uri"},
        "address": {"type": "string", "format": "uri", "description": "The page that says the same."},
        "publication": {"type": "integer", "minimum": 1, "description": "The newest of its cycle; 2 replaces 1."},
        "published_at": {"type": "string", "format": "date-time"},
        "format": {"const": FORMAT},
        "employer": TEXT,
        "cycle": _object({"name": TEXT, "period_from": DAY, "period_to": DAY, "measured_on": DAY}),
        "standards": _object(dict.fromkeys(("title", "version", "publisher", "source", "licence"), TEXT)),
        "smallest_group": {"type": "integer", "minimum": 5, "description": "No team of fewer people is in the data."},
        "words": _said(TEXT, "What the director says about the cycle."),
        "checks": _list(_object({"state": TEXT, "teams": COUNT}), "How many teams' checks were in each state."),
        "teams_shown": COUNT,
        "teams_too_small": _said(COUNT, "Published checks of teams too small to be told about. No count has them."),
        "not_published": _list(_object({"code": TEXT, "title": TEXT}), "Standards that the employer left out."),
        "findings": _list(
            _object({"standard": TEXT, "title": TEXT, "gap": TEXT, "national": COUNTS, "local": COUNTS}),
            "How many of the teams shown with a finding meet each standard, by national and by local thresholds.",
        ),
        "variations": _list(_VARIATION, "Local variations in force, with the findings by both thresholds."),
        "teams": _list(_TEAM, "Each team of at least the smallest group."),
    },
    title="A published cycle of team health checks",
)
SCHEMA = json.dumps(
    {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        **_DOCUMENT,
        "$defs": {
            "finding": {"enum": FINDING},
            "counts": _object(dict.fromkeys(FINDING, COUNT), description="Numbers of teams."),
        },
    },
    indent=1,
)
