"""What people fill in about sets of standards. A draft may be faulty, so its fields take what is typed."""

from collections.abc import Sequence
from datetime import date
from typing import Any, cast

from django import forms

from checks.freezing import scale_title
from checks.measures import MEASURES
from checks.queries.drafts import DraftPart
from design.fields import DayField, WordsField
from standards.definition import EXAMPLE, Direction, Kind
from standards.models import StandardSet
from standards.pack import LONGEST_WORDS
from teams.forms.changing import SeenForm

SHORT = forms.TextInput(attrs={"class": "govuk-input--width-10"})
FIGURE = forms.TextInput(attrs={"class": "govuk-input--width-5", "inputmode": "decimal"})
LONGEST_LINE = 200
DAY = forms.DateInput(format="%d/%m/%Y", attrs={"class": "govuk-input--width-10"})


def words(label: str, help_text: str = "", *, rows: int = 2) -> WordsField:
    widget = forms.Textarea(attrs={"rows": rows})
    return WordsField(label=label, help_text=help_text, widget=widget, max_length=LONGEST_WORDS, required=False)


def line(label: str, help_text: str = "", widget: forms.Widget | None = None) -> forms.CharField:
    if widget is not None:
        field = forms.CharField(
            label=label, help_text=help_text, max_length=LONGEST_LINE, required=False, widget=widget
        )
        field.error_messages["max_length"] = f"This must be {LONGEST_LINE} characters or fewer"
        return field
    return WordsField(
        label=label, help_text=help_text, max_length=LONGEST_LINE, required=False, widget=forms.TextInput()
    )


