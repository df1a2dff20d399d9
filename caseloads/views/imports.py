from datetime import datetime
from typing import TYPE_CHECKING, BinaryIO, cast
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from caseloads.actions.imports import abandon_import, confirm_import, offer_import
from caseloads.actions.imports import undo_import as put_back
from caseloads.forms.imports import ImportForm
from caseloads.importing import Files, Upload
from caseloads.intake.problems import problems_csv
from caseloads.intake.records import Refused
from caseloads.intake.templates import template_csv
from caseloads.models import ImportRun
from caseloads.queries.imports import (
    employers_to_import_for,
    find_import,
    history_page,
    import_page,
    lines_csv,
    lines_page,
)
from teams.access import SignedInRequest
from teams.forms.once import OnceForm
from teams.refusals import AlreadyDone, NotAllowed
from teams.views.saving import SAVED_ONCE

if TYPE_CHECKING:
    from django.core.files.uploadedfile import UploadedFile


@require_safe
def show_history(request: SignedInRequest) -> HttpResponse:
    history = history_page(request.user, page=request.GET.get("page"))
    return render(request, "caseloads/import_history.html", {"history": history})


@require_http_methods(["GET", "HEAD", "POST"])
def new_import(request: SignedInRequest) -> HttpResponse:
    """Choose a file; one that may be a caseload leads to its preview, another is refused with a sentence."""
    employers = employers_to_import_for(request.user)
    today = timezone.localdate()
    if request.method != "POST":
        return _show_form(request, ImportForm(employers=employers, today=today))
    form = ImportForm(request.POST, request.FILES, employers=employers, today=today)
    if form.is_valid():
        try:
            run = _offer(request, form, at=timezone.now())
        except AlreadyDone:
            messages.info(request, SAVED_ONCE)
            return redirect("import-history")
        except (Refused, NotAllowed) as sentence:
            form.add_error("file" if form.cleaned_data["file"] else "staff_file", str(sentence))
        else:
            return redirect("import", run.public_id)
    return _show_form(request, form)


def _show_form(request: SignedInRequest, form: ImportForm) -> HttpResponse:
    return render(request, "caseloads/import_new.html", {"form": form})


def _offer(request: SignedInRequest, form: ImportForm, *, at: datetime) -> ImportRun:
    chosen = form.cleaned_data
    staff = chosen["staff_file"]
    return offer_import(
        employer=form.chosen_employer,
        preset=ImportRun.Preset(chosen["preset"]),
        files=Files(cases=[_upload(file) for file in chosen["file"]], staff=_upload(staff) if staff else None),
        as_of=chosen["as_of"],
        by=request.user,
        at=at,
        once=chosen["once"],
    )


def _upload(file: "UploadedFile[bytes]") -> Upload:
    return Upload(str(file.name), cast("BinaryIO", file))


@require_safe
def show_import(request: SignedInRequest, public_id: UUID) -> HttpResponse:
    """How far an import is; while a worker has it, the page asks again by itself."""
    run = find_import(request.user, public_id)
    if run.status == ImportRun.Status.MAPPING:
        return redirect("import-mapping", public_id)
    return render(request, "caseloads/import.html", {"page": import_page(run, request.user)})


@require_POST
def apply_import(request: SignedInRequest, public_id: UUID) -> HttpResponse:
    """Have it applied once. Whoever asks again is shown what was done."""
    run = find_import(request.user, public_id)
    try:
        confirm_import(run=run, by=request.user, at=timezone.now())
    except NotAllowed as sentence:
        messages.info(request, str(sentence))
    return redirect("import", public_id)


@require_POST
def drop_import(request: SignedInRequest, public_id: UUID) -> HttpResponse:
    """Put the file away and choose another."""
    run = find_import(request.user, public_id)
    try:
        abandon_import(run=run, by=request.user, at=timezone.now())
    except NotAllowed as sentence:
        messages.info(request, str(sentence))
        return redirect("import", public_id)
    return redirect("import-new")


@require_http_methods(["GET", "HEAD", "POST"])
def undo_import(request: SignedInRequest, public_id: UUID) -> HttpResponse:
    """Look at what would be put back, then have it put back, once."""
    run = find_import(request.user, public_id)
    form = OnceForm(request.POST or None)
    error = ""
    if form.is_valid():
        try:
            put_back(run=run, by=request.user, at=timezone.now(), once=form.cleaned_data["once"])
        except AlreadyDone:
            return redirect("import", public_id)
        except NotAllowed as sentence:
            error = str(sentence)
        else:
            messages.success(request, f"The import of {run.file_name} is undone.")
            return redirect("import", public_id)
    page = import_page(run, request.user)
    return render(request, "caseloads/import_undo.html", {"page": page, "form": form, "error": error})


@require_safe
def show_lines(request: SignedInRequest, public_id: UUID, section: str) -> HttpResponse:
    run = find_import(request.user, public_id)
    page = lines_page(run, request.user, section=section, page=request.GET.get("page"))
    return render(request, "caseloads/import_lines.html", {"page": page})


@require_safe
def download_lines(request: SignedInRequest, public_id: UUID) -> HttpResponse:
    run = find_import(request.user, public_id)
    return _csv(lines_csv(run, request.user), name="changes.csv")


@require_safe
def download_problems(request: SignedInRequest, public_id: UUID) -> HttpResponse:
    run = find_import(request.user, public_id)
    return _csv(problems_csv(run.problems), name="rows-set-aside.csv")


@require_safe
def download_template(request: SignedInRequest, kind: str) -> HttpResponse:
    employers_to_import_for(request.user)
    return _csv(template_csv(kind), name=f"{kind}.csv")


def _csv(text: str, *, name: str) -> HttpResponse:
    """With a byte-order mark, by which spreadsheets know the encoding."""
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(text.encode("utf-8-sig"), content_type="text/csv; charset=utf-8", headers=headers)
