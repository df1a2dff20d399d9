"""What administrators say of other systems that use the API."""

from typing import Any

from django import forms

from design.fields import DayField
from teams.forms.once import OnceForm
from teams.scopes import SCOPE_NAMES, Scope


class IntegrationForm(OnceForm):
    """What another system is called, and what it may do."""

    name = forms.CharField(
        label="Name",
        max_length=100,
        help_text="Of the other system and what it does here, such as Case system, nightly.",
        error_messages={"required": "Enter a name", "max_length": "A name has 100 characters at most"},
    )
    scopes = forms.TypedMultipleChoiceField(
        label="What it may do",
        coerce=Scope,
        choices=list(SCOPE_NAMES.items()),
        widget=forms.CheckboxSelectMultiple,
        help_text="No more than it needs. It can be changed later, and counts from its next call.",
        error_messages={"required": "Choose what it may do", "invalid_choice": "Choose from the list"},
    )

    @property
    def what(self) -> dict[str, Any]:
        return {"name": self.cleaned_data["name"], "scopes": self.cleaned_data["scopes"]}


class TokenForm(OnceForm):
    """Until when a new token works."""

    expires_on = DayField(
        label="It stops working on",
        missing="Enter the day on which it stops working",
        help_text="Within a year. Put the change to the next token in a calendar. For example, 31/03/2027.",
    )
