from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from caseloads.forms.cases import ListForm
from caseloads.policies import case_actions
from caseloads.queries.case_lists import all_rows, case_csv, case_list, holders_of
from caseloads.queries.cases import case_page, find_case, scoring_scheme
from design.navigation import links
from teams.access import SignedInRequest, find_team, find_team_and_rights
from teams.models import Team
from teams.roles import Permission


@require_safe
def show_case(request: SignedInRequest, public_id: UUID) -> HttpResponse:
    case = find_case(request.user, public_id)
    page = case_page(case, user=request.user, as_of=timezone.localdate())
    actions = links(case_actions(page.facts), "case", case.public_id)
    return render(request, "caseloads/case.html", {"page": page, "actions": actions})


@require_safe
def list_cases(request: SignedInRequest, public_id: UUID) -> HttpResponse:
    team, held = find_team_and_rights(request.user, public_id, Permission.WORKLOAD_VIEW)
    form = _asked(request, team)
    wanted = form.wanted
    context = {
        "team": team,
        "form": form,
        "wanted": wanted,
        "cases": case_list(team, wanted, as_of=timezone.localdate()),
        "may_record": Permission.CASE_RECORD in held,
    }
    return render(request, "caseloads/cases.html", context)


@require_safe
def download_cases(request: SignedInRequest, public_id: UUID) -> HttpResponse:
    """The same list as a file: all of what is asked for, whatever the page."""
    team = find_team(request.user, public_id, Permission.WORKLOAD_VIEW)
    text = case_csv(all_rows(team, _asked(request, team).wanted, as_of=timezone.localdate()))
    return csv_response(text, name="cases.csv")


def _asked(request: SignedInRequest, team: Team) -> ListForm:
    today = timezone.localdate()
    return ListForm(
        request.GET, holders=holders_of(team, as_of=today), scheme=scoring_scheme(team.service_area, on=today)
    )


def csv_response(text: str, *, name: str) -> HttpResponse:
    """With a byte-order mark, by which spreadsheets know the encoding."""
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(text.encode("utf-8-sig"), content_type="text/csv; charset=utf-8", headers=headers)
