"""Figures of a team's workforce, by the Department for Education's formulas. Pure: no clock, no queries, no framework.

Hours are hours a week; FTE = hours ÷ full-time hours, never rounded before it is used. Rates have one place, rounded
half up; None where there is nothing to divide by. Source: Department for Education, children's social work workforce;
the formulas are inferred from its published figures and agree with them.
"""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal

from teams.supervision import Span

DAY = timedelta(days=1)
SATURDAY = 5
MONTHS = 12
WORKING_DAYS = 253
"""Working days of a year, the divisor of the absence rate."""

NOTHING = Decimal(0)


def rounded(value: Decimal, places: int) -> Decimal:
    return value.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)


def fte(hours: Decimal | None, full_time_hours: Decimal) -> Decimal | None:
    """Hours as full-time equivalents, with two places."""
    return None if hours is None else rounded(hours / full_time_hours, 2)


def _rate(part: Decimal, whole: Decimal) -> Decimal | None:
    return rounded(100 * part / whole, 1) if whole else None


def vacancy_rate(*, vacant: Decimal, in_post: Decimal) -> Decimal | None:
    """Vacant ÷ (vacant + in post) × 100, all in FTE or all in hours. Agency workers are not in post."""
    return _rate(vacant, vacant + in_post)


def agency_rate(*, agency: Decimal, in_post: Decimal) -> Decimal | None:
    """Agency ÷ (agency + in post) × 100, both in FTE, in hours, or in heads."""
    return _rate(agency, agency + in_post)


def turnover_rate(*, leavers: Decimal, in_post: Decimal) -> Decimal | None:
    """Leavers of 12 months ÷ in post on the last day × 100, both in FTE, in hours, or in heads."""
    return _rate(leavers, in_post)


def absence_rate(*, days_lost: Decimal, in_post: Decimal) -> Decimal | None:
    """Working days lost in 12 months ÷ (in post in FTE × 253) × 100."""
    return _rate(days_lost, in_post * WORKING_DAYS)


def caseload(*, cases: int | Decimal, holders: Decimal) -> Decimal | None:
    """Cases held ÷ FTE of the workers who hold at least one, agency workers among them. Each child is one case."""
    return rounded(cases / holders, 1) if holders else None


def agency_cover_rate(*, covering: Decimal, agency: Decimal) -> Decimal | None:
    """FTE of agency workers who cover vacancies ÷ FTE of agency workers × 100."""
    return _rate(covering, agency)


def vacancy_cover_rate(*, covering: Decimal, vacant: Decimal) -> Decimal | None:
    """FTE of agency workers who cover vacancies ÷ vacant FTE × 100."""
    return _rate(covering, vacant)


def working_days(span: Span, *, since: date, until: date, bank_holidays: Collection[date]) -> int:
    """Mondays to Fridays of a span that are no bank holidays, from `since` up to and without `until`."""
    day, end = max(span.starts_on, since), min(span.ends_on or until, until)
    number = 0
    while day < end:
        number += day.weekday() < SATURDAY and day not in bank_holidays
        day += DAY
    return number


@dataclass(frozen=True)
class Hours:
    """Contracted hours of one worker in a team over a span; None: not known."""

    worker: int
    weekly_hours: Decimal | None
    span: Span
    agency: bool = False


@dataclass(frozen=True)
class Away:
    """A worker's absence, with the class of its reason."""

    worker: int
    reason: str
    span: Span


@dataclass(frozen=True)
class Moved:
    """Somebody who joined or left a team, on the first day in it or the first day no longer in it."""

    worker: int
    on: date
    weekly_hours: Decimal | None
    agency: bool


@dataclass(frozen=True)
class Posts:
    """Hours a week of a team on one day. established and vacant: None where no establishment is recorded."""

    established: Decimal | None
    in_post: Decimal
    agency: Decimal
    not_known: int

    @property
    def vacant(self) -> Decimal | None:
        """What the establishment has beyond those in post, never below nothing."""
        return None if self.established is None else max(self.established - self.in_post, NOTHING)

    @property
    def vacancy_rate(self) -> Decimal | None:
        if self.vacant is None or self.not_known:
            return None
        return vacancy_rate(vacant=self.vacant, in_post=self.in_post)

    @property
    def agency_rate(self) -> Decimal | None:
        return None if self.not_known else agency_rate(agency=self.agency, in_post=self.in_post)


