"""What every form carries that changes a case."""

from typing import Any

from django import forms

from teams.forms.changing import SeenForm


class CaseForm(SeenForm):
    """A form about a case that exists: `seen` is the revision of the case that it was filled in from."""

    seen = forms.IntegerField(widget=forms.HiddenInput, min_value=0)

    @property
    def sent(self) -> dict[str, Any]:
        """What every action takes of such a form: its token, and the revision."""
        return {"once": self.cleaned_data["once"], "seen": self.cleaned_data["seen"]}
