from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from checks.actions import surveys as actions
from checks.actions.doing import Doing
from checks.actions.surveys import Mailing
from checks.forms.surveys import CloseForm, LinksForm, OpenForm, WordsForm
from checks.queries.cycles import find_cycle
from checks.queries.instruments import instruments_to_open
from checks.queries.survey_links import to_invite
from checks.queries.survey_pages import (
    HEADINGS,
    cycle_surveys,
    employer_results,
    result_lines,
    surveys_of,
    team_surveys,
)
from checks.queries.survey_words import words_to_decide
from checks.queries.surveys import find_closed, find_survey
from design.spreadsheets import csv_text
from teams.access import SignedInRequest, find_team
from teams.forms.once import OnceForm
from teams.refusals import AlreadyDone, NotAllowed
from teams.roles import Permission
from teams.views.saving import show_or_save

SAME_FOR_ALL = "Every team of the cycle is asked the same, at the same time."
ALL_OPENED = "Every survey that there is has been opened for this cycle. Load another one first."


def doing_of(request: SignedInRequest, form: OnceForm) -> Doing:
    return Doing(request.user, timezone.now(), form.cleaned_data["once"])


@require_safe
def show_surveys(request: SignedInRequest, slug: str) -> HttpResponse:
    found = surveys_of(request.user, slug, as_of=timezone.localdate())
    return render(request, "checks/surveys.html", {"found": found})


@require_safe
def show_cycle_surveys(request: SignedInRequest, public_id: UUID) -> HttpResponse:
    cycle = find_cycle(request.user, public_id, Permission.CYCLE_RUN)
    found = cycle_surveys(cycle, as_of=timezone.localdate())
    return render(request, "checks/cycle_surveys.html", {"found": found, "cycle": cycle})


@require_http_methods(["GET", "HEAD", "POST"])
def open_surveys(request: SignedInRequest, public_id: UUID) -> HttpResponse:
    cycle = find_cycle(request.user, public_id, Permission.CYCLE_RUN)
    instruments = instruments_to_open(cycle)
    form = OpenForm(request.POST or None, instruments=instruments, today=timezone.localdate())
    return show_or_save(
        request,
        form,
        lambda: actions.open_surveys(
            cycle=cycle,
            shipped=form.shipped,
            own=form.own,
            closes_on=form.cleaned_data["closes_on"],
            doing=doing_of(request, form),
        ),
        done="The surveys are open. Now hand out links.",
        back=reverse("cycle-surveys", args=[public_id]),
        title="Open surveys",
        caption=cycle.name,
        intro=SAME_FOR_ALL if instruments else ALL_OPENED,
        button="Open",
    )


@require_http_methods(["GET", "HEAD", "POST"])
def make_links(request: SignedInRequest, public_id: UUID) -> HttpResponse:
    """Links are on the answer to this form and nowhere else: they are not kept, so nothing can show them again."""
    cycle = find_cycle(request.user, public_id, Permission.CYCLE_RUN)
    invite = to_invite(cycle, as_of=timezone.localdate())
    form = LinksForm(request.POST or None, rows=invite.rows)
    context = {"cycle": cycle, "invite": invite, "form": form}
    if form.is_bound and form.is_valid():
        recipients = invite.recipients if form.by_email else {}
        mailing = Mailing(lambda token: _address(request, token), recipients)
        try:
            teams = actions.make_links(cycle=cycle, counts=form.counts, mailing=mailing, doing=doing_of(request, form))
        except AlreadyDone:
            return render(request, "checks/survey_links_made.html", context)
        except NotAllowed as refusal:
            form.refused(refusal)
        else:
            return render(request, "checks/survey_slips.html", {"teams": teams, **context})
    return render(request, "checks/survey_links.html", context)


def _address(request: HttpRequest, token: str) -> str:
    return request.build_absolute_uri(reverse("survey", args=[token]))


@require_http_methods(["GET", "HEAD", "POST"])
def close_survey(request: SignedInRequest, public_id: UUID) -> HttpResponse:
    survey = find_survey(request.user, public_id, Permission.CYCLE_RUN)
    form = CloseForm(request.POST or None)
    return show_or_save(
        request,
        form,
        lambda: actions.close_survey(survey=survey, doing=doing_of(request, form)),
        done="The survey is closed. Its results can be seen.",
        back=reverse("cycle-surveys", args=[survey.cycle.public_id]),
        title="Close this survey",
        caption=str(survey),
        intro="No more answers are taken, and links that were not used stop working. It cannot be opened again.",
        button="Close the survey",
    )


@require_safe
def show_results(request: SignedInRequest, public_id: UUID) -> HttpResponse:
    survey = find_closed(request.user, public_id, Permission.SURVEY_READ, as_of=timezone.localdate())
    return render(
        request, "checks/survey_results.html", {"found": employer_results(survey, request.user), "survey": survey}
    )


@require_safe
def download_results(request: SignedInRequest, public_id: UUID) -> HttpResponse:
    """With a byte-order mark, by which spreadsheets know the encoding."""
    survey = find_closed(request.user, public_id, Permission.SURVEY_READ, as_of=timezone.localdate())
    text = csv_text(HEADINGS, result_lines(survey, request.user))
    headers = {"Content-Disposition": f'attachment; filename="survey-{survey.instrument.code}.csv"'}
    return HttpResponse(text.encode("utf-8-sig"), content_type="text/csv; charset=utf-8", headers=headers)


@require_http_methods(["GET", "HEAD", "POST"])
def decide_words(request: SignedInRequest, public_id: UUID) -> HttpResponse:
    survey = find_closed(request.user, public_id, Permission.CYCLE_RUN, as_of=timezone.localdate())
    found = words_to_decide(survey)
    form = WordsForm(request.POST or None, heard=found.heard)
    return show_or_save(
        request,
        form,
        lambda: actions.decide_words(
            survey=survey,
            decisions=form.decisions,
            among=[said.key for said in found.said],
            doing=doing_of(request, form),
        ),
        done="What you decided is kept.",
        back=reverse("survey-results", args=[public_id]),
        template="checks/survey_words.html",
        survey=survey,
        found=found,
    )


@require_safe
def show_team_surveys(request: SignedInRequest, public_id: UUID) -> HttpResponse:
    team = find_team(request.user, public_id, Permission.CHECK_VIEW)
    found = team_surveys(team, cycle=request.GET.get("cycle"), as_of=timezone.localdate())
    return render(request, "checks/team_surveys.html", {"team": team, "found": found})
