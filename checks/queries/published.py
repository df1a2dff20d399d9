"""What anybody may read without signing in: published cycles at their addresses, exactly as they were published."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Max
from django.http import Http404
from django.utils import timezone

from checks.models import Cycle, Publication
from checks.publishing import COLUMNS, table_of
from checks.queries.to_publish import newest_of
from design.spreadsheets import csv_text
from teams.access import holds_employer_wide
from teams.models import Employer, User
from teams.roles import Permission


def find_publication(employer: str, slug: str) -> Publication:
    """The newest publication at an address, withdrawn or not; 404 where nothing ever was."""
    rows = Publication.objects.filter(employer__slug=employer, slug=slug).select_related("employer", "cycle")
    found = rows.order_by("-number").first()
    if found is None:
        raise Http404("Nothing is published here.")
    return found


@dataclass(frozen=True)
class Publications:
    """The cycles that an employer has published and not withdrawn, the newest first."""

    employer: Employer
    rows: Sequence[Publication]


def publications_of(employer: str) -> Publications:
    """404 for an employer that never published anything: whether there is one is nobody's business. Two statements."""
    rows = Publication.objects.filter(employer__slug=employer)
    newest = rows.order_by().values("cycle").annotate(newest=Max("pk")).values("newest")
    found = list(rows.filter(pk__in=newest).select_related("employer", "cycle").order_by("-cycle__period_to", "-pk"))
    if not found:
        raise Http404("Nothing is published here.")
    return Publications(found[0].employer, [one for one in found if one.withdrawn_at is None])


def team_of(publication: Publication, number: int) -> Mapping[str, Any]:
    """One of the teams that are shown, counted from 1 (404 where there is none)."""
    teams: Sequence[Mapping[str, Any]] = publication.content["teams"]
    if not 1 <= number <= len(teams):
        raise Http404("There is no such team here.")
    return teams[number - 1]


def as_csv(publication: Publication) -> bytes:
    """All of it as one table, with a byte-order mark, by which spreadsheets know the encoding."""
    return csv_text(COLUMNS, table_of(publication.content)).encode("utf-8-sig")


def as_json(publication: Publication, *, address: str, schema: str) -> str:
    """All of it, with where it is and when it was published; the schema describes it."""
    about = {
        "$schema": schema,
        "address": address,
        "publication": publication.number,
        "published_at": timezone.localtime(publication.published_at).isoformat(timespec="seconds"),
    }
    return json.dumps(about | publication.content, ensure_ascii=False, indent=1)


@dataclass(frozen=True)
class Publishing:
    """Where a cycle stands with the public: its newest publication, and what the reader may do."""

    newest: Publication | None
    may_publish: bool

    @property
    def current(self) -> Publication | None:
        return self.newest if self.newest and self.newest.withdrawn_at is None else None


def publishing_of(cycle: Cycle, user: User) -> Publishing:
    """Two statements."""
    return Publishing(newest_of(cycle), holds_employer_wide(user, Permission.CHECK_SIGN, employer=cycle.employer))
