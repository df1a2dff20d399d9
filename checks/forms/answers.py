"""What a team's manager fills in about one indicator."""

from typing import TYPE_CHECKING, Any, cast

from django import forms
from django.core.exceptions import ValidationError

from checks.actions.answers import Attached, Said
from checks.checking import Judgement, Priority
from checks.evidence import ENDINGS, WrongFile, media_type
from checks.findings import FINDING_NAMES
from design.fields import LineField, WordsField
from teams.forms.changing import SeenForm
from teams.forms.once import OnceForm

if TYPE_CHECKING:
    from django.core.files.uploadedfile import UploadedFile

LONGEST_COMMENTARY = 4000
JUDGEMENTS = [(one.value, FINDING_NAMES[one.finding]) for one in Judgement]
PRIORITIES = [(one.value, one.value.capitalize()) for one in Priority]


class AnswerForm(SeenForm):
    """The answer to one indicator. Nothing has to be complete before the check is submitted."""

    judgement = forms.ChoiceField(
        label="How do you judge it?", choices=JUDGEMENTS, widget=forms.RadioSelect, required=False
    )
    commentary = WordsField(
        label="Commentary",
        max_length=LONGEST_COMMENTARY,
        required=False,
        help_text="What is the situation, and how do you know? Do not name or describe people who use services.",
        widget=forms.Textarea(attrs={"rows": 6}),
    )
    reason = WordsField(
        label="Why do you judge it otherwise?",
        required=False,
        help_text="Needed where you judge it better than the figures, or where they are not known. Both are printed.",
    )
    priority = forms.ChoiceField(
        label="How much does it matter to the team now?",
        choices=PRIORITIES,
        widget=forms.RadioSelect,
        required=False,
    )

    def __init__(self, *args: Any, measured: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if measured:
            field = cast("forms.ChoiceField", self.fields["judgement"])
            field.choices = [("", "As it was measured"), *JUDGEMENTS]
            field.label = "Do you judge it otherwise?"
        else:
            del self.fields["reason"]

    @property
    def said(self) -> Said:
        typed = self.cleaned_data
        return Said(
            judgement=Judgement(typed["judgement"]) if typed["judgement"] else None,
            commentary=typed["commentary"],
            reason=typed.get("reason", ""),
            priority=Priority(typed["priority"]) if typed["priority"] else None,
        )


class EvidenceForm(OnceForm):
    """A link, or a small file whose kind is told by its content."""

    title = LineField(
        label="What is it?",
        max_length=200,
        help_text="For example, Notes of the team meeting of 3 March.",
        error_messages={"required": "Enter what it is"},
    )
    url = forms.URLField(
        label="Link",
        required=False,
        max_length=500,
        assume_scheme="https",
        help_text="An address that begins with https://. Leave it empty if you attach a file.",
        error_messages={"invalid": "Enter an address such as https://intranet.example.org/notes"},
    )
    file = forms.FileField(
        label="File",
        required=False,
        help_text=(
            "PDF, PNG, JPEG, Word (.docx) or Excel (.xlsx), up to 10 MB. It must not name or describe people who use "
            "services."
        ),
        widget=forms.FileInput(attrs={"accept": ",".join([*ENDINGS.values(), ".jpeg"])}),
        error_messages={"empty": "The file is empty. Choose another"},
    )

    def clean_file(self) -> "UploadedFile[Any] | None":
        file: UploadedFile[Any] | None = self.cleaned_data["file"]
        if file is None:
            return None
        try:
            self.kind = media_type(file, size=file.size or 0)
        except WrongFile as wrong:
            raise ValidationError(str(wrong), code="wrong") from wrong
        return file

    def clean(self) -> dict[str, Any]:
        typed = super().clean() or {}
        given = bool(typed.get("url")) + bool(typed.get("file"))
        if given != 1 and not self.errors:
            self.add_error(
                "url", "Enter a link or choose a file, not both" if given else "Enter a link or choose a file"
            )
        return typed

    @property
    def attached(self) -> Attached:
        typed = self.cleaned_data
        kind = self.kind if typed["file"] else ""
        return Attached(title=typed["title"], url=typed["url"], file=typed["file"], media_type=kind)
