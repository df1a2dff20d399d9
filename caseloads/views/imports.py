from datetime import datetime
from typing import TYPE_CHECKING, BinaryIO, cast
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from caseloads.actions.imports import abandon_import, confirm_import, offer_import
from caseloads.forms.imports import ImportForm
from caseloads.importing import Files, Upload
from caseloads.intake.problems import problems_csv
from caseloads.intake.records import Refused
from caseloads.intake.templates import template_csv
from caseloads.models import ImportRun
from caseloads.queries.imports import employers_to_import_for, find_import, import_page
from teams.access import SignedInRequest
from teams.refusals import NotAllowed

if TYPE_CHECKING:
    from django.core.files.uploadedfile import UploadedFile


@require_http_methods(["GET", "HEAD", "POST"])
def new_import(request: SignedInRequest) -> HttpResponse:
    """Choose a file; a good one leads to its preview, a bad one is refused with a sentence."""
    employers = employers_to_import_for(request.user)
    today = timezone.localdate()
    if request.method != "POST":
        return _show_form(request, ImportForm(employers=employers, today=today))
    form = ImportForm(request.POST, request.FILES, employers=employers, today=today)
    if form.is_valid():
        try:
            run = _offer(request, form, at=timezone.now())
        except (Refused, NotAllowed) as sentence:
            form.add_error("file" if form.cleaned_data["file"] else "staff_file", str(sentence))
        else:
            return redirect("import", run.public_id)
    return _show_form(request, form)


def _show_form(request: SignedInRequest, form: ImportForm) -> HttpResponse:
    return render(request, "caseloads/import_new.html", {"form": form})


def _offer(request: SignedInRequest, form: ImportForm, *, at: datetime) -> ImportRun:
    chosen = form.cleaned_data
    return offer_import(
        employer=form.chosen_employer,
        preset=ImportRun.Preset(chosen["preset"]),
        files=Files(cases=_upload(chosen["file"]), staff=_upload(chosen["staff_file"])),
        as_of=chosen["as_of"],
        by=request.user,
        at=at,
    )


def _upload(file: "UploadedFile[bytes] | None") -> Upload | None:
    return Upload(str(file.name), cast("BinaryIO", file)) if file is not None else None


@require_GET
def show_import(request: SignedInRequest, public_id: UUID) -> HttpResponse:
    run = find_import(request.user, public_id)
    return render(request, "caseloads/import.html", {"page": import_page(run)})


@require_POST
def apply_import(request: SignedInRequest, public_id: UUID) -> HttpResponse:
    """Apply it once. Whoever asks again is shown what was done."""
    run = find_import(request.user, public_id)
    try:
        confirm_import(run=run, by=request.user, at=timezone.now())
    except (Refused, NotAllowed) as sentence:
        page = import_page(find_import(request.user, public_id))
        if page.waiting:
            return render(request, "caseloads/import.html", {"page": page, "error": str(sentence)})
    return redirect("import", public_id)


@require_POST
def drop_import(request: SignedInRequest, public_id: UUID) -> HttpResponse:
    """Put the file away and choose another."""
    run = find_import(request.user, public_id)
    try:
        abandon_import(run=run, by=request.user)
    except NotAllowed:
        return redirect("import", public_id)
    return redirect("import-new")


@require_GET
def download_problems(request: SignedInRequest, public_id: UUID) -> HttpResponse:
    run = find_import(request.user, public_id)
    return _csv(problems_csv(run.problems), name="rows-set-aside.csv")


@require_GET
def download_template(request: SignedInRequest, kind: str) -> HttpResponse:
    employers_to_import_for(request.user)
    return _csv(template_csv(kind), name=f"{kind}.csv")


def _csv(text: str, *, name: str) -> HttpResponse:
    """With a byte-order mark, by which spreadsheets know the encoding."""
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(text.encode("utf-8-sig"), content_type="text/csv; charset=utf-8", headers=headers)
