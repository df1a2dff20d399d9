"""The form of one's own additional hours."""

from django import forms

from design.fields import WordsField
from teams.forms.choices import HoursField
from teams.forms.once import OnceForm


class OwnHoursForm(OnceForm):
    """Hours beyond the contract in one week."""

    hours = HoursField(most=100, label="Hours you worked beyond your contract in this week")
    note = WordsField(
        label="Why? (optional)",
        required=False,
        max_length=200,
        widget=forms.TextInput,
        help_text="Only you see this. Do not name or describe people who use services.",
    )
