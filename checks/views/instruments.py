from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from checks.actions.instruments import load_benchmarks, load_instrument
from checks.forms.surveys import BenchmarksForm, InstrumentForm
from checks.queries.instruments import find_instrument, instrument_page
from checks.views.surveys import doing_of
from teams.access import SignedInRequest, find_employer
from teams.roles import Permission
from teams.views.saving import saved, show_or_save


@require_safe
def show_instrument(request: SignedInRequest, slug: str, code: str, version: str) -> HttpResponse:
    employer = find_employer(request.user, slug)
    found = instrument_page(employer, code, version, user=request.user)
    return render(request, "checks/instrument.html", {"employer": employer, "found": found})


@require_http_methods(["GET", "HEAD", "POST"])
def new_instrument(request: SignedInRequest, slug: str) -> HttpResponse:
    """Choose the files; then look at what would be loaded; then load it. Nothing is kept before that."""
    employer = find_employer(request.user, slug, Permission.CYCLE_RUN)
    form = InstrumentForm(request.POST or None, request.FILES or None)
    context = {"form": form, "employer": employer, "back": reverse("surveys", args=[slug])}
    if not form.is_valid() or form.instrument is None:
        return render(request, "checks/instrument_new.html", context)
    if "load" not in request.POST:
        return render(request, "checks/instrument_preview.html", {"instrument": form.instrument, **context})
    definition = form.instrument
    if saved(
        request,
        form,
        lambda: load_instrument(
            employer=employer,
            definition=definition,
            benchmarks=form.scores,
            label=form.cleaned_data["label"],
            doing=doing_of(request, form),
        ),
        done=f"“{definition.title}” can now be asked.",
    ):
        return redirect("instrument", slug, definition.code, definition.version)
    return render(request, "checks/instrument_new.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def new_benchmarks(request: SignedInRequest, slug: str, code: str, version: str) -> HttpResponse:
    employer = find_employer(request.user, slug, Permission.CYCLE_RUN)
    definition = find_instrument(employer, code, version)
    form = BenchmarksForm(request.POST or None, request.FILES or None, instrument=definition)
    return show_or_save(
        request,
        form,
        lambda: load_benchmarks(
            employer=employer,
            definition=definition,
            benchmarks=form.scores,
            label=form.cleaned_data["label"],
            doing=doing_of(request, form),
        ),
        done="The scores stand beside your own from now on.",
        back=reverse("instrument", args=[slug, code, version]),
        template="checks/instrument_benchmarks.html",
        title="Scores to compare with",
        caption=definition.title,
    )