class ChooseForm(SeenForm):
    """Which sets the employer uses."""

    packs = forms.MultipleChoiceField(
        label="Which standards do you use?",
        help_text="Of each, the newest version in effect counts. Health checks that are open keep what they have.",
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Choose at least one set of standards"},
    )

    def __init__(self, *args: Any, newest: Sequence[StandardSet], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        packs = cast("forms.MultipleChoiceField", self.fields["packs"])
        packs.choices = [(row.pack, f"{row.title} ({row.publisher})") for row in newest]


class PartForm(SeenForm):
    """A part of a draft: what is filled in becomes the fields of the pack."""

    @property
    def fields_of_part(self) -> dict[str, Any]:
        """The fields as a pack has them; what is empty is left out, so that it is named as missing."""
        typed = {name: value for name, value in self.cleaned_data.items() if name not in {"once", "seen"}}
        return {name: _stored(value) for name, value in typed.items() if value not in {"", None}}


def _stored(value: object) -> object:
    return value.isoformat() if isinstance(value, date) else value


class AboutForm(PartForm):
    """What a draft says of itself."""

    title = line("Title")
    publisher = line("Who publishes it?", "As a rule, your own organisation.")
    jurisdiction = line("Where does it hold?", "For example, England.", SHORT)
    source = words("Where does it come from?", "The page or paper it was made from.")
    licence = words("Whose words are they?", "Say what it was made from.")
    effective = line("Since when, in words?")
    effective_on = DayField(
        label="From which day is this version used?",
        help_text="The day of publication or later, for example 01/04/2027.",
        widget=DAY,
        required=False,
    )
    completeness = words("How complete is it?", "What it covers, and what it leaves out.")

    @property
    def fields_of_part(self) -> dict[str, Any]:
        """All of them: what is empty takes the place of what was there."""
        return dict.fromkeys(set(self.fields) - {"once", "seen"}, "") | super().fields_of_part


class StandardForm(PartForm):
    """A standard of a draft, without its expectations and indicators."""

    code = line("Code", "Small letters, digits and hyphens, for example 3 or our-2.", SHORT)
    title = line("Title")
    source = words("Source")
    completeness = words("How complete is it?")
    gap = words("What is missing?", "Only if something is: a standard without expectations has to say why.")


class ExpectationForm(PartForm):
    """One thing that a standard expects."""

    code = line("Code", "Small letters, digits and hyphens. No other expectation may have it.", SHORT)
    text = words("What is expected?", "In your own words.", rows=3)


class IndicatorForm(PartForm):
    """How it is found out whether an expectation is met; which fields there are depends on the kind."""

    code = line("Code", "Small letters, digits and hyphens. It stays the same as long as it means the same.", SHORT)
    text = words("What is asked or measured?", "A sentence that is true when all is well.", rows=3)
    expectation = forms.ChoiceField(label="Which expectation is it about?", required=False)
    measure = forms.ChoiceField(label="What is measured?", required=False)
    scale = forms.ChoiceField(label="Which scale of the staff survey?", required=False)
    met = line("Met: up to and including", widget=FIGURE)
    partly = line("Partly met: up to and including", widget=FIGURE)
    threshold_source = words("Where do the thresholds come from?", f"A page or paper, or exactly: {EXAMPLE}")
    essential = forms.BooleanField(label="Essential: if it is not met, the standard is not met", required=False)
    basis = words("Where does this indicator come from?")

    def __init__(self, *args: Any, kind: Kind, part: DraftPart, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.kind = kind
        gone = {
            Kind.MEASURED: ("scale",),
            Kind.SURVEYED: ("measure",),
            Kind.JUDGED: ("measure", "scale", "met", "partly", "threshold_source"),
        }
        for name in gone[kind]:
            del self.fields[name]
        codes = [
            (str(one.get("code", "")), f"{one.get('code', '')}: {one.get('text', '')}"[:90])
            for one in part.expectations
        ]
        self._offer("expectation", [("", "The standard as a whole"), *codes])
        measures = sorted((name, f"{one.title} ({_better(one.direction)})") for name, one in MEASURES.items())
        self._offer("measure", [("", "Choose a measure"), *sorted(measures, key=lambda item: item[1])])
        if kind == Kind.SURVEYED:
            scales = sorted((name, scale_title(name)) for name in part.scales)
            self._offer("scale", [("", "Choose a scale"), *scales])
        self._name_bounds()

    def _offer(self, name: str, choices: list[tuple[str, str]]) -> None:
        if name in self.fields:
            cast("forms.ChoiceField", self.fields[name]).choices = choices

    def _name_bounds(self) -> None:
        """Say to what the figures are bounds, as far as that is known."""
        given = str(self.initial.get("measure"))
        if self.kind == Kind.SURVEYED or (given in MEASURES and MEASURES[given].direction == Direction.AT_LEAST):
            self.fields["met"].label, self.fields["partly"].label = "Met: at least", "Partly met: at least"
        elif self.kind == Kind.MEASURED:
            low = "at most" if given in MEASURES else "at most, or at least where higher is better"
            self.fields["met"].label, self.fields["partly"].label = f"Met: {low}", f"Partly met: {low}"

    @property
    def fields_of_part(self) -> dict[str, Any]:
        """With the kind, and the direction that follows from what is measured or asked."""
        found = super().fields_of_part | {"kind": self.kind.value.lower()}
        found["essential"] = bool(self.cleaned_data.get("essential"))
        if self.kind == Kind.SURVEYED:
            found["direction"] = Direction.AT_LEAST.value.lower()
        if found.get("measure") in MEASURES:
            found["direction"] = MEASURES[found["measure"]].direction.value.lower()
        return found


def _better(direction: Direction) -> str:
    return "lower is better" if direction == Direction.AT_MOST else "higher is better"


class MoveForm(SeenForm):
    """Which part is moved, and where to. A second press finds another revision, so it needs no token."""

    once = forms.UUIDField(required=False)

    standard = forms.IntegerField(min_value=0)
    part = forms.ChoiceField(
        choices=[("", ""), ("expectations", ""), ("indicators", "")],
        required=False,
    )
    entry = forms.IntegerField(min_value=0, required=False)
    up = forms.BooleanField(required=False)
