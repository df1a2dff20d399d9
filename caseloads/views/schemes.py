from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from caseloads.actions import schemes as actions
from caseloads.forms import schemes as forms
from caseloads.models import SchemeDraft
from caseloads.queries import schemes as queries
from caseloads.queries.scheme_preview import preview
from teams.access import SignedInRequest
from teams.views.saving import saved, show_or_save


@require_safe
def show_schemes(request: SignedInRequest, slug: str) -> HttpResponse:
    found = queries.scheme_list(request.user, slug, as_of=timezone.localdate())
    return render(request, "caseloads/schemes.html", {"found": found})


@require_safe
def show_scheme(request: SignedInRequest, slug: str, pk: int) -> HttpResponse:
    found = queries.find_scheme(request.user, slug, pk, as_of=timezone.localdate())
    return render(request, "caseloads/scheme.html", {"found": found, "scheme": found.scheme})


@require_http_methods(["GET", "HEAD", "POST"])
def begin_draft(request: SignedInRequest, slug: str, pk: int) -> HttpResponse:
    area, versions = queries.find_area(request.user, slug, pk)
    form = forms.BeginDraftForm(request.POST or None, versions=versions)
    return show_or_save(
        request,
        form,
        lambda: actions.begin_draft(
            service_area=area, base=form.chosen, by=request.user, at=timezone.now(), **form.sent
        ),
        done="The draft is made. Nobody is affected by it until it is published.",
        back=reverse("schemes", args=[slug]),
        title=f"Begin a draft for {area}",
        caption=area.employer.name,
        button="Begin the draft",
    )


@require_http_methods(["GET", "HEAD", "POST"])
def edit_draft(request: SignedInRequest, public_id: UUID) -> HttpResponse:
    """Every button of the page keeps all that was typed, then does what it says."""
    draft = queries.find_draft(request.user, public_id)
    form = forms.DraftForm(request.POST or None, document=draft.document, initial={"seen": draft.revision})
    if form.is_bound and form.is_valid() and _kept(request, form, draft):
        ahead = "scheme-draft-preview" if form.cleaned_data["do"] == "preview" else "scheme-draft"
        return redirect(f"{reverse(ahead, args=[public_id])}{form.anchor}")
    reading = queries.read_typed(draft, form.typed)
    context = {"draft": draft, "form": form, "reading": reading, **forms.page(form.typed, reading.by_place)}
    return render(request, "caseloads/scheme_draft.html", context)


def _kept(request: SignedInRequest, form: forms.DraftForm, draft: SchemeDraft) -> bool:
    return saved(
        request,
        form,
        lambda: actions.change_draft(
            draft=draft, document=form.ordered, by=request.user, at=timezone.now(), **form.sent
        ),
        done="The draft is saved.",
    )


@require_safe
def preview_draft(request: SignedInRequest, public_id: UUID) -> HttpResponse:
    draft = queries.find_draft(request.user, public_id)
    found = preview(draft, request.user, as_of=timezone.localdate())
    if found is None:
        messages.warning(request, "The draft has faults. Put them right to see what it would change.")
        return redirect("scheme-draft", public_id)
    return render(request, "caseloads/scheme_preview.html", {"draft": draft, "found": found})


@require_http_methods(["GET", "HEAD", "POST"])
def publish_draft(request: SignedInRequest, public_id: UUID) -> HttpResponse:
    draft = queries.find_draft(request.user, public_id)
    form = forms.PublishDraftForm(request.POST or None, initial={"seen": draft.revision})
    return show_or_save(
        request,
        form,
        lambda: actions.publish_draft(
            draft=draft,
            effective_on=form.cleaned_data["effective_on"],
            by=request.user,
            at=timezone.now(),
            **form.sent,
        ),
        done="The new version is published. Teams are scored by it from its day on.",
        back=reverse("schemes", args=[draft.employer.slug]),
        title=f"Publish the draft for {draft.service_area}",
        caption=draft.employer.name,
        intro="It becomes the next version. Earlier ones stay readable, and what was scored by them stays as it was.",
        button="Publish",
    )


@require_http_methods(["GET", "HEAD", "POST"])
def drop_draft(request: SignedInRequest, public_id: UUID) -> HttpResponse:
    draft = queries.find_draft(request.user, public_id)
    form = forms.DropDraftForm(request.POST or None, initial={"seen": draft.revision})
    return show_or_save(
        request,
        form,
        lambda: actions.drop_draft(draft=draft, by=request.user, at=timezone.now(), **form.sent),
        done="The draft is thrown away. The published versions stay as they are.",
        back=reverse("schemes", args=[draft.employer.slug]),
        title=f"Throw away the draft for {draft.service_area}?",
        caption=draft.employer.name,
        intro="Everything typed in it is lost. The published versions stay as they are.",
        button="Throw it away",
    )
