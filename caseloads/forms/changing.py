"""What every form carries that changes a case."""

from typing import TYPE_CHECKING, cast

from django import forms

from teams.forms.once import OnceForm

if TYPE_CHECKING:
    from django.http import QueryDict


class ChangeForm(OnceForm):
    """A form about a case as it was when the form was shown: `seen` is the case's revision then."""

    seen = forms.IntegerField(widget=forms.HiddenInput, min_value=0)

    def look_again(self, revision: int) -> None:
        """After a refusal the page shows the case as it is now: sent once more, the form is about that."""
        data = cast("QueryDict", self.data).copy()
        data[self.add_prefix("seen")] = str(revision)
        self.data = data
