"""The second factor: giving one, and setting one up."""

from collections.abc import Callable
from typing import Any

from allauth.account.adapter import get_adapter as get_account_adapter
from allauth.core import context
from allauth.mfa.adapter import get_adapter
from allauth.mfa.base.forms import AuthenticateForm
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.forms import ActivateTOTPForm
from allauth.mfa.webauthn.forms import AddWebAuthnForm, AuthenticateWebAuthnForm, LoginWebAuthnForm
from django import forms

from teams import attempts
from teams.adapters import SIGN_IN_FROM_ADDRESS
from teams.attempts import Limit

CODES_OF_ACCOUNT = Limit("second-factor", most=10, seconds=900)
LIFE_OF_A_CODE = 120  # longer than any code from an app is right


class CodeForm(AuthenticateForm):
    """A code from an app, or a recovery code. Each works once."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["code"] = code_field("Code", "From your authenticator app, or one of your recovery codes.")

    def clean_code(self) -> str:
        attempt = attempts.count(CODES_OF_ACCOUNT.of(self.user.pk))
        code: str = super().clean_code()
        if not attempts.first_time(f"{self.user.pk}:{''.join(code.split())}", seconds=LIFE_OF_A_CODE):
            raise get_adapter().validation_error("incorrect_code")
        attempt.give_back()
        return code


class PasskeyForm(AuthenticateWebAuthnForm):
    """A passkey as the second factor."""

    def clean_credential(self) -> Authenticator:
        attempt = attempts.count(CODES_OF_ACCOUNT.of(self.user.pk))
        used = whole(super().clean_credential)
        attempt.give_back()
        return used


class PasskeyAloneForm(LoginWebAuthnForm):
    """A passkey in place of name, password and second factor."""

    def clean_credential(self) -> Authenticator:
        address = get_account_adapter().get_client_ip(context.request)
        attempt = attempts.count(SIGN_IN_FROM_ADDRESS.of(address))
        used = whole(super().clean_credential)
        attempt.give_back()
        return used


class SetUpAppForm(ActivateTOTPForm):
    """The first code that an app shows, which proves that it has the key."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["code"] = code_field("Code that the app shows")

    def clean_code(self) -> str:
        attempts.count(CODES_OF_ACCOUNT.of(self.user.pk))
        code: str = super().clean_code()
        attempts.first_time(f"{self.user.pk}:{''.join(code.split())}", seconds=LIFE_OF_A_CODE)
        return code


class AddPasskeyForm(AddWebAuthnForm):
    """A passkey that the browser has made, under a name that its owner knows it by."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"] = forms.CharField(
            label="Name of this passkey",
            max_length=60,
            required=False,
            help_text="So that you know it again, such as: work laptop.",
        )
        self.fields["credential"].error_messages["required"] = (
            "Your browser has not made a passkey. Use the button again, or set up an app instead"
        )
        self.fields["passwordless"].widget = forms.HiddenInput()

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = whole(super().clean)
        return data

    def clean_passwordless(self) -> bool:
        """Each of our passkeys asks for the finger, face or PIN of its owner."""
        return True


def whole(read: Callable[[], Any]) -> Any:
    """What a browser's answer comes to; one that lacks a part is refused as one that is wrong."""
    try:
        return read()
    except (KeyError, AttributeError) as error:
        raise get_adapter().validation_error("incorrect_code") from error


def code_field(label: str, help_text: str = "") -> forms.CharField:
    return forms.CharField(
        label=label,
        help_text=help_text,
        max_length=20,
        error_messages={"required": "Enter the code", "max_length": "A code has 6 or 8 figures"},
        widget=forms.TextInput(attrs={"inputmode": "numeric", "spellcheck": "false", "autocomplete": "one-time-code"}),
    )
