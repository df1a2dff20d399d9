from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from checks.forms.standards import ChooseForm
from checks.queries.drafts import draft_address
from checks.queries.standards import find_set, set_page, standards_page
from standards.actions.choosing import choose_standards
from standards.actions.drafts import start_draft
from standards.models import StandardSet
from teams.access import SignedInRequest, find_employer
from teams.forms.once import OnceForm
from teams.models import Employer
from teams.roles import Permission
from teams.views.saving import saved, show_or_save

COPIED = "The draft is there. Nothing changes for anybody until you publish it."
COPYING = (
    "You get a copy that you can change part by part. When you publish it, it becomes your own next version; "
    "what it was made from stays named in it. Local variations belong to the set they were approved for: they do "
    "not come along."
)


@require_safe
def show_standards(request: SignedInRequest, slug: str) -> HttpResponse:
    """Every set of standards that an employer may use, and which it does."""
    page = standards_page(request.user, slug, on=timezone.localdate())
    return render(request, "standards/standards.html", {"page": page})


@require_safe
def show_set(request: SignedInRequest, slug: str, pack: str, version: str) -> HttpResponse:
    """One version, whole."""
    page = set_page(request.user, slug, pack, version, on=timezone.localdate())
    return render(request, "standards/set.html", {"page": page})


@require_http_methods(["GET", "HEAD", "POST"])
def choose_sets(request: SignedInRequest, slug: str) -> HttpResponse:
    page = standards_page(request.user, slug, on=timezone.localdate(), permission=Permission.STANDARDS_EDIT)
    form = ChooseForm(
        request.POST or None,
        newest=[row.newest for row in page.rows],
        initial={"packs": page.chosen, "seen": page.mark},
    )
    return show_or_save(
        request,
        form,
        lambda: choose_standards(
            employer=page.employer, packs=form.cleaned_data["packs"], by=request.user, at=timezone.now(), **form.sent
        ),
        done="The standards you use are saved.",
        back=reverse("standards", args=[slug]),
        title="Choose standards",
        caption=page.employer.name,
    )


@require_http_methods(["GET", "HEAD", "POST"])
def copy_set(request: SignedInRequest, slug: str, pack: str, version: str) -> HttpResponse:
    """Begin the employer's own version of a set."""
    employer = find_employer(request.user, slug, Permission.STANDARDS_EDIT)
    row = find_set(employer, pack, version)
    form = OnceForm(request.POST or None)
    if (
        form.is_bound
        and form.is_valid()
        and saved(request, form, lambda: _copy(request, employer, row, form), done=COPIED)
    ):
        return redirect(draft_address(employer, row))
    context = {
        "form": form,
        "back": reverse("standards", args=[slug]),
        "title": "Copy to a draft of your own",
        "caption": str(row),
        "intro": COPYING,
        "button": "Make the draft",
    }
    return render(request, "design/form_page.html", context)


def _copy(request: SignedInRequest, employer: Employer, row: StandardSet, form: OnceForm) -> None:
    start_draft(employer=employer, copied=row, by=request.user, at=timezone.now(), **form.sent)
