"""Requests about personal data, answered by an administrator: a worker's file, and erasing a worker."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from reports import actions, erasing
from reports.forms.personal_data import EraseForm, FindSubjectForm
from reports.queries.personal_data import find_subject, subjects
from reports.queries.unsearched_files import unsearched_files
from teams.access import SignedInRequest
from teams.views.saving import show_or_save

KINDS = (("csv", "Download all as CSV (in a ZIP file)"), ("json", "Download all as JSON"))


@require_safe
def list_subjects(request: SignedInRequest, slug: str) -> HttpResponse:
    """Everybody whose data are held, by name."""
    form = FindSubjectForm(request.GET)
    form.full_clean()
    name = form.cleaned_data.get("name", "")
    employer, page = subjects(request.user, slug, name=name, number=request.GET.get("page"))
    return render(request, "reports/personal_data.html", {"employer": employer, "page": page, "form": form})


@require_safe
def show_subject(request: SignedInRequest, public_id: UUID) -> HttpResponse:
    """What can be done about one worker's data, and what erasing them would do."""
    found = erasing.preview(find_subject(request.user, public_id), on=timezone.localdate())
    context = {"found": found, "worker": found.worker, "kinds": KINDS}
    return render(request, "reports/worker_data.html", context)


@require_POST
def download_subject(request: SignedInRequest, public_id: UUID, kind: str) -> HttpResponse:
    worker = find_subject(request.user, public_id)
    file = actions.take_data_of(worker=worker, kind=kind, by=request.user, at=timezone.now())
    headers = {"Content-Disposition": f'attachment; filename="{file.name}"'}
    return HttpResponse(file.content, content_type=file.kind, headers=headers)


@require_safe
def list_unsearched(request: SignedInRequest, public_id: UUID) -> HttpResponse:
    """What may name a worker and cannot be searched."""
    worker, page = unsearched_files(request.user, public_id, number=request.GET.get("page"))
    return render(request, "reports/worker_files.html", {"worker": worker, "page": page})


@require_http_methods(["GET", "HEAD", "POST"])
def erase_subject(request: SignedInRequest, public_id: UUID) -> HttpResponse:
    """The last step before a worker is erased."""
    worker, now = find_subject(request.user, public_id), timezone.now()
    form = EraseForm(request.POST or None)
    return show_or_save(
        request,
        form,
        lambda: erasing.erase(
            worker=worker,
            typed=form.cleaned_data["name"],
            by=request.user,
            on=timezone.localdate(),
            at=now,
            **form.sent,
        ),
        done="The worker is erased.",
        back=reverse("worker-data", args=[public_id]),
        title=f"Erase {worker}",
        caption=str(worker.employer),
        intro="Whatever says who they are is replaced, for good. Figures stay, under a number.",
        button="Erase for good",
    )
