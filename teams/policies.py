"""When something about staffing is allowed: a sentence that says why not, or None. Pure."""

from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal

from design import figures
from teams.roles import AREA_ROLES, OF_PEOPLE, TEAM_ROLES, Role
from teams.supervision import DAY, Span

FURTHEST = timedelta(days=366)
WEEKS_OPEN = 4
LONGEST_STAND_IN = timedelta(days=92)


def why_not_hours_from(day: date, contracts: Sequence[Span]) -> str | None:
    """Hours change from a day on which the worker is in the team."""
    if any(span.covers(day) for span in contracts):
        return None
    return f"They have no contract in this team on {figures.day(day)}. Choose a day on which they have"


def why_not_leave_on(day: date, contract: Span) -> str | None:
    """A contract ends after it began."""
    if day > contract.starts_on:
        return None
    return f"The contract begins on {figures.day(contract.starts_on)}: it can end on the day after that at the earliest"


def why_not_begin_on(day: date, contract: Span, before: Span | None) -> str | None:
    """A contract begins before it ends, and takes no whole contract before it away."""
    if contract.ends_on is not None and day >= contract.ends_on:
        return f"These hours end on {figures.day(contract.ends_on)}. Choose an earlier first day"
    if before is None or before.ends_on is None:
        return None
    earliest = before.starts_on + DAY if before.ends_on == contract.starts_on else before.ends_on
    if day < earliest:
        return f"Other hours in this team count before it. Choose {figures.day(earliest)} or a later day"
    return None


def why_not_period(starts_on: date, ends_on: date | None) -> str | None:
    """A period has at least one day."""
    if ends_on is None or ends_on > starts_on:
        return None
    return "The end must be later than the start: it is the first day that no longer counts"


def why_not_away(starts_on: date, ends_on: date | None, others: Sequence[Span]) -> str | None:
    """Nobody is away twice on one day."""
    for other in others:
        before = other.ends_on is not None and other.ends_on <= starts_on
        after = ends_on is not None and ends_on <= other.starts_on
        if not (before or after):
            return (
                f"They are already recorded as away from {figures.day(other.starts_on)}. "
                "Correct that absence, or choose other days"
            )
    return None


def why_not_amount(kind: str, amount: Decimal) -> str | None:
    """A reduction takes away something that there is."""
    if amount <= 0:
        return "Enter an amount above zero"
    if kind == "PERCENT" and amount > 100:  # noqa: PLR2004 - percent
        return "A percentage can be 100 at most"
    if kind == "HOURS" and amount > 168:  # noqa: PLR2004 - hours of a week
        return "Hours a week can be 168 at most"
    return None


def why_not_held_on(day: date, *, today: date, contracts: Sequence[Span], taken: bool) -> str | None:
    """Supervision was held on a day that is over or today, while the worker was in the team, once a day."""
    if day > today:
        return "Supervision can be recorded once it was held: enter a day that is not in the future"
    if not any(span.covers(day) for span in contracts):
        return f"They had no contract in this team on {figures.day(day)}. Check the day"
    if taken:
        return f"There is a session of {figures.day(day)} already. Correct that one instead"
    return None


def open_weeks(today: date) -> list[date]:
    """The Mondays of the weeks whose additional hours may be entered or changed: this one and the three before."""
    monday = today - timedelta(days=today.weekday())
    return [monday - timedelta(weeks=number) for number in range(WEEKS_OPEN)]


def why_not_week(week: date, *, today: date) -> str | None:
    """Additional hours are entered for this week and the three before; after that they stay as they are."""
    if week in open_weeks(today):
        return None
    return "Additional hours can be entered for this week and the three before it only"


def why_not_stand_in(*, lends: bool, colleague: bool, starts_on: date, ends_on: date, today: date) -> str | None:
    """Somebody stands in for a colleague of the same employer, for a while that has an end."""
    if not lends:
        return "There is no role here in which somebody could stand in"
    if not colleague:
        return "Choose a colleague who has an account with the same employer"
    if starts_on < today:
        return "Enter today or a later day: nobody can have stood in before it was said"
    if reason := why_not_period(starts_on, ends_on):
        return reason
    if ends_on - starts_on > LONGEST_STAND_IN:
        return f"Choose at most {LONGEST_STAND_IN.days} days. It can be said again when they are over"
    return None


def why_not_scope(role: Role, *, team: bool, area: bool) -> str | None:
    """A role is held where it means something: in a team, in a service area, or in the whole employer."""
    if role not in OF_PEOPLE:
        return "Choose another role: this one is for other systems, which are set up under Integrations"
    if role in TEAM_ROLES and not team:
        return f"Choose a team: somebody is {role.label.lower()} of one team at a time"
    if role == Role.SERVICE_MANAGER and not area:
        return "Choose a service area: a service manager has one at a time"
    if area and role not in AREA_ROLES:
        return f"Choose the whole employer: there is no {role.label.lower()} of a service area"
    if team and role not in TEAM_ROLES:
        return f"Choose the whole employer or a service area: there is no {role.label.lower()} of a single team"
    return None


MOST_TOKENS = 2
LONGEST_TOKEN = timedelta(days=366)


def half_a_year_after(day: date) -> date:
    """The day that is offered for a token's end."""
    return day + LONGEST_TOKEN / 2


def why_not_token(*, ended: bool, working: int, today: date, expires_on: date) -> str | None:
    """An integration has two working tokens at most, the old and the new one while it changes over, none for ever."""
    if ended:
        return "This integration has ended: set up another one"
    if working >= MOST_TOKENS:
        return f"There are {MOST_TOKENS} tokens that work already: withdraw the one that is used no longer first"
    if not today < expires_on <= today + LONGEST_TOKEN:
        return f"Choose a day from tomorrow until {figures.day(today + LONGEST_TOKEN)}"
    return None


def why_not_account(*, own: bool, elsewhere: bool) -> str | None:
    """Administrators act on accounts of their own employer alone, and not on their own."""
    if own:
        return "This is your own account: ask another administrator, or use the pages under My account"
    if elsewhere:
        return "This account also has a role with another employer, whose administrators you would act for"
    return None
