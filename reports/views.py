from uuid import UUID

from django.http import FileResponse, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST, require_safe

from reports import actions, own_data, queries
from reports.content import as_json
from teams import access
from teams.access import SignedInRequest
from teams.roles import Permission


@require_GET
def show_report(request: SignedInRequest, public_id: UUID) -> HttpResponse:
    """The report of today as a page, and the files made before."""
    team = access.find_team(request.user, public_id, Permission.REPORT_RENDER)
    content = as_json(queries.team_report(team, as_of=timezone.localdate()))
    runs = queries.newest_runs(request.user, team)
    return render(request, "reports/team_report_page.html", {"team": team, "content": content, "runs": runs})


@require_POST
def request_report(request: SignedInRequest, public_id: UUID) -> HttpResponse:
    team = access.find_team(request.user, public_id, Permission.REPORT_RENDER)
    run = actions.request_report(team=team, as_of=timezone.localdate(), by=request.user, at=timezone.now())
    return redirect("report-run", run.public_id)


@require_GET
def show_run(request: SignedInRequest, public_id: UUID) -> HttpResponse:
    """How far a report is; the page asks again by itself until it is ready."""
    run = queries.find_run(request.user, public_id)
    return render(request, "reports/run.html", {"run": run})


@require_GET
def download_report(request: SignedInRequest, public_id: UUID) -> FileResponse:
    run = queries.find_ready_run(request.user, public_id)
    return FileResponse(run.pdf.open(), content_type="application/pdf", filename=queries.file_name(run))


@require_safe
def show_own_data(request: SignedInRequest) -> HttpResponse:
    """What is held about the person, list by list."""
    context = {"worker": access.own_worker(request.user), "lists": own_data.EVERYTHING}
    return render(request, "reports/own_data.html", context)


@require_safe
def show_own_rows(request: SignedInRequest, code: str) -> HttpResponse:
    held = own_data.holding(code)
    rows = own_data.page_of(held, access.own_worker(request.user), request.GET.get("page"))
    return render(request, "reports/own_rows.html", {"held": held, "rows": rows})


@require_POST
def download_own_data(request: SignedInRequest, kind: str) -> HttpResponse:
    worker = access.own_worker(request.user)
    file = actions.take_own_data(worker=worker, kind=kind, by=request.user, at=timezone.now())
    headers = {"Content-Disposition": f'attachment; filename="{file.name}"'}
    return HttpResponse(file.content, content_type=file.kind, headers=headers)
