"""What the principal social worker fills in about surveys."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django import forms

from checks.actions.surveys import MOST_LINKS
from checks.instrument_csv import Heading, read_benchmarks, read_instrument
from checks.instrument_files import InstrumentError, code_of
from checks.models import Instrument as InstrumentRow
from checks.queries.instruments import Usable
from checks.queries.survey_links import LinkRow
from checks.queries.survey_words import Heard, Said
from checks.surveys import Instrument
from design.fields import DayField, LineField, WordsBox
from teams.forms.once import OnceForm

if TYPE_CHECKING:
    from django.core.files.uploadedfile import UploadedFile

USUAL_DAYS = 14
PAPER, EMAIL = "paper", "email"
DAY = forms.DateInput(format="%d/%m/%Y", attrs={"class": "govuk-input--width-10"})
FEW = {"class": "govuk-input--width-3", "inputmode": "numeric"}


class OpenForm(OnceForm):
    """Which surveys are put to the teams of a cycle, and until when."""

    instruments = forms.MultipleChoiceField(
        label="Which surveys?",
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Choose at least one survey"},
    )
    closes_on = DayField(
        label="What is the last day for answers?",
        missing="Enter the last day for answers",
        help_text="Results can be seen from the day after, and cannot be added to. For example, 31/03/2026.",
        widget=DAY,
    )

    def __init__(self, *args: Any, instruments: Sequence[Usable], today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.usable = {one.key: one for one in instruments}
        self.fields["instruments"].choices = [  # type: ignore[attr-defined]
            (key, f"{one.definition.title} ({len(one.definition.items)} to answer)") for key, one in self.usable.items()
        ]
        self.fields["closes_on"].initial = today + timedelta(days=USUAL_DAYS)

    @property
    def shipped(self) -> list[Instrument]:
        return [one.definition for one in self._chosen if one.own is None]

    @property
    def own(self) -> list[InstrumentRow]:
        return [one.own for one in self._chosen if one.own is not None]

    @property
    def _chosen(self) -> list[Usable]:
        return [self.usable[key] for key in self.cleaned_data["instruments"]]


class LinksForm(OnceForm):
    """How many links each team gets, and how they reach people."""

    how = forms.ChoiceField(
        label="How do they reach people?",
        widget=forms.RadioSelect,
        choices=[(PAPER, "On slips that I print and hand out"), (EMAIL, "By e-mail, and on slips for everybody else")],
        initial=PAPER,
        error_messages={"required": "Choose how links reach people"},
    )

    def __init__(self, *args: Any, rows: Sequence[LinkRow], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.link_rows = rows
        for row in rows:
            said = f"Enter a whole number from 0 to {MOST_LINKS} for {row.team}"
            self.fields[self.name_of(row)] = forms.IntegerField(
                label=f"Links for {row.team}",
                min_value=0,
                max_value=MOST_LINKS,
                initial=row.suggested,
                widget=forms.TextInput(attrs=FEW),
                error_messages={"required": said, "invalid": said, "min_value": said, "max_value": said},
            )
            for validator in self.fields[self.name_of(row)].validators:
                validator.message = said  # type: ignore[attr-defined]

    @staticmethod
    def name_of(row: LinkRow) -> str:
        return f"team-{row.team.pk}"

    @property
    def lines(self) -> list[tuple[LinkRow, forms.BoundField]]:
        """Each team with its field, as they stand on the page."""
        return [(row, self[self.name_of(row)]) for row in self.link_rows]

    @property
    def counts(self) -> dict[int, int]:
        return {row.team.pk: self.cleaned_data[self.name_of(row)] for row in self.link_rows}

    @property
    def by_email(self) -> bool:
        return bool(self.cleaned_data["how"] == EMAIL)


class CloseForm(OnceForm):
    """Nothing is asked but whether."""


class WordsForm(OnceForm):
    """What becomes of each person's words."""

    def __init__(self, *args: Any, heard: Sequence[Heard], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.heard = heard
        self.said = {f"words-{one.key}": one for its in heard for one in its.said}
        for number, (name, one) in enumerate(self.said.items(), start=1):
            self.fields[name] = forms.ChoiceField(
                label=f"What becomes of comment {number}?",
                choices=[("HELD", "Decide later"), ("RELEASED", "Release"), ("WITHHELD", "Withhold")],
                initial=one.state,
                widget=forms.RadioSelect(attrs={"class": "govuk-radios--small govuk-radios--inline"}),
                error_messages=dict.fromkeys(
                    ("required", "invalid_choice"), f"Choose what becomes of comment {number}"
                ),
            )

    @property
    def lines(self) -> list[tuple[Heard, list[tuple[Said, forms.BoundField]]]]:
        """Each team's words with their fields, as they stand on the page."""
        return [(its, [(one, self[f"words-{one.key}"]) for one in its.said]) for its in self.heard]

    @property
    def decisions(self) -> dict[UUID, str]:
        """What differs from what had been decided before."""
        return {
            one.key: self.cleaned_data[name] for name, one in self.said.items() if self.cleaned_data[name] != one.state
        }


def _text_of(upload: "UploadedFile[bytes]") -> str:
    """A file's text: UTF-8, else as older spreadsheets write it."""
    data = bytes(upload.read())
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("cp1252", errors="replace")


class BenchmarksForm(OnceForm):
    """Scores that an employer compares its own with."""

    label = LineField(
        label="Whose scores are they, and of when?",
        max_length=200,
        help_text="For example: 40 councils, 2025.",
        error_messages={"required": "Enter whose scores they are"},
    )
    file = forms.FileField(
        label="Scores to compare with, as CSV",
        help_text="Columns: scale, score (0 to 100, higher is better).",
        allow_empty_file=True,
        error_messages={"required": "Choose a file"},
    )

    def __init__(self, *args: Any, instrument: Instrument, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.instrument = instrument
        self.scores: dict[str, int] = {}

    def clean_file(self) -> Any:
        try:
            self.scores = read_benchmarks(_text_of(self.cleaned_data["file"]), self.instrument)
        except InstrumentError as error:
            raise forms.ValidationError(list(error.faults)) from error
        if not self.scores:
            raise forms.ValidationError("The file has no scores. Give one on each line below the headings")
        return self.cleaned_data["file"]


class InstrumentForm(OnceForm):
    """An instrument of the employer's own: what it is, and its items as CSV; shown before it is kept."""

    title = LineField(
        label="What is the survey called?",
        max_length=120,
        error_messages={"required": "Enter what the survey is called"},
    )
    version = forms.CharField(
        label="Which version?",
        max_length=20,
        initial="1",
        widget=forms.TextInput(attrs={"class": "govuk-input--width-5"}),
        error_messages={"required": "Enter the version"},
    )
    source = LineField(
        label="Where is it from?",
        max_length=300,
        error_messages={"required": "Enter where the survey is from"},
    )
    licence = LineField(
        label="What allows you to use its wording?",
        max_length=300,
        help_text="The licence, its number and until when. Many published surveys need one.",
        error_messages={"required": "Enter what allows you to use its wording"},
    )
    items = forms.FileField(
        label="The items, as CSV",
        required=False,
        allow_empty_file=True,
        help_text="Columns: item, scale, reversed, response set.",
    )
    benchmarks = forms.FileField(
        label="Scores to compare with, as CSV (optional)",
        required=False,
        allow_empty_file=True,
        help_text="Columns: scale, score (0 to 100, higher is better).",
    )
    label = LineField(label="Whose scores are they, and of when? (only with scores)", max_length=200, required=False)
    items_text = forms.CharField(required=False, strip=False, widget=forms.HiddenInput)
    benchmarks_text = forms.CharField(required=False, strip=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.instrument: Instrument | None = None
        self.scores: dict[str, int] = {}

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        for name in ("items", "benchmarks"):
            if upload := data.get(name):
                data[f"{name}_text"] = _text_of(upload)
        if not data.get("items_text"):
            self.add_error("items", "Choose the file with the items")
        elif not self.errors:
            self._read(data)
        return data

    def _read(self, data: dict[str, Any]) -> None:
        heading = Heading(code_of(data["title"]), *(data[name] for name in ("version", "title", "source", "licence")))
        try:
            self.instrument = read_instrument(data["items_text"], heading)
        except InstrumentError as error:
            self.add_error("items", list(error.faults))
            return
        if not data.get("benchmarks_text"):
            return
        try:
            self.scores = read_benchmarks(data["benchmarks_text"], self.instrument)
        except InstrumentError as error:
            self.add_error("benchmarks", list(error.faults))
        if not data.get("label"):
            self.add_error("label", "Enter whose scores they are")

    @property
    def carried(self) -> list[tuple[str, str]]:
        """What the page before keeping carries on: everything that was typed and read."""
        names = ("once", "title", "version", "source", "licence", "label", "items_text", "benchmarks_text")
        kept = [(box.choice, box.kept) for box in self if isinstance(box, WordsBox) and box.kept]
        return [*((name, str(self.cleaned_data.get(name) or "")) for name in names), *kept]
