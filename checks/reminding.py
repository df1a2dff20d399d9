"""Reminds managers, by e-mail, of the checks they have to answer. Again does no harm: once of each kind."""

from collections.abc import Sequence
from datetime import date, datetime

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.db import transaction
from django.urls import reverse

from checks.checking import CheckState, ReminderKind, reminders_due
from checks.models import CheckStep, Cycle, HealthCheck, Reminder
from design import figures
from teams.models import RoleAssignment, User
from teams.roles import Permission, Role, roles_with

WORDS = {
    ReminderKind.OPENED: "is open for your answers",
    ReminderKind.WEEK: "still waits for your answers",
    ReminderKind.DAY: "still waits for your answers, and there is hardly any time left",
    ReminderKind.LATE: "is late: its answers have not been submitted",
    ReminderKind.RETURNED: "has been returned to you for changes",
    ReminderKind.CHALLENGED: "has been questioned by the panel, which waits for your reply",
}


def remind(*, as_of: date, at: datetime) -> int:
    """Send what is due, one e-mail a check; return how many checks it was about.

    What is sent is noted first and sent afterwards: should the machine stop in between, a reminder is lost, and the
    next kind follows; nobody is told twice.
    """
    with transaction.atomic():
        due = _due(as_of=as_of)
        Reminder.objects.bulk_create(
            Reminder(check_of=check, kind=kind.value, submissions=check.submissions, at=at)
            for check, kinds in due
            for kind in kinds
        )
        messages = _messages(due)
    if messages:
        get_connection().send_messages(messages)
    return len(due)


def _due(*, as_of: date) -> list[tuple[HealthCheck, Sequence[ReminderKind]]]:
    """Checks that wait for their team, with the kinds nobody was reminded of yet, most urgent first. Two statements."""
    waiting = [CheckState.OPEN.value, CheckState.CHALLENGED.value]
    rows = HealthCheck.objects.filter(state__in=waiting, cycle__state=Cycle.State.OPEN)
    checks = list(rows.select_for_update(of=("self",), skip_locked=True).select_related("cycle", "team").order_by("pk"))
    sent = set(Reminder.objects.filter(check_of__in=checks).values_list("check_of", "kind", "submissions"))
    found: list[tuple[HealthCheck, Sequence[ReminderKind]]] = []
    for check in checks:
        kinds = [kind for kind in _wanted(check, as_of=as_of) if (check.pk, kind.value, check.submissions) not in sent]
        if kinds:
            found.append((check, kinds))
    return found


def _wanted(check: HealthCheck, *, as_of: date) -> list[ReminderKind]:
    """Of a challenged check, that once for each submission, however many questions there are."""
    if check.state == CheckState.CHALLENGED:
        return [ReminderKind.CHALLENGED]
    return reminders_due(due_on=check.cycle.due_on, on=as_of, returned=check.submissions > 0)


def _messages(due: Sequence[tuple[HealthCheck, Sequence[ReminderKind]]]) -> list[EmailMessage]:
    """An e-mail a check to those who answer for its team and have an address. Two statements."""
    checks = [check for check, _ in due]
    reasons = _reasons(checks)
    addressed = _addresses(checks)
    return [
        EmailMessage(
            subject=" ".join(f"Health check of {check.team}: {_subject(check, kinds[0])}".split()),
            body=_body(check, kinds[0], reasons.get(check.pk, "")),
            to=[user.email],
        )
        for check, kinds in due
        for user in addressed[check.pk]
    ]


def _day(check: HealthCheck) -> str:
    """The day in words, with spaces that every mail program knows."""
    return figures.day(check.cycle.due_on).replace("\u00a0", " ")


def _subject(check: HealthCheck, kind: ReminderKind) -> str:
    if kind == ReminderKind.CHALLENGED:
        return "a question waits for your reply"
    return f"answers due by {_day(check)}"


def _body(check: HealthCheck, kind: ReminderKind, reason: str) -> str:
    address = f"{settings.SITE_ADDRESS}{reverse('check', args=[check.public_id])}"
    why = f" The reason: {figures.sentence(reason)}" if kind == ReminderKind.RETURNED and reason else ""
    if kind == ReminderKind.CHALLENGED:
        todo = "Answer it here, or accept what the panel would judge:"
    else:
        todo = f"The answers are due by {_day(check)}. Go on with them here:"
    return (
        f"The health check of {check.team} in “{check.cycle}” {WORDS[kind]}.{why}\n\n"
        f"{todo}\n{address}\n\n"
        "You are told because you answer for this team. It is said once for each occasion.\n"
    )


def _reasons(checks: Sequence[HealthCheck]) -> dict[int, str]:
    """Why each check was returned, by its newest step."""
    steps = CheckStep.objects.filter(check_of__in=checks).order_by("check_of", "-number").distinct("check_of")
    return dict(steps.values_list("check_of", "words"))


def _addresses(checks: Sequence[HealthCheck]) -> dict[int, list[User]]:
    """Who answers for the team of each check: its managers, else the service managers above them."""
    held = RoleAssignment.objects.filter(
        role__in=[role.value for role in roles_with(Permission.CHECK_ANSWER)],
        employer__in={check.employer_id for check in checks},
        user__is_active=True,
    )
    rows = list(held.exclude(user__email="").select_related("user").order_by("user__pk"))
    found = {}
    for check in checks:
        own = [row.user for row in rows if row.role == Role.MANAGER and row.team_id == check.team_id]
        above = [row.user for row in rows if row.service_area_id == check.team.service_area_id]
        found[check.pk] = own or above
    return found
