"""The cases of a team as a list: found, filtered and sorted by the database, weighed by the one pure function."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import TYPE_CHECKING, Any, cast

import pandas as pd
from django.core.paginator import Page
from django.db.models import CharField, Exists, F, OrderBy, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Lower

from caseloads.frames import AreaScheme, read_cases
from caseloads.models import Allocation, Case, Contest, Rating
from caseloads.queries.cases import scheme_for
from caseloads.references import kept
from caseloads.shown import decimal, records
from caseloads.workload import case_weights
from design.paging import page_of
from design.spreadsheets import csv_text
from teams.models import Contract, Team, Worker
from teams.refusals import NotAllowed

if TYPE_CHECKING:
    from caseloads.models.cases import CaseQuerySet

PAGE = 100
WHOLE = 100
YEAR = timedelta(days=365)


class Show(StrEnum):
    """Which of a team's cases are listed."""

    OPEN = "open"
    UNALLOCATED = "unallocated"
    UNRATED = "unrated"
    CONTESTED = "contested"
    REVIEW = "review"
    CLOSED = "closed"

    @property
    def label(self) -> str:
        return {
            Show.OPEN: "All open cases",
            Show.UNALLOCATED: "Unallocated",
            Show.UNRATED: "Not rated yet",
            Show.CONTESTED: "Weight contested",
            Show.REVIEW: "Rating out of date",
            Show.CLOSED: "Closed in the last 12 months",
        }[self]


class Sort(StrEnum):
    """By what a list of cases is sorted. Weight and rating: what needs a look first."""

    REFERENCE = "reference"
    HOLDER = "holder"
    CATEGORY = "category"
    WEIGHT = "weight"
    PRIORITY = "priority"
    RATED = "rated"


@dataclass(frozen=True)
class Wanted:
    """What somebody asked a list of cases for."""

    show: Show = Show.OPEN
    sort: Sort = Sort.REFERENCE
    reference: str = ""
    category: str = ""
    holder: str = ""
    page: str = "1"


@dataclass(frozen=True)
class CaseRow:
    """One case in a list."""

    case: Case
    category: str
    weight: Decimal | None
    parts: str
    unrated: bool
    overridden: bool
    contested: bool
    rated_on: date | None
    review: bool
    held_by: str
    unallocated: bool


@dataclass(frozen=True)
class CaseList:
    """One page of a list of cases."""

    rows: Sequence[CaseRow]
    page: Page[int]
    total: int
    review_after: int | None


def holders_of(team: Team, *, as_of: date) -> list[Worker]:
    """Whoever holds a case of the team on a day, or works in it, by name. One statement."""
    held = [Allocation.objects.filter(of).open_on(as_of) for of in (Q(team=team), Q(case__team=team))]
    members = Contract.objects.filter(team=team, worker__case_holding=True).open_on(as_of)
    first, *others = (rows.order_by().values("worker") for rows in (members, *held))
    return list(Worker.objects.filter(pk__in=first.union(*others)))


def case_list(team: Team, wanted: Wanted, *, as_of: date) -> CaseList:
    """The page asked for. A fixed number of statements; sorting by weight weighs all, otherwise those of the page."""
    scheme = scheme_for(team.service_area, on=as_of)
    page = page_of(_keys(team, wanted, scheme, as_of=as_of), wanted.page, PAGE)
    interval = scheme.row.review_interval_days if scheme else None
    return CaseList(_rows(list(page), scheme, as_of=as_of), page, page.paginator.count, interval)


def all_rows(team: Team, wanted: Wanted, *, as_of: date) -> list[CaseRow]:
    """Everything asked for, whatever the page. A fixed number of statements."""
    scheme = scheme_for(team.service_area, on=as_of)
    return _rows(list(_keys(team, wanted, scheme, as_of=as_of)), scheme, as_of=as_of)


