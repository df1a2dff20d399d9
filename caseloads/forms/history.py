"""Which day people ask for."""

from django import forms

from design.fields import DayField


class PastDayForm(forms.Form):
    """A past day."""

    day = DayField(
        label="Open a day",
        missing="Enter a day",
        widget=forms.DateInput(format="%d/%m/%Y", attrs={"class": "govuk-input--width-10"}),
    )