def posts(contracts: Sequence[Hours], established: Decimal | None, *, on: date) -> Posts:
    """Add up the contracts that count on a day. `not_known` counts workers whose hours are not known."""
    open_ = [row for row in contracts if row.span.covers(on)]
    known = [row for row in open_ if row.weekly_hours is not None]
    return Posts(
        established=established,
        in_post=sum((row.weekly_hours or NOTHING for row in known if not row.agency), NOTHING),
        agency=sum((row.weekly_hours or NOTHING for row in known if row.agency), NOTHING),
        not_known=len(open_) - len(known),
    )


def turnover_of(posts: Posts, gone: Sequence[Moved]) -> Decimal | None:
    """Turnover of a team; agency workers are no leavers. None where somebody's hours are not known."""
    hours = [row.weekly_hours for row in gone if not row.agency]
    if posts.not_known or None in hours:
        return None
    return turnover_rate(leavers=sum((hour or NOTHING for hour in hours), NOTHING), in_post=posts.in_post)


def absence_of(posts: Posts, days_lost: Decimal, full_time_hours: Decimal) -> Decimal | None:
    """Absence of a team. None where somebody's hours are not known."""
    if posts.not_known:
        return None
    return absence_rate(days_lost=days_lost, in_post=posts.in_post / full_time_hours)


def starters(contracts: Sequence[Hours], *, since: date, until: date) -> list[Moved]:
    """Who joined the team after `since` and by `until`. A change of hours without a day between is no start."""
    found = [
        Moved(row.worker, row.span.starts_on, row.weekly_hours, row.agency)
        for row in contracts
        if since < row.span.starts_on <= until and not _there(contracts, row.worker, row.span.starts_on - DAY)
    ]
    return sorted(found, key=lambda row: (row.on, row.worker))


def leavers(contracts: Sequence[Hours], *, since: date, until: date) -> list[Moved]:
    """Who left the team after `since` and by `until`, with the hours of their last contract."""
    found = [
        Moved(row.worker, row.span.ends_on, row.weekly_hours, row.agency)
        for row in contracts
        if row.span.ends_on
        and since < row.span.ends_on <= until
        and not _there(contracts, row.worker, row.span.ends_on)
    ]
    return sorted(found, key=lambda row: (row.on, row.worker))


def _there(contracts: Sequence[Hours], worker: int, day: date) -> bool:
    return any(row.worker == worker and row.span.covers(day) for row in contracts)


def days_lost(
    absences: Sequence[Away],
    contracts: Sequence[Hours],
    full_time_hours: Decimal,
    *,
    since: date,
    until: date,
    bank_holidays: Collection[date],
) -> dict[str, Decimal]:
    """Working days lost to each class of reason, in days of full-time work, with one place.

    A day counts for as much of a full-timer's day as the worker was contracted to. Agency workers and hours that are
    not known do not count.
    """
    lost: dict[str, Decimal] = {}
    of_worker = _counted(contracts)
    for away in absences:
        for contract in of_worker.get(away.worker, ()):
            for part in _overlap(away.span, contract.span):
                days = working_days(part, since=since, until=until, bank_holidays=bank_holidays)
                share = (contract.weekly_hours or NOTHING) / full_time_hours
                lost[away.reason] = lost.get(away.reason, NOTHING) + days * share
    return {reason: rounded(days, 1) for reason, days in lost.items()}


def _counted(contracts: Sequence[Hours]) -> dict[int, list[Hours]]:
    """The contracts of each worker whose absence counts: in post, with hours that are known."""
    found: dict[int, list[Hours]] = {}
    for row in contracts:
        if not row.agency and row.weekly_hours is not None:
            found.setdefault(row.worker, []).append(row)
    return found


def _overlap(one: Span, other: Span) -> Iterator[Span]:
    start = max(one.starts_on, other.starts_on)
    ends = [span.ends_on for span in (one, other) if span.ends_on is not None]
    if not ends or start < min(ends):
        yield Span(start, min(ends, default=None))
