"""What every form that saves something carries."""

import uuid

from django import forms


class OnceForm(forms.Form):
    """A form that is saved once: it carries a token of its own, made when it is first shown."""

    once = forms.UUIDField(initial=uuid.uuid4, widget=forms.HiddenInput)
