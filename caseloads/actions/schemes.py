"""What people do with weighting schemes: copy a version to a draft, change it, publish it or throw it away."""

from dataclasses import replace
from datetime import date, datetime
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from caseloads.actions.scoring import score_soon
from caseloads.draft_text import Document, coded, empty, read, says_the_same
from caseloads.drafting import SchemeDraft, why_not_publish
from caseloads.models import Band, CaseCategory, ComplexityFactor, StageShare, WeightingScheme
from caseloads.models import SchemeDraft as DraftRow
from caseloads.policies import why_not_effective
from caseloads.queries.schemes import document_of
from design import figures
from teams import audit, submissions
from teams.access import require_employer_wide, require_somewhere
from teams.audit import Event
from teams.models import ServiceArea, User
from teams.refusals import NotAllowed
from teams.roles import Permission


@transaction.atomic
def publish_scheme(*, service_area: ServiceArea, draft: SchemeDraft, by: User | None, at: datetime) -> WeightingScheme:
    """Publish the next version of a service area's scheme; from then on the database lets nobody change it."""
    employer = service_area.employer
    require_somewhere(by, Permission.SCHEME_PUBLISH, employer=employer)
    ServiceArea.objects.select_for_update().get(pk=service_area.pk)
    if faults := why_not_publish(draft, full_time_hours=service_area.full_time_hours):
        raise NotAllowed(" ".join(faults))
    version = service_area.schemes.count() + 1
    scheme = WeightingScheme.objects.create(
        employer=employer, service_area=service_area, version=version, **draft.fields
    )
    CaseCategory.objects.bulk_create(CaseCategory(scheme=scheme, **row) for row in draft.categories)
    ComplexityFactor.objects.bulk_create(ComplexityFactor(scheme=scheme, **row) for row in draft.factors)
    Band.objects.bulk_create(Band(scheme=scheme, **row) for row in draft.bands)
    StageShare.objects.bulk_create(
        StageShare(scheme=scheme, career_stage=stage, share=share) for stage, share in draft.stage_shares.items()
    )
    WeightingScheme.objects.filter(pk=scheme.pk, published_at__isnull=True).update(published_at=at)
    audit.record(Event.SCHEME_PUBLISHED, employer=employer, target=scheme, by=by, at=at, detail={"version": version})
    score_soon(service_area.teams.all(), at=at)
    return scheme


@transaction.atomic
def begin_draft(
    *, service_area: ServiceArea, base: WeightingScheme | None, once: UUID | None, by: User, at: datetime
) -> DraftRow:
    """Copy a version of an area's scheme to a draft, or begin one with nothing in it. An area has one at a time."""
    require_employer_wide(by, Permission.SCHEME_PUBLISH, employer=service_area.employer)
    submissions.claim(once, by=by, at=at)
    ServiceArea.objects.select_for_update(of=("self",)).get(pk=service_area.pk)
    there = DraftRow.objects.filter(service_area=service_area).select_related("changed_by").first()
    if there is not None:
        who = there.changed_by or "the system"
        raise NotAllowed(f"There is a draft for {service_area} already, last changed by {who}. Open that one.")
    document = document_of(base) if base else empty()
    row = DraftRow.objects.create(
        employer=service_area.employer,
        service_area=service_area,
        base=base,
        document=document,
        changed_at=at,
        changed_by=by,
    )
    _note(row, "begun", by=by, at=at, base=base and base.version)
    return row


@transaction.atomic
def change_draft(
    *, draft: DraftRow, document: Document, seen: str | None, once: UUID | None, by: User, at: datetime
) -> DraftRow:
    """Keep what was typed, faulty or not."""
    row = _take(draft, seen, once, by=by, at=at)
    before, row.document = row.document, coded(document)
    row.revision += 1
    row.changed_at, row.changed_by = at, by
    row.save(update_fields=["document", "revision", "changed_at", "changed_by"])
    _note(row, "changed", by=by, at=at, revision=row.revision, changes=audit.difference(before, row.document))
    return row


@transaction.atomic
def drop_draft(*, draft: DraftRow, seen: str | None, once: UUID | None, by: User, at: datetime) -> None:
    """Throw a draft away. What was published stays as it is."""
    row = _take(draft, seen, once, by=by, at=at)
    _note(row, "thrown away", by=by, at=at, document=row.document)
    row.delete()


@transaction.atomic
def publish_draft(
    *, draft: DraftRow, effective_on: date, seen: str | None, once: UUID | None, by: User, at: datetime
) -> WeightingScheme:
    """Publish a draft as the next version, from a day on. Its area's teams are scored again."""
    row = _take(draft, seen, once, by=by, at=at)
    area = row.service_area
    reading = read(row.document, full_time_hours=area.full_time_hours)
    if reading.draft is None or reading.faults:
        raise NotAllowed(f"The draft cannot be published: {reading.faults[0].sentence}")
    _require_changed(area, reading.draft)
    newest = area.schemes.order_by("-effective_on").values_list("effective_on", flat=True).first()
    if reason := why_not_effective(effective_on, today=timezone.localdate(at), newest=newest):
        raise NotAllowed(reason)
    fields = {**reading.draft.fields, "effective_on": effective_on}
    scheme = publish_scheme(service_area=area, draft=replace(reading.draft, fields=fields), by=by, at=at)
    row.delete()
    return scheme


def _require_changed(area: ServiceArea, draft: SchemeDraft) -> None:
    newest = area.schemes.order_by("-version").first()
    before = read(document_of(newest), full_time_hours=area.full_time_hours).draft if newest else None
    if before and says_the_same(draft, before):
        raise NotAllowed("Nothing was changed: there is nothing to publish. Change the draft, or throw it away.")


def _take(draft: DraftRow, seen: str | None, once: UUID | None, *, by: User, at: datetime) -> DraftRow:
    """Lock a draft as it was seen. Raises NotAllowed when somebody has changed it, published it or thrown it away."""
    require_employer_wide(by, Permission.SCHEME_PUBLISH, employer=draft.employer)
    submissions.claim(once, by=by, at=at)
    rows = DraftRow.objects.select_for_update(of=("self",)).select_related("employer", "service_area", "changed_by")
    row = rows.filter(pk=draft.pk).first()
    if row is None:
        raise NotAllowed("This draft is no longer there: somebody has published it or thrown it away.")
    if seen is not None and seen != str(row.revision):
        when = figures.moment(timezone.localtime(row.changed_at))
        raise NotAllowed(
            f"{row.changed_by or 'The system'} changed this draft on {when}, after you opened the page. Nothing of "
            "yours has been saved: open the draft in another window to see what is different, and send yours again "
            "to replace it."
        )
    return row


def _note(row: DraftRow, did: str, *, by: User, at: datetime, **detail: object) -> None:
    told = {"did": did, "service_area": row.service_area_id, **detail}
    audit.record(Event.SCHEME_DRAFTED, employer=row.employer, target=row, by=by, at=at, detail=told)
