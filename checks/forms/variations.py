"""What people fill in about local variations."""

from typing import Any

from django import forms

from design.fields import DayField, WordsField
from teams.forms.once import OnceForm

DAY = {"widget": forms.DateInput(format="%d/%m/%Y", attrs={"class": "govuk-input--width-10"})}
LONGEST_EVIDENCE = 2000
TOO_MUCH = "Enter a number up to 9,999,999.99, with two places at most"


def figure(label: str, missing: str) -> forms.DecimalField:
    field = forms.DecimalField(
        label=label,
        max_digits=9,
        decimal_places=2,
        widget=forms.TextInput(attrs={"class": "govuk-input--width-5", "inputmode": "decimal"}),
    )
    too_much = dict.fromkeys(("max_digits", "max_decimal_places", "max_whole_digits"), TOO_MUCH)
    field.error_messages |= {"required": missing, "invalid": "Enter a number, such as 5 or 102.5"} | too_much
    return field


class ProposeForm(OnceForm):
    """Other thresholds for one indicator, why, and for how long."""

    met = figure("Met, here", "Enter where met ends")
    partly = figure("Partly met, here", "Enter where partly met ends")
    reason = WordsField(
        label="Why are other thresholds needed here?",
        missing="Enter the reason",
        help_text="It is printed beside the national threshold in every report. Describe nobody who uses services.",
    )
    evidence = WordsField(
        label="On what evidence?",
        missing="Enter the evidence, or where it is",
        max_length=LONGEST_EVIDENCE,
        help_text="In words, or the address of a page. Do not describe people who use services.",
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    starts_on = DayField(
        label="From which day?",
        missing="Enter the first day",
        help_text="Today or later. It counts from the day it is approved, if that is later.",
        **DAY,
    )
    review_on = DayField(
        label="Reviewed by which day?",
        missing="Enter the day of review",
        help_text="Within two years. After this day it lapses by itself, and the national threshold applies.",
        **DAY,
    )

    def __init__(self, *args: Any, bound: str, unit: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, what in (("met", "Met"), ("partly", "Partly met")):
            self.fields[name].label = f"{what}, here: {bound} ({unit})"

    @property
    def proposed(self) -> dict[str, Any]:
        """What is proposed, without what the form carries beside it."""
        return {name: value for name, value in self.cleaned_data.items() if name != "once"}


class DecideForm(OnceForm):
    """A decision on a variation, with its reason."""

    words = WordsField(label="Why?", missing="Enter the reason for the decision")
