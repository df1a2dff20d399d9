"""Form fields that every app asks with."""

from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from design.identifying import found_in, kinds_of, mark_of, warning
from design.kept_words import decide

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


class Typed(str):
    """Words as they were typed, with the name of their box and the mark of what was chosen to be kept."""

    __slots__ = ("box", "kept")
    box: str
    kept: str


class WordsBox(forms.BoundField):
    """A box for words, with the choice beside it to keep what looks identifying."""

    @property
    def choice(self) -> str:
        """The name of that choice."""
        return f"{self.html_name}-keep"

    @property
    def kept(self) -> str:
        return str(self.form.data.get(self.choice, ""))

    @property
    def data(self) -> Typed:
        typed = Typed(super().data or "")
        typed.box, typed.kept = self.name, self.kept
        return typed


class WordsField(forms.CharField):
    """A few sentences about work, in which nobody who uses services may be identified.

    Whatever looks like it would is told; whoever keeps it all the same says so, and the audit trail that they did.
    """

    def __init__(self, *, missing: str = "Enter a reason", **kwargs: Any) -> None:
        kwargs.setdefault("max_length", LONGEST_REASON)
        kwargs.setdefault("widget", forms.Textarea(attrs={"rows": 3}))
        kwargs.setdefault("help_text", "Do not name or describe people who use services.")
        super().__init__(**kwargs)
        self.error_messages |= {
            "required": missing,
            "max_length": f"This must be {self.max_length} characters or fewer",
        }

    def clean(self, value: Any) -> str:
        words: str = super().clean(value)
        if found := found_in(words):
            mark = mark_of(found)
            if getattr(value, "kept", "") != mark:
                raise ValidationError(warning(found), code="identifying", params={"mark": mark})
            decide(value.box, kinds_of(found))
        return words

    def get_bound_field(self, form: forms.BaseForm, field_name: str) -> WordsBox:
        return WordsBox(form, self, field_name)


class LineField(WordsField):
    """The same in one line, such as a title or where something is agreed."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("widget", forms.TextInput())
        kwargs.setdefault("help_text", "")
        missing = kwargs.get("error_messages", {}).get("required", "Fill this in")
        super().__init__(missing=missing, **kwargs)
