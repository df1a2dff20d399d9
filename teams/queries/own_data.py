"""What the staffing of a team holds about one worker."""

from collections.abc import Sequence

from allauth.mfa.models import Authenticator

from teams.audit import Event
from teams.holdings import Holding
from teams.models import AccountLetter, AuditEntry, RoleAssignment, SignIn, Worker
from teams.roles import Role

Rows = Sequence[Sequence[object]]


def _profile(worker: Worker) -> Rows:
    return [
        (
            worker.name,
            worker.staff_reference,
            worker.get_career_stage_display(),
            worker.registered,
            worker.case_holding,
            worker.agency,
            worker.employer.name,
        )
    ]


def _account(worker: Worker) -> Rows:
    user = worker.user
    if user is None:
        return []
    roles = user.role_assignments.select_related("team", "service_area", "employer").order_by("pk")
    held = "; ".join(row.words for row in roles)
    return [(user.username, user.get_full_name(), user.email, user.date_joined, user.last_login, held)]


def _sign_ins(worker: Worker) -> Rows:
    rows = SignIn.objects.filter(user=worker.user) if worker.user else SignIn.objects.none()
    return list(rows.values_list("device", "address", "begun_at", "seen_at"))


def _second_factors(worker: Worker) -> Rows:
    rows = Authenticator.objects.filter(user_id=worker.user_id).order_by("-created_at", "-pk")
    return [(row.get_type_display(), row.created_at, row.last_used_at) for row in rows] if worker.user_id else []


def _letters(worker: Worker) -> Rows:
    rows = AccountLetter.objects.filter(user=worker.user).order_by("-pk") if worker.user else ()
    return [(row.get_kind_display(), row.words, row.made_at, row.sent_at, row.used_at) for row in rows]


def _contracts(worker: Worker) -> Rows:
    rows = worker.contracts.order_by("-starts_on", "-pk")
    return list(rows.values_list("team__name", "weekly_hours", "starts_on", "ends_on"))


def _reductions(worker: Worker) -> Rows:
    rows = worker.reductions.select_related("team", "approved_by").order_by("-starts_on", "-pk")
    return [
        (row.team, row.get_kind_display(), row.amount, row.reason, row.starts_on, row.ends_on, row.approved_by)
        for row in rows
    ]


def _absences(worker: Worker) -> Rows:
    rows = worker.absences.order_by("-starts_on", "-pk")
    return [(row.get_reason_display(), row.starts_on, row.ends_on) for row in rows]


def _supervision(worker: Worker) -> Rows:
    rows = worker.supervision_sessions.select_related("team", "supervisor").order_by("-held_on", "-pk")
    return [
        (
            row.held_on,
            row.team,
            row.minutes,
            row.interrupted,
            row.reflective,
            row.supervisor or row.supervisor_name,
            row.supervisor_registered,
        )
        for row in rows
    ]


def _hours(worker: Worker) -> Rows:
    return list(worker.additional_hours.order_by("-week").values_list("week", "hours", "note"))


SEEN = (Event.WORKLOAD_SEEN, Event.DUTY_SEEN, Event.FILE_TAKEN, Event.WORKER_DATA_TAKEN)


def _seen(worker: Worker) -> Rows:
    """Whoever saw the worker's workload, with the roles they ever had here. Two statements."""
    entries = AuditEntry.objects.filter(employer=worker.employer_id, event__in=[event.value for event in SEEN])
    rows = entries.filter(detail__contains={"workers": [worker.pk]}).select_related("by").order_by("-at", "-pk")
    roles: dict[int, set[str]] = {}
    for user, role in RoleAssignment.every.filter(employer=worker.employer_id).values_list("user", "role"):
        roles.setdefault(user, set()).add(Role(role).label)
    return [
        (row.at, row.by, ", ".join(sorted(roles.get(row.by_id or 0, ()))), row.detail["page"], row.detail.get("file"))
        for row in rows
    ]


HELD = (
    Holding(
        "profile",
        "Who you are here",
        "To know which limits apply to you.",
        ("name", "staff reference", "career stage", "registered", "holds cases", "agency", "employer"),
        _profile,
    ),
    Holding(
        "account",
        "Your account",
        "To let you sign in, and see what is yours to see. Your password is kept only as a hash.",
        ("user name", "name", "e-mail", "opened at", "last signed in at", "roles"),
        _account,
    ),
    Holding(
        "sign-ins",
        "Where you are signed in",
        "To show you where, and to let you end it. Each is gone once it ends.",
        ("browser", "address", "signed in at", "last here at"),
        _sign_ins,
    ),
    Holding(
        "second-factors",
        "Your second factors",
        "To know that it is you. What they are made of is kept unreadable.",
        ("kind", "set up at", "last used at"),
        _second_factors,
    ),
    Holding(
        "account-letters",
        "E-mails about your account",
        "To send them, and to let each link in them work once.",
        ("kind", "about", "written at", "sent at", "used at"),
        _letters,
    ),
    Holding(
        "contracts",
        "Contracted hours",
        "They make your capacity.",
        ("team", "hours a week", "from", "until"),
        _contracts,
    ),
    Holding(
        "reductions",
        "Reductions of capacity",
        "They take from your capacity.",
        ("team", "kind", "amount", "reason", "from", "until", "approved by"),
        _reductions,
    ),
    Holding(
        "absences",
        "Absences",
        "For the team’s absence rate, and so that no supervision falls due while you are away.",
        ("reason", "from", "first day back"),
        _absences,
    ),
    Holding(
        "supervision",
        "Supervision",
        "To see whether you get what your career stage is promised.",
        ("held on", "team", "minutes", "interrupted", "reflective", "supervisor", "supervisor registered"),
        _supervision,
    ),
    Holding(
        "hours",
        "Additional hours",
        "You recorded them yourself; others see totals only.",
        ("week beginning", "hours", "note"),
        _hours,
    ),
    Holding(
        "seen",
        "Who has seen your workload",
        "So that you can tell who looked, and ask them why. Each page counts on which your name stood.",
        ("at", "who", "role", "page", "file taken"),
        _seen,
    ),
)
