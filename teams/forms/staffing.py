"""Forms about the people of a team."""

from datetime import date
from decimal import Decimal
from typing import Any

from django import forms

from design.fields import DayField, WordsField
from teams import shipped
from teams.actions.capacity import Away, Reduction
from teams.actions.staffing import About, Starter
from teams.forms.changing import RemovableForm, SeenForm
from teams.forms.choices import STAGES, HoursField, MaybeField, YesNoField
from teams.forms.once import OnceForm
from teams.models import Absence, CapacityReduction, User

OWN_WORDS = "own words"
KINDS = [
    ("PERCENT", "Per cent of what they would carry"),
    ("HOURS", "Hours a week"),
    ("POINTS", "Points, or whatever the scheme counts in"),
]


class AboutForm(SeenForm):
    """What a team records of a worker beside hours."""

    name = forms.CharField(label="Name", max_length=200, error_messages={"required": "Enter the worker’s name"})
    career_stage = forms.ChoiceField(label="Career stage", choices=STAGES, required=False)
    registered = MaybeField(
        label="Are they registered as a social worker?", missing="Choose whether they are registered, or not known"
    )
    case_holding = YesNoField(label="Do they hold cases themselves?", missing="Choose whether they hold cases")
    agency = YesNoField(label="Are they an agency worker?", missing="Choose whether they are an agency worker")

    def about(self) -> About:
        data = self.cleaned_data
        return About(data["name"], data["career_stage"], data["registered"], data["case_holding"], data["agency"])


class StarterForm(AboutForm):
    """Somebody new in a team."""

    staff_reference = forms.CharField(
        label="Staff reference (optional)", max_length=80, required=False, help_text="As in your staff list."
    )
    weekly_hours = HoursField(label="Contracted hours a week (optional)", required=False, help_text="Empty: not known.")
    starts_on = DayField(label="First day in the team", missing="Enter their first day in the team")

    def starter(self) -> Starter:
        data = self.cleaned_data
        return Starter(self.about(), data["staff_reference"], data["weekly_hours"], data["starts_on"])


class ColleagueForm(OnceForm):
    """Somebody who works for the employer already."""

    staff_reference = forms.CharField(
        label="Staff reference", max_length=80, error_messages={"required": "Enter their staff reference"}
    )
    weekly_hours = HoursField(label="Contracted hours a week in this team (optional)", required=False)
    starts_on = DayField(label="First day in the team", missing="Enter their first day in the team")


class HoursForm(SeenForm):
    """Other hours from a day."""

    weekly_hours = HoursField(label="Contracted hours a week (optional)", required=False, help_text="Empty: not known.")
    starts_on = DayField(
        label="From which day?",
        missing="Enter the day from which the hours hold",
        help_text="Until then the hours of before count. For example, 31/03/2026.",
    )


class FirstDayForm(SeenForm):
    """The day from which hours really count."""

    starts_on = DayField(label="Right first day", missing="Enter the right first day")


class LeaveForm(SeenForm):
    """The end of a worker's time in a team."""

    ends_on = DayField(
        label="First day on which they are no longer in the team",
        missing="Enter the first day on which they are no longer in the team",
    )


class PostsForm(SeenForm):
    """The posts of a team."""

    weekly_hours = HoursField(
        most=9999,
        label="Hours a week of all posts together",
        help_text="Five full-time posts of 37 hours are 185 hours.",
    )
    starts_on = DayField(label="From which day?", missing="Enter the day from which the team has these posts")


