"""What people type and choose when they bring a caseload file, and when they say what it means."""

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING, Any, cast

from django import forms

from caseloads.intake.mapping import ABSENT
from caseloads.intake.questions import ColumnsAsked, FieldAsked, Questions, ValuesAsked, WordAsked
from caseloads.models import ImportRun
from design.fields import DayField
from teams.forms.once import OnceForm
from teams.models import Employer

if TYPE_CHECKING:
    from django.core.files.uploadedfile import UploadedFile

MOST_FILES = 20
UNANSWERED = "?"


class SeveralFiles(forms.ClearableFileInput):
    allow_multiple_selected = True


class FilesField(forms.FileField):
    """One file or several, chosen at once."""

    widget = SeveralFiles

    def clean(self, data: Any, initial: Any = None) -> list["UploadedFile[bytes]"]:
        chosen = data if isinstance(data, list | tuple) else [data] if data else []
        if len(chosen) > MOST_FILES:
            raise forms.ValidationError(f"Choose at most {MOST_FILES} files")
        return [super(FilesField, self).clean(one, initial) for one in chosen]


class ImportForm(OnceForm):
    """A caseload in one or several files, a staff list or both, and the day they describe."""

    preset = forms.ChoiceField(
        label="What kind of file is it?",
        choices=ImportRun.Preset.choices,
        widget=forms.RadioSelect,
        required=False,
        help_text="A staff list may come alone; then this does not matter.",
    )
    file = FilesField(
        label="Caseload file",
        required=False,
        allow_empty_file=True,
        widget=SeveralFiles(attrs={"multiple": "multiple"}),
        help_text=(
            "An Annex A workbook; the tables of a Standard Safeguarding Dataset, all of its files chosen together; "
            "or a case list as .xlsx, .ods or .csv. Children’s names and dates of birth are not read."
        ),
    )
    staff_file = forms.FileField(
        label="Staff list (optional)",
        required=False,
        allow_empty_file=True,
        help_text="Hours, career stages and registration, as .xlsx, .ods or .csv. It may come alone.",
    )
    as_of = DayField(label="Which day does the file describe?", missing="Enter the day the file describes")
    employer = forms.ChoiceField(label="Employer", error_messages={"required": "Choose an employer"})

    def __init__(self, *args: Any, employers: Sequence[Employer], today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.employers = {str(employer.pk): employer for employer in employers}
        self.today = today
        self.fields["as_of"].initial = today
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
        files = data.get("file") or []
        if not files and not data.get("staff_file"):
            self.add_error("file", "Choose a caseload file, a staff list or both")
        if files and not data.get("preset"):
            self.add_error("preset", "Choose what kind of file it is")
        if len(files) > 1 and data.get("preset") in {ImportRun.Preset.PLAIN, ImportRun.Preset.ANNEX_A}:
            self.add_error("file", "Choose one caseload file; only a Standard Safeguarding Dataset comes in several")
        data["preset"] = data.get("preset") or ImportRun.Preset.PLAIN.value
        return data

    @property
    def chosen_employer(self) -> Employer:
        """The chosen employer, or the only one."""
        chosen = self.cleaned_data.get("employer") or next(iter(self.employers))
        return self.employers[chosen]


class MappingForm(forms.Form):
    """Which column of the files is which field, and which of their words means which code."""

    def __init__(self, *args: Any, questions: Questions, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.questions = questions
        for at, asked in enumerate(questions.columns):
            for field in asked.fields:
                self.fields[f"column-{at}-{field.name}"] = _column_field(asked, field)
        for at, values in enumerate(questions.values):
            for number, word in enumerate(values.words):
                self.fields[f"word-{at}-{number}"] = _word_field(values, word)

    def clean(self) -> dict[str, Any]:
        """One heading cannot be two fields of a table."""
        data = super().clean() or {}
        for at, asked in enumerate(self.questions.columns):
            taken: dict[str, str] = {}
            for field in asked.fields:
                heading = data.get(f"column-{at}-{field.name}")
                if heading and heading in taken:
                    self.add_error(f"column-{at}-{field.name}", f"“{heading}” is already {taken[heading]}")
                elif heading:
                    taken[heading] = field.label
        return data

    @property
    def tables(self) -> list[tuple[ColumnsAsked, list[forms.BoundField]]]:
        """Each table with its fields as they stand on the page."""
        columns = enumerate(self.questions.columns)
        return [(asked, [self[f"column-{at}-{field.name}"] for field in asked.fields]) for at, asked in columns]

    @property
    def words(self) -> list[tuple[ValuesAsked, list[forms.BoundField]]]:
        """Each field with the words that are asked for."""
        values = enumerate(self.questions.values)
        return [(asked, [self[f"word-{at}-{number}"] for number, _ in enumerate(asked.words)]) for at, asked in values]

    def columns_said(self) -> dict[str, dict[str, str]]:
        """What differs from what was recognised, or was left open: table → field → heading."""
        return {
            asked.table: {
                field.name: said
                for field in asked.fields
                if (said := self.cleaned_data[f"column-{at}-{field.name}"]) != field.heading or field.open
            }
            for at, asked in enumerate(self.questions.columns)
        }

    def values_said(self) -> dict[str, dict[str, str]]:
        """Field → word → code."""
        return {
            asked.field: {
                word.word: self.cleaned_data[f"word-{at}-{number}"] for number, word in enumerate(asked.words)
            }
            for at, asked in enumerate(self.questions.values)
        }


def _column_field(asked: ColumnsAsked, field: FieldAsked) -> forms.ChoiceField:
    headings = [(heading, heading) for heading in asked.headings]
    return forms.ChoiceField(
        label=field.label,
        choices=[(ABSENT, "Choose a column" if field.needed else "Not in this file"), *headings],
        required=field.needed,
        initial=field.heading,
        error_messages={"required": f"Say which column is “{field.label}”"},
    )


def _word_field(asked: ValuesAsked, word: WordAsked) -> forms.ChoiceField:
    """What a word means. Nothing is chosen beforehand, so that nobody answers by going on."""
    rows = "1 row" if word.count == 1 else f"{word.count} rows"
    return forms.TypedChoiceField(
        label=f"{asked.label} “{word.word}” ({rows})",
        choices=[(UNANSWERED, "Choose what it means"), *asked.choices],
        required=False,
        initial=UNANSWERED if word.code is None else word.code,
        validators=[_answered],
    )


def _answered(value: str) -> None:
    if value == UNANSWERED:
        raise forms.ValidationError("Choose what this word means")
