"""The health checks that wait for somebody: to be answered, to have questions replied to, to be accepted or signed."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Q

from checks.checking import CheckState
from checks.models import Challenge, Cycle, HealthCheck
from teams.models import Team, User
from teams.roles import Permission

TURNS: Mapping[CheckState, tuple[Permission, str]] = {
    CheckState.OPEN: (Permission.CHECK_ANSWER, "To be answered"),
    CheckState.CHALLENGED: (Permission.CHECK_ANSWER, "To be replied to"),
    CheckState.SUBMITTED: (Permission.CYCLE_RUN, "To be read: accept, ask or return it"),
    CheckState.ACCEPTED: (Permission.CHECK_SIGN, "To be signed off or returned"),
    CheckState.SIGNED: (Permission.CHECK_SIGN, "To be published or returned"),
}


@dataclass(frozen=True)
class WaitingCheck:
    """A check whose next step is the reader's."""

    check: HealthCheck
    questions: int
    on: date

    @property
    def what(self) -> str:
        return TURNS[CheckState(self.check.state)][1]

    @property
    def due_on(self) -> date | None:
        """Only answers have a day by which they are due."""
        return self.check.cycle.due_on if self.check.state == CheckState.OPEN else None

    @property
    def late(self) -> bool:
        return self.due_on is not None and self.due_on < self.on


def checks_waiting(user: User, *, as_of: date) -> list[WaitingCheck]:
    """The checks of open cycles that wait for the user, the first due first. Two statements."""
    turns = Q(pk__in=[])
    for right in {right for right, _ in TURNS.values()}:
        states = [state.value for state, (needed, _) in TURNS.items() if needed == right]
        turns |= Q(state__in=states, team__in=Team.objects.where_allowed(user, right))
    rows = HealthCheck.objects.filter(turns, cycle__state=Cycle.State.OPEN).select_related("cycle", "team")
    checks = list(rows.order_by("cycle__due_on", "team__name", "pk"))
    questions = Challenge.objects.filter(check_of__in=checks, state=Challenge.State.OPEN).order_by()
    asked = dict(questions.values_list("check_of").annotate(Count("pk")))
    return [WaitingCheck(check, asked.get(check.pk, 0), as_of) for check in checks]
