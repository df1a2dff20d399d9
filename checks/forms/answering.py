"""The survey as its questions are answered. Every question may be left out."""

from typing import Any

from django import forms

from checks.surveys import Instrument
from design.fields import WordsField

LONGEST_WORDS = 1000
WARNING = "Do not name or describe anybody: no colleagues, no managers, nobody who uses services."


class AnswerForm(forms.Form):
    """One field for each item and each question of an instrument, in its order."""

    def __init__(self, *args: Any, instrument: Instrument, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.instrument = instrument
        for item in instrument.items:
            words = enumerate(instrument.words_of(item), start=1)
            self.fields[item.code] = forms.ChoiceField(
                label=item.text,
                choices=[(str(point), word) for point, word in words],
                required=False,
                widget=forms.RadioSelect(attrs={"class": "govuk-radios--small app-answers"}),
                error_messages={"invalid_choice": "Choose one of the answers, or none"},
            )
        for question in instrument.questions:
            self.fields[question.code] = WordsField(
                label=f"{question.text} (in your own words)",
                required=False,
                max_length=LONGEST_WORDS,
                help_text=WARNING,
                widget=forms.Textarea(attrs={"rows": 4}),
            )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if not self.errors and not self.values:
            raise forms.ValidationError("Answer at least one question, so that your link is not used up for nothing")
        return data

    @property
    def values(self) -> dict[str, int]:
        """Item → the point chosen; what was left out is left out."""
        return {item.code: int(said) for item in self.instrument.items if (said := self.cleaned_data.get(item.code))}

    @property
    def words(self) -> dict[str, str]:
        return {question.code: self.cleaned_data[question.code] for question in self.instrument.questions}
