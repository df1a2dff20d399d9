"""Form fields that every app asks with."""

from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from design.identifying import why_identifying

_ORDERS = ("%d{0}%m{0}%Y", "%d{0}%m{0}%y")
DAY_FORMATS = [*(order.format(mark) for mark in "/ .-" for order in _ORDERS), "%Y-%m-%d", "%d %B %Y", "%d %b %Y"]
EARLIEST, LATEST = date(1990, 1, 1), date(2099, 12, 31)
LONGEST_REASON = 500


class DayField(forms.DateField):
    """A day typed in one box, as people write it."""

    def __init__(self, *, missing: str = "Enter a day", **kwargs: Any) -> None:
        kwargs.setdefault("help_text", "For example, 31/03/2026.")
        kwargs.setdefault("input_formats", DAY_FORMATS)
        kwargs.setdefault("widget", forms.DateInput(format="%d/%m/%Y", attrs={"inputmode": "text"}))
        super().__init__(**kwargs)
        self.error_messages |= {"required": missing, "invalid": "Enter a real day, such as 31/03/2026"}

    def validate(self, value: date | None) -> None:
        """No day that can only be a slip of the pen."""
        super().validate(value)
        if value is not None and not EARLIEST <= value <= LATEST:
            raise ValidationError(f"Enter a day from {EARLIEST.year} to {LATEST.year}", code="absurd")


class WordsField(forms.CharField):
    """A few sentences about work, in which nobody who uses services may be identified."""

    def __init__(self, *, missing: str = "Enter a reason", **kwargs: Any) -> None:
        kwargs.setdefault("max_length", LONGEST_REASON)
        kwargs.setdefault("widget", forms.Textarea(attrs={"rows": 3}))
        kwargs.setdefault("help_text", "Do not name or describe people who use services.")
        super().__init__(**kwargs)
        self.error_messages |= {
            "required": missing,
            "max_length": f"This must be {self.max_length} characters or fewer",
        }

    def validate(self, value: str) -> None:
        super().validate(value)
        if reason := why_identifying(value):
            raise ValidationError(reason, code="identifying")
