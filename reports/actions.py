"""What people do with reports."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.http import Http404

from checks.checking import CheckState
from checks.models import Cycle, HealthCheck
from reports import own_data, tasks
from reports.models import Kind, ReportRun
from reports.queries import census
from reports.queries.employers import measured_checks
from reports.queries.runs import is_whole
from reports.queries.sheets import teams_seen
from teams import audit
from teams.access import require, require_employer_wide
from teams.audit import Event
from teams.handing_over import after_commit
from teams.models import Employer, Team, User, Worker
from teams.refusals import NotAllowed
from teams.roles import Permission

FINAL = (CheckState.SIGNED.value, CheckState.PUBLISHED.value)
"""States of a health check in which it says the same for good."""
Status = ReportRun.Status


@transaction.atomic
def request_report(*, team: Team, as_of: date, by: User | None, at: datetime) -> ReportRun:
    """Ask for a team's report of a day."""
    require(by, Permission.REPORT_RENDER, team=team)
    return _asked(Kind.TEAM, team.employer, {"team": team}, as_of=as_of, by=by, at=at)


@transaction.atomic
def request_check_report(*, check: HealthCheck, by: User | None, at: datetime) -> ReportRun:
    """Ask for the report of a health check; one that has not moved on since it was made is given again."""
    require(by, Permission.CHECK_VIEW, team=check.team)
    wanted = {"check_of": check, "version": _version(check)}
    return _asked(Kind.CHECK, check.employer, wanted, as_of=check.cycle.measured_on, by=by, at=at)


@transaction.atomic
def request_employer_report(*, employer: Employer, as_of: date, by: User | None, at: datetime) -> ReportRun:
    """Ask for an employer's compliance report of a day."""
    require_employer_wide(by, Permission.OVERVIEW_VIEW, employer=employer)
    return _asked(Kind.EMPLOYER, employer, {}, as_of=as_of, by=by, at=at)


@transaction.atomic
def request_cycle_report(*, cycle: Cycle, by: User | None, at: datetime) -> ReportRun:
    """Ask for the compliance report of a cycle of health checks."""
    require_employer_wide(by, Permission.OVERVIEW_VIEW, employer=cycle.employer)
    return _asked(Kind.CYCLE, cycle.employer, {"cycle": cycle}, as_of=cycle.measured_on, by=by, at=at)


@transaction.atomic
def request_sheet(*, worker: Worker, as_of: date, by: User, at: datetime) -> ReportRun:
    """Ask for a worker's supervision sheet: for the worker, and for whoever may see their workload."""
    if worker.user_id != by.pk and not teams_seen(worker, by, as_of=as_of).exists():
        raise Http404("There is no such worker.")
    return _asked(Kind.SHEET, worker.employer, {"worker": worker}, as_of=as_of, by=by, at=at)


@transaction.atomic
def request_pack(*, cycle: Cycle, by: User | None, at: datetime) -> ReportRun:
    """Ask for every document of a cycle in one archive: each team's report and the employer's, made side by side."""
    require_employer_wide(by, Permission.OVERVIEW_VIEW, employer=cycle.employer)
    asked: dict[str, Any] = {"as_of": cycle.measured_on, "by": by, "at": at}
    checks = measured_checks(cycle)
    if not checks:
        raise NotAllowed("The figures of this cycle are still being taken. Ask for the pack in a few minutes.")
    pack = _asked(Kind.PACK, cycle.employer, {"cycle": cycle}, **asked, send=False)
    if not pack.parts.exists():
        parts = [_new(Kind.CYCLE, cycle.employer, {"cycle": cycle, "pack": pack}, **asked)]
        for check in checks:
            about = {"check_of": check, "version": _version(check), "pack": pack}
            parts.append(_new(Kind.CHECK, cycle.employer, about, **asked))
        _send(ReportRun.objects.bulk_create(parts))
    return pack


def request_about(
    kind: Kind, about: Team | HealthCheck | Cycle | Employer, *, as_of: date, by: User, at: datetime
) -> ReportRun:
    """Ask for a report of whatever it is about, by its kind."""
    match kind, about:
        case Kind.TEAM, Team():
            return request_report(team=about, as_of=as_of, by=by, at=at)
        case Kind.CHECK, HealthCheck():
            return request_check_report(check=about, by=by, at=at)
        case Kind.CYCLE, Cycle():
            return request_cycle_report(cycle=about, by=by, at=at)
        case Kind.EMPLOYER, Employer():
            return request_employer_report(employer=about, as_of=as_of, by=by, at=at)
    raise NotAllowed("There is no such kind of report.")


