"""What the principal social worker fills in about cycles."""

from collections.abc import Mapping, Sequence
from typing import Any, cast

from django import forms

from checks.actions.cycles import NewCycle
from checks.findings import FEWEST_RESPONDENTS
from design.fields import DayField, LineField, WordsField
from standards.models import StandardSet
from teams.forms.changing import SeenForm
from teams.forms.once import OnceForm
from teams.models import Team

MOST_RESPONDENTS = 50
DAY = {"widget": forms.DateInput(format="%d/%m/%Y", attrs={"class": "govuk-input--width-10"})}
FEWEST_FAULT = f"Enter a whole number from {FEWEST_RESPONDENTS} to {MOST_RESPONDENTS}"


def offer_teams(field: forms.MultipleChoiceField, teams: Mapping[str, Team]) -> None:
    """Offer teams by name and area, all of them ticked."""
    field.choices = [(key, f"{team} ({team.service_area})") for key, team in teams.items()]
    field.initial = list(teams)


class CycleForm(OnceForm):
    """A new cycle."""

    name = LineField(
        label="Name of the cycle",
        max_length=120,
        help_text="For example, Autumn 2026.",
        error_messages={"required": "Enter a name"},
    )
    standard_set = forms.ChoiceField(
        label="Against which standards?",
        help_text="Its checks keep this version for good, whatever is published later.",
        error_messages={"required": "Choose a version of the standards"},
    )
    period_from = DayField(label="The period begins on", missing="Enter the first day of the period", **DAY)
    period_to = DayField(label="The period ends on", missing="Enter the last day of the period", **DAY)
    measured_on = DayField(
        label="Take the figures of",
        missing="Enter the day whose figures are taken",
        help_text="Today or earlier. Every team is measured as it stood on this day.",
        **DAY,
    )
    due_on = DayField(label="Answers are due by", missing="Enter the day by which answers are due", **DAY)
    fewest = forms.IntegerField(
        label="Fewest people in a survey figure",
        initial=FEWEST_RESPONDENTS,
        min_value=FEWEST_RESPONDENTS,
        max_value=MOST_RESPONDENTS,
        help_text=f"{FEWEST_RESPONDENTS} or more. Figures about fewer people are never shown.",
        widget=forms.TextInput(attrs={"class": "govuk-input--width-3", "inputmode": "numeric"}),
    )
    teams = forms.MultipleChoiceField(
        label="Which teams?",
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Choose at least one team"},
    )

    def __init__(self, *args: Any, sets: Sequence[StandardSet], teams: Sequence[Team], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.sets = {str(one.pk): one for one in sets}
        self.of = {str(team.public_id): team for team in teams}
        sets_field = cast("forms.ChoiceField", self.fields["standard_set"])
        sets_field.choices = [("", "Choose"), *((key, str(one)) for key, one in self.sets.items())]
        offer_teams(cast("forms.MultipleChoiceField", self.fields["teams"]), self.of)
        fewest = self.fields["fewest"]
        fewest.error_messages |= dict.fromkeys(("required", "invalid"), FEWEST_FAULT)
        for validator in fewest.validators:
            validator.message = FEWEST_FAULT  # type: ignore[attr-defined]

    @property
    def chosen(self) -> list[Team]:
        return [self.of[key] for key in self.cleaned_data["teams"]]

    @property
    def new(self) -> NewCycle:
        typed = self.cleaned_data
        days = {name: typed[name] for name in ("period_from", "period_to", "measured_on", "due_on")}
        chosen = self.sets[typed["standard_set"]]
        return NewCycle(name=typed["name"], standard_set=chosen, fewest=typed["fewest"], **days)


class MoreTeamsForm(SeenForm):
    """Teams that join a cycle."""

    teams = forms.MultipleChoiceField(
        label="Which teams?",
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Choose at least one team"},
    )

    def __init__(self, *args: Any, teams: Sequence[Team], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.of = {str(team.public_id): team for team in teams}
        offer_teams(cast("forms.MultipleChoiceField", self.fields["teams"]), self.of)

    @property
    def chosen(self) -> list[Team]:
        return [self.of[key] for key in self.cleaned_data["teams"]]


class PutOffForm(SeenForm):
    """Another day by which answers are due."""

    due_on = DayField(label="Answers are due by", missing="Enter the day by which answers are due", **DAY)
    reason = WordsField(label="Why?")


class CloseCycleForm(SeenForm):
    """The end of a cycle."""

    reason = WordsField(label="Why is it closed now?")
