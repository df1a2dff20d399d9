"""Files and packed rows that nobody can search for a name, so that somebody looks at them when a worker is erased."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.core.paginator import Page
from django.db.models import CharField, F, Min, QuerySet, UUIDField, Value
from django.db.models.functions import Concat

from caseloads.models import ImportImage
from checks.models import Evidence
from design.paging import page_of
from reports.queries.personal_data import find_subject
from teams.models import User, Worker

PAGE = 50
EVIDENCE, IMAGE = "Evidence of a health check", "Rows that an import can be put back from"


@dataclass(frozen=True)
class Unsearched:
    """Something that may name a worker. `by`: nothing where it came by a command. `imported`: the key of its import."""

    what: str
    name: str
    where: str
    at: datetime
    by: str
    imported: UUID | None


def unsearched_files(user: User, public_id: UUID, *, number: str | None) -> tuple[Worker, Page[Any]]:
    """What was brought since a worker's first day, the newest first, page by page; of all teams of their employer."""
    worker = find_subject(user, public_id)
    page: Page[Any] = page_of(_rows(worker), number, PAGE)
    rows = list(page.object_list)
    people = User.objects.in_bulk({row["by"] for row in rows if row["by"]})
    page.object_list = [Unsearched(**row | {"by": str(people.get(row["by"], ""))}) for row in rows]
    return worker, page


def _rows(worker: Worker) -> QuerySet[Any, Any]:
    since = worker.contracts.aggregate(first=Min("starts_on"))["first"] or date.min
    kept = Evidence.objects.filter(removed_at__isnull=True).exclude(file_name="")
    evidence = kept.filter(answer__check_of__employer=worker.employer_id, added_at__date__gte=since)
    images = ImportImage.objects.filter(run__employer=worker.employer_id, run__created_at__date__gte=since)
    return (
        evidence.order_by()
        .values(
            what=Value(EVIDENCE, CharField()),
            name=F("file_name"),
            where=Concat("answer__check_of__team__name", Value(", "), "answer__check_of__cycle__name"),
            at=F("added_at"),
            by=F("added_by"),
            imported=Value(None, UUIDField()),
        )
        .union(
            images.order_by().values(
                what=Value(IMAGE, CharField()),
                name=F("run__file_name"),
                where=Value("", CharField()),
                at=F("run__created_at"),
                by=F("run__created_by"),
                imported=F("run__public_id"),
            ),
            all=True,
        )
        .order_by("-at", "name")
    )
