"""What people choose about the workforce census."""

from collections.abc import Sequence
from typing import Any

from django import forms


class CensusYearForm(forms.Form):
    """Which 30 September; the newest unless another one is chosen."""

    year = forms.TypedChoiceField(label="30 September", coerce=int, required=False)

    def __init__(self, *args: Any, years: Sequence[int], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.newest = years[0]
        self.fields["year"].choices = [(year, str(year)) for year in years]  # type: ignore[attr-defined]

    @property
    def chosen(self) -> int:
        return int(self.cleaned_data["year"] or self.newest) if self.is_valid() else self.newest
