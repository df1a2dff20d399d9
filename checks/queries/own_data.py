"""What duties hold about one worker."""

from collections.abc import Sequence

from checks.models import Duty, DutyStep
from checks.queries.duties import name_of
from teams.holdings import Holding
from teams.models import Worker

Rows = Sequence[Sequence[object]]


def _duties(worker: Worker) -> Rows:
    rows = Duty.objects.filter(worker=worker).select_related("team", "case").order_by("-opened_on", "-pk")
    return [
        (
            name_of(row),
            row.words,
            row.team,
            row.case,
            row.past_manager,
            row.get_level_display(),
            row.get_state_display(),
            row.opened_on,
            row.due_on,
            row.closed_on,
        )
        for row in rows
    ]


def _steps(worker: Worker) -> Rows:
    rows = DutyStep.objects.filter(duty__worker=worker).select_related("duty", "by").order_by("-at", "-pk")
    return [(row.at, name_of(row.duty), row.duty.opened_on, row.get_move_display(), row.words, row.by) for row in rows]


HELD = (
    Holding(
        "duties",
        "Concerns you raised, and red flags about your work",
        "So that somebody answers each of them.",
        (
            "what",
            "in words",
            "team",
            "case",
            "past the manager",
            "answered by",
            "state",
            "opened on",
            "due on",
            "closed on",
        ),
        _duties,
    ),
    Holding(
        "duty-steps",
        "What was done about them",
        "So that nothing about them is forgotten or explained away.",
        ("at", "what", "opened on", "step", "in words", "by"),
        _steps,
    ),
)
