"""What a report prints of teams' workloads and of what was decided in them, and a health check keeps for ever."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import date
from typing import Any

from caseloads.queries.printing import printed, scheme_words
from caseloads.queries.workloads import TeamWorkload
from checks.queries.explained import decided_by_hand, open_duties

Kept = dict[str, Any]
"""Text, whole numbers, lists and dictionaries: a `PrintedWorkload`, and the duties, limits and overrides of its day."""


def kept_of(workloads: Sequence[TeamWorkload], *, as_of: date) -> dict[int, Kept]:
    """The workloads of some teams of one employer as they are kept: team key → kept. Two statements."""
    teams = [workload.team.pk for workload in workloads]
    duties, by_hand = open_duties(teams, as_of=as_of), decided_by_hand(teams, as_of=as_of)
    return {
        workload.team.pk: asdict(printed(workload))
        | {
            "scheme": scheme_words(workload),
            "duties": [asdict(one) for one in duties[workload.team.pk]],
            "limits": [asdict(one) for one in by_hand[workload.team.pk].limits],
            "overrides": [asdict(one) for one in by_hand[workload.team.pk].overrides],
        }
        for workload in workloads
    }
