"""Forms about weighting schemes. A draft is kept as it was typed; what is wrong with it is said beside the box."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, cast

from django import forms

from caseloads.draft_text import FIELDS, LISTS, MOST_LINES, NAMES, Document, changed
from caseloads.drafting import STAGES
from caseloads.models import Band, WeightingScheme
from design.fields import DayField
from design.identifying import why_identifying
from teams.forms.changing import SeenForm
from teams.forms.once import OnceForm

LONGEST_BOX = 1000
FREE_TEXT = ("name", "source")


class BeginDraftForm(OnceForm):
    """From which version a draft is copied."""

    base = forms.ChoiceField(label="Start from", widget=forms.RadioSelect)

    def __init__(self, *args: Any, versions: Sequence[WeightingScheme], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.versions = {str(row.pk): row for row in versions}
        base = cast("forms.ChoiceField", self.fields["base"])
        base.choices = [*((key, str(row)) for key, row in self.versions.items()), ("", "Nothing: fill everything in")]
        base.required = False
        base.initial = next(iter(self.versions), "")

    @property
    def chosen(self) -> WeightingScheme | None:
        return self.versions.get(self.cleaned_data["base"])


class PublishDraftForm(SeenForm):
    """From which day the version counts."""

    effective_on = DayField(label="On which day does it take effect?", help_text="Today or later, such as 1/4/2027.")


class DropDraftForm(SeenForm):
    """Asks once more before a draft is thrown away."""


class DraftForm(SeenForm):
    """A whole draft as typed. Nothing is refused for being wrong, only words that would identify somebody."""

    do = forms.CharField(required=False, max_length=40)

    def __init__(self, *args: Any, document: Document, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.kept = document

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        for place, typed in self._free_texts():
            if reason := why_identifying(typed):
                self.add_error(None, f"{place}: {reason}.")
        return data

    def _free_texts(self) -> Iterator[tuple[str, str]]:
        typed = self.typed
        yield from ((NAMES[name], typed["fields"][name]) for name in FREE_TEXT)
        for name in LISTS:
            for number, line in enumerate(typed[name], start=1):
                yield f"{name.capitalize()}, line {number}", line["name"]

    @property
    def typed(self) -> Document:
        """What the boxes hold; before anything is sent, what is kept."""
        if not self.is_bound:
            return self.kept
        lists = {name: [self._line(name, columns, n) for n in self._numbers(name)] for name, columns in LISTS.items()}
        return {
            "fields": {name: self._box(name) for name in FIELDS},
            "stages": {stage: self._box(f"stages-{stage}") for stage in STAGES},
            **lists,
        }

    @property
    def ordered(self) -> Document:
        """What is to be kept: what was typed, after what the button said."""
        return changed(self.typed, self.cleaned_data["do"])

    @property
    def anchor(self) -> str:
        """Where on the page the button was."""
        return next((f"#{name}" for name in LISTS if f":{name}" in self.cleaned_data["do"]), "")

    def _box(self, name: str) -> str:
        return str(self.data.get(name, ""))[:LONGEST_BOX]

    def _numbers(self, name: str) -> range:
        told = str(self.data.get(f"{name}-lines", ""))
        return range(min(int(told), MOST_LINES) if told.isascii() and told.isdecimal() and len(told) < 4 else 0)  # noqa: PLR2004

    def _line(self, name: str, columns: Sequence[str], number: int) -> dict[str, str]:
        return {column: self._box(f"{name}-{number}-{column}") for column in columns}


@dataclass(frozen=True)
class Box:
    """One box of the page: its id, what it is called, what it holds, and what is wrong with it."""

    id: str
    label: str
    value: str
    error: str = ""
    hint: str = ""
    kind: str = "text"
    options: Sequence[tuple[str, str]] = ()


@dataclass(frozen=True)
class LineBoxes:
    """One line of a list; code: its own, for good."""

    number: int
    title: str
    code: str
    boxes: Sequence[Box]
    first: bool
    last: bool


@dataclass(frozen=True)
class ListBoxes:
    """A list of lines."""

    name: str
    title: str
    intro: str
    one: str
    headings: Sequence[str]
    lines: Sequence[LineBoxes]

    @property
    def full(self) -> bool:
        return len(self.lines) >= MOST_LINES


HINTS = {
    "unit": "What one unit of weight is.",
    "maximum": "What somebody who works full time carries at most, in the unit.",
    "stable": "What everybody carries beside cases, such as duty and training.",
    "default_weight": "Never zero: a case is work before it is rated.",
    "sibling_share": "In per cent. 100: no rule for siblings.",
    "joint_uplift": "In per cent. How much more than the whole several workers may hold of a case.",
    "review_interval_days": "Leave it empty if ratings do not go out of date.",
    "source": "Who agreed the numbers, when and where it is written; or: example — agree your own.",
}
UNITS = WeightingScheme.Unit.choices
LIMITS = WeightingScheme.Limit.choices
ABOUT = ("name", "unit", "source")
NUMBERS = FIELDS[2:10]
WHEN = FIELDS[10:13]


def boxes(names: Sequence[str], document: Document, faults: Mapping[str, str]) -> list[Box]:
    """The boxes of some of the scheme's own fields."""
    options = {"unit": UNITS, **dict.fromkeys(WHEN, LIMITS)}
    return [
        Box(
            id=name,
            label=NAMES[name],
            value=document["fields"][name],
            error=faults.get(name, ""),
            hint=HINTS.get(name, ""),
            kind="select" if name in options else "words" if name == "source" else "wide" if name == "name" else "text",
            options=options.get(name, ()),
        )
        for name in names
    ]


