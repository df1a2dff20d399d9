"""What every form that saves something carries."""

import uuid
from typing import Any

from django import forms

from teams.refusals import NotAllowed


class OnceForm(forms.Form):
    """A form that is saved once: it carries a token of its own, made when it is first shown."""

    once = forms.UUIDField(initial=uuid.uuid4, widget=forms.HiddenInput)

    @property
    def sent(self) -> dict[str, Any]:
        """What a valid form brings to its action beside its answers."""
        return {"once": self.cleaned_data["once"]}

    def refused(self, refusal: NotAllowed) -> None:
        """Say why nothing was saved. Whoever has read it may send the form again, as it stands or changed."""
        self.add_error(None, str(refusal))
