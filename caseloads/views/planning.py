from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from caseloads.forms.planning import DayForm, PlanForm, filled_in
from caseloads.queries.planning import basis, work_out
from teams.access import SignedInRequest, find_team
from teams.refusals import NotAllowed
from teams.roles import Permission


@require_http_methods(["GET", "HEAD", "POST"])
def plan_team(request: SignedInRequest, public_id: UUID) -> HttpResponse:
    """Before and after of what is supposed; the address holds all of it, for whoever may see the team.

    A form sent is answered with that address, which names only what was filled in.
    """
    team = find_team(request.user, public_id, Permission.WORKLOAD_VIEW)
    if request.method == "POST":
        return redirect(f"{reverse('team-what-if', args=[public_id])}?{filled_in(request.POST)}")
    day = DayForm(request.GET)
    on = (day.is_valid() and day.cleaned_data["on"]) or timezone.localdate()
    try:
        start = basis(team, on=on)
    except NotAllowed as sentence:
        messages.warning(request, str(sentence))
        return redirect("team", public_id)
    form = PlanForm.asked_of(request.GET, start=start)
    outcome = work_out(start, form.asked) if form.is_bound and form.is_valid() else None
    context = {"team": team, "start": start, "form": form, "outcome": outcome}
    return render(request, "caseloads/what_if.html", context)