@transaction.atomic
def retry_failed(*, pack: ReportRun, by: User, at: datetime) -> None:
    """Try again the parts of a pack that could not be made; the pack is put together anew after them."""
    require_employer_wide(by, Permission.OVERVIEW_VIEW, employer=pack.employer)
    failed = list(pack.parts.select_for_update().filter(status=Status.FAILED).defer("content"))
    if not failed:
        raise NotAllowed("No report of this pack has failed.")
    _again(failed, pack.pk, at=at)
    audit.record(
        Event.REPORT_REQUESTED, employer=pack.employer, target=pack, by=by, at=at, detail={"again": len(failed)}
    )


@transaction.atomic
def retry_report(*, run: ReportRun, by: User, at: datetime) -> None:
    """Have a report that could not be made tried again, and after it the pack that it is part of."""
    require_employer_wide(by, Permission.EMPLOYER_SET_UP, employer=run.employer)
    failed = list(ReportRun.objects.select_for_update().filter(pk=run.pk, status=Status.FAILED).defer("content"))
    if not failed:
        raise NotAllowed("It is not given up any more: somebody else has had it tried again.")
    _again(failed, run.pack_id, at=at)
    audit.record(Event.REPORT_REQUESTED, employer=run.employer, target=run, by=by, at=at, detail={"again": 1})


def _again(failed: Sequence[ReportRun], pack_id: int | None, *, at: datetime) -> None:
    """Put runs, and the pack that they are parts of, back to waiting."""
    keys = {*(run.pk for run in failed), *([pack_id] if pack_id else [])}
    ReportRun.objects.filter(pk__in=keys).update(
        status=Status.PENDING, attempts=0, error="", requested_at=at, finished_at=None
    )
    _send(failed)


def _asked(
    kind: Kind,
    employer: Employer,
    about: dict[str, Any],
    *,
    as_of: date,
    by: User | None,
    at: datetime,
    send: bool = True,
) -> ReportRun:
    """A new run; or the one that is on its way for the same person, or says the same for good."""
    Employer.objects.select_for_update().get(pk=employer.pk)
    same = ReportRun.objects.filter(kind=kind, employer=employer, as_of=as_of, pack__isnull=True, **about)
    final = same.filter(kind=Kind.CHECK, status=Status.READY, check_of__state__in=FINAL)
    made = [run for run in final[:1] if is_whole(run)]
    if run := next(iter(made), None) or same.on_their_way().filter(requested_by=by).first():
        return run
    run = _new(kind, employer, about, as_of=as_of, by=by, at=at)
    run.save(force_insert=True)
    audit.record(Event.REPORT_REQUESTED, employer=employer, target=run, by=by, at=at, detail={"kind": kind.value})
    if send:
        _send([run])
    return run


def _version(check: HealthCheck) -> int:
    """Counts what its report is made of: the steps of the check, and the actions that were planned in it."""
    return check.steps_taken + check.actions.count()


def _new(
    kind: Kind, employer: Employer, about: dict[str, Any], *, as_of: date, by: User | None, at: datetime
) -> ReportRun:
    return ReportRun(kind=kind, employer=employer, as_of=as_of, requested_by=by, requested_at=at, **about)


def _send(runs: Sequence[ReportRun]) -> None:
    """Hand runs to the workers once their rows are committed; a message that is lost costs minutes."""
    for run in runs:
        after_commit(tasks.render, run_id=run.pk)


@transaction.atomic
def take_own_data(*, worker: Worker | None, kind: str, by: User, at: datetime) -> own_data.OwnFile:
    """Make the file of everything held about whoever asks, and nobody else."""
    if worker is None or worker.user_id != by.pk:
        raise Http404("There is no such file.")
    audit.record(
        Event.OWN_DATA_DOWNLOADED, employer=worker.employer, target=worker, by=by, at=at, detail={"kind": kind}
    )
    return own_data.as_file(worker, kind, at=at)


@transaction.atomic
def take_data_of(*, worker: Worker, kind: str, by: User, at: datetime) -> own_data.OwnFile:
    """Make the file of everything held about a worker who asked for it. The worker sees that it was made."""
    require_employer_wide(by, Permission.PERSONAL_DATA_ANSWER, employer=worker.employer)
    detail = {"kind": kind, "page": "File of everything held about you", "workers": [worker.pk]}
    audit.record(Event.WORKER_DATA_TAKEN, employer=worker.employer, target=worker, by=by, at=at, detail=detail)
    return own_data.as_file(worker, kind, at=at, stem=f"data-of-worker-{worker.pk}")


@transaction.atomic
def take_census(*, employer: Employer, year: int, kind: str, by: User, at: datetime) -> census.CensusFile:
    """Make a file for the workforce census of a year: its workers, or its vacancies. Who took it is on record."""
    require_employer_wide(by, Permission.CENSUS_MAKE, employer=employer)
    file = census.as_file(employer, year=year, kind=kind)
    detail = {"year": year, "kind": kind, "rows": file.rows}
    audit.record(Event.CENSUS_DOWNLOADED, employer=employer, target=employer, by=by, at=at, detail=detail)
    return file
