"""Answers that forms of several pages ask for in the same words."""

from typing import Any

from django import forms

from teams.models import CareerStage

STAGES = [("", "Not known"), *CareerStage.choices]


class YesNoField(forms.TypedChoiceField):
    """Yes or no, and nothing chosen beforehand unless the form says so."""

    def __init__(self, *, missing: str, **kwargs: Any) -> None:
        kwargs.setdefault("choices", [("yes", "Yes"), ("no", "No")])
        super().__init__(coerce=_told, widget=forms.RadioSelect, **kwargs)
        self.error_messages |= {"required": missing, "invalid_choice": missing}

    def prepare_value(self, value: Any) -> Any:
        return {True: "yes", False: "no", None: ""}.get(value, value)


class MaybeField(YesNoField):
    """Yes, no, or not known, which is an answer of its own."""

    def __init__(self, *, missing: str, **kwargs: Any) -> None:
        super().__init__(
            missing=missing,
            choices=[("yes", "Yes"), ("no", "No"), ("not known", "Not known")],
            empty_value=None,
            **kwargs,
        )

    def prepare_value(self, value: Any) -> Any:
        return "not known" if value is None else super().prepare_value(value)


def _told(value: str) -> bool | None:
    return {"yes": True, "no": False}.get(value)


class HoursField(forms.DecimalField):
    """Hours a week, in hours and hundredths."""

    def __init__(self, *, most: int = 60, **kwargs: Any) -> None:
        kwargs.setdefault("widget", forms.TextInput(attrs={"inputmode": "decimal", "class": "govuk-input--width-5"}))
        super().__init__(min_value=0, max_value=most, decimal_places=2, **kwargs)
        sentence = f"Enter hours from 0 to {most}, such as 18.5"
        self.error_messages |= dict.fromkeys(
            ("required", "invalid", "min_value", "max_value", "max_decimal_places"), sentence
        )
        for validator in self.validators:
            if hasattr(validator, "message") and not hasattr(validator, "messages"):
                validator.message = sentence
