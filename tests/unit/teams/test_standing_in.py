from datetime import date, timedelta

import pytest

from teams.policies import LONGEST_STAND_IN, why_not_stand_in
from teams.roles import STANDING_IN, Role

TODAY = date(2026, 11, 2)


def test_only_roles_that_run_teams_are_lent() -> None:
    assert {Role.MANAGER, Role.SERVICE_MANAGER, Role.PRINCIPAL_SOCIAL_WORKER, Role.DIRECTOR} == STANDING_IN


@pytest.mark.parametrize(
    ("changes", "begins"),
    [
        ({}, None),
        ({"lends": False}, "There is no role here"),
        ({"colleague": False}, "Choose a colleague"),
        ({"starts_on": TODAY - timedelta(days=1)}, "Enter today or a later day"),
        ({"ends_on": TODAY}, "The end must be later"),
        ({"ends_on": TODAY + LONGEST_STAND_IN}, None),
        ({"ends_on": TODAY + LONGEST_STAND_IN + timedelta(days=1)}, "Choose at most 92 days"),
    ],
)
def test_when_somebody_may_stand_in(changes: dict[str, object], begins: str | None) -> None:
    asked = {"lends": True, "colleague": True, "starts_on": TODAY, "ends_on": TODAY + timedelta(days=7)}
    reason = why_not_stand_in(**(asked | changes), today=TODAY)  # type: ignore[arg-type]
    assert reason is None if begins is None else (reason or "").startswith(begins)
