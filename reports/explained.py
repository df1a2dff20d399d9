"""What somebody had to answer or explain, as the report prints it: open duties, limits passed, weights set by hand."""

from datetime import date

from django.db.models import OuterRef, Subquery

from caseloads.models import Allocation, Case, LimitException, Rating
from checks.models import Duty
from checks.queries.duties import DutyRow
from design import figures
from reports.content import DutyLine, Explained
from teams.models import Team


def open_duties(team: Team, *, as_of: date) -> list[DutyLine]:
    """Duties that are not closed, the longest open first. One statement.

    A concern is named, not quoted; one that went past the team's manager is left out, since they read the report.
    """
    rows = Duty.objects.filter(team=team, past_manager=False, opened_on__lte=as_of).unclosed()
    rows = rows.select_related("worker", "case").order_by("opened_on", "pk")
    return [_duty(DutyRow(duty, as_of)) for duty in rows]


def _duty(row: DutyRow) -> DutyLine:
    about = row.duty.worker or (f"case {row.duty.case}" if row.duty.case else "the team")
    return DutyLine(
        name=row.name,
        about=str(about),
        stands=f"{row.state}, with the {row.level}",
        due=f"{figures.day(row.duty.due_on)}{', late' if row.late else ''}",
        open_for=figures.days(row.days_open),
    )


def limits_passed(team: Team, *, as_of: date) -> list[Explained]:
    """Limits that allocations which still count went past. One statement."""
    held = Allocation.objects.filter(team=team, case__in=Case.objects.open_on(as_of)).open_on(as_of)
    rows = LimitException.objects.filter(allocation__in=held)
    rows = rows.select_related("allocation__worker", "allocation__case", "approved_by", "by").order_by("at", "pk")
    return [
        Explained(
            what=f"Case {row.allocation.case}, {row.allocation.worker}: {row.get_limit_display().lower()}",
            detail=row.detail,
            reason=row.reason,
            by=f"{row.by or 'an import'}{f', approved by {row.approved_by}' if row.approved_by else ''}",
        )
        for row in rows
    ]


def weights_by_hand(team: Team, *, as_of: date) -> list[Explained]:
    """Open cases of the team whose newest rating is a weight set by hand. One statement."""
    newest = Rating.objects.filter(case=OuterRef("pk")).order_by("-rated_on", "-pk")
    cases = Case.objects.filter(team=team).open_on(as_of).annotate(newest=Subquery(newest.values("pk")[:1]))
    rows = Rating.objects.filter(pk__in=cases.values("newest"), override__isnull=False)
    return [
        Explained(
            what=f"Case {row.case}",
            detail=f"{figures.amount(row.override)}, set on {figures.day(row.rated_on)}",
            reason=row.override_reason,
            by=str(row.rated_by or "an import"),
        )
        for row in rows.select_related("case", "rated_by").order_by("case__reference")
    ]
