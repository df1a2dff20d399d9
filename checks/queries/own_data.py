"""What duties hold about one worker."""

from collections.abc import Sequence

from checks.models import Action, Answer, Duty, DutyStep, HealthCheck, KeptWorkload
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


def _figures(worker: Worker) -> Rows:
    """Rows behind the figures of health checks that name the worker, as they were kept."""
    checks = HealthCheck.objects.filter(team__in=worker.contracts.values("team"))
    rows = Answer.objects.filter(check_of__in=checks, measured__contains={"lines": [[worker.name]]})
    rows = rows.select_related("check_of__cycle", "check_of__team").order_by("-check_of__measured_at", "number")
    return [
        (row.check_of.cycle, row.check_of.team, row.check_of.measured_at, row.measured["title"], ", ".join(line))
        for row in rows
        for line in row.measured["lines"]
        if worker.name in line
    ]


def _workloads(worker: Worker) -> Rows:
    """The worker's line in the workloads that health checks kept."""
    checks = HealthCheck.objects.filter(team__in=worker.contracts.values("team"))
    rows = KeptWorkload.objects.filter(check_of__in=checks, content__contains={"workers": [{"name": worker.name}]})
    rows = rows.select_related("check_of__cycle", "check_of__team").order_by("-check_of__measured_at", "pk")
    return [
        (
            row.check_of.cycle,
            row.check_of.team,
            row.check_of.measured_at,
            *(line[name] for name in ("cases", "load", "capacity", "pct", "word", "reason")),
        )
        for row in rows
        for line in row.content["workers"]
        if line["name"] == worker.name
    ]


def _actions(worker: Worker) -> Rows:
    if worker.user is None:
        return []
    rows = (
        Action.objects.filter(owner=worker.user).select_related("team", "check_of__cycle").order_by("-opened_on", "-pk")
    )
    return [
        (row.check_of.cycle, row.team, row.about, row.words, row.success, row.due_on, row.get_state_display())
        for row in rows
    ]


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
    Holding(
        "health-check-rows",
        "Rows about you behind the figures of health checks",
        "So that a health check can be read years later, to the row.",
        ("cycle", "team", "taken at", "measure", "row"),
        _figures,
    ),
    Holding(
        "health-check-workloads",
        "Your line in the workloads that health checks kept",
        "So that the report of a health check can be printed again to the digit.",
        ("cycle", "team", "taken at", "cases", "load", "capacity", "load %", "band", "why it is not known"),
        _workloads,
    ),
    Holding(
        "actions",
        "Actions of health checks that you see to",
        "So that what is not met is put right by somebody.",
        ("cycle", "team", "about", "what", "it worked if", "due on", "state"),
        _actions,
    ),
)
