"""What people fill in about duties and concerns."""

from collections.abc import Sequence
from typing import Any, cast

from django import forms

from checks.duties import LONGEST_RESPONSE
from design.fields import DayField, LineField, WordsField
from teams.forms.changing import SeenForm
from teams.forms.once import OnceForm
from teams.models import Team

LONGEST_CONCERN = 2000
DAY = forms.DateInput(format="%d/%m/%Y", attrs={"class": "govuk-input--width-10"})
FEW = forms.TextInput(attrs={"class": "govuk-input--width-3", "inputmode": "numeric"})


class ConcernForm(OnceForm):
    """A worker's concern about their own workload."""

    team = forms.ChoiceField(label="Which team is it about?", error_messages={"required": "Choose a team"})
    words = WordsField(
        label="What is your concern?",
        missing="Enter your concern",
        max_length=LONGEST_CONCERN,
        help_text=(
            "What is too much, since when, and what would help. It becomes a duty that must be answered in time and "
            "cannot be deleted. Do not name or describe people who use services."
        ),
        widget=forms.Textarea(attrs={"rows": 6}),
    )
    past_manager = forms.BooleanField(
        label="It is about my own manager: send it straight to the next level, unseen by them", required=False
    )

    def __init__(self, *args: Any, teams: Sequence[Team], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.teams = {str(team.public_id): team for team in teams}
        cast("forms.ChoiceField", self.fields["team"]).choices = [(key, str(team)) for key, team in self.teams.items()]
        if len(self.teams) == 1:
            self.fields["team"].widget = forms.HiddenInput()
            self.initial.setdefault("team", next(iter(self.teams)))

    @property
    def team_chosen(self) -> Team:
        return self.teams[self.cleaned_data["team"]]


class PlanForm(SeenForm):
    """What will be done, and by when."""

    words = WordsField(label="What will be done?", missing="Enter what will be done", max_length=LONGEST_CONCERN)
    by_day = DayField(label="By which day?", missing="Enter the day by which it will be done", widget=DAY)


class NoteForm(SeenForm):
    """A note, with what came of it or why it is open again."""

    words = WordsField(label="Note", missing="Enter a note", max_length=LONGEST_CONCERN)


class ResponseTimesForm(SeenForm):
    """Within how many days duties are answered."""

    concern_days = forms.IntegerField(
        label="Days to answer a worker’s concern", min_value=1, max_value=LONGEST_RESPONSE, widget=FEW
    )
    flag_days = forms.IntegerField(
        label="Days to answer a red flag", min_value=1, max_value=LONGEST_RESPONSE, widget=FEW
    )
    source = LineField(
        label="Where is this agreed?",
        max_length=300,
        help_text="For example: joint committee with the unions, 12 May 2026.",
        error_messages={"required": "Enter where this is agreed"},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("concern_days", "flag_days"):
            said = f"Enter a whole number of days from 1 to {LONGEST_RESPONSE}"
            self.fields[name].error_messages |= dict.fromkeys(("required", "invalid"), said)
            for validator in self.fields[name].validators:
                validator.message = said  # type: ignore[attr-defined]
