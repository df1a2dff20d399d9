"""The employer's workforce beside published figures, and for the census."""

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from reports.benchmarking import benchmarks_of
from teams.access import SignedInRequest


@require_safe
def show_benchmarks(request: SignedInRequest, slug: str) -> HttpResponse:
    """The employer's own figures beside its region, England and the range over authorities."""
    found = benchmarks_of(request.user, slug, as_of=timezone.localdate())
    return render(request, "reports/benchmarks.html", {"found": found})
