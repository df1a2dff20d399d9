"""What every form carries that changes rows which others may change too."""

from typing import TYPE_CHECKING, Any, cast

from django import forms

from design.fields import WordsField
from teams.forms.once import OnceForm
from teams.refusals import NotAllowed

if TYPE_CHECKING:
    from django.http import QueryDict


class SeenForm(OnceForm):
    """A form about rows as they were when it was shown: `seen` is their mark then."""

    seen: forms.Field = forms.CharField(widget=forms.HiddenInput, required=False, max_length=64)

    @property
    def sent(self) -> dict[str, Any]:
        return super().sent | {"seen": self.cleaned_data["seen"]}

    def refused(self, refusal: NotAllowed) -> None:
        """Say why, and look again: sent once more, the form is about the rows as they are now."""
        super().refused(refusal)
        data = cast("QueryDict", self.data).copy()
        data[self.add_prefix("seen")] = str(self.get_initial_for_field(self.fields["seen"], "seen"))
        self.data = data


class RemovableForm(SeenForm):
    """A form that also takes away what should never have been recorded, when it is about a row that is there."""

    mistake_label = "It was recorded by mistake: remove it"

    def __init__(self, *args: Any, correcting: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if correcting:
            self.fields["mistake"] = forms.BooleanField(label=self.mistake_label, required=False)
            self.fields["reason_for_removing"] = WordsField(label="Why remove it? (only if you do)", required=False)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("mistake") and not data.get("reason_for_removing"):
            self.add_error("reason_for_removing", "Say why it is removed")
        return data

    @property
    def to_remove(self) -> bool:
        return bool(self.cleaned_data.get("mistake"))

    @property
    def sent(self) -> dict[str, Any]:
        """A new row was not seen by anybody before, and nothing is removed."""
        if "mistake" not in self.fields:
            return {"once": self.cleaned_data["once"]}
        return super().sent | {"why": self.cleaned_data["reason_for_removing"]}
