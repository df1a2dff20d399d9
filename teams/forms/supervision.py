"""The form of a supervision session."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from django import forms

from design.fields import DayField, WordsField
from teams.actions.supervision import Session
from teams.forms.changing import RemovableForm, SeenForm
from teams.forms.choices import MaybeField, YesNoField
from teams.models import CareerStage, SupervisionSession, Worker
from teams.supervision import Rule


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


class RulesForm(SeenForm):
    """The longest gap and the shortest session at each career stage. What is changed gets the source named here."""

    def __init__(self, *args: Any, rules: Sequence[Rule], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.held = rules
        for rule in rules:
            whom, (gap, minutes) = _whom(rule, rules), _names(rule)
            self.fields[gap] = _whole(366, f"{whom}: longest gap in days (optional)", rule.gap_days)
            self.fields[minutes] = _whole(480, f"{whom}: minutes at least (optional)", rule.minutes)
        self.fields["source"] = WordsField(
            label="Where did you agree what you change?",
            required=False,
            max_length=300,
            widget=forms.TextInput,
            help_text="For example, Supervision policy 2026, section 3.",
        )
        self.fields["shipped"] = forms.BooleanField(
            label="Go back to the rules that come with the product, whatever is entered above", required=False
        )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        changed = any(name.startswith(("gap_", "minutes_")) for name in self.changed_data)
        if changed and not data.get("shipped") and not data.get("source") and "source" not in self.errors:
            self.add_error("source", "Enter where you agreed what you change")
        return data

    def rules(self) -> list[Rule]:
        """The rules as they are to be; none: those that come with the product."""
        return [] if self.cleaned_data["shipped"] else [self._rule(each) for each in self.held]

    def _rule(self, rule: Rule) -> Rule:
        data = self.cleaned_data
        gap, minutes = (data[name] for name in _names(rule))
        if (gap, minutes) == (rule.gap_days, rule.minutes):
            return rule
        return replace(rule, gap_days=gap, minutes=minutes, source=data["source"], note="")


def _names(rule: Rule) -> tuple[str, str]:
    """The fields of a rule, whatever its place among the others."""
    about = f"{rule.stage}_{rule.until or 'always'}{rule.unit}".lower()
    return f"gap_{about}", f"minutes_{about}"


def _whom(rule: Rule, rules: Sequence[Rule]) -> str:
    stage = CareerStage(rule.stage).label
    if rule.until:
        return f"{stage}, for the first {rule.until} {rule.unit.lower()}"
    return f"{stage}, afterwards" if any(other.until for other in rules if other.stage == rule.stage) else stage


def _whole(most: int, label: str, initial: int | None) -> forms.IntegerField:
    sentence = f"Enter a whole number from 1 to {most}, or leave it empty"
    field = forms.IntegerField(
        label=label,
        required=False,
        initial=initial,
        min_value=1,
        max_value=most,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "class": "govuk-input--width-3"}),
        error_messages={"invalid": sentence},
    )
    for validator in field.validators:
        validator.message = sentence  # type: ignore[attr-defined]
    return field
