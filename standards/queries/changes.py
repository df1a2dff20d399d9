"""What changed in the standards that an employer uses, in a stretch of time."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Q
from django.utils import timezone

from standards.models import ChosenStandards, LocalVariation
from standards.queries.sets import used_by
from teams.models import Employer


@dataclass(frozen=True)
class SetChange:
    """A set that was chosen on a day (`version` ""), or a version of a chosen one that took effect."""

    day: date
    title: str
    version: str


def set_changes(employer: Employer, *, since: date, until: date) -> list[SetChange]:
    """Sets chosen and versions that took effect in a stretch of time. Two statements.

    Only sets that are still chosen are told: one that is given up leaves no trace of when it was chosen.
    """
    chosen = {
        pack: timezone.localtime(at).date()
        for pack, at in ChosenStandards.objects.filter(employer=employer).values_list("pack", "chosen_at")
    }
    found, titles = [], {}
    for row in used_by(employer).filter(effective_on__lte=until).order_by("effective_on", "pk"):
        titles[row.pack] = row.title
        if since <= row.effective_on and chosen.get(row.pack, since) <= row.effective_on:
            found.append(SetChange(row.effective_on, row.title, row.version))
    found += [SetChange(day, titles.get(pack, pack), "") for pack, day in chosen.items() if since <= day <= until]
    return found


def variations_between(employer: Employer, *, since: date, until: date) -> Sequence[LocalVariation]:
    """Approved local variations that began or ended in a stretch of time, or counted in it. One statement."""
    rows = LocalVariation.objects.approved().filter(employer=employer, starts_on__lte=until, review_on__gte=since)
    return [
        row
        for row in rows.filter(Q(ended_on=None) | Q(ended_on__gte=since)).order_by("starts_on", "pk")
        if not row.as_variation().never_counted
    ]
