"""Choosing what a case weighs."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any, cast

from django import forms

from caseloads.queries.cases import Draft
from caseloads.workload import Factor, Scheme, two_places
from design.fields import WordsField
from design.figures import plain

MOST_COUNTED = 99
NUMBER = {"inputmode": "numeric", "class": "govuk-input--width-3"}
AMOUNT = {"inputmode": "decimal", "class": "govuk-input--width-5"}


class WeightFields(forms.Form):
    """What a case's weight is made of: a category and factors of the scheme, or a weight set by hand.

    As a form of its own it is what the weight is worked out from while somebody chooses.
    """

    category = forms.ChoiceField(label="Category", required=False)

    def __init__(self, *args: Any, scheme: Scheme | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.scheme = scheme
        categories = scheme.categories.values() if scheme else ()
        self._choose(
            "category", [("", "Not known yet"), *((one.code, _said(one.name, one.weight)) for one in categories)]
        )
        self.simple = [one for one in self._factors() if not one.per_extra]
        self.counted = {f"count_{one.code}": one for one in self._factors() if one.per_extra}
        if self.simple:
            self.fields["factors"] = forms.MultipleChoiceField(
                label="Complexity factors",
                required=False,
                widget=forms.CheckboxSelectMultiple,
                choices=[(one.code, _said(one.name, one.points)) for one in self.simple],
            )
        for name, one in self.counted.items():
            self.fields[name] = _count(one)
        self.fields["override"] = _by_hand(scheme)
        self.fields["override_reason"] = WordsField(
            label="Why is the weight set by hand?",
            required=False,
            help_text="Printed beside the weight. Do not name or describe people who use services.",
        )

    def _factors(self) -> list[Factor]:
        return list(self.scheme.factors.values()) if self.scheme else []

    def _choose(self, name: str, choices: list[tuple[str, str]]) -> None:
        cast("forms.ChoiceField", self.fields[name]).choices = choices

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("override") is None and data.get("override_reason") and "override" not in self.errors:
            self.add_error("override", "Enter the weight set by hand, or take its reason out")
        if (
            data.get("override") is not None
            and not data.get("override_reason")
            and "override_reason" not in self.errors
        ):
            self.add_error("override_reason", "Enter why the weight is set by hand")
        if not data.get("category") and "category" not in self.errors and self._something_else(data):
            self.add_error("category", "Choose a category: factors and a weight set by hand need one")
        return data

    def _something_else(self, data: Mapping[str, Any]) -> bool:
        return bool(data.get("factors") or data.get("override") is not None or any(map(data.get, self.counted)))

    @property
    def draft(self) -> Draft:
        data = self.cleaned_data
        chosen = dict.fromkeys(data.get("factors") or (), 1)
        counts = {one.code: data[name] for name, one in self.counted.items() if data.get(name)}
        return Draft(
            data.get("category") or "", chosen | counts, data.get("override"), data.get("override_reason") or ""
        )

    @property
    def fault(self) -> str:
        """The first thing wrong with what the weight depends on; "" when nothing is."""
        found = (str(self.errors[name][0]) for name in self.fields if name in self.errors and name != "override_reason")
        return next(found, "")


def _said(name: str, hundredths: int) -> str:
    return f"{name} ({two_places(hundredths)})"


def _count(one: Factor) -> forms.IntegerField:
    return forms.IntegerField(
        label=f"{one.name}: how many?",
        required=False,
        min_value=0,
        max_value=MOST_COUNTED,
        widget=forms.TextInput(attrs=NUMBER),
        help_text=f"{two_places(one.points)} for each.",
        error_messages={
            "invalid": f"{one.name}: enter a whole number",
            "min_value": f"{one.name}: enter 0 or more",
            "max_value": f"{one.name}: enter {MOST_COUNTED} or fewer",
        },
    )


def _by_hand(scheme: Scheme | None) -> forms.DecimalField:
    lowest, highest = (
        Decimal(one).scaleb(-2) for one in ((scheme.lowest_weight, scheme.highest_weight) if scheme else (0, 0))
    )
    between = f"Enter a weight from {plain(lowest)} to {plain(highest)}"
    return forms.DecimalField(
        label="Weight set by hand (optional)",
        required=False,
        min_value=lowest,
        max_value=highest,
        decimal_places=2,
        widget=forms.TextInput(attrs=AMOUNT),
        help_text="It replaces the sum, until the case is next rated, and needs a reason.",
        error_messages={
            "invalid": between,
            "min_value": between,
            "max_value": between,
            "max_decimal_places": "Enter a weight with at most two places after the point",
        },
    )
