"""An employer's own figures by the formulas of the published ones: sums over its teams, never a mean of rates. Pure.

Registered social workers are counted, as in the published figures; vacancies are of all posts, because posts do not
say who is to fill them. What is not on record is left out on both sides of a division, and said. No figure is about
fewer than five people: with one social worker in post, the absence rate is that person's.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from checks.findings import FEWEST_RESPONDENTS
from teams import workforce
from teams.workforce import NOTHING, Away, Hours

FULL_TIME = Decimal(1)
NOT_RECORDED = "It is not recorded which agency workers cover a vacancy."
SUPPRESSED = f"It is about fewer than {FEWEST_RESPONDENTS} people, so it could be about one of them."
NOBODY = "No registered social worker is in post with hours that are known."


@dataclass(frozen=True)
class TeamPosts:
    """One team's posts in FTE, None where they are not recorded, and the contracts of everybody in it."""

    established: Decimal | None
    contracts: Sequence[Hours]


@dataclass(frozen=True)
class Held:
    """The open cases that a worker leads, and the families among them; a case without one is a family of its own."""

    cases: int
    families: int


@dataclass(frozen=True)
class Workforce:
    """What is on record of some service areas on a day and in the twelve months before it.

    Hours of all contracts are full-time equivalents of the team's own area. workers, sick, held: of registered social
    workers. not_said: workers of the day of whom it is not recorded whether they are registered.
    """

    as_of: date
    since: date
    teams: Sequence[TeamPosts] = ()
    workers: Sequence[Hours] = ()
    sick: Sequence[Away] = ()
    held: Mapping[int, Held] = field(default_factory=dict)
    bank_holidays: Collection[date] = frozenset()
    not_said: int = 0

    @property
    def here(self) -> list[Hours]:
        """The contracts of registered social workers that count on the day."""
        return [row for row in self.workers if row.span.covers(self.as_of)]


@dataclass(frozen=True)
class Own:
    """An employer's own rate; None: not known or suppressed, and `note` says why. made_of: what by what, in words."""

    value: Decimal | None
    made_of: str = ""
    note: str = ""
    suppressed: bool = False


def own_figures(found: Workforce) -> dict[str, Own]:
    """Work out every rate by the column of its published one; one about too few people is suppressed."""
    in_post = [row for row in found.here if not row.agency]
    posts = [row for team in _with_posts(found) for row in team.contracts]
    people = {
        "caseload_fte": len(_holders(found)),
        "vacancy_rate_fte": _people([row for row in posts if row.span.covers(found.as_of) and not row.agency]),
        "agency_rate_fte": _known(found.here),
        "agency_rate_headcount": _people(found.here),
        "turnover_rate_fte": _known(in_post),
        "turnover_rate_headcount": _people(in_post),
        "absence_rate_fte": _known(in_post),
    }
    return {
        column: Own(None, note=SUPPRESSED, suppressed=True) if _too_few(people.get(column, 0)) else own
        for column, own in _rates(found).items()
    }


def _too_few(people: int) -> bool:
    """Whether a figure about so many people could be about one of them; one about nobody is not."""
    return 0 < people < FEWEST_RESPONDENTS


def _people(rows: Sequence[Hours]) -> int:
    return len({row.worker for row in rows})


def _known(rows: Sequence[Hours]) -> int:
    """How many people's hours a figure is made of; all of them where nobody's are known."""
    return _people([row for row in rows if row.weekly_hours is not None] or rows)


def _rates(found: Workforce) -> dict[str, Own]:
    return {
        "caseload_fte": _caseload(found),
        "vacancy_rate_fte": _vacancy(found),
        "agency_rate_fte": _agency(found),
        "agency_rate_headcount": _agency_heads(found),
        "turnover_rate_fte": _turnover(found),
        "turnover_rate_headcount": _turnover_heads(found),
        "absence_rate_fte": _absence(found),
        "agency_cover_rate_fte": Own(None, note=NOT_RECORDED),
        "vacancy_agency_cover_rate_fte": Own(None, note=NOT_RECORDED),
    }


def _holders(found: Workforce) -> dict[int, Decimal]:
    """Who holds a case, with their full-time equivalents, as far as these are known."""
    fte: dict[int, Decimal | None] = {}
    for row in found.here:
        before = fte.get(row.worker, NOTHING)
        fte[row.worker] = None if before is None or row.weekly_hours is None else before + row.weekly_hours
    return {worker: hours for worker in found.held if (hours := fte.get(worker)) is not None}


def _caseload(found: Workforce) -> Own:
    holders = _holders(found)
    cases = sum(found.held[worker].cases for worker in holders)
    families = sum(found.held[worker].families for worker in holders)
    lost = sum(held.cases for worker, held in found.held.items() if worker not in holders)
    total = sum(holders.values(), NOTHING)
    value = workforce.caseload(cases=cases, holders=total)
    if value is None:
        return Own(None, note="No registered social worker holds a case and has hours that are known.")
    by_family = workforce.caseload(cases=families, holders=total)
    note = f"By families, brothers and sisters together: {by_family}." + _left_out(lost, "case")
    return Own(value, f"{cases:,} cases ÷ {_fte(total)} FTE of {len(holders):,} holders", note)


