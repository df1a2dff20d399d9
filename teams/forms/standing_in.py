"""Who stands in for somebody who is away, and for how long."""

from collections.abc import Sequence
from typing import Any

from django import forms

from design.fields import DayField
from teams.forms.once import OnceForm
from teams.models import User


class StandInForm(OnceForm):
    """A colleague, the first day, and the day on which the one who was away is back."""

    deputy = forms.TypedChoiceField(
        label="Who stands in?",
        widget=forms.Select,
        error_messages={"required": "Choose who stands in", "invalid_choice": "Choose somebody from the list"},
    )
    starts_on = DayField(label="From", missing="Enter the first day")
    ends_on = DayField(
        label="First day back",
        missing="Enter the first day back",
        help_text="From this day on they no longer stand in. It can be ended earlier. For example, 31/03/2026.",
    )

    def __init__(self, *args: Any, colleagues: Sequence[User], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        people = {str(one.public_id): one for one in colleagues}
        field: Any = self.fields["deputy"]
        field.coerce = people.__getitem__
        field.choices = [("", "Choose"), *((key, str(one)) for key, one in people.items())]
