"""The audit trail of an employer, for its administrators."""

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from teams.access import SignedInRequest, find_employer
from teams.actions.audit_trail import take_trail
from teams.forms.audit_trail import AuditForm
from teams.queries.audit_trail import trail_page
from teams.roles import Permission


@require_safe
def show_audit_trail(request: SignedInRequest, slug: str) -> HttpResponse:
    """What was done, newest first, and a search of it."""
    employer = find_employer(request.user, slug, Permission.AUDIT_READ)
    form = AuditForm(request.GET)
    form.full_clean()
    page = trail_page(employer, form.wanted, after=request.GET.get("page", ""))
    return render(request, "teams/audit_trail.html", {"employer": employer, "form": form, "page": page})


@require_POST
def download_audit_trail(request: SignedInRequest, slug: str) -> HttpResponse:
    """The entries looked for as a file."""
    employer = find_employer(request.user, slug, Permission.AUDIT_READ)
    form = AuditForm(request.POST)
    form.full_clean()
    file = take_trail(employer=employer, wanted=form.wanted, by=request.user, at=timezone.now())
    headers = {"Content-Disposition": f'attachment; filename="{file.name}"'}
    return HttpResponse(file.content, content_type="text/csv; charset=utf-8", headers=headers)
