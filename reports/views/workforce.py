"""The employer's workforce beside published figures, and for the census."""

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from reports import actions
from reports.census import TO_ADD
from reports.forms.census import CensusYearForm
from reports.queries.benchmarks import benchmarks_of
from reports.queries.census import census_of, census_years, find_census_employer
from teams.access import SignedInRequest


@require_safe
def show_benchmarks(request: SignedInRequest, slug: str) -> HttpResponse:
    """The employer's own figures beside its region, England and the range over authorities."""
    found = benchmarks_of(request.user, slug, as_of=timezone.localdate())
    return render(request, "reports/benchmarks.html", {"found": found})


@require_safe
def show_census(request: SignedInRequest, slug: str) -> HttpResponse:
    """What the file for the workforce census will contain, and what must be added to it."""
    employer = find_census_employer(request.user, slug)
    form = CensusYearForm(request.GET or None, years=census_years(timezone.localdate()))
    found = census_of(employer, year=form.chosen)
    gaps = found.page_of_gaps(request.GET.get("page"))
    context = {"found": found, "form": form, "gaps": gaps, "to_add": TO_ADD}
    return render(request, "reports/census.html", context)


@require_POST
def download_census(request: SignedInRequest, slug: str, year: str, kind: str) -> HttpResponse:
    employer = find_census_employer(request.user, slug)
    file = actions.take_census(employer=employer, year=int(year), kind=kind, by=request.user, at=timezone.now())
    headers = {"Content-Disposition": f'attachment; filename="{file.name}"'}
    return HttpResponse(file.content, content_type="text/csv; charset=utf-8", headers=headers)
