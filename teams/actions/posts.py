"""What managers do about the posts of a team."""

from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from django.db import transaction

from design import figures
from teams import submissions
from teams.access import require
from teams.actions.staffing import note
from teams.changing import require_unchanged, values_of
from teams.models import Establishment, Team, User
from teams.refusals import NotAllowed
from teams.roles import Permission


@transaction.atomic
def set_establishment(
    *,
    team: Team,
    weekly_hours: Decimal,
    starts_on: date,
    seen: str | None = None,
    once: UUID | None = None,
    by: User | None,
    at: datetime,
) -> None:
    """Say how many hours of posts a team has from a day; what was said before holds until then.

    From the very day on which a row begins it is a correction of that row; the audit trail keeps what it said.
    """
    require(by, Permission.STAFFING_RECORD, team=team)
    submissions.claim(once, by=by, at=at)
    Team.objects.select_for_update(of=("self",)).get(pk=team.pk)
    rows = list(team.establishments.all())
    require_unchanged(seen, rows, now=posts_words(rows))
    if rows and rows[-1].starts_on > starts_on:
        latest = figures.day(rows[-1].starts_on)
        raise NotAllowed(f"Posts are already recorded from {latest}. Choose that day or a later one")
    before = values_of(rows[-1], "weekly_hours", "starts_on") if rows else None
    if rows and rows[-1].starts_on == starts_on:
        rows[-1].weekly_hours = weekly_hours
        rows[-1].save(update_fields=["weekly_hours"])
    else:
        team.establishments.filter(ends_on__isnull=True).update(ends_on=starts_on)
        Establishment.objects.create(team=team, weekly_hours=weekly_hours, starts_on=starts_on)
    after = {"weekly_hours": weekly_hours, "starts_on": starts_on}
    note("establishment", team=team, target=team, by=by, at=at, before=before, after=after)


def posts_words(rows: list[Establishment]) -> str:
    if not rows:
        return "no posts recorded"
    return f"{figures.plain(rows[-1].weekly_hours)} hours a week from {figures.day(rows[-1].starts_on)}"
