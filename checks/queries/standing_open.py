"""What stands open in an employer: duties and actions by age, variations in force, and how far its checks are."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db import connection
from django.db.models import Count, Q

from checks.checking import STATE_NAMES, CheckState
from checks.models import Cycle, HealthCheck
from standards.models import LocalVariation
from teams.models import Employer

AGES = ("0 to 7 days", "8 to 28 days", "29 to 90 days", "over 90 days")


@dataclass(frozen=True)
class Open:
    """How many duties and actions of one age are open, and how many of these are past their day."""

    age: str
    duties: int
    late_duties: int
    actions: int
    late_actions: int


def open_by_age(employer: int, *, teams: Collection[int], on: date) -> list[Open]:
    """The duties and actions of some teams that are open, by the days since they were opened. One statement.

    A concern that went past a manager is in no figure.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            """
            WITH open AS (
                SELECT 'duty' AS what, opened_on, due_on FROM checks_duty
                 WHERE employer_id = %(employer)s AND team_id = ANY(%(teams)s) AND state <> 'CLOSED'
                   AND NOT past_manager AND opened_on <= %(on)s
                 UNION ALL
                SELECT 'action', opened_on, due_on FROM checks_action
                 WHERE employer_id = %(employer)s AND team_id = ANY(%(teams)s) AND state = 'OPEN' AND acts
                   AND opened_on <= %(on)s
            )
            SELECT width_bucket(%(on)s - opened_on, ARRAY[8, 29, 91]) AS age,
                   count(*) FILTER (WHERE what = 'duty'), count(*) FILTER (WHERE what = 'duty' AND due_on < %(on)s),
                   count(*) FILTER (WHERE what = 'action'), count(*) FILTER (WHERE what = 'action' AND due_on < %(on)s)
              FROM open GROUP BY age
            """,
            {"employer": employer, "teams": list(teams), "on": on},
        )
        found = {age: many for age, *many in cursor.fetchall()}
    return [Open(age, *found.get(number, (0, 0, 0, 0))) for number, age in enumerate(AGES)]


def variations_on(employer: Employer, *, on: date) -> list[LocalVariation]:
    """The local variations that count on a day, the first to be reviewed first. One statement."""
    rows = LocalVariation.objects.approved().filter(employer=employer, starts_on__lte=on, review_on__gte=on)
    return list(rows.filter(Q(ended_on=None) | Q(ended_on__gt=on)).order_by("review_on", "pk"))


@dataclass(frozen=True)
class CycleStates:
    """The newest cycle of an employer, and how many of its checks are in each state, in the order of the states."""

    public_id: UUID
    name: str
    due_on: date
    states: Sequence[tuple[str, int]]

    @property
    def checks(self) -> int:
        return sum(many for _, many in self.states)


def newest_cycle(employer: Employer, *, teams: Collection[int]) -> CycleStates | None:
    """How far the checks of some teams are in the newest cycle; None where none of them is in it. One statement."""
    newest = Cycle.objects.filter(employer=employer).order_by("-opened_at", "-pk").values("pk")[:1]
    rows = HealthCheck.objects.filter(cycle__in=newest, team__in=teams).order_by()
    about = ("cycle__public_id", "cycle__name", "cycle__due_on", "state")
    found = list(rows.values_list(*about).annotate(Count("pk")))
    if not found:
        return None
    key, name, due_on, *_ = found[0]
    many = {row[3]: row[4] for row in found}
    states = [(STATE_NAMES[state], many[state.value]) for state in CheckState if state.value in many]
    return CycleStates(key, name, due_on, states)
