"""Every rule that a row of staffing can break is kept by the database: each test breaks one."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction

from teams.models import (
    Absence,
    AdditionalHours,
    Employer,
    Establishment,
    SupervisionRule,
    SupervisionSession,
)
from tests.cast import AT, Cast

DAY = date(2026, 6, 1)
SESSION = {
    "held_on": DAY,
    "minutes": 90,
    "interrupted": False,
    "reflective": True,
    "supervisor_name": "Hana Test",
    "supervisor_registered": True,
    "recorded_at": AT,
}
RULE = {"career_stage": "ESTABLISHED", "gap_days": 31, "minutes": 90, "source": "made up"}


def refused(rule: str) -> object:
    return pytest.raises(IntegrityError, match=rule)


def away(cast: Cast, **changes: object) -> Absence:
    return Absence.objects.create(
        **({"worker": cast.workers["Asha Test"], "reason": "SICKNESS", "starts_on": DAY} | changes)
    )


def test_absences_of_one_worker_overlap(cast: Cast) -> None:
    away(cast)
    with refused("absence_no_overlap"), transaction.atomic():
        away(cast, starts_on=DAY + timedelta(days=30))
    away(cast, worker=cast.workers["Nia Test"])
    away(cast, starts_on=DAY - timedelta(days=9), ends_on=DAY)


@pytest.mark.parametrize(
    ("rule", "changes"), [("absence_ends_after_start", {"ends_on": DAY}), ("absence_reason", {"reason": "BORED"})]
)
def test_absence_out_of_bounds(cast: Cast, rule: str, changes: dict[str, object]) -> None:
    with refused(rule):
        away(cast, **changes)


def posts(cast: Cast, **changes: object) -> Establishment:
    return Establishment.objects.create(
        **({"team": cast.team, "weekly_hours": Decimal(185), "starts_on": DAY} | changes)
    )


@pytest.mark.parametrize(
    ("rule", "changes"),
    [
        ("establishment_weekly_hours", {"weekly_hours": Decimal("-0.01")}),
        ("establishment_ends_after_start", {"ends_on": DAY}),
    ],
)
def test_posts_out_of_bounds(cast: Cast, rule: str, changes: dict[str, object]) -> None:
    with refused(rule):
        posts(cast, **changes)


def test_posts_of_one_team_overlap(cast: Cast) -> None:
    posts(cast)
    posts(cast, team=cast.other_team)
    with refused("establishment_no_overlap"):
        posts(cast, starts_on=DAY + timedelta(days=1))


def supervised(cast: Cast, **changes: object) -> SupervisionSession:
    fields = SESSION | {"worker": cast.workers["Asha Test"], "team": cast.team}
    return SupervisionSession.objects.create(**(fields | changes))


def test_worker_supervised_twice_on_one_day(cast: Cast) -> None:
    supervised(cast)
    with refused("supervision_once_a_day"):
        supervised(cast, minutes=30)


@pytest.mark.parametrize(
    ("rule", "changes"),
    [
        ("supervision_minutes", {"minutes": 0}),
        ("supervision_minutes", {"minutes": 481}),
        ("supervision_has_one_supervisor", {"supervisor_name": ""}),
    ],
)
def test_session_out_of_bounds(cast: Cast, rule: str, changes: dict[str, object]) -> None:
    with refused(rule):
        supervised(cast, **changes)


def test_session_with_two_supervisors_or_oneself(cast: Cast) -> None:
    with refused("supervision_has_one_supervisor"), transaction.atomic():
        supervised(cast, supervisor=cast.workers["Ben Test"])
    with refused("supervision_by_somebody_else"):
        supervised(cast, supervisor=cast.workers["Asha Test"], supervisor_name="")


def rule(cast: Cast, **changes: object) -> SupervisionRule:
    return SupervisionRule.objects.create(employer=cast.employer, **(RULE | changes))


@pytest.mark.parametrize(
    ("name", "changes"),
    [
        ("supervision_rule_until", {"until": 6}),
        ("supervision_rule_until", {"unit": "WEEKS"}),
        ("supervision_rule_until", {"until": 0, "unit": "WEEKS"}),
        ("supervision_rule_gap", {"gap_days": 0}),
        ("supervision_rule_gap", {"gap_days": 367}),
        ("supervision_rule_minutes", {"minutes": 0}),
        ("supervision_rule_has_a_source", {"source": ""}),
    ],
)
def test_rule_of_supervision_out_of_bounds(cast: Cast, name: str, changes: dict[str, object]) -> None:
    with refused(name):
        rule(cast, **changes)


def test_rule_of_supervision_given_twice(cast: Cast) -> None:
    rule(cast)
    rule(cast, until=6, unit="WEEKS")
    with refused("supervision_rule_unique"):
        rule(cast, gap_days=14)


def extra(cast: Cast, **changes: object) -> AdditionalHours:
    fields = {"worker": cast.workers["Asha Test"], "week": DAY, "hours": Decimal(3)}
    return AdditionalHours.objects.create(**(fields | changes))


def test_additional_hours_once_a_week(cast: Cast) -> None:
    extra(cast)
    with refused("additional_hours_once_a_week"):
        extra(cast, hours=4)


@pytest.mark.parametrize(
    ("name", "changes"),
    [
        ("additional_hours_within_a_week", {"hours": Decimal("-0.01")}),
        ("additional_hours_within_a_week", {"hours": Decimal("100.01")}),
        ("additional_hours_from_monday", {"week": DAY + timedelta(days=1)}),
    ],
)
def test_additional_hours_out_of_bounds(cast: Cast, name: str, changes: dict[str, object]) -> None:
    with refused(name):
        extra(cast, **changes)


def test_employer_of_no_nation(cast: Cast) -> None:
    with refused("employer_nation"):
        Employer.objects.filter(pk=cast.employer.pk).update(nation="FRA")
