"""What an administrator types about requests for personal data."""

from django import forms

from teams.forms.once import OnceForm


class FindSubjectForm(forms.Form):
    name = forms.CharField(label="Name", required=False, max_length=200, help_text="A part of it.")


class EraseForm(OnceForm):
    """Erasing somebody takes their name, typed: it cannot be undone."""

    name = forms.CharField(
        label="Type the worker’s name",
        max_length=200,
        help_text="It cannot be undone.",
        error_messages={"required": "Type the worker’s name, as it is written above"},
    )
