"""What is filled in when a check is moved on, challenged, or followed by an action."""

from collections.abc import Sequence
from typing import Any, cast

from django import forms

from checks.actions.follow_up import Planned
from checks.checking import Judgement
from checks.forms.answers import JUDGEMENTS
from design.fields import DayField, WordsField
from teams.forms.changing import SeenForm
from teams.forms.once import OnceForm
from teams.models import User

LONGEST = 2000
PUBLISHED = "The team’s staff read it, and it is published with the check. Name nobody."
DAY = forms.DateInput(format="%d/%m/%Y", attrs={"class": "govuk-input--width-10"})


class MoveForm(OnceForm):
    """Words that go with a move, if there are any."""

    words = WordsField(label="Anything to say with it?", required=False, max_length=LONGEST)


class ReturnForm(OnceForm):
    """Why a check is given back."""

    words = WordsField(label="What has to change?", missing="Enter what has to change", max_length=LONGEST)


class PublishForm(OnceForm):
    """What the director says to everybody who reads the published part."""

    words = WordsField(
        label="What should readers know?",
        missing="Enter what readers should know",
        max_length=LONGEST,
        help_text="It stands at the top of the published page. Name nobody.",
        widget=forms.Textarea(attrs={"rows": 6}),
    )

    read = forms.BooleanField(
        label="I have read the actions below. They name nobody, and may be read by everybody in the employer",
        error_messages={"required": "Read the actions below, and say that they may be published"},
    )


class ChallengeForm(OnceForm):
    """A question of the panel."""

    question = WordsField(label="What do you ask?", missing="Enter your question", max_length=LONGEST)
    suggested = forms.ChoiceField(
        label="What would you judge?",
        choices=JUDGEMENTS,
        widget=forms.RadioSelect,
        error_messages={"required": "Choose what you would judge"},
    )

    @property
    def judged(self) -> Judgement:
        return Judgement(self.cleaned_data["suggested"])


class ReplyForm(OnceForm):
    """The team's answer to a question of the panel."""

    concede = forms.ChoiceField(
        label="Do you agree with the panel?",
        choices=[("no", "No: our judgement stands, and this is why"), ("yes", "Yes: the panel’s judgement stands")],
        widget=forms.RadioSelect,
        error_messages={"required": "Choose whether you agree"},
    )
    words = WordsField(label="Your answer", missing="Enter your answer", max_length=LONGEST)

    @property
    def conceded(self) -> bool:
        return bool(self.cleaned_data["concede"] == "yes")


class ActionForm(OnceForm):
    """What will be done about an indicator."""

    words = WordsField(
        label="What will be done?", missing="Enter what will be done", max_length=LONGEST, help_text=PUBLISHED
    )
    owner = forms.ChoiceField(label="Who sees to it?", error_messages={"required": "Choose who sees to it"})
    due_on = DayField(label="By which day?", missing="Enter the day by which it is done", widget=DAY)
    success = WordsField(
        label="How will you see that it worked?",
        missing="Enter how you will see that it worked",
        help_text="A figure or a fact, such as: nobody is well over for four weeks. Name nobody.",
    )

    def __init__(self, *args: Any, owners: Sequence[User], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.owners = {str(owner.pk): owner for owner in owners}
        field = cast("forms.ChoiceField", self.fields["owner"])
        field.choices = [("", "Choose"), *((key, str(owner)) for key, owner in self.owners.items())]

    @property
    def planned(self) -> Planned:
        typed = self.cleaned_data
        return Planned(typed["words"], self.owners[typed["owner"]], typed["due_on"], typed["success"])


class NoActionForm(OnceForm):
    """Why nothing is done about an indicator."""

    words = WordsField(
        label="Why is nothing done about it?",
        missing="Enter why nothing is done about it",
        max_length=LONGEST,
        help_text=f"It is printed beside the finding, and the director signs it. {PUBLISHED}",
    )


class ActionStepForm(SeenForm):
    """How far an action is, or what came of it."""

    what = forms.ChoiceField(
        label="How far is it?",
        choices=[("note", "Still going on"), ("finish", "Done"), ("stop", "Stopped: it will not be done")],
        widget=forms.RadioSelect,
        error_messages={"required": "Choose how far it is"},
    )
    words = WordsField(label="In words", missing="Enter how far it is, in words", max_length=LONGEST)
