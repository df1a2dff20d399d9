"""The form of a supervision session."""

from typing import Any

from django import forms

from design.fields import DayField
from teams.actions.supervision import Session
from teams.forms.changing import RemovableForm
from teams.forms.choices import MaybeField, YesNoField
from teams.models import SupervisionSession, Worker


class SessionForm(RemovableForm):
    """One supervision that took place."""

    held_on = DayField(label="On which day was it held?", missing="Enter the day on which it was held")
    minutes = forms.IntegerField(
        label="How many minutes did it last?",
        min_value=1,
        max_value=480,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "class": "govuk-input--width-3"}),
    )
    interrupted = YesNoField(label="Was it interrupted?", missing="Choose whether it was interrupted")
    reflective = YesNoField(
        label="Was there time to reflect on practice?", missing="Choose whether there was time to reflect"
    )
    supervisor = forms.ModelChoiceField(
        Worker.objects.none(), label="Who held it?", required=False, empty_label="Somebody else"
    )
    supervisor_name = forms.CharField(label="Name, if it was somebody else (optional)", max_length=200, required=False)
    supervisor_registered = MaybeField(
        label="Is whoever held it a registered social worker?",
        missing="Choose whether the supervisor is registered, or not known",
    )
    mistake_label = "It did not take place: remove it"

    def __init__(self, *args: Any, supervisors: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["supervisor"].queryset = supervisors  # type: ignore[attr-defined]
        sentence = "Enter whole minutes from 1 to 480, such as 90"
        self.fields["minutes"].error_messages |= dict.fromkeys(("required", "invalid"), sentence)
        for validator in self.fields["minutes"].validators:
            validator.message = sentence  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        if not data.get("supervisor") and not data.get("supervisor_name"):
            self.add_error("supervisor_name", "Choose who held it, or enter their name")
        if data.get("supervisor"):
            data["supervisor_name"] = ""
        return data

    def session(self) -> Session:
        names = Session.__dataclass_fields__
        return Session(**{name: self.cleaned_data[name] for name in names})

    @staticmethod
    def start_with(row: SupervisionSession) -> dict[str, object]:
        """What the form shows of a session as it is."""
        return {name: getattr(row, name) for name in Session.__dataclass_fields__}
