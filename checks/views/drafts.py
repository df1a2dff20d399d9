from functools import partial
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from checks.actions.standards import publish_own
from checks.forms.standards import AboutForm, ExpectationForm, IndicatorForm, MoveForm, PartForm, StandardForm
from checks.queries.drafts import DraftPart, draft_page, draft_preview, new_part, part_of
from checks.views.doing import doing
from standards.actions import drafts as actions
from standards.editing import Place
from standards.models import StandardDraft
from standards.queries.drafts import find_draft
from teams.access import SignedInRequest
from teams.forms.changing import SeenForm
from teams.views.saving import saved, show_or_save

asks = require_http_methods(["GET", "HEAD", "POST"])


@require_safe
def show_draft(request: SignedInRequest, public_id: UUID) -> HttpResponse:
    page = draft_page(find_draft(request.user, public_id))
    return render(request, "standards/draft.html", {"page": page})


@require_safe
def show_draft_standard(request: SignedInRequest, public_id: UUID, standard: int) -> HttpResponse:
    """One standard of a draft, with everything that can be done about its parts."""
    draft = find_draft(request.user, public_id)
    part = part_of(draft, Place(standard))
    return render(request, "standards/draft_standard.html", {"page": draft_page(draft, only=standard), "part": part})


@asks
def change_about(request: SignedInRequest, public_id: UUID) -> HttpResponse:
    draft = find_draft(request.user, public_id)
    form = AboutForm(request.POST or None, initial=draft.document | {"seen": draft.revision})
    return show_or_save(
        request,
        form,
        lambda: actions.change_set(draft=draft, fields=form.fields_of_part, **vars(doing(request, form))),
        done="The draft is saved.",
        back=reverse("standard-draft", args=[public_id]),
        title="About these standards",
        caption=str(draft),
    )


@asks
def add_standard(request: SignedInRequest, public_id: UUID) -> HttpResponse:
    draft = find_draft(request.user, public_id)
    form = StandardForm(request.POST or None, initial={"seen": draft.revision})
    return show_or_save(
        request,
        form,
        lambda: actions.add_standard(draft=draft, fields=form.fields_of_part, **vars(doing(request, form))),
        done="The standard is added at the end.",
        back=reverse("standard-draft", args=[public_id]),
        title="Add a standard",
        caption=str(draft),
    )


def _form(request: SignedInRequest, part: DraftPart) -> PartForm:
    """The form that fits a part of a draft."""
    start = part.fields | {"seen": part.draft.revision}
    if not part.place.part:
        return StandardForm(request.POST or None, initial=start)
    if part.kind is None:
        return ExpectationForm(request.POST or None, initial=start)
    return IndicatorForm(request.POST or None, initial=start, kind=part.kind, part=part)


def _save(request: SignedInRequest, part: DraftPart, form: PartForm, *, new: bool) -> None:
    action = actions.add_entry if new else actions.change_part
    action(draft=part.draft, place=part.place, fields=form.fields_of_part, **vars(doing(request, form)))


@asks
def add_entry(request: SignedInRequest, public_id: UUID, standard: int, what: str) -> HttpResponse:
    """Add an expectation, or an indicator of one kind."""
    part = new_part(find_draft(request.user, public_id), standard, what)
    form = _form(request, part)
    return show_or_save(
        request,
        form,
        lambda: _save(request, part, form, new=True),
        done="It is added at the end of the standard.",
        back=reverse("standard-draft-standard", args=[public_id, standard]),
        title=f"Add {part.name}",
        caption=part.caption,
    )


@asks
def change_part(
    request: SignedInRequest, public_id: UUID, standard: int, part: str = "", entry: int = 0
) -> HttpResponse:
    found = part_of(find_draft(request.user, public_id), Place(standard, part, entry))
    form = _form(request, found)
    return show_or_save(
        request,
        form,
        lambda: _save(request, found, form, new=False),
        done="The draft is saved.",
        back=reverse("standard-draft-standard", args=[public_id, standard]),
        title=f"Change {found.name}",
        caption=found.caption,
    )


@asks
def remove_part(
    request: SignedInRequest, public_id: UUID, standard: int, part: str = "", entry: int = 0
) -> HttpResponse:
    found = part_of(find_draft(request.user, public_id), Place(standard, part, entry))
    form = SeenForm(request.POST or None, initial={"seen": found.draft.revision})
    back = reverse("standard-draft-standard", args=[public_id, standard]) if part else found.address
    return show_or_save(
        request,
        form,
        lambda: actions.remove_part(draft=found.draft, place=found.place, **vars(doing(request, form))),
        done="It is out of the draft.",
        back=back,
        title=f"Take {found.name} out of the draft",
        caption=found.caption,
        intro=found.text,
        button="Take it out",
    )


@require_POST
def move_part(request: SignedInRequest, public_id: UUID) -> HttpResponse:
    """Move a part one place; the page it came from shows what came of it."""
    draft = find_draft(request.user, public_id)
    form = MoveForm(request.POST)
    back = redirect("standard-draft", public_id)
    if not form.is_valid():
        return back
    to = form.cleaned_data
    place = Place(to["standard"], to["part"], to["entry"] or 0)
    move = partial(actions.move_part, draft=draft, place=place, up=to["up"], **vars(doing(request, form)))
    if not saved(request, form, move, done="Moved."):
        messages.error(request, str(form.non_field_errors()[0]))
    return redirect("standard-draft-standard", public_id, place.standard) if place.part else back


@require_safe
def preview_draft(request: SignedInRequest, public_id: UUID) -> HttpResponse:
    """What publishing would change, team by team."""
    found = draft_preview(find_draft(request.user, public_id), as_of=timezone.localdate())
    return render(request, "standards/preview.html", found)


def _confirmed(request: SignedInRequest, draft: StandardDraft) -> SeenForm:
    return SeenForm(request.POST or None, initial={"seen": draft.revision})


@asks
def publish_draft(request: SignedInRequest, public_id: UUID) -> HttpResponse:
    draft = find_draft(request.user, public_id)
    form = _confirmed(request, draft)
    return show_or_save(
        request,
        form,
        lambda: publish_own(draft=draft, **vars(doing(request, form))),
        done="Published. Choose these standards if you do not use them yet.",
        back=reverse("standards", args=[draft.employer.slug]),
        title="Publish",
        caption=str(draft),
        intro="Once published, this version never changes. Health checks that are open keep the version they have.",
        button="Publish",
    )


@asks
def give_up_draft(request: SignedInRequest, public_id: UUID) -> HttpResponse:
    draft = find_draft(request.user, public_id)
    form = _confirmed(request, draft)
    return show_or_save(
        request,
        form,
        lambda: actions.give_up_draft(draft=draft, **vars(doing(request, form))),
        done="The draft is gone.",
        back=reverse("standards", args=[draft.employer.slug]),
        title="Give up this draft",
        caption=str(draft),
        intro="Everything that was changed in it is lost. What is published stays as it is.",
        button="Give it up",
    )
