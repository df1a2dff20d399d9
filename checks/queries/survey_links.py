"""To whom links go: the members of each team, and who of them can be sent an e-mail."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from checks.models import Cycle, TeamSurvey
from teams.models import Contract, Team


@dataclass(frozen=True)
class LinkRow:
    """A team that links are made for."""

    team: Team
    members: int
    addresses: Sequence[str]
    invited: int

    @property
    def suggested(self) -> int:
        """As many as the team has members; none where links were made before."""
        return 0 if self.invited else self.members


@dataclass(frozen=True)
class ToInvite:
    """The teams of a cycle's open surveys, with the titles of these."""

    cycle: Cycle
    titles: Sequence[str]
    rows: Sequence[LinkRow]

    @property
    def recipients(self) -> Mapping[int, Sequence[str]]:
        return {row.team.pk: row.addresses for row in self.rows}


def to_invite(cycle: Cycle, *, as_of: date) -> ToInvite:
    """Who can be invited to the surveys of a cycle that are open. Two statements."""
    open_now = TeamSurvey.objects.filter(
        survey__cycle=cycle, survey__closed_on=None, survey__opens_on__lte=as_of, survey__closes_on__gte=as_of
    )
    parts = list(open_now.select_related("team", "survey__instrument").order_by("team__name", "survey__opens_on", "pk"))
    members: dict[int, list[str]] = defaultdict(list)
    contracts = Contract.objects.open_on(as_of).filter(team__in=[part.team_id for part in parts])
    for team, email, active in contracts.values_list("team", "worker__user__email", "worker__user__is_active"):
        members[team].append(email if email and active else "")
    invited: dict[int, int] = defaultdict(int)
    for part in parts:
        invited[part.team_id] = max(invited[part.team_id], part.invited)
    rows = [
        LinkRow(team, len(members[team.pk]), sorted({email for email in members[team.pk] if email}), invited[team.pk])
        for team in {part.team_id: part.team for part in parts}.values()
    ]
    return ToInvite(cycle, list(dict.fromkeys(part.survey.instrument.title for part in parts)), rows)
