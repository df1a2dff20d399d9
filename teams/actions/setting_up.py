"""What people do to set an employer up. `by` is None for whoever runs a command on the server itself."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal

from django.db import transaction

from teams import audit
from teams.access import require_somewhere
from teams.audit import Event
from teams.changing import values_of
from teams.models import CapacityReduction, Contract, Employer, RoleAssignment, ServiceArea, Team, User, Worker
from teams.roles import Permission, Role


@dataclass(frozen=True)
class NewContract:
    """Hours a week in a team from a day; None: not known."""

    team: Team
    weekly_hours: Decimal | None
    starts_on: date
    ends_on: date | None = None


@dataclass(frozen=True)
class NewReduction:
    """Why a worker carries less in a team, and by how much."""

    team: Team
    kind: CapacityReduction.Kind
    amount: Decimal
    reason: str
    starts_on: date
    ends_on: date | None = None


@dataclass(frozen=True)
class NewWorker:
    """A worker with the teams they work in and what takes from their capacity."""

    name: str
    staff_reference: str
    career_stage: str
    registered: bool | None
    contracts: Sequence[NewContract]
    reductions: Sequence[NewReduction] = field(default_factory=tuple)
    case_holding: bool = True
    agency: bool = False


@transaction.atomic
def found_employer(*, name: str, slug: str, region: str = "", by: User | None, at: datetime) -> Employer:
    """Begin an employer. Only the server's operator can, since nobody has a role in it yet. region "": not said."""
    employer = Employer.objects.create(name=name, slug=slug, region=region)
    audit.record(Event.EMPLOYER_FOUNDED, employer=employer, target=employer, by=by, at=at)
    return employer


@transaction.atomic
def add_service_area(
    *,
    employer: Employer,
    name: str,
    client_group: ServiceArea.ClientGroup,
    full_time_hours: Decimal,
    by: User | None,
    at: datetime,
) -> ServiceArea:
    require_somewhere(by, Permission.EMPLOYER_SET_UP, employer=employer)
    area = ServiceArea.objects.create(
        employer=employer, name=name, client_group=client_group, full_time_hours=full_time_hours
    )
    detail = {"after": values_of(area, "name", "client_group", "full_time_hours")}
    audit.record(Event.SERVICE_AREA_ADDED, employer=employer, target=area, by=by, at=at, detail=detail)
    return area


@transaction.atomic
def add_team(*, service_area: ServiceArea, name: str, by: User | None, at: datetime) -> Team:
    employer = service_area.employer
    require_somewhere(by, Permission.EMPLOYER_SET_UP, employer=employer)
    team = Team.objects.create(employer=employer, service_area=service_area, name=name)
    detail = {"after": {"name": name, "service_area": service_area.name}}
    audit.record(Event.TEAM_ADDED, employer=employer, target=team, by=by, at=at, detail=detail)
    return team


@transaction.atomic
def add_workers(*, employer: Employer, workers: Sequence[NewWorker], by: User | None, at: datetime) -> list[Worker]:
    """Add workers with their contracts and reductions, in three bulk writes."""
    require_somewhere(by, Permission.EMPLOYER_SET_UP, employer=employer)
    rows = Worker.objects.bulk_create(
        Worker(
            employer=employer,
            name=new.name,
            staff_reference=new.staff_reference,
            career_stage=new.career_stage,
            registered=new.registered,
            case_holding=new.case_holding,
            agency=new.agency,
        )
        for new in workers
    )
    added = list(zip(rows, workers, strict=True))
    Contract.objects.bulk_create(Contract(worker=row, **vars(item)) for row, new in added for item in new.contracts)
    CapacityReduction.objects.bulk_create(
        CapacityReduction(worker=row, **vars(item)) for row, new in added for item in new.reductions
    )
    detail = {"workers": [row.pk for row in rows]}
    audit.record(Event.WORKERS_ADDED, employer=employer, target=employer, by=by, at=at, detail=detail)
    return rows


@transaction.atomic
def open_account(
    *,
    employer: Employer,
    username: str,
    name: str,
    password: str | None,
    roles: Sequence[tuple[Role, Team | ServiceArea | None]],
    email: str = "",
    worker: Worker | None = None,
    by: User | None,
    at: datetime,
) -> User:
    """Let somebody sign in, with roles in teams, in service areas or (None) in the whole employer, and as a worker.

    Without a password nobody can sign in with the account until one is set.
    """
    require_somewhere(by, Permission.EMPLOYER_SET_UP, employer=employer)
    first, _, last = name.partition(" ")
    user = User.objects.create_user(username=username, email=email, password=password, first_name=first, last_name=last)
    RoleAssignment.objects.bulk_create(
        RoleAssignment(
            user=user,
            role=role.value,
            employer=employer,
            team=scope if isinstance(scope, Team) else None,
            service_area=scope if isinstance(scope, ServiceArea) else None,
        )
        for role, scope in roles
    )
    if worker is not None:
        Worker.objects.filter(pk=worker.pk).update(user=user)
    detail = {"roles": [[role.value, str(scope) if scope else employer.name] for role, scope in roles]}
    audit.record(Event.ACCOUNT_OPENED, employer=employer, target=user, by=by, at=at, detail=detail)
    return user
