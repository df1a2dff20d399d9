from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from caseloads.actions.imports import answer_questions, forget_answers
from caseloads.forms.imports import MappingForm
from caseloads.intake.questions import questions_from
from caseloads.models import ImportRun
from caseloads.queries.imports import find_import, find_mapping, remembered
from teams.access import SignedInRequest
from teams.refusals import NotAllowed


@require_http_methods(["GET", "HEAD", "POST"])
def answer(request: SignedInRequest, public_id: UUID) -> HttpResponse:
    """Say which column is which, and what words mean; the files are then read again."""
    run = find_import(request.user, public_id)
    if run.status not in {ImportRun.Status.MAPPING, ImportRun.Status.PREVIEW}:
        return redirect("import", public_id)
    form = MappingForm(request.POST or None, questions=questions_from(run.questions))
    if form.is_valid():
        said = {"columns": form.columns_said(), "values": form.values_said()}
        try:
            answer_questions(run=run, **said, by=request.user, at=timezone.now())
        except NotAllowed as sentence:
            messages.info(request, str(sentence))
        return redirect("import", public_id)
    return render(request, "caseloads/import_mapping.html", {"run": run, "form": form})


@require_safe
def show_remembered(request: SignedInRequest) -> HttpResponse:
    return render(request, "caseloads/import_remembered.html", {"remembered": remembered(request.user)})


@require_POST
def forget_remembered(request: SignedInRequest, key: int) -> HttpResponse:
    mapping = find_mapping(request.user, key)
    preset = ImportRun.Preset(mapping.preset)
    forget_answers(employer=mapping.employer, preset=preset, by=request.user, at=timezone.now())
    messages.success(request, f"Forgotten: what was said about files of the kind “{preset.label}”.")
    return redirect("import-remembered")
