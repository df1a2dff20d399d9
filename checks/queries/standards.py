"""What the pages of standards show: the sets open to an employer, one version whole, and drafts."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Q
from django.http import Http404

from checks.freezing import scale_title, threshold_words
from checks.measures import MEASURES
from standards.definition import KIND_NAMES, Indicator, Kind, Standard, StandardSet
from standards.models import ChosenStandards, StandardDraft
from standards.models import StandardSet as SetRow
from standards.queries import local_on, published_set, rows_in_force
from standards.queries.drafts import drafts_of
from standards.variation import Variation
from teams.access import find_employer, holds_employer_wide
from teams.changing import mark_of
from teams.models import Employer, User
from teams.roles import Permission


@dataclass(frozen=True)
class PackRow:
    """A set as the list shows it: its newest version, the one in use, and what is missing in it."""

    newest: SetRow
    in_use: SetRow | None
    older: Sequence[SetRow]

    @property
    def pack(self) -> str:
        return self.newest.pack


@dataclass(frozen=True)
class StandardsPage:
    """Every set open to an employer, what it uses, and what is being written."""

    employer: Employer
    rows: Sequence[PackRow]
    drafts: Sequence[StandardDraft]
    may_edit: bool
    chosen: Sequence[str]
    mark: str

    @property
    def national(self) -> list[PackRow]:
        return [row for row in self.rows if row.newest.employer_id is None]

    @property
    def own(self) -> list[PackRow]:
        return [row for row in self.rows if row.newest.employer_id is not None]


def standards_page(user: User, slug: str, *, on: date, permission: Permission | None = None) -> StandardsPage:
    """The sets of standards that an employer may use. A fixed number of statements."""
    employer = find_employer(user, slug, *([permission] if permission else []))
    used = {row.pack: row for row in rows_in_force(employer, on=on)}
    chosen = list(ChosenStandards.objects.filter(employer=employer))
    by_pack: dict[str, list[SetRow]] = {}
    for row in _counted(employer):
        by_pack.setdefault(row.pack, []).append(row)
    return StandardsPage(
        employer=employer,
        rows=[
            PackRow(versions[-1], used.get(pack), versions[-2::-1])
            for pack, versions in sorted(by_pack.items(), key=lambda item: (item[0] not in used, item[0]))
        ],
        drafts=drafts_of(employer),
        may_edit=holds_employer_wide(user, Permission.STANDARDS_EDIT, employer=employer),
        chosen=[row.pack for row in chosen] or list(used),
        mark=mark_of(chosen),
    )


def _counted(employer: Employer) -> list[SetRow]:
    """Every version open to an employer, the oldest first, with how much it asks and how many gaps it has."""
    gaps = Count("standards", filter=~Q(standards__gap=""), distinct=True)
    kinds = {
        f"{kind.value.lower()}": Count(
            "standards__indicators", filter=Q(standards__indicators__kind=kind.value), distinct=True
        )
        for kind in Kind
    }
    return list(
        SetRow.objects.open_to(employer).annotate(gaps=gaps, headings=Count("standards", distinct=True), **kinds)
    )


@dataclass(frozen=True)
class IndicatorLine:
    """An indicator as people read it, with the local variation that is in force."""

    indicator: Indicator
    kind: str
    by: str
    limits: str
    source: str
    local: Variation | None = None
    local_limits: str = ""
    expectation: str = ""

    @property
    def may_vary(self) -> bool:
        return self.indicator.thresholds is not None


@dataclass(frozen=True)
class StandardPart:
    standard: Standard
    lines: Sequence[IndicatorLine]


@dataclass(frozen=True)
class SetPage:
    """One version of a set, whole."""

    employer: Employer
    row: SetRow
    found: StandardSet
    parts: Sequence[StandardPart]
    in_use: bool
    may_edit: bool


def find_set(employer: Employer, pack: str, version: str) -> SetRow:
    """A version open to an employer; 404 for one that is not there."""
    row = SetRow.objects.open_to(employer).filter(pack=pack, version=version).first()
    if row is None:
        raise Http404("There is no such version of a set of standards.")
    return row


def set_page(user: User, slug: str, pack: str, version: str, *, on: date) -> SetPage:
    """One version of a set with the local thresholds of today, if it is in use. A fixed number of statements."""
    employer = find_employer(user, slug)
    row = find_set(employer, pack, version)
    in_use = row in rows_in_force(employer, on=on)
    local = local_on(employer, on=on).in_force if in_use else {}
    found = published_set(row)
    return SetPage(
        employer=employer,
        row=row,
        found=found,
        parts=parts_of(found, local),
        in_use=in_use,
        may_edit=holds_employer_wide(user, Permission.STANDARDS_EDIT, employer=employer),
    )


def parts_of(found: StandardSet, local: Mapping[tuple[str, str], Variation]) -> list[StandardPart]:
    return [
        StandardPart(
            standard, [indicator_line(one, local.get((found.id, one.code)), standard) for one in standard.indicators]
        )
        for standard in found.standards
    ]


def indicator_line(one: Indicator, local: Variation | None, standard: Standard | None = None) -> IndicatorLine:
    """An indicator in words: how it is found out, and where met and partly met end."""
    expected = {entry.code: entry.text for entry in standard.expectations} if standard else {}
    measure = MEASURES.get(one.measure)
    limits = threshold_words(one.thresholds, measure) if one.thresholds else ""
    here = threshold_words(local.thresholds(one.thresholds), measure) if local and one.thresholds else ""
    return IndicatorLine(
        indicator=one,
        kind=KIND_NAMES[one.kind],
        by=measure.title if measure else scale_title(one.scale) if one.scale else "",
        limits=limits,
        source=one.thresholds.source if one.thresholds else "",
        local=local if here else None,
        local_limits=here,
        expectation=expected.get(one.expectation, ""),
    )
