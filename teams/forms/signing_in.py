"""What people sign in by: a name and a password, and the password again before something that matters."""

from typing import Any

from allauth.account.forms import LoginForm, ReauthenticateForm
from django import forms

from teams.passwords import LONGEST

TOO_LONG = f"A password has {LONGEST} characters or fewer"


class SignInForm(LoginForm):
    """User name or e-mail address, and password. Nothing is focused: the page has a heading to be read first."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["login"] = forms.CharField(
            label="User name or e-mail address",
            max_length=254,
            error_messages={"required": "Enter your user name or e-mail address"},
        )
        self.fields["password"] = password_field("Password", missing="Enter your password")
        self.order_fields(["login", "password"])


class AgainForm(ReauthenticateForm):
    """The password of whoever is signed in already."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["password"] = password_field("Password", missing="Enter your password")


def password_field(label: str, *, missing: str) -> forms.CharField:
    """A password as it was typed, blanks included, and no longer than anybody types."""
    return forms.CharField(
        label=label,
        max_length=LONGEST,
        strip=False,
        widget=forms.PasswordInput,
        error_messages={"required": missing, "max_length": TOO_LONG},
    )
