"""What people type and choose when they bring a caseload file."""

from collections.abc import Sequence
from datetime import date
from typing import Any, cast

from django import forms

from caseloads.models import ImportRun
from teams.models import Employer

DAY_FORMATS = ["%d/%m/%Y", "%Y-%m-%d", "%d %B %Y"]


class ImportForm(forms.Form):
    """A case list, a staff list or both, and the day they describe."""

    preset = forms.ChoiceField(
        label="What kind of file is it?",
        choices=ImportRun.Preset.choices,
        widget=forms.RadioSelect,
        required=False,
        help_text="A staff list may come alone; then this does not matter.",
    )
    file = forms.FileField(
        label="Caseload file",
        required=False,
        allow_empty_file=True,
        help_text=(
            "An Annex A workbook, or a case list as .xlsx, .ods or .csv. "
            "Children’s names and dates of birth are not read."
        ),
    )
    staff_file = forms.FileField(
        label="Staff list (optional)",
        required=False,
        allow_empty_file=True,
        help_text="Hours, career stages and registration, as .xlsx, .ods or .csv. It may come alone.",
    )
    as_of = forms.DateField(
        label="Which day does the file describe?",
        input_formats=DAY_FORMATS,
        help_text="For example, 31/03/2026.",
        error_messages={
            "required": "Enter the day the file describes",
            "invalid": "Enter a real day, such as 31/03/2026",
        },
    )
    employer = forms.ChoiceField(label="Employer", error_messages={"required": "Choose an employer"})

    def __init__(self, *args: Any, employers: Sequence[Employer], today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.employers = {str(employer.pk): employer for employer in employers}
        self.today = today
        self.fields["as_of"].initial = f"{today:%d/%m/%Y}"
        if len(employers) == 1:
            del self.fields["employer"]
        else:
            choices = [(key, employer.name) for key, employer in self.employers.items()]
            cast("forms.ChoiceField", self.fields["employer"]).choices = choices

    def clean_as_of(self) -> date:
        day: date = self.cleaned_data["as_of"]
        if day > self.today:
            raise forms.ValidationError("Enter today or an earlier day")
        return day

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if not data.get("file") and not data.get("staff_file"):
            self.add_error("file", "Choose a caseload file, a staff list or both")
        if data.get("file") and not data.get("preset"):
            self.add_error("preset", "Choose what kind of file it is")
        data["preset"] = data.get("preset") or ImportRun.Preset.PLAIN.value
        return data

    @property
    def chosen_employer(self) -> Employer:
        """The chosen employer, or the only one."""
        chosen = self.cleaned_data.get("employer") or next(iter(self.employers))
        return self.employers[chosen]
