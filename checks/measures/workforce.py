"""Vacancies, agency, turnover, absence and additional hours, and whether concerns are answered. Pure.

Rates are the Department for Education's, by the formulas of teams/workforce.py.
"""

from collections.abc import Sequence
from datetime import timedelta
from decimal import Decimal

from checks.facts import TeamFacts
from checks.measures.measure import DFE, OWN, Line, Measure, Measured, MeasureUnit, share, told
from design import figures
from standards.definition import Direction
from teams import workforce
from teams.extra_hours import FEWEST, WEEKS
from teams.workforce import Posts

NO_HOURS = "The contracted hours of somebody in the team are not known."
NOBODY = "Nobody is in post in the team."


def _posts(facts: TeamFacts) -> Posts:
    record = facts.recorded
    return workforce.posts(record.contracts, record.established, on=facts.as_of)


def _table(facts: TeamFacts) -> list[Line]:
    """Posts and people of the team in FTE."""
    posts, full_time = _posts(facts), facts.recorded.full_time
    amounts = {
        "Established": posts.established,
        "In post": posts.in_post,
        "Agency": posts.agency,
        "Vacant": posts.vacant,
    }
    return [(name, figures.amount(workforce.fte(hours, full_time))) for name, hours in amounts.items()]


POSTS = ("Posts", "FTE")


def _vacancy(facts: TeamFacts) -> Measured:
    posts = _posts(facts)
    reason = NO_HOURS if posts.not_known else "The team has no posts and nobody in them."
    if posts.established is None:
        reason = "The posts of the team are not recorded."
    return told(posts.vacancy_rate, [reason if posts.vacancy_rate is None else ""], POSTS, _table(facts))


def _agency(facts: TeamFacts) -> Measured:
    posts = _posts(facts)
    reason = NO_HOURS if posts.not_known else NOBODY
    return told(posts.agency_rate, [reason if posts.agency_rate is None else ""], POSTS, _table(facts))


def _turnover(facts: TeamFacts) -> Measured:
    record, posts = facts.recorded, _posts(facts)
    gone = [row for row in _leavers(facts) if not row.agency]
    lines = [
        (
            record.name(row.worker),
            figures.day(row.on),
            figures.amount(workforce.fte(row.weekly_hours, record.full_time)),
        )
        for row in reversed(gone)
    ]
    value = workforce.turnover_of(posts, gone)
    known = posts.not_known == 0 and all(row.weekly_hours is not None for row in gone)
    reason = (
        NOBODY if known else "The contracted hours of somebody in the team, or of somebody who left, are not known."
    )
    return told(value, [reason if value is None else ""], ("Worker", "Left", "FTE"), lines)


def _leavers(facts: TeamFacts) -> Sequence[workforce.Moved]:
    record = facts.recorded
    return workforce.leavers(record.contracts, since=record.since, until=facts.as_of)


def _absence(facts: TeamFacts) -> Measured:
    record, posts = facts.recorded, _posts(facts)
    lost = workforce.days_lost(
        record.absences,
        record.contracts,
        record.full_time,
        since=record.since,
        until=facts.as_of,
        bank_holidays=record.bank_holidays,
    )
    if not lost:
        return Measured(None, "No absence of the team's workers is recorded in the last 12 months.")
    value = workforce.absence_of(posts, sum(lost.values(), Decimal(0)), record.full_time)
    reason = NO_HOURS if posts.not_known else NOBODY
    lines = [(name, f"{days:,.1f}") for name, days in sorted(lost.items())]
    return told(value, [reason if value is None else ""], ("Reason", "Working days"), lines)


def _extra_hours(facts: TeamFacts) -> Measured:
    """Whole periods that nobody can change any more, and only where enough people worked additional hours in them."""
    record = facts.recorded
    shown = [total for total in record.extra_hours if total.hours is not None]
    lines = [
        (figures.day(total.starts_on), figures.day(total.last_on), str(total.people), figures.amount(total.hours))
        for total in shown
    ]
    headings = ("From", "To", "People", "Hours")
    newest = record.extra_hours[0] if record.extra_hours else None
    if newest is None or newest.hours is None:
        reason = f"Fewer than {FEWEST} people recorded additional hours in the newest four weeks that are closed."
        return told(None, [reason], headings, lines)
    posts = workforce.posts(record.contracts, None, on=newest.last_on)
    hours = posts.in_post + posts.agency
    if posts.not_known or not hours:
        return told(None, [NO_HOURS if posts.not_known else NOBODY], headings, lines)
    value = workforce.rounded(newest.hours / WEEKS / (hours / record.full_time), 1)
    note = f"From {figures.day(newest.starts_on)} to {figures.day(newest.last_on)}."
    return told(value, [note], headings, lines)