class ReductionForm(RemovableForm):
    """Why somebody carries less, by how much, from when to when, and who approved it."""

    listed = forms.ChoiceField(label="Reason", error_messages={"required": "Choose a reason"})
    own_reason = WordsField(
        label="Reason in your own words, if it is not in the list (optional)",
        required=False,
        max_length=200,
        widget=forms.TextInput,
        help_text="Seen by the worker and their line of management: no more of somebody’s health than is needed.",
    )
    kind = forms.ChoiceField(label="What is taken away?", choices=KINDS, widget=forms.RadioSelect, initial="PERCENT")
    amount = forms.DecimalField(
        label="How much?",
        decimal_places=2,
        max_digits=8,
        required=False,
        widget=forms.TextInput(attrs={"inputmode": "decimal", "class": "govuk-input--width-5"}),
        help_text="Empty: the percentage that the list gives as an example.",
        error_messages={"invalid": "Enter a number, such as 20"},
    )
    starts_on = DayField(label="First day", missing="Enter the first day")
    ends_on = DayField(
        label="First day on which it no longer counts (optional)",
        required=False,
        help_text="Empty: after as many months as the list gives as an example. For example, 31/03/2026.",
    )
    approved_by = forms.ModelChoiceField(
        User.objects.none(),
        label="Approved by",
        empty_label="Choose",
        error_messages={"required": "Choose who approved it"},
    )

    def __init__(self, *args: Any, approvers: list[User], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offered = [(item.reason, item.words) for item in shipped.reduction_reasons()]
        self.fields["listed"].choices = [("", "Choose"), *offered, (OWN_WORDS, "Another reason")]  # type: ignore[attr-defined]
        chosen = self.fields["approved_by"]
        chosen.queryset = User.objects.filter(pk__in=[user.pk for user in approvers])  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        example = {item.reason: item for item in shipped.reduction_reasons()}.get(data.get("listed", ""))
        if data.get("listed") == OWN_WORDS and not data.get("own_reason") and "own_reason" not in self.errors:
            self.add_error("own_reason", "Enter the reason, or choose one from the list")
        if data.get("amount") is None and "amount" not in self.errors:
            self._suggest_amount(data, example)
        if example and data.get("starts_on") and not data.get("ends_on") and "mistake" not in self.fields:
            data["ends_on"] = example.ends_on(data["starts_on"])
        return data

    def _suggest_amount(self, data: dict[str, Any], example: shipped.ReductionReason | None) -> None:
        if example and data.get("kind") == CapacityReduction.Kind.PERCENT:
            data["amount"] = Decimal(example.percent)
        else:
            self.add_error("amount", "Enter how much is taken away")

    def reduction(self) -> Reduction:
        data = self.cleaned_data
        reason = data["own_reason"] if data["listed"] == OWN_WORDS else data["listed"]
        return Reduction(data["kind"], data["amount"], reason, data["starts_on"], data["ends_on"], data["approved_by"])

    @staticmethod
    def start_with(row: CapacityReduction) -> dict[str, object]:
        """What the form shows of a reduction as it is."""
        listed = row.reason in {item.reason for item in shipped.reduction_reasons()}
        return {
            "listed": row.reason if listed else OWN_WORDS,
            "own_reason": "" if listed else row.reason,
            "kind": row.kind,
            "amount": row.amount,
            "starts_on": row.starts_on,
            "ends_on": row.ends_on,
            "approved_by": row.approved_by_id,
        }


class AbsenceForm(RemovableForm):
    """Days on which a worker is away."""

    reason = forms.ChoiceField(
        label="Kind of absence",
        choices=Absence.Reason.choices,
        widget=forms.RadioSelect,
        help_text="No more is recorded of the reason.",
        error_messages={"required": "Choose the kind of absence"},
    )
    starts_on = DayField(label="First day away", missing="Enter the first day away")
    ends_on = DayField(
        label="First day back (optional)", required=False, help_text="Empty: not known yet. For example, 31/03/2026."
    )

    def away(self) -> Away:
        data = self.cleaned_data
        return Away(data["reason"], data["starts_on"], data["ends_on"])


class DayForm(forms.Form):
    """Which day to look at; today unless a real day is asked for."""

    on = DayField(label="Day", required=False)

    def day(self, today: date) -> date:
        return self.cleaned_data.get("on") or today if self.is_valid() else today