def _keys(team: Team, wanted: Wanted, scheme: AreaScheme | None, *, as_of: date) -> QuerySet[Any, int] | list[int]:
    """The keys of the cases asked for, in order."""
    rows = _shown(_cases(Case.objects.of_teams([team], on=as_of)), wanted.show, scheme, as_of=as_of)
    if wanted.reference:
        rows = _named(rows, wanted.reference)
    if wanted.category:
        rows = rows.filter(category=wanted.category)
    if wanted.holder:
        held = Allocation.objects.filter(case=OuterRef("pk"), worker__public_id=wanted.holder).open_on(as_of)
        rows = rows.filter(Exists(held))
    if wanted.sort is Sort.WEIGHT:
        return _by_weight(rows, scheme)
    return rows.order_by(*_order(wanted.sort, as_of)).values_list("pk", flat=True)


def _named(rows: QuerySet[Any], reference: str) -> QuerySet[Any]:
    """Cases with a reference, their own or their family’s, typed or as kept; where it is not hashed, a part will do."""
    try:
        same = kept(reference)
    except NotAllowed:
        return rows.none()
    found = Q(reference__in=(same, reference)) | Q(family_reference__in=(same, reference))
    return rows.filter(found | Q(reference__icontains=same) if same in reference else found)


def _cases(rows: QuerySet[Case]) -> QuerySet[Any]:
    """Cases with the day of their newest rating and whether it was set by hand."""
    newest = Rating.objects.filter(case=OuterRef("pk")).order_by("-rated_on", "-pk")
    by_hand = newest.annotate(hand=Exists(Rating.objects.filter(pk=OuterRef("pk"), override__isnull=False)))
    return rows.annotate(
        newest_on=Subquery(newest.values("rated_on")[:1]), by_hand=Subquery(by_hand.values("hand")[:1])
    )


def _shown(rows: QuerySet[Any], show: Show, scheme: AreaScheme | None, *, as_of: date) -> QuerySet[Any]:
    if show is Show.CLOSED:
        return rows.filter(closed_on__lte=as_of, closed_on__gt=as_of - YEAR)
    rows = cast("QuerySet[Any]", cast("CaseQuerySet", rows).open_on(as_of))
    match show:
        case Show.UNALLOCATED:
            return rows.filter(~Exists(_counted_holders(as_of)))
        case Show.UNRATED:
            return rows.filter(Q(newest_on__isnull=True) | Q(category="", by_hand=False))
        case Show.CONTESTED:
            return rows.filter(Exists(Contest.objects.filter(case=OuterRef("pk"), state=Contest.State.OPEN)))
        case Show.REVIEW:
            interval = scheme.row.review_interval_days if scheme else None
            return rows.filter(newest_on__lt=as_of - timedelta(days=interval)) if interval else rows.none()
        case _:
            return rows


def _counted_holders(as_of: date) -> QuerySet[Allocation]:
    """Open allocations to case-holding members of their team: the others leave a case unallocated."""
    member = Contract.objects.filter(worker=OuterRef("worker"), team=OuterRef("team")).open_on(as_of)
    held = Allocation.objects.filter(case=OuterRef("pk"), worker__case_holding=True).open_on(as_of)
    return held.filter(Exists(member))


def _order(sort: Sort, as_of: date) -> Sequence[str | OrderBy]:
    """What is missing comes first: it needs a look."""
    lead = Allocation.objects.filter(case=OuterRef("pk")).open_on(as_of).order_by("-role", "-share", "pk")
    name = Subquery(lead.annotate(low=Lower("worker__name")).values("low")[:1], output_field=CharField())
    first: Mapping[Sort, Sequence[str | OrderBy]] = {
        Sort.HOLDER: [name.asc(nulls_first=True)],
        Sort.CATEGORY: ["category"],
        Sort.PRIORITY: ["priority"],
        Sort.RATED: [F("newest_on").asc(nulls_first=True)],
    }
    return [*first.get(sort, []), "reference", "pk"]


