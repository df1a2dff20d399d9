from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from reports import actions, own_data
from teams import access
from teams.access import SignedInRequest


@require_safe
def show_own_data(request: SignedInRequest) -> HttpResponse:
    """What is held about the person, list by list."""
    context = {"worker": access.own_worker(request.user), "lists": own_data.EVERYTHING}
    return render(request, "reports/own_data.html", context)


@require_safe
def show_own_rows(request: SignedInRequest, code: str) -> HttpResponse:
    held = own_data.holding(code)
    rows = own_data.rows_page(held, access.own_worker(request.user), request.GET.get("page"))
    return render(request, "reports/own_rows.html", {"held": held, "rows": rows})


@require_POST
def download_own_data(request: SignedInRequest, kind: str) -> HttpResponse:
    worker = access.own_worker(request.user)
    file = actions.take_own_data(worker=worker, kind=kind, by=request.user, at=timezone.now())
    headers = {"Content-Disposition": f'attachment; filename="{file.name}"'}
    return HttpResponse(file.content, content_type=file.kind, headers=headers)
