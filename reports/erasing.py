"""Erasing a worker: what is replaced, what stays with the reason, and doing it. Figures stay; whose they are goes."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial
from typing import Any
from uuid import UUID

import pgtrigger
from django.apps import apps
from django.contrib.auth.hashers import make_password
from django.core.files.storage import default_storage
from django.db import transaction
from django.db.models import F, Q, QuerySet, TextField, Value
from django.db.models.functions import Cast, Left, Replace

from caseloads.models import Allocation, CaseChange, Contest, ImportImage, ImportLine, LimitException
from checks.models import Answer, Duty, DutyStep, KeptWorkload
from reports.models import ReportRun
from teams import audit, submissions
from teams.access import require_employer_wide
from teams.audit import Event
from teams.models import AccountLetter, AuditEntry, RoleAssignment, SignIn, SupervisionSession, User, Worker
from teams.refusals import NotAllowed
from teams.roles import Permission

REMOVED = "Removed"
SIGN_IN_APPS = frozenset({"account", "mfa", "socialaccount", "usersessions"})
"""Packages of sign-in, where they are installed: whatever they hold about an account goes with it."""


@dataclass(frozen=True)
class Part:
    """Something that is replaced or taken away: where it is, and what becomes of it."""

    title: str
    becomes: str
    rows: Callable[[Worker], QuerySet[Any]]
    change: Callable[[QuerySet[Any], Worker], object]


@dataclass(frozen=True)
class Stays:
    """Something that names the worker and stays, and why."""

    title: str
    why: str
    rows: Callable[[Worker], QuerySet[Any]]


def called(worker: Worker) -> str:
    """What an erased worker is called from then on."""
    return f"Worker removed {worker.pk}"


def _set(**fields: object) -> Callable[[QuerySet[Any], Worker], object]:
    return lambda rows, _: rows.update(**fields)


def _rename(field: str, longest: int = 0) -> Callable[[QuerySet[Any], Worker], object]:
    """Put the new name in the place of the old one, in text."""

    def change(rows: QuerySet[Any], worker: Worker) -> None:
        new = Replace(F(field), Value(worker.name), Value(called(worker)))
        rows.update(**{field: Left(new, longest) if longest else new})

    return change


def _name(rows: QuerySet[Any], worker: Worker) -> None:
    rows.update(name=called(worker), staff_reference="")


def _account(rows: QuerySet[Any], worker: Worker) -> None:
    """The account stays, because entries name it, and nobody can sign in with it."""
    for user in rows:
        RoleAssignment.every.filter(user=user).delete()
        SignIn.objects.filter(user=user).delete()
        AccountLetter.objects.filter(user=user).delete()
        for model in apps.get_models():
            fields = {field.name for field in model._meta.fields}  # noqa: SLF001 - Django documents _meta
            if model._meta.app_label in SIGN_IN_APPS and "user" in fields:  # noqa: SLF001
                model._default_manager.filter(user=user).delete()  # noqa: SLF001
    gone = {"username": f"removed-{worker.pk}", "first_name": called(worker), "last_name": "", "email": ""}
    rows.update(**gone, password=make_password(None), is_active=False, last_login=None)


def _delete_reports(rows: QuerySet[Any], _: Worker) -> None:
    for name in rows.exclude(file="").values_list("file", flat=True):
        transaction.on_commit(partial(default_storage.delete, name), robust=True)
    rows.delete()


def _changes(worker: Worker) -> QuerySet[CaseChange]:
    return CaseChange.objects.filter(case__allocations__worker=worker, text__contains=worker.name)


def _keyed(rows: QuerySet[Any]) -> QuerySet[Any]:
    """The same rows, without the joins that found them: they can then be changed."""
    return rows.model._base_manager.filter(pk__in=rows.order_by().values("pk"))  # type: ignore[no-any-return]  # noqa: SLF001


def _reports(worker: Worker) -> QuerySet[ReportRun]:
    """Sheets about the worker, reports whose content names them, and the packs that these are in."""
    runs = ReportRun.objects.filter(employer=worker.employer_id)
    naming = runs.annotate(said=Cast("content", TextField())).filter(Q(said__contains=worker.name) | Q(worker=worker))
    return runs.filter(Q(pk__in=naming.values("pk")) | Q(pk__in=naming.values("pack")))


def _naming(model: Any, field: str, **of: Any) -> QuerySet[Any]:
    """Rows whose content names somebody."""
    rows: QuerySet[Any] = model.objects.annotate(said=Cast(field, TextField()))
    return rows.filter(**of)


def _steps(worker: Worker) -> QuerySet[DutyStep]:
    return DutyStep.objects.filter(duty__worker=worker, duty__flag="")


def _removed(title: str, rows: Callable[[Worker], QuerySet[Any]], field: str) -> Part:
    """Words of which nothing stays but that there were some."""
    return Part(
        title,
        REMOVED,
        lambda worker: rows(worker).exclude(**{f"{field}__in": ["", REMOVED]}),
        lambda found, _: found.update(**{field: REMOVED}),
    )


REPLACED: Sequence[Part] = (
    Part("Name and staff reference", "a number", lambda worker: Worker.objects.filter(pk=worker.pk), _name),
    Part(
        "Account: user name, name, e-mail, password, roles, second factors",
        "an account without a name, with which nobody can sign in",
        lambda worker: User.objects.filter(worker=worker),
        _account,
    ),
    _removed("Reasons of reductions of capacity", lambda worker: worker.reductions.all(), "reason"),
    Part(
        "Kinds of absences",
        "Other; the days stay",
        lambda worker: worker.absences.exclude(reason="OTHER"),
        _set(reason="OTHER"),
    ),
    Part(
        "Notes on additional hours", "nothing", lambda worker: worker.additional_hours.exclude(note=""), _set(note="")
    ),
    _removed("Words about allocations", lambda worker: worker.allocations.all(), "agreement_note"),
    _removed("Reasons of contested weights", lambda worker: worker.contests.all(), "reason"),
    _removed("Answers to contested weights", lambda worker: worker.contests.all(), "answer"),
    _removed(
        "Reasons for limits passed", lambda worker: LimitException.objects.filter(allocation__worker=worker), "reason"
    ),
    _removed("Words of concerns", lambda worker: Duty.objects.filter(worker=worker, flag=""), "words"),
    _removed("Words of what was done about concerns", _steps, "words"),
    Part("Sentences in the history of cases that name them", "the same with the number", _changes, _rename("text")),
    Part(
        "Sessions that they held by name",
        "the number",
        lambda worker: SupervisionSession.objects.filter(
            team__employer=worker.employer_id, supervisor_name=worker.name
        ),
        lambda rows, worker: rows.update(supervisor_name=called(worker)),
    ),
    Part(
        "Lines of imports that name them",
        "the same with the number",
        lambda worker: ImportLine.objects.filter(run__employer=worker.employer_id).filter(
            Q(text__contains=worker.name) | Q(subject__contains=worker.name)
        ),
        lambda rows, worker: (_rename("text")(rows, worker), _rename("subject", 200)(rows, worker)),
    ),
    Part(
        "Reports that were made and name them, with their files, and packs they are in",
        "deleted; each can be made again, without the name",
        _reports,
        _delete_reports,
    ),
)
_SIGNED = (
    "A health check was signed on exactly these rows, and shows whether workloads were safe: kept to establish or "
    "defend legal claims (UK GDPR, Article 17(3)(e)), for as long as the health check"
)
STAYS: Sequence[Stays] = (
    Stays(
        "Rows behind figures of health checks",
        _SIGNED,
        lambda worker: _naming(
            Answer, "measured", check_of__employer=worker.employer_id, said__contains=f'"{worker.name}"'
        ),
    ),
    Stays(
        "Workloads that health checks kept",
        _SIGNED,
        lambda worker: _naming(
            KeptWorkload, "content", check_of__employer=worker.employer_id, said__contains=f'"{worker.name}"'
        ),
    ),
    Stays(
        "Images of imports, by which these can be undone",
        "An import is put back from exactly these rows. They are packed and cannot be searched: any may name them",
        lambda worker: ImportImage.objects.filter(run__employer=worker.employer_id),
    ),
    Stays(
        "Entries of the audit trail by them or about them",
        "Accountability of the employer (UK GDPR, Articles 5(2) and 17(3)(b)): an entry that is changed breaks the "
        "chain. They go when their period is over",
        lambda worker: AuditEntry.objects.filter(
            Q(by=worker.user_id, by__isnull=False)
            | Q(target=audit.name_of(worker))
            | Q(detail__contains={"workers": [worker.pk]})
            | Q(detail__contains={"worker": worker.pk})
        ),
    ),
    Stays(
        "Contracted hours, without a name",
        "Capacity and vacancy rates of past days",
        lambda worker: worker.contracts.all(),
    ),
    Stays("Allocations, without a name", "Loads of past days", lambda worker: Allocation.objects.filter(worker=worker)),
    Stays("Loads of each day, without a name", "The history of the team", lambda worker: worker.snapshots.all()),
    Stays(
        "Supervision sessions, without a name",
        "Whether the team was supervised as promised",
        lambda worker: worker.supervision_sessions.all(),
    ),
    Stays(
        "Weights they contested, without a name",
        "Why a case weighed what it did",
        lambda worker: Contest.objects.filter(worker=worker),
    ),
)
LIFTED = ("caseloads.CaseChange:append_only", "caseloads.LimitException:append_only", "checks.DutyStep:append_only")
"""Triggers that are lifted for the rows about an erased worker, and for nothing else."""


@dataclass(frozen=True)
class Counted:
    """One line of the preview: of what, how many rows, and what becomes of them or why they stay."""

    title: str
    rows: int
    words: str


@dataclass(frozen=True)
class Preview:
    """What erasing a worker would do; why_not: a sentence where it cannot be done now."""

    worker: Worker
    replaced: Sequence[Counted]
    stays: Sequence[Counted]
    why_not: str


def preview(worker: Worker, *, on: date) -> Preview:
    """Count what would be replaced, and what would stay. One statement for each part."""
    replaced = [Counted(part.title, part.rows(worker).distinct().count(), part.becomes) for part in REPLACED]
    stays = [Counted(part.title, part.rows(worker).distinct().count(), part.why) for part in STAYS]
    return Preview(
        worker,
        [line for line in replaced if line.rows],
        [line for line in stays if line.rows],
        why_not_erase(worker, on=on) or "",
    )


def why_not_erase(worker: Worker, *, on: date) -> str | None:
    """Nobody is erased who works here, or who was erased before."""
    if worker.name == called(worker):
        return "This worker has been erased already."
    if worker.contracts.filter(Q(ends_on__isnull=True) | Q(ends_on__gt=on)).exists():
        return f"{worker} works here today or will. Let their manager end their hours in every team first."
    return None


@transaction.atomic
def erase(*, worker: Worker, typed: str, once: UUID | None, by: User, on: date, at: datetime) -> None:
    """Replace whatever says who a worker is, for good. The entry in the trail names nobody."""
    require_employer_wide(by, Permission.PERSONAL_DATA_ANSWER, employer=worker.employer)
    submissions.claim(once, by=by, at=at)
    worker = Worker.objects.select_for_update(of=("self",)).select_related("employer").get(pk=worker.pk)
    if reason := why_not_erase(worker, on=on):
        raise NotAllowed(reason)
    if worker.user_id == by.pk:
        raise NotAllowed("Nobody erases themselves. Ask another administrator.")
    if " ".join(typed.split()).casefold() != " ".join(worker.name.split()).casefold():
        raise NotAllowed("This is not the name of the worker. Type it as it is written above.")
    found = preview(worker, on=on)
    with pgtrigger.ignore(*LIFTED):
        for part in reversed(REPLACED):  # the name goes last: by it the others are found
            part.change(_keyed(part.rows(worker)), worker)
    detail = {
        "replaced": {line.title: line.rows for line in found.replaced},
        "kept": {line.title: line.rows for line in found.stays},
    }
    audit.record(Event.WORKER_ERASED, employer=worker.employer, target=worker, by=by, at=at, detail=detail)
