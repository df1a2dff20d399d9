"""What shows that a form came from a page of ours where no cookie may be set: made of the address and of the time."""

from datetime import timedelta
from typing import Any

from django import forms
from django.core.signing import BadSignature, TimestampSigner

NAME = "csrfmiddlewaretoken"
LASTS = timedelta(days=1)
NOT_OURS = "This page was open for too long, so nothing was sent. Look through your answers and send them again"


class TokenField(forms.CharField):
    """A token that only the page at one address has. It is checked and forgotten; a page given back has a fresh one."""

    def __init__(self, *, secret: str) -> None:
        self.signer = TimestampSigner(salt=f"{__name__} {secret}")
        super().__init__(
            required=False, initial=lambda: self.signer.sign("page"), widget=forms.HiddenInput(attrs={"id": None})
        )

    def bound_data(self, data: Any, initial: Any) -> Any:  # noqa: ARG002 - the library's signature
        return initial

    def validate(self, value: str) -> None:
        try:
            self.signer.unsign(value, max_age=LASTS)
        except BadSignature as error:
            raise forms.ValidationError(NOT_OURS, code="not-ours") from error


class FromPage(forms.Form):
    """The token alone, beside the form whose page it is on."""

    def __init__(self, *args: Any, secret: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields[NAME] = TokenField(secret=secret)

    @property
    def why_not(self) -> str | None:
        """Why what was sent is not taken, in a sentence; None: it is, or nothing was sent."""
        wrong = self.errors.get(NAME)
        return str(wrong[0]) if wrong else None
