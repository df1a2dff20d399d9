"""The director gives a cycle to the public; anybody reads it, without signing in."""

from uuid import UUID

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.cache import patch_cache_control
from django.views.decorators.http import require_http_methods, require_safe

from checks.actions import publishing as actions
from checks.forms.publishing import PublishCycleForm, WithdrawForm
from checks.models import Publication
from checks.publication_schema import SCHEMA
from checks.queries.cycles import find_cycle
from checks.queries.published import as_csv, as_json, find_publication, publications_of, team_of
from checks.queries.to_publish import headings_of, what_to_publish
from checks.views.doing import doing
from teams.access import SignedInRequest
from teams.roles import Permission
from teams.tenancy import By
from teams.views.public import open_to_anybody
from teams.views.saving import show_or_save

KEPT = 300
"""Seconds for which a copy may be shown: after that long, what was withdrawn is gone everywhere."""


@require_http_methods(["GET", "HEAD", "POST"])
def publish_cycle(request: SignedInRequest, public_id: UUID) -> HttpResponse:
    """Choose, read what the public will see, and publish it."""
    cycle = find_cycle(request.user, public_id, Permission.CHECK_SIGN)
    form = PublishCycleForm(request.POST or None, headings=headings_of(cycle))
    found = what_to_publish(cycle, words=request.POST.get("words", ""), chosen=form.chosen)
    return show_or_save(
        request,
        form,
        lambda: actions.publish_cycle(
            cycle=cycle,
            words=form.cleaned_data["words"],
            chosen=form.cleaned_data["standards"],
            shown=request.POST.get("shown", ""),
            doing=doing(request, form),
        ),
        done="The cycle is published. Anybody can read it now, at the address below.",
        back=reverse("cycle", args=[public_id]),
        template="checks/publish_cycle.html",
        found=found,
        title="Publish this cycle to the public",
        caption=cycle.name,
        button="Publish",
    )


@require_http_methods(["GET", "HEAD", "POST"])
def withdraw_cycle(request: SignedInRequest, public_id: UUID) -> HttpResponse:
    cycle = find_cycle(request.user, public_id, Permission.CHECK_SIGN)
    form = WithdrawForm(request.POST or None)
    return show_or_save(
        request,
        form,
        lambda: actions.withdraw(cycle=cycle, reason=form.cleaned_data["reason"], doing=doing(request, form)),
        done="The publication is withdrawn. Its address says so, with your reason.",
        back=reverse("cycle", args=[public_id]),
        title="Withdraw what is published of this cycle",
        caption=cycle.name,
        intro="Nobody can read it any more. It is kept, and the cycle can be published again at the same address.",
        button="Withdraw",
    )


def publisher(*, employer: str, **_: object) -> tuple[By, str]:
    return By.PUBLISHER, employer


@open_to_anybody(publisher)
@require_safe
def show_publications(request: HttpRequest, employer: str) -> HttpResponse:
    found = publications_of(employer)
    return _kept(render(request, "checks/publications.html", {"found": found}))


@open_to_anybody(publisher)
@require_safe
def show_publication(request: HttpRequest, employer: str, slug: str) -> HttpResponse:
    publication = find_publication(employer, slug)
    if publication.withdrawn_at:
        return _gone(request, publication)
    return _kept(render(request, "checks/publication.html", {"publication": publication}))


@open_to_anybody(publisher)
@require_safe
def show_published_team(request: HttpRequest, employer: str, slug: str, number: int) -> HttpResponse:
    publication = find_publication(employer, slug)
    if publication.withdrawn_at:
        return _gone(request, publication)
    context = {"publication": publication, "team": team_of(publication, number)}
    return _kept(render(request, "checks/publication_team.html", context))


@open_to_anybody(publisher)
@require_safe
def download_csv(request: HttpRequest, employer: str, slug: str) -> HttpResponse:
    publication = find_publication(employer, slug)
    if publication.withdrawn_at:
        return _gone(request, publication)
    headers = {"Content-Disposition": f'attachment; filename="{employer}-{slug}.csv"'}
    return _kept(HttpResponse(as_csv(publication), content_type="text/csv; charset=utf-8", headers=headers))


@open_to_anybody(publisher)
@require_safe
def show_json(request: HttpRequest, employer: str, slug: str) -> HttpResponse:
    publication = find_publication(employer, slug)
    if publication.withdrawn_at:
        return _gone(request, publication)
    address = request.build_absolute_uri(reverse("publication", args=[employer, slug]))
    text = as_json(publication, address=address, schema=request.build_absolute_uri(reverse("publication-schema")))
    return _kept(HttpResponse(text, content_type="application/json"))


@login_not_required
@require_safe
def show_schema(_request: HttpRequest) -> HttpResponse:
    return _kept(HttpResponse(SCHEMA, content_type="application/schema+json"))


def _gone(request: HttpRequest, publication: Publication) -> HttpResponse:
    return render(request, "checks/publication_withdrawn.html", {"publication": publication}, status=410)


def _kept(response: HttpResponse) -> HttpResponse:
    patch_cache_control(response, public=True, max_age=KEPT)
    return response