def _by_weight(rows: QuerySet[Case], scheme: AreaScheme | None) -> list[int]:
    """Unknown weights first, then the heaviest; the same by reference. Two statements."""
    cases, factors = read_cases(rows.order_by())
    if scheme is None:
        return [int(key) for key in cases.sort_values(["reference", "case"])["case"]]
    weights = case_weights(scheme.scheme, cases, factors)
    ordered = weights.sort_values("weight", ascending=False, na_position="first", kind="stable")
    return [int(key) for key in ordered["case"]]


def _rows(keys: Sequence[int], scheme: AreaScheme | None, *, as_of: date) -> list[CaseRow]:
    """Cases in the order of their keys. Four statements."""
    asked = Case.objects.filter(pk__in=keys)
    counted = asked.annotate(allocated=Exists(_counted_holders(as_of)))
    found = {case.pk: case for case in counted.select_related("team")}
    allocated = {key for key, case in found.items() if case.allocated}  # type: ignore[attr-defined]
    held_by = _held_by(keys, as_of=as_of)
    cases, factors = read_cases(asked)
    rated_on = dict(zip(cases["case"], cases["rated_on"].dt.date, strict=True))
    contested = set(cases.loc[cases["contested"], "case"])
    weighed = _weighed(scheme, cases, factors)
    interval = scheme.row.review_interval_days if scheme else None
    return [
        CaseRow(
            case=found[key],
            category=weighed[key]["category_name"],
            weight=decimal(weighed[key]["weight"], 2),
            parts=weighed[key]["parts"],
            unrated=weighed[key]["unrated"],
            overridden=weighed[key]["overridden"],
            contested=key in contested,
            rated_on=None if pd.isna(rated_on[key]) else rated_on[key],
            review=is_old(rated_on[key], interval, as_of=as_of) and not weighed[key]["unrated"],
            held_by=held_by.get(key, ""),
            unallocated=key not in allocated and found[key].closed_on is None,
        )
        for key in keys
    ]


def is_old(rated_on: date | float, interval: int | None, *, as_of: date) -> bool:
    """Whether a rating is older than a review interval in days; None: ratings do not go out of date."""
    return bool(interval is not None and not pd.isna(rated_on) and (as_of - cast("date", rated_on)).days > interval)


def _weighed(scheme: AreaScheme | None, cases: pd.DataFrame, factors: pd.DataFrame) -> dict[int, dict[str, Any]]:
    if scheme is not None:
        return {row["case"]: row for row in records(case_weights(scheme.scheme, cases, factors))}
    unknown = {"weight": None, "parts": "No weighting scheme is published.", "unrated": False, "overridden": False}
    named = zip(cases["case"], cases["category"], strict=True)
    return {int(key): {**unknown, "category_name": code or "No category"} for key, code in named}


def _held_by(keys: Sequence[int], *, as_of: date) -> dict[int, str]:
    """Who holds each case on a day, in words: the lead first, shares where there are several."""
    rows = Allocation.objects.filter(case__in=keys).open_on(as_of).select_related("worker")
    found: defaultdict[int, list[str]] = defaultdict(list)
    for row in rows.order_by("-role", "-share", "pk"):
        found[row.case_id].append(row.worker.name if row.share == WHOLE else f"{row.worker.name} {row.share}\u00a0%")
    return {key: ", ".join(names) for key, names in found.items()}


COLUMNS = (
    "case",
    "family",
    "team",
    "category",
    "weight",
    "made up of",
    "priority",
    "opened on",
    "closed on",
    "held by",
    "unallocated",
    "rated on",
    "rating out of date",
    "contested",
)


def case_csv(rows: Iterable[CaseRow]) -> str:
    """The list as a file for a spreadsheet."""
    return csv_text(COLUMNS, (_cells(row) for row in rows))


def _cells(row: CaseRow) -> Sequence[object]:
    case = row.case
    return (
        case.reference,
        case.family_reference,
        case.team,
        row.category,
        row.weight,
        row.parts,
        case.get_priority_display(),
        case.opened_on,
        case.closed_on,
        row.held_by,
        YES[row.unallocated],
        row.rated_on,
        YES[row.review],
        YES[row.contested],
    )


YES = {True: "yes", False: "no"}
