from datetime import date
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from caseloads.forms.history import PastDayForm
from caseloads.queries.history import past_day, team_history
from teams.access import SignedInRequest, find_team
from teams.roles import Permission


@require_safe
def show_history(request: SignedInRequest, public_id: UUID) -> HttpResponse:
    """A team's load over twelve months, and every day on which it was scored."""
    team = find_team(request.user, public_id, Permission.WORKLOAD_VIEW)
    form = PastDayForm(request.GET if "day" in request.GET else None)
    if form.is_bound and form.is_valid():
        return redirect("team-day", public_id, form.cleaned_data["day"])
    history = team_history(team, as_of=timezone.localdate(), number=request.GET.get("page"))
    return render(request, "caseloads/history.html", {"team": team, "history": history, "form": form})


@require_safe
def show_past_day(request: SignedInRequest, public_id: UUID, day: date) -> HttpResponse:
    """A team as it was scored on a day."""
    team = find_team(request.user, public_id, Permission.WORKLOAD_VIEW)
    return render(request, "caseloads/past_day.html", {"team": team, "past": past_day(team, day)})
