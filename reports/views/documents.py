"""Reports as pages, and what is asked for of them: today's from the rows, made ones from their frozen content."""

from uuid import UUID

from django.contrib import messages
from django.http import FileResponse, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST, require_safe

from checks.queries.cycles import find_cycle
from reports import actions
from reports.content import as_json
from reports.models import Kind, ReportRun
from reports.queries import employers, runs, sheets, teams
from teams import access
from teams.access import SignedInRequest
from teams.refusals import NotAllowed
from teams.roles import Permission

GET_OR_POST = require_http_methods(["GET", "HEAD", "POST"])


def _asked(run: ReportRun) -> HttpResponse:
    return redirect("report-run", run.public_id)


@GET_OR_POST
def show_report(request: SignedInRequest, public_id: UUID) -> HttpResponse:
    """A team's report of today as a page; a POST asks for the PDF."""
    team, today = access.find_team(request.user, public_id, Permission.REPORT_RENDER), timezone.localdate()
    if request.method == "POST":
        return _asked(actions.request_report(team=team, as_of=today, by=request.user, at=timezone.now()))
    content = as_json(teams.team_report(team, as_of=today))
    made = runs.newest_runs(request.user, Kind.TEAM, team=team)
    return render(request, "reports/team_report_page.html", {"team": team, "content": content, "runs": made})


@GET_OR_POST
def show_check_report(request: SignedInRequest, public_id: UUID) -> HttpResponse:
    """The report of a health check as a page; a POST asks for the PDF."""
    check = teams.find_measured_check(request.user, public_id)
    if request.method == "POST":
        return _asked(actions.request_check_report(check=check, by=request.user, at=timezone.now()))
    content = as_json(teams.check_report(check, as_of=timezone.localdate()))
    made = runs.newest_runs(request.user, Kind.CHECK, check_of=check)
    return render(request, "reports/check_report_page.html", {"check": check, "content": content, "runs": made})


@GET_OR_POST
def show_employer_report(request: SignedInRequest, slug: str) -> HttpResponse:
    """An employer's compliance report of today as a page; a POST asks for the PDF."""
    employer, today = access.find_employer(request.user, slug, Permission.OVERVIEW_VIEW), timezone.localdate()
    if request.method == "POST":
        run = actions.request_employer_report(employer=employer, as_of=today, by=request.user, at=timezone.now())
        return _asked(run)
    content = as_json(employers.report_of_day(employer, as_of=today))
    made = runs.newest_runs(request.user, Kind.EMPLOYER, employer=employer)
    context = {"employer": employer, "content": content, "runs": made}
    return render(request, "reports/employer_report_page.html", context)


@GET_OR_POST
def show_cycle_report(request: SignedInRequest, public_id: UUID) -> HttpResponse:
    """The compliance report of a cycle as a page; a POST asks for the PDF."""
    cycle = find_cycle(request.user, public_id, Permission.OVERVIEW_VIEW)
    if request.method == "POST":
        return _asked(actions.request_cycle_report(cycle=cycle, by=request.user, at=timezone.now()))
    content = as_json(employers.report_of_cycle(cycle, as_of=timezone.localdate()))
    made = runs.newest_runs(request.user, Kind.CYCLE, cycle=cycle)
    packs = runs.newest_runs(request.user, Kind.PACK, cycle=cycle)
    context = {"cycle": cycle, "content": content, "runs": made, "packs": packs}
    return render(request, "reports/cycle_report_page.html", context)


@require_POST
def request_pack(request: SignedInRequest, public_id: UUID) -> HttpResponse:
    cycle = find_cycle(request.user, public_id, Permission.OVERVIEW_VIEW)
    try:
        return _asked(actions.request_pack(cycle=cycle, by=request.user, at=timezone.now()))
    except NotAllowed as refusal:
        messages.error(request, str(refusal))
        return redirect("cycle-report", cycle.public_id)


@GET_OR_POST
def show_own_sheet(request: SignedInRequest) -> HttpResponse:
    """The reader's own supervision sheet as a page; a POST asks for the PDF."""
    worker, today = access.find_own_worker(request.user), timezone.localdate()
    if request.method == "POST":
        return _asked(actions.request_sheet(worker=worker, as_of=today, by=request.user, at=timezone.now()))
    content = as_json(sheets.own_sheet(worker, as_of=today))
    return render(request, "reports/sheet_page.html", {"worker": worker, "content": content, "own": True})


@GET_OR_POST
def show_sheet(request: SignedInRequest, public_id: UUID) -> HttpResponse:
    """A worker's supervision sheet, for whoever may see their workload; a POST asks for the PDF."""
    (worker, _), today = access.find_worker(request.user, public_id), timezone.localdate()
    if request.method == "POST":
        return _asked(actions.request_sheet(worker=worker, as_of=today, by=request.user, at=timezone.now()))
    content = as_json(sheets.sheet_for(worker, request.user, as_of=today))
    return render(request, "reports/sheet_page.html", {"worker": worker, "content": content, "own": False})


@require_GET
def show_run(request: SignedInRequest, public_id: UUID) -> HttpResponse:
    """How far a report is; the page asks again by itself until it is ready."""
    return render(request, "reports/run.html", {"page": runs.run_page(request.user, public_id)})


@require_safe
def read_report(request: SignedInRequest, public_id: UUID) -> HttpResponse:
    """A report that was made, as a page: what it said then."""
    run = runs.find_readable_run(request.user, public_id)
    return render(request, "reports/read.html", {"run": run, "content": run.content})


@require_safe
def download_report(request: SignedInRequest, public_id: UUID) -> FileResponse:
    run = runs.find_whole_run(request.user, public_id)
    return FileResponse(run.file.open(), content_type=runs.media_type(run), filename=runs.file_name(run))


@require_POST
def retry_pack(request: SignedInRequest, public_id: UUID) -> HttpResponse:
    pack = runs.find_run(request.user, public_id)
    try:
        actions.retry_failed(pack=pack, by=request.user, at=timezone.now())
    except NotAllowed as refusal:
        messages.error(request, str(refusal))
    return _asked(pack)
