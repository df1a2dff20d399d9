"""What somebody had to answer or explain, as the report prints it: open duties, limits passed, weights set by hand."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import CharField, OuterRef, Subquery, Value
from django.db.models.functions import Cast

from caseloads.models import Allocation, Case, LimitException, Rating
from caseloads.workload_scheme import LIMIT_NAMES, Limit
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


def decided_by_hand(team: Team, *, as_of: date) -> tuple[list[Explained], list[Explained]]:
    """Limits that allocations which still count went past, and weights of open cases set by hand. One statement."""
    held = Allocation.objects.filter(team=team, case__in=Case.objects.open_on(as_of)).open_on(as_of)
    limits = LimitException.objects.filter(allocation__in=held).order_by()
    newest = Rating.objects.filter(case=OuterRef("pk")).order_by("-rated_on", "-pk")
    cases = Case.objects.filter(team=team).open_on(as_of).annotate(newest=Subquery(newest.values("pk")[:1]))
    weights = Rating.objects.filter(pk__in=cases.values("newest"), override__isnull=False).order_by()
    nobody, approver = (Value(""), Value("")), ("approved_by__first_name", "approved_by__last_name")
    rows = limits.values_list(
        "allocation__case__reference", "allocation__worker__name", "limit", "detail", "reason", *_NAMES, *approver
    ).union(
        weights.values_list(
            "case__reference", Value(""), _text("override"), _text("rated_on"), "override_reason", *_BY, *nobody
        ),
        all=True,
    )
    found = [_Row(*row) for row in rows]
    found.sort(key=lambda row: (row.reference, row.worker))
    return [_limit(row) for row in found if row.worker], [_weight(row) for row in found if not row.worker]


_NAMES = ("by__first_name", "by__last_name")
_BY = ("rated_by__first_name", "rated_by__last_name")


def _text(field: str) -> Cast:
    return Cast(field, CharField())


@dataclass(frozen=True)
class _Row:
    """What both have in common; a weight set by hand has no worker, and no approver."""

    reference: str
    worker: str
    what: str
    detail: str
    reason: str
    first: str | None
    last: str | None
    approver_first: str | None
    approver_last: str | None

    @property
    def by(self) -> str:
        return f"{self.first or ''} {self.last or ''}".strip() or "an import"

    @property
    def approver(self) -> str:
        return f"{self.approver_first or ''} {self.approver_last or ''}".strip()


def _limit(row: _Row) -> Explained:
    what = f"Case {row.reference}, {row.worker}: {LIMIT_NAMES[Limit(row.what)].lower()}"
    return Explained(what, row.detail, row.reason, row.by + (f", approved by {row.approver}" if row.approver else ""))


def _weight(row: _Row) -> Explained:
    detail = f"{figures.amount(Decimal(row.what))}, set on {figures.day(date.fromisoformat(row.detail))}"
    return Explained(f"Case {row.reference}", detail, row.reason, row.by)