def _left_out(number: int, what: str) -> str:
    """Say how much is left out because hours are not known, as a further sentence; nothing where nothing is."""
    if not number:
        return ""
    return f" Left out: {number:,} {what}{'' if number == 1 else 's'} with somebody whose hours are not recorded."


def _posts(team: TeamPosts, day: date) -> workforce.Posts:
    return workforce.posts(team.contracts, team.established, on=day)


def _with_posts(found: Workforce) -> list[TeamPosts]:
    """The teams whose posts are recorded, and the hours of everybody in them."""
    return [team for team in found.teams if team.established is not None and not _posts(team, found.as_of).not_known]


def _vacancy(found: Workforce) -> Own:
    known = [_posts(team, found.as_of) for team in _with_posts(found)]
    lost = len(found.teams) - len(known)
    vacant = sum((one.vacant or NOTHING for one in known), NOTHING)
    in_post = sum((one.in_post for one in known), NOTHING)
    value = workforce.vacancy_rate(vacant=vacant, in_post=in_post)
    said = "of a team" if lost == 1 else f"of {lost} teams"
    why = f"The posts {said}, or the hours of somebody in {'it' if lost == 1 else 'them'}, are not recorded"
    if value is None:
        return Own(None, note=f"{why}." if lost else "There are no posts and nobody in them.")
    note = f"Of all posts, not of social workers' alone.{f' Left out: {why[0].lower()}{why[1:]}.' if lost else ''}"
    return Own(value, f"{_fte(vacant)} FTE vacant, {_fte(in_post)} FTE in post", note)


def _in_post(found: Workforce) -> Decimal:
    return sum((row.weekly_hours or NOTHING for row in found.here if not row.agency), NOTHING)


def _not_known(rows: Sequence[Hours]) -> str:
    lost = len({row.worker for row in rows if row.weekly_hours is None})
    return f"Left out: {lost} worker{'' if lost == 1 else 's'} whose hours are not recorded." if lost else ""


def _agency(found: Workforce) -> Own:
    agency = sum((row.weekly_hours or NOTHING for row in found.here if row.agency), NOTHING)
    in_post = _in_post(found)
    value = workforce.agency_rate(agency=agency, in_post=in_post)
    if value is None:
        return Own(None, note=NOBODY)
    return Own(value, f"{_fte(agency)} FTE of agency workers, {_fte(in_post)} FTE in post", _not_known(found.here))


def _heads(found: Workforce, *, agency: bool) -> int:
    return _people([row for row in found.here if row.agency == agency])


def _agency_heads(found: Workforce) -> Own:
    agency, in_post = _heads(found, agency=True), _heads(found, agency=False)
    value = workforce.agency_rate(agency=Decimal(agency), in_post=Decimal(in_post))
    return _told(value, f"{agency:,} agency workers, {in_post:,} in post")


def _told(value: Decimal | None, made_of: str, note: str = "") -> Own:
    return Own(None, note=NOBODY) if value is None else Own(value, made_of, note)


def _gone(found: Workforce) -> list[workforce.Moved]:
    gone = workforce.leavers(found.workers, since=found.since, until=found.as_of)
    return [row for row in gone if not row.agency]


def _turnover(found: Workforce) -> Own:
    gone, in_post = _gone(found), _in_post(found)
    left = sum((row.weekly_hours or NOTHING for row in gone), NOTHING)
    lost = len({row.worker for row in gone if row.weekly_hours is None})
    note = f"Left out: {lost} who left and whose hours are not recorded. " if lost else ""
    value = workforce.turnover_rate(leavers=left, in_post=in_post)
    return _told(value, f"{_fte(left)} FTE left, {_fte(in_post)} FTE in post", (note + _not_known(found.here)).strip())


def _turnover_heads(found: Workforce) -> Own:
    left, in_post = len({row.worker for row in _gone(found)}), _heads(found, agency=False)
    value = workforce.turnover_rate(leavers=Decimal(left), in_post=Decimal(in_post))
    return _told(value, f"{left:,} left, {in_post:,} in post")


def _absence(found: Workforce) -> Own:
    lost = workforce.days_lost(
        found.sick,
        found.workers,
        FULL_TIME,
        since=found.since,
        until=found.as_of,
        bank_holidays=found.bank_holidays,
    )
    if not lost:
        return Own(None, note="No sickness absence of a registered social worker is recorded in the last 12 months.")
    days, in_post = sum(lost.values(), NOTHING), _in_post(found)
    value = workforce.absence_rate(days_lost=days, in_post=in_post)
    return _told(value, f"{days:,.1f} working days lost, {_fte(in_post)} FTE in post", _not_known(found.here))


def _fte(value: Decimal) -> str:
    return f"{workforce.rounded(value, 1):,}"
