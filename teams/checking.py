"""What stands before changing a password: the one before it, and how often it may be tried."""

from allauth.account.adapter import get_adapter
from django.contrib.auth import update_session_auth_hash
from django.http import HttpRequest

from teams import attempts
from teams.access import SignedInRequest
from teams.attempts import Limit
from teams.forms.accounts import ChangePasswordForm

LETTERS_OF_NAME = Limit("letters-name", most=3, seconds=3600)
LETTERS_FROM_ADDRESS = Limit("letters-address", most=60, seconds=3600)
LINKS_FROM_ADDRESS = Limit("links-address", most=300, seconds=3600)


def own_password(request: SignedInRequest, form: ChangePasswordForm) -> bool:
    """Whether somebody gave the password they have now; the form says so where they did not."""
    credentials = {"username": request.user.username, "password": form.cleaned_data["now"]}
    if get_adapter().authenticate(request, **credentials) == request.user:
        return True
    form.add_error("now", "This is not the password you have now")
    return False


def keep_signed_in(request: SignedInRequest) -> None:
    """The session in which a password was changed goes on, under a new key."""
    update_session_auth_hash(request, request.user)


def limit_letters(request: HttpRequest, name: str) -> None:
    """A few letters an hour to one address, and from one place."""
    address = get_adapter().get_client_ip(request)
    attempts.count(LETTERS_OF_NAME.of(name.casefold()), LETTERS_FROM_ADDRESS.of(address))


def limit_links(request: HttpRequest) -> None:
    """Nobody gets far by trying links."""
    attempts.count(LINKS_FROM_ADDRESS.of(get_adapter().get_client_ip(request)))
