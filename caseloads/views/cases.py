from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from caseloads.policies import case_actions
from caseloads.queries.cases import case_page, find_case
from design.navigation import links
from teams.access import SignedInRequest


@require_safe
def show_case(request: SignedInRequest, public_id: UUID) -> HttpResponse:
    case = find_case(request.user, public_id)
    page = case_page(case, user=request.user, as_of=timezone.localdate())
    actions = links(case_actions(page.facts), "case", case.public_id)
    return render(request, "caseloads/case.html", {"page": page, "actions": actions})