def stage_boxes(document: Document, faults: Mapping[str, str]) -> list[Box]:
    return [
        Box(f"stages-{stage}", label, document["stages"][stage], faults.get(f"stages-{stage}", ""))
        for stage, label in STAGES.items()
    ]


TITLES = {
    "categories": (
        "Categories",
        (
            "What kinds of case there are, and what each weighs. Cases keep a category by its code, so a new name "
            "changes no case. The days say how long a case may wait for a worker; empty: no limit."
        ),
        "category",
    ),
    "factors": ("Complexity factors", "What makes a case heavier, or lighter with points below zero.", "factor"),
    "bands": (
        "Bands",
        (
            "From which load % each band applies. The first begins at 0. The level says what a band means, whatever "
            "it is called: over and well over raise red flags."
        ),
        "band",
    ),
}
COLUMNS = {
    "categories": {"name": "Name", "weight": "Weight", "reserved": "Registered only", "limit": "May wait, days"},
    "factors": {"name": "Name", "points": "Points", "per_extra": "For each one counted"},
    "bands": {"name": "Name", "level": "Level", "lower": "From load %"},
}
KINDS = {"reserved": "check", "per_extra": "check", "level": "select", "name": "wide"}


def page(document: Document, faults: Mapping[str, str]) -> dict[str, object]:
    """Every box of the page, by its sections."""
    return {
        "about": boxes(ABOUT, document, faults),
        "numbers": boxes(NUMBERS, document, faults),
        "when": boxes(WHEN, document, faults),
        "stages": stage_boxes(document, faults),
        "lists": [list_boxes(name, document[name], faults) for name in TITLES],
    }


def list_boxes(name: str, lines: Sequence[Mapping[str, str]], faults: Mapping[str, str]) -> ListBoxes:
    """A list of the page, line by line."""
    title, intro, one = TITLES[name]
    made = [
        LineBoxes(
            number=number,
            title=line["name"] or f"{one} {number + 1}",
            code=line.get("code", ""),
            boxes=[_cell(f"{name}-{number}", f"{one} {number + 1}", column, line, faults) for column in COLUMNS[name]],
            first=number == 0,
            last=number == len(lines) - 1,
        )
        for number, line in enumerate(lines)
    ]
    return ListBoxes(name, title, intro, one, list(COLUMNS[name].values()), made)


def _cell(line_id: str, one: str, column: str, line: Mapping[str, str], faults: Mapping[str, str]) -> Box:
    place = f"{line_id}-{column}"
    return Box(
        id=place,
        label=f"{COLUMNS[line_id.partition('-')[0]][column]}, {one}",
        value=line[column],
        error=faults.get(place, ""),
        kind=KINDS.get(column, "text"),
        options=Band.Level.choices if column == "level" else (),
    )
