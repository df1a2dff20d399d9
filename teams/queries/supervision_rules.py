"""An employer's rules of supervision, for those who agree them."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from teams import access
from teams.models import SupervisionRule, Team, User
from teams.queries.supervision import rules_of
from teams.roles import Permission
from teams.supervision import Rule


@dataclass(frozen=True)
class Rules:
    """What holds now, and the rows of the employer's own; no rows: what comes with the product holds."""

    team: Team
    rules: Sequence[Rule]
    rows: Sequence[SupervisionRule]


def find_rules(user: User, public_id: UUID) -> Rules:
    """The rules of a team's employer, for those who may set them in the whole of it (403 for others of it)."""
    team = access.find_team(user, public_id, Permission.RESPONSE_TIMES_SET)
    access.require_employer_wide(user, Permission.RESPONSE_TIMES_SET, employer=team.employer)
    return Rules(team, rules_of(team.employer), list(team.employer.supervision_rules.all()))
