from datetime import date

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from teams import access
from teams.access import SignedInRequest
from teams.actions.hours import record_hours
from teams.forms.hours import OwnHoursForm
from teams.queries import hours
from teams.views.saving import show_or_save
from teams.views.staffing import asks


@require_safe
def show_own_hours(request: SignedInRequest) -> HttpResponse:
    worker = access.own_worker(request.user)
    page = hours.own_hours(worker, today=timezone.localdate()) if worker else None
    return render(request, "teams/own_hours.html", {"worker": worker, "page": page})


@asks
def record_own_hours(request: SignedInRequest, week: date) -> HttpResponse:
    """One's own additional hours of one week that is still open."""
    worker, row = hours.own_week(request.user, week, today=timezone.localdate())
    start = {"hours": row.hours, "note": row.note} if row else None
    form = OwnHoursForm(request.POST or None, initial=start)
    return show_or_save(
        request,
        form,
        lambda: record_hours(worker=worker, week=week, by=request.user, at=timezone.now(), **form.cleaned_data),
        done="Your additional hours are saved.",
        back=reverse("own-hours"),
        title="Additional hours",
        caption=hours.week_words(week),
    )
