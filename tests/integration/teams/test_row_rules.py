"""Every rule that a row of teams can break is kept by the database: each test breaks one."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError, InternalError, transaction

from teams import audit
from teams.audit import Event
from teams.models import AuditEntry, CapacityReduction, Contract, RoleAssignment, ServiceArea, Team, Worker
from tests.cast import AT, BEGUN, Cast

DAY = date(2026, 1, 1)


def refused(rule: str) -> object:
    return pytest.raises(IntegrityError, match=rule)


def contract(cast: Cast, **changes: object) -> Contract:
    fields = {
        "worker": cast.workers["Asha Test"],
        "team": cast.other_team,
        "weekly_hours": Decimal(18),
        "starts_on": DAY,
    }
    return Contract.objects.create(**(fields | changes))


def reduction(cast: Cast, **changes: object) -> CapacityReduction:
    fields = {
        "worker": cast.workers["Asha Test"],
        "team": cast.team,
        "kind": CapacityReduction.Kind.PERCENT,
        "amount": Decimal(20),
        "reason": "Phased return",
        "starts_on": DAY,
    }
    return CapacityReduction.objects.create(**(fields | changes))


def test_contracts_in_one_team_overlap(cast: Cast) -> None:
    with refused("contract_no_overlap"):
        contract(cast, team=cast.team)


def test_contracts_that_follow_each_other_do_not_overlap(cast: Cast) -> None:
    contract(cast, ends_on=date(2026, 3, 1))
    contract(cast, starts_on=date(2026, 3, 1))


@pytest.mark.parametrize("hours", ["-1", "168.01"])
def test_contract_hours_no_week_has(cast: Cast, hours: str) -> None:
    with refused("contract_weekly_hours"):
        contract(cast, weekly_hours=Decimal(hours))


def test_contract_ends_before_it_starts(cast: Cast) -> None:
    with refused("contract_ends_after_start"):
        contract(cast, ends_on=DAY)


@pytest.mark.parametrize(
    ("rule", "changes"),
    [
        ("reduction_amount_positive", {"amount": Decimal(0)}),
        ("reduction_percent_at_most_100", {"amount": Decimal("100.01")}),
        ("reduction_hours_within_a_week", {"kind": CapacityReduction.Kind.HOURS, "amount": Decimal(169)}),
        ("reduction_ends_after_start", {"ends_on": DAY - timedelta(days=1)}),
        ("reduction_has_a_reason", {"reason": ""}),
    ],
)
def test_reduction_out_of_bounds(cast: Cast, rule: str, changes: dict[str, object]) -> None:
    with refused(rule):
        reduction(cast, **changes)


def test_names_are_unique_whatever_their_case(cast: Cast) -> None:
    with refused("team_name_unique"), transaction.atomic():
        Team.objects.create(employer=cast.employer, service_area=cast.area, name="HERON team")
    with refused("service_area_name_unique"):
        ServiceArea.objects.create(
            employer=cast.employer, name=cast.area.name.upper(), client_group="CHILDREN", full_time_hours=37
        )


def test_service_area_with_no_full_time_week(cast: Cast) -> None:
    with refused("service_area_full_time_hours"):
        ServiceArea.objects.create(employer=cast.employer, name="Adults", client_group="ADULTS", full_time_hours=0)


def test_staff_reference_given_twice(cast: Cast) -> None:
    Worker.objects.create(employer=cast.employer, name="A", staff_reference="S1")
    with refused("worker_staff_reference_unique"):
        Worker.objects.create(employer=cast.employer, name="B", staff_reference="S1")


def test_worker_without_a_name(cast: Cast) -> None:
    with refused("worker_has_a_name"):
        Worker.objects.create(employer=cast.employer, name="")


def test_role_given_twice_or_without_its_team(cast: Cast) -> None:
    with refused("role_assignment_no_overlap"), transaction.atomic():
        RoleAssignment.objects.create(user=cast.dev, role="DIRECTOR", employer=cast.employer)
    with refused("role_assignment_team_roles_name_a_team"):
        RoleAssignment.objects.create(user=cast.dev, role="MANAGER", employer=cast.employer)


def test_audit_entries_can_only_be_added(cast: Cast) -> None:
    audit.record(Event.TEAM_ADDED, employer=cast.employer, target=cast.team, by=cast.ewa, at=AT)
    with pytest.raises(InternalError, match="Cannot update or delete"), transaction.atomic():
        AuditEntry.objects.update(event="SOMETHING_ELSE")
    with pytest.raises(InternalError, match="Cannot update or delete"):
        AuditEntry.objects.all().delete()


def test_setting_up_leaves_a_trail(cast: Cast) -> None:
    events = AuditEntry.objects.filter(employer=cast.employer).values_list("event", flat=True)
    assert {"EMPLOYER_FOUNDED", "SERVICE_AREA_ADDED", "TEAM_ADDED", "WORKERS_ADDED", "ACCOUNT_OPENED"} <= set(events)
    assert cast.workers["Asha Test"].contracts.get().starts_on == BEGUN
