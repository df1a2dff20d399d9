from uuid import UUID

from django.http import FileResponse, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from checks.actions import answers as actions
from checks.forms.answers import AnswerForm, EvidenceForm
from checks.models import Answer
from checks.queries.answers import CheckPage, check_page
from checks.queries.lookups import find_answer, find_check, find_evidence
from checks.views.doing import doing
from standards.definition import Kind
from teams.access import SignedInRequest
from teams.forms.once import OnceForm
from teams.refusals import NotAllowed
from teams.roles import Permission
from teams.views.saving import saved, show_or_save


@require_safe
def show_check(request: SignedInRequest, public_id: UUID) -> HttpResponse:
    """The task list of a check that can be answered; else what was answered, once there is something to answer."""
    page = check_page(find_check(request.user, public_id), request.user, as_of=timezone.localdate())
    if not page.taken:
        return render(request, "checks/being_taken.html", {"page": page, "check": page.check})
    template = "checks/task_list.html" if page.may_answer else "checks/check.html"
    everything = request.GET.get("show") == "everything"
    return render(request, template, {"page": page, "check": page.check, "everything": everything})


@require_safe
def show_standard(request: SignedInRequest, public_id: UUID, code: str) -> HttpResponse:
    page = check_page(find_check(request.user, public_id), request.user, as_of=timezone.localdate())
    return render(request, "checks/standard.html", {"page": page, "check": page.check, "found": page.standard(code)})


@require_http_methods(["GET", "HEAD", "POST"])
def answer_indicator(request: SignedInRequest, public_id: UUID, code: str) -> HttpResponse:
    answer = find_answer(request.user, public_id, code, Permission.CHECK_ANSWER)
    form = AnswerForm(request.POST or None, measured=answer.kind != Kind.JUDGED, initial=_initial(answer))
    if request.headers.get("X-Autosave"):
        return _autosave(request, form, answer)
    page = check_page(answer.check_of, request.user, as_of=timezone.localdate())
    row = page.row(code)
    if not page.may_answer and request.method != "POST":
        return redirect(f"{reverse('check-standard', args=[public_id, row.standard.code])}#indicator-{code}")
    if form.is_valid() and saved(
        request,
        form,
        lambda: actions.save_answer(answer=answer, said=form.said, doing=doing(request, form)),
        done="Saved.",
    ):
        return redirect(_after(page, code, onward="onward" in request.POST))
    return render(request, "checks/answer.html", {"page": page, "check": page.check, "row": row, "form": form})


def _initial(answer: Answer) -> dict[str, object]:
    names = ("judgement", "commentary", "reason", "priority")
    return {"seen": answer.revision} | {name: getattr(answer, name) for name in names}


def _autosave(request: SignedInRequest, form: AnswerForm, answer: Answer) -> HttpResponse:
    """Save what is typed so far, and say what was seen by that; a refusal is told and overwrites nothing."""
    if not form.is_valid():
        return JsonResponse({"problem": " ".join(str(error) for errors in form.errors.values() for error in errors)})
    try:
        row = actions.save_answer(answer=answer, said=form.said, doing=doing(request, form))
    except NotAllowed as refusal:
        return JsonResponse({"problem": str(refusal)})
    return JsonResponse({"seen": row.revision})


def _after(page: CheckPage, code: str, *, onward: bool) -> str:
    """The next indicator for whoever wants to go on, else the list of the standard's."""
    row = page.row(code)
    following = page.after(row) if onward else None
    if following is None:
        return reverse("check-standard", args=[page.check.public_id, row.standard.code])
    return reverse("check-answer", args=[page.check.public_id, following.indicator.code])


@require_http_methods(["GET", "HEAD", "POST"])
def take_figures_again(request: SignedInRequest, public_id: UUID) -> HttpResponse:
    check = find_check(request.user, public_id, Permission.CHECK_ANSWER)
    form = OnceForm(request.POST or None)
    return show_or_save(
        request,
        form,
        lambda: actions.take_figures_again(check=check, doing=doing(request, form)),
        done="The figures have been taken again.",
        back=reverse("check", args=[public_id]),
        title="Take the figures again",
        caption=str(check),
        intro=(
            "The team is measured once more, for the same day, as its records are now. Do this after you have put a "
            "record right. What you have judged and written stays."
        ),
        button="Take the figures again",
    )


@require_http_methods(["GET", "HEAD", "POST"])
def add_evidence(request: SignedInRequest, public_id: UUID, code: str) -> HttpResponse:
    answer = find_answer(request.user, public_id, code, Permission.CHECK_ANSWER)
    form = EvidenceForm(request.POST or None, request.FILES or None)
    return show_or_save(
        request,
        form,
        lambda: actions.add_evidence(answer=answer, attached=form.attached, doing=doing(request, form)),
        done="The evidence is added.",
        back=reverse("check-answer", args=[public_id, code]),
        template="checks/evidence.html",
        title="Add evidence",
        caption=str(answer.check_of),
    )


@require_safe
def download_evidence(request: SignedInRequest, public_id: UUID) -> HttpResponse | FileResponse:
    """The file itself, always to be saved and never shown by the browser; for a link, the way to it."""
    evidence = find_evidence(request.user, public_id)
    if evidence.url:
        return redirect(evidence.url)
    return FileResponse(
        evidence.file.open(), as_attachment=True, filename=evidence.file_name, content_type=evidence.media_type
    )


@require_POST
def remove_evidence(request: SignedInRequest, public_id: UUID) -> HttpResponse:
    evidence = find_evidence(request.user, public_id, Permission.CHECK_ANSWER)
    form = OnceForm(request.POST)
    check, code = evidence.answer.check_of, evidence.answer.indicator
    back = reverse("check-answer", args=[check.public_id, code])
    return show_or_save(
        request,
        form,
        lambda: actions.remove_evidence(evidence=evidence, doing=doing(request, form)),
        done="The evidence is removed.",
        back=back,
        title="Remove evidence",
        caption=evidence.title,
        button="Remove",
    )
