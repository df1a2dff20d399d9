"""What the pages of a draft of standards show."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.http import Http404
from django.urls import reverse

from checks.measures import MEASURES
from checks.queries.previewing import preview
from checks.queries.scales import scales_of
from design import figures
from standards import editing
from standards.definition import KIND_NAMES, Kind
from standards.editing import Document, NoSuchPartError, Place
from standards.models import StandardDraft, StandardSet
from standards.pack import SET_FIELDS, Fault
from standards.queries.drafts import draft_copied_from, faults_of
from teams.models import Employer

NAMES = {"": "the standard", "expectations": "the expectation", "indicators": "the indicator"}
KINDS = {kind.value.lower(): kind for kind in Kind}


@dataclass(frozen=True)
class FaultRow:
    """One thing that is wrong with a draft, in which of its standards (by number), and where it is put right.

    No standard: it is in none of them. No address: its place does not tell.
    """

    place: str
    words: str
    standard: int | None
    address: str


@dataclass(frozen=True)
class DraftPage:
    """A draft with everything that is wrong with it."""

    draft: StandardDraft
    faults: Sequence[FaultRow]

    @property
    def standards(self) -> list[Document]:
        found: list[Document] = self.draft.document["standards"]
        return found

    @property
    def effective_on(self) -> str:
        """The day from which it would be used, in words; as it stands where it is no day."""
        said = str(self.draft.document.get("effective_on", ""))
        try:
            return figures.day(date.fromisoformat(said))
        except ValueError:
            return said or figures.NOT_KNOWN


def draft_address(employer: Employer, copied: StandardSet) -> str:
    """Where the draft that was begun with a copy of a version is written; the list, where it is there no more."""
    draft = draft_copied_from(copied, employer=employer)
    return reverse("standard-draft", args=[draft.public_id]) if draft else reverse("standards", args=[employer.slug])


def draft_page(draft: StandardDraft, *, only: int | None = None) -> DraftPage:
    """A draft with everything that is wrong with it, or with one of its standards only, by number."""
    found = faults_of(draft, measures=MEASURES, scales=scales_of(draft.employer))
    rows = [_fault_row(draft, fault) for fault in found]
    return DraftPage(draft, [row for row in rows if only is None or row.standard == only])


def _fault_row(draft: StandardDraft, fault: Fault) -> FaultRow:
    said = editing.in_words(draft.document, fault.place)
    place = editing.place_of(fault.place)
    if place is None:
        return FaultRow(said, fault.words, None, _address_in_set(draft, fault.place))
    return FaultRow(said, fault.words, place.standard, _address_in_standard(draft, fault.place, place))


def _address_in_set(draft: StandardDraft, fault_place: str) -> str:
    if fault_place == "standards":
        return reverse("standard-draft-add", args=[draft.public_id])
    return reverse("standard-draft-about", args=[draft.public_id]) if fault_place in SET_FIELDS else ""


def _address_in_standard(draft: StandardDraft, fault_place: str, place: Place) -> str:
    """The form of an entry or of the standard; of a list that is empty, the page on which entries are added."""
    whole = [draft.public_id, place.standard]
    if place.part:
        return reverse("standard-draft-entry", args=[*whole, place.part, place.entry])
    lists = fault_place.endswith(editing.PARTS)
    return reverse("standard-draft-standard" if lists else "standard-draft-standard-change", args=whole)


@dataclass(frozen=True)
class DraftPart:
    """A standard, an expectation or an indicator of a draft, as it is, or as a new one begins."""

    draft: StandardDraft
    place: Place
    fields: Document
    name: str
    kind: Kind | None = None

    @property
    def standard(self) -> Document:
        return editing.found(self.draft.document, Place(self.place.standard))

    @property
    def expectations(self) -> Sequence[Document]:
        found: list[Document] = self.standard.get("expectations", [])
        return found

    @property
    def scales(self) -> frozenset[str]:
        """The scales that an indicator which is asked of staff may name. One statement."""
        return scales_of(self.draft.employer)

    @property
    def caption(self) -> str:
        return f"Standard {self.standard.get('code', '')}: {self.standard.get('title', '')}"

    @property
    def text(self) -> str:
        return str(self.fields.get("text") or self.fields.get("title") or "")

    @property
    def address(self) -> str:
        return reverse("standard-draft", args=[self.draft.public_id])


def part_of(draft: StandardDraft, place: Place) -> DraftPart:
    """A part of a draft; 404 for one that is not, or no longer, there."""
    try:
        fields = editing.found(draft.document, place)
    except NoSuchPartError as gone:
        raise Http404(str(gone)) from gone
    kind = KINDS.get(str(fields.get("kind", "measured")), Kind.MEASURED) if place.part == "indicators" else None
    return DraftPart(draft, place, fields, NAMES[place.part], kind)


def new_part(draft: StandardDraft, standard: int, what: str) -> DraftPart:
    """An expectation, or an indicator of a kind, that is to be added to a standard; 404 for anything else."""
    part_of(draft, Place(standard))
    if what == "expectation":
        return DraftPart(draft, Place(standard, "expectations"), {}, "an expectation")
    if what not in KINDS:
        raise Http404("There is nothing of this kind to add.")
    kind = KINDS[what]
    name = f"an indicator that is {KIND_NAMES[kind].lower()}"
    return DraftPart(draft, Place(standard, "indicators"), {}, name, kind)


def draft_preview(draft: StandardDraft, *, as_of: date) -> dict[str, Any]:
    """What the preview shows: the faults, while there are any; else what publishing would change."""
    page = draft_page(draft)
    return {"page": page, "preview": None if page.faults else preview(draft, as_of=as_of)}