def _expiring(facts: TeamFacts) -> Measured:
    record = facts.recorded
    ordered = sorted(record.endings, key=lambda one: (one.ends_on, record.name(one.worker), one.reason))
    lines = [(record.name(one.worker), one.reason, figures.day(one.ends_on)) for one in ordered]
    return told(Decimal(len(lines)), [], ("Worker", "Reduction", "Ends"), lines)


def _concerns(facts: TeamFacts) -> Measured:
    """Of the concerns that were answered or should have been by now; one that still has time is not counted."""
    due = [(one.raised_on + timedelta(days=one.answer_days), one) for one in facts.recorded.concerns]
    counted = sorted(
        ((day, one) for day, one in due if one.answered_on is not None or day < facts.as_of),
        key=lambda pair: (-pair[1].raised_on.toordinal(), pair[1].answered_on or facts.as_of, pair[0], repr(pair[1])),
    )
    if not counted:
        return Measured(None, "No concern of the last 12 months has been answered or should have been.")
    lines = [
        (figures.day(one.raised_on), figures.day(day), figures.day(one.answered_on) if one.answered_on else "not yet")
        for day, one in counted
    ]
    in_time = sum(one.answered_on is not None and one.answered_on <= day for day, one in counted)
    waiting = len(due) - len(counted)
    note = f"Not counted: {waiting} that may still be answered in time." if waiting else ""
    return told(share(in_time, len(counted)), [note], ("Raised", "Due by", "Answered"), lines)


MEASURES = (
    Measure(
        name="vacancy_pct",
        title="Vacancies",
        unit=MeasureUnit.PERCENT,
        direction=Direction.AT_MOST,
        formula="100 × vacant FTE ÷ (vacant FTE + FTE in post); agency workers are not in post",
        source=DFE,
        needs="The team's posts; contracted hours of everybody in it.",
        record="Record the posts of the team, and the contracted hours of everybody in it.",
        take=_vacancy,
    ),
    Measure(
        name="agency_pct",
        title="Agency workers",
        unit=MeasureUnit.PERCENT,
        direction=Direction.AT_MOST,
        formula="100 × FTE of agency workers ÷ (FTE of agency workers + FTE in post)",
        source=DFE,
        needs="Contracted hours of everybody in the team, and who comes from an agency.",
        record="Record the contracted hours of everybody in the team, and who comes from an agency.",
        take=_agency,
    ),
    Measure(
        name="turnover_pct",
        title="Turnover in 12 months",
        unit=MeasureUnit.PERCENT,
        direction=Direction.AT_MOST,
        formula="100 × FTE of those who left the team in 12 months ÷ FTE in post; agency workers are neither",
        source=DFE,
        needs="Contracts with first and last days and hours, those that have ended included.",
        record="Record the contracted hours of everybody who is or was in the team, and when they left.",
        take=_turnover,
    ),
    Measure(
        name="absence_pct",
        title="Absence in 12 months",
        unit=MeasureUnit.PERCENT,
        direction=Direction.AT_MOST,
        formula="100 × working days lost in 12 months ÷ (FTE in post × 253); agency workers are neither",
        source=DFE,
        needs="Absences with first and last days; contracted hours of everybody in the team.",
        record="Record absences with their first days and days of return.",
        take=_absence,
        about_workers=True,
    ),
    Measure(
        name="additional_hours_per_fte",
        title="Additional hours",
        unit=MeasureUnit.WEEKLY_HOURS,
        direction=Direction.AT_MOST,
        formula="additional hours of the newest four weeks that nobody can change any more ÷ 4 ÷ FTE of the team on "
        "their last day; not shown where fewer than five people worked any, so that nobody's own can be worked out",
        source="Our own measure",
        needs="Additional hours that at least five people of the team recorded; contracted hours of everybody in it.",
        record="Ask everybody in the team to enter the hours they work beyond their contract, week by week.",
        take=_extra_hours,
    ),
    Measure(
        name="reductions_expiring",
        title="Capacity reductions that end within 28 days",
        unit=MeasureUnit.REDUCTIONS,
        direction=Direction.AT_MOST,
        formula="capacity reductions that count today and whose last day is within 28 days",
        source=f"{OWN}, section 4",
        needs="Capacity reductions with their ends.",
        record="Record of each capacity reduction when it ends.",
        take=_expiring,
        about_workers=True,
    ),
    Measure(
        name="concerns_in_time_pct",
        title="Concerns answered in time",
        unit=MeasureUnit.PERCENT,
        direction=Direction.AT_LEAST,
        formula="100 × concerns of 12 months answered with a plan, or closed, within the employer's response time ÷ "
        "those that were answered or should have been; concerns that went past the manager are not in it",
        source="Our own measure, after docs/duties.md",
        needs="Workload concerns and their answers; the employer's response time.",
        record="Have concerns raised and answered here, so that each has a day.",
        take=_concerns,
        about_workers=True,
    ),
)
