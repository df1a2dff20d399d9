"""What people fill in about an employer."""

from django import forms

from teams.forms.changing import SeenForm
from teams.models import Employer


class RegionForm(SeenForm):
    """The region of an employer; none is an answer too."""

    region = forms.ChoiceField(
        label="Region",
        choices=[("", "Not said"), *Employer.Region.choices],
        required=False,
        error_messages={"invalid_choice": "Choose a region from the list"},
        help_text="An employer in London may choose its half of London, or London as a whole.",
    )
