"""What somebody had to answer or explain, as the report prints it: open duties, limits passed, weights set by hand."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from django.db.models import CharField, OuterRef, Q, Subquery, Value
from django.db.models.functions import Cast

from caseloads.models import Allocation, Case, LimitException, Rating
from caseloads.workload_scheme import LIMIT_NAMES, Limit
from checks.models import Duty
from checks.printed import DutyLine, Explained
from checks.queries.duties import DutyRow
from design import figures


def open_duties(teams: Collection[int], *, as_of: date) -> Mapping[int, list[DutyLine]]:
    """Duties of some teams that were not closed on a day, the longest open first: team key → lines. One statement.

    A concern is named, not quoted; one that went past the team's manager is left out, since they read the report.
    """
    then_open = Q(closed_on__isnull=True) | Q(closed_on__gt=as_of)
    rows = Duty.objects.filter(then_open, team__in=teams, past_manager=False, opened_on__lte=as_of)
    found: dict[int, list[DutyLine]] = defaultdict(list)
    for duty in rows.select_related("worker", "case").order_by("opened_on", "pk"):
        found[duty.team_id].append(_duty(DutyRow(duty, as_of)))
    return found


def _duty(row: DutyRow) -> DutyLine:
    days, late = (row.on - row.duty.opened_on).days, row.duty.due_on < row.on
    about = row.duty.worker or (f"case {row.duty.case}" if row.duty.case else "the team")
    return DutyLine(
        name=row.name,
        about=str(about),
        stands="Closed since" if row.duty.closed_on else f"{row.state}, with the {row.level}",
        due=f"{figures.day(row.duty.due_on)}{', late' if late else ''}",
        open_for=figures.days(days),
        days=days,
        late=late,
    )


@dataclass(frozen=True)
class ByHand:
    """Limits that allocations which still count went past, and weights of open cases set by hand."""

    limits: list[Explained] = field(default_factory=list)
    overrides: list[Explained] = field(default_factory=list)


def decided_by_hand(teams: Collection[int], *, as_of: date) -> Mapping[int, ByHand]:
    """What was decided by hand in some teams: team key → by hand. One statement."""
    held = Allocation.objects.filter(team__in=teams, case__in=Case.objects.open_on(as_of)).open_on(as_of)
    limits = LimitException.objects.filter(allocation__in=held).order_by()
    newest = Rating.objects.filter(case=OuterRef("pk")).order_by("-rated_on", "-pk")
    cases = Case.objects.filter(team__in=teams).open_on(as_of).annotate(newest=Subquery(newest.values("pk")[:1]))
    weights = Rating.objects.filter(pk__in=cases.values("newest"), override__isnull=False).order_by()
    nobody, approver = (Value(""), Value("")), ("approved_by__first_name", "approved_by__last_name")
    rows = limits.values_list(
        *("allocation__team", "allocation__case__reference", "allocation__worker__name", "limit", "detail", "reason"),
        *_NAMES,
        *approver,
    ).union(
        weights.values_list(
            *("case__team", "case__reference", Value(""), _text("override"), _text("rated_on"), "override_reason"),
            *_BY,
            *nobody,
        ),
        all=True,
    )
    found: dict[int, ByHand] = defaultdict(ByHand)
    for row in sorted((_Row(*row) for row in rows), key=lambda row: (row.reference, row.worker)):
        if row.worker:
            found[row.team].limits.append(_limit(row))
        else:
            found[row.team].overrides.append(_weight(row))
    return found


_NAMES = ("by__first_name", "by__last_name")
_BY = ("rated_by__first_name", "rated_by__last_name")


def _text(field: str) -> Cast:
    return Cast(field, CharField())


@dataclass(frozen=True)
class _Row:
    """What both have in common; a weight set by hand has no worker, and no approver."""

    team: int
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
