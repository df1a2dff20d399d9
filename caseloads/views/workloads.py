from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from caseloads.queries import imports, workloads
from caseloads.queries.contests import contests_of, open_contests
from teams import access
from teams.access import SignedInRequest
from teams.queries.standing_in import for_whom
from teams.roles import Permission


@require_safe
def show_home(request: SignedInRequest) -> HttpResponse:
    """The teams somebody may see; whoever sees none of them goes to their own workload."""
    teams = workloads.team_list(request.user, as_of=timezone.localdate())
    if not teams and access.own_worker(request.user):
        return redirect("own-workload")
    return render(
        request,
        "caseloads/home.html",
        {
            "teams": teams,
            "employers": access.employers_of(request.user),
            "may_import": imports.may_import(request.user),
            "stands_in": for_whom(request.user),
        },
    )


@require_safe
def show_team(request: SignedInRequest, public_id: UUID) -> HttpResponse:
    team, held = access.find_team_and_rights(request.user, public_id, Permission.WORKLOAD_VIEW)
    result = workloads.team_workload(team, as_of=timezone.localdate())
    order = workloads.Order.of(request.GET.get("sort"))
    workers = order.sort(result.workers)
    context = {
        "team": team,
        "result": result,
        "workers": workers,
        "order": order,
        "bars": workloads.bars(workers),
        "contests": open_contests(team, as_of=result.as_of),
        "may_import": Permission.CASELOAD_IMPORT in held,
        "may_record": Permission.CASE_RECORD in held,
    }
    return render(request, "caseloads/team.html", context)


@require_safe
def show_own_workload(request: SignedInRequest) -> HttpResponse:
    worker, today = access.own_worker(request.user), timezone.localdate()
    posts = workloads.worker_posts(worker, as_of=today) if worker else []
    contests = contests_of(worker, as_of=today) if worker else []
    context = {"worker": worker, "posts": posts, "contests": contests, "own": True, "as_of": today}
    return render(request, "caseloads/workload.html", context)


@require_safe
def show_worker(request: SignedInRequest, public_id: UUID) -> HttpResponse:
    """A worker's sum, as they see it themselves, for those who answer for their team."""
    (worker, teams), today = access.find_worker(request.user, public_id), timezone.localdate()
    posts = workloads.worker_posts(worker, as_of=today, teams=teams)
    contests = contests_of(worker, as_of=today, teams=teams)
    context = {"worker": worker, "posts": posts, "contests": contests, "own": False, "as_of": today}
    return render(request, "caseloads/workload.html", context)
