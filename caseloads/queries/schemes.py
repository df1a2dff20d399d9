"""Weighting schemes as people read them: every version of every area, and the drafts of those who may publish."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.http import Http404

from caseloads.draft_text import Document, Reading, read
from caseloads.drafting import STAGES
from caseloads.models import SchemeDraft, WeightingScheme
from design import figures
from teams.access import find_employer, holds_employer_wide
from teams.models import Employer, ServiceArea, User
from teams.roles import Permission


@dataclass(frozen=True)
class Version:
    """A published version; state: in force, to come, or over."""

    scheme: WeightingScheme
    state: str


@dataclass(frozen=True)
class AreaSchemes:
    """The versions of one service area, the newest first, and its draft."""

    area: ServiceArea
    versions: Sequence[Version]
    draft: SchemeDraft | None


@dataclass(frozen=True)
class SchemeList:
    employer: Employer
    may_publish: bool
    areas: Sequence[AreaSchemes]


def scheme_list(user: User, slug: str, *, as_of: date) -> SchemeList:
    """Every version of an employer's schemes, for every member of it. Drafts are for those who publish."""
    employer = find_employer(user, slug)
    may = holds_employer_wide(user, Permission.SCHEME_PUBLISH, employer=employer)
    drafts = {row.service_area_id: row for row in employer.scheme_drafts.select_related("changed_by")} if may else {}
    versions: dict[int, list[WeightingScheme]] = {}
    for row in employer.schemes.filter(published_at__isnull=False).order_by("-version"):
        versions.setdefault(row.service_area_id, []).append(row)
    areas = [
        AreaSchemes(area, _versions(versions.get(area.pk, []), as_of), drafts.get(area.pk))
        for area in employer.service_areas.all()
    ]
    return SchemeList(employer, may, areas)


def _versions(rows: Sequence[WeightingScheme], as_of: date) -> list[Version]:
    """Tell which version is in force: the newest of those that have taken effect by the day."""
    begun = [row for row in rows if row.effective_on <= as_of]
    now = max(begun, key=lambda row: (row.effective_on, row.version), default=None)
    return [
        Version(row, "in force" if row == now else "to come" if row.effective_on > as_of else "over") for row in rows
    ]


@dataclass(frozen=True)
class SchemePage:
    """One version whole."""

    scheme: WeightingScheme
    state: str
    stages: Sequence[tuple[str, int]]


def find_scheme(user: User, slug: str, pk: int, *, as_of: date) -> SchemePage:
    """A published version of an employer's scheme, for every member of it; any other is not there (404)."""
    employer = find_employer(user, slug)
    rows = list(
        employer.schemes.filter(published_at__isnull=False, service_area__schemes=pk).select_related("service_area")
    )
    version = next((one for one in _versions(rows, as_of) if one.scheme.pk == pk), None)
    if version is None:
        raise Http404("There is no such scheme.")
    shares = {row.career_stage: row.share for row in version.scheme.stage_shares.all()}
    stages = [(STAGES[stage], shares[stage]) for stage in STAGES if stage in shares]
    return SchemePage(version.scheme, version.state, stages)


def find_area(user: User, slug: str, pk: int) -> tuple[ServiceArea, list[WeightingScheme]]:
    """A service area and its versions, the newest first, for those who may publish (403 for other members)."""
    employer = find_employer(user, slug, Permission.SCHEME_PUBLISH)
    area = employer.service_areas.select_related("employer").filter(pk=pk).first()
    if area is None:
        raise Http404("There is no such service area.")
    return area, list(area.schemes.filter(published_at__isnull=False).order_by("-version"))


def find_draft(user: User, public_id: UUID) -> SchemeDraft:
    """A draft, for those who may publish it: strangers are told there is none (404), other members no (403)."""
    rows = SchemeDraft.objects.filter(employer__in=Employer.objects.visible_to(user))
    row = rows.select_related("employer", "service_area", "base", "changed_by").filter(public_id=public_id).first()
    if row is None:
        raise Http404("There is no such draft.")
    if not holds_employer_wide(user, Permission.SCHEME_PUBLISH, employer=row.employer):
        raise PermissionDenied(f"You cannot {Permission.SCHEME_PUBLISH.value} for this employer.")
    return row


def reading_of(draft: SchemeDraft) -> Reading:
    """A draft's values and faults."""
    return read_typed(draft, draft.document)


def read_typed(draft: SchemeDraft, typed: Document) -> Reading:
    """What has been typed of a draft, kept or not, with its faults."""
    return read(typed, full_time_hours=draft.service_area.full_time_hours)


def document_of(scheme: WeightingScheme) -> Document:
    """A published version as it would be typed."""
    shares = {row.career_stage: str(row.share) for row in scheme.stage_shares.all()}
    amounts = ("maximum", "stable", "default_weight", "lowest_weight", "highest_weight")
    plain = ("name", "unit", "when_over", "when_newly_qualified", "when_reserved", "source")
    whole = ("sibling_share", "joint_uplift", "review_interval_days")
    return {
        "fields": {name: getattr(scheme, name) for name in plain}
        | {name: _typed(getattr(scheme, name)) for name in (*amounts, *whole)},
        "stages": {stage: shares.get(stage, "") for stage in STAGES},
        "categories": [
            {
                "code": row.code,
                "name": row.name,
                "weight": _typed(row.weight),
                "reserved": "yes" if row.reserved else "",
                "limit": _typed(row.unallocated_limit_days),
            }
            for row in scheme.categories.all()
        ],
        "factors": [
            {
                "code": row.code,
                "name": row.name,
                "points": _typed(row.points),
                "per_extra": "yes" if row.per_extra else "",
            }
            for row in scheme.factors.all()
        ],
        "bands": [{"level": row.level, "name": row.name, "lower": _typed(row.lower)} for row in scheme.bands.all()],
    }


def _typed(value: Decimal | int | None) -> str:
    return "" if value is None else str(figures.plain(Decimal(value)))
