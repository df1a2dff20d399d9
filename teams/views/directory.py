"""Signing in by the employer's directory, and being signed out by it."""

from http import HTTPStatus

from allauth.account.adapter import get_adapter
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST, require_safe

from teams import attempts, directory, tenancy
from teams.actions.directory import signed_out_by_directory
from teams.attempts import Limit
from teams.id_tokens import NotOursError, read_logout_token

FROM_ADDRESS = Limit("directory-address", most=300, seconds=900)


def limited(request: HttpRequest) -> None:
    """Only where the settings name a directory, and not without end from one address."""
    if not settings.SSO_ISSUER:
        raise Http404("No directory is set up.")
    attempts.count(FROM_ADDRESS.of(get_adapter().get_client_ip(request)))


@require_safe
@login_not_required
@never_cache
def sign_in_by_directory(request: HttpRequest) -> HttpResponse:
    """Lead to the directory; whoever is signed in already goes where they wanted to."""
    limited(request)
    wanted = request.GET.get("next")
    back_to = wanted if get_adapter().is_safe_url(wanted) else None
    if request.user.is_authenticated:
        return redirect(back_to or "home")
    try:
        return directory.begin(request, back_to=back_to)
    except directory.AwayError:
        return render(request, "teams/directory_away.html", status=HTTPStatus.SERVICE_UNAVAILABLE)


@require_safe
@login_not_required
@never_cache
def come_back_from_directory(request: HttpRequest) -> HttpResponse:
    """Whatever was wrong, whoever comes back is told what to do, and not what it was."""
    limited(request)
    try:
        return directory.come_back(request)
    except directory.NoRoleError:
        return render(request, "teams/directory_no_role.html", status=HTTPStatus.FORBIDDEN)
    except directory.AwayError:
        return render(request, "teams/directory_away.html", status=HTTPStatus.SERVICE_UNAVAILABLE)
    except NotOursError:
        return render(request, "teams/directory_refused.html", status=HTTPStatus.FORBIDDEN)


@require_POST
@csrf_exempt
@login_not_required
@never_cache
def end_sign_ins(request: HttpRequest) -> HttpResponse:
    """The directory tells that it has signed somebody out (OpenID Connect Back-Channel Logout)."""
    limited(request)
    try:
        subject = read_logout_token(request.POST.get("logout_token", ""), expected=directory.expected(request))
    except directory.AwayError:
        return HttpResponse(status=HTTPStatus.SERVICE_UNAVAILABLE)
    except NotOursError:
        return HttpResponse(status=HTTPStatus.BAD_REQUEST)
    with tenancy.by(tenancy.By.SLUG, settings.SSO_EMPLOYER):
        signed_out_by_directory(subject=subject, at=timezone.now())
    return HttpResponse(status=HTTPStatus.OK)
