from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from reports.forms.overview import OverviewForm
from reports.overview.asking import Wanted
from reports.queries.over_time import months_asked, over_time
from reports.queries.overview import overview
from teams import access
from teams.access import SignedInRequest
from teams.roles import Permission


@require_safe
def show_overview(request: SignedInRequest, slug: str) -> HttpResponse:
    """Every team of an employer at once, for whoever leads all of it."""
    employer, today = access.find_employer(request.user, slug, Permission.OVERVIEW_VIEW), timezone.localdate()
    page = overview(employer, Wanted.of(request.GET.dict(), as_of=today), as_of=today)
    return render(request, "reports/overview.html", {"page": page, "form": OverviewForm(page)})


@require_safe
def show_over_time(request: SignedInRequest, public_id: UUID) -> HttpResponse:
    """A team month by month, with what changed in the scheme and the standards."""
    team, held = access.find_team_and_rights(request.user, public_id, Permission.WORKLOAD_VIEW)
    page = over_time(
        team,
        months=months_asked(request.GET.get("months")),
        as_of=timezone.localdate(),
        sees_hours=Permission.HOURS_TOTALS_VIEW in held,
    )
    return render(request, "reports/over_time.html", {"team": team, "page": page})
