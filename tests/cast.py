"""The cast: one small employer with two teams, another with one, and the people of both. Made through actions."""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret

from caseloads.actions.cases import Holder, NewCase, record_cases
from caseloads.actions.schemes import publish_scheme
from caseloads.models import Case, WeightingScheme
from healthcheck.demo import schemes
from teams.actions.setting_up import (
    NewContract,
    NewReduction,
    NewWorker,
    add_service_area,
    add_team,
    add_workers,
    found_employer,
    open_account,
)
from teams.actions.supervision import Session, record_session
from teams.models import CareerStage, Employer, ServiceArea, SupervisionSession, Team, User, Worker
from teams.roles import Role

AT = datetime(2026, 11, 2, 9, 30, tzinfo=UTC)
TODAY = AT.date()
PASSWORD = "a-long-test-password"
BEGUN = date(2024, 1, 1)
WALL = 2
"""Statements by which a request or a task names the employers whose rows it may see, and takes them back."""


@dataclass
class Cast:
    """Everybody and everything a test may want by name."""

    employer: Employer
    area: ServiceArea
    scheme: WeightingScheme
    team: Team
    other_team: Team
    elsewhere: Team
    ben: User
    asha: User
    cora: User
    dev: User
    ewa: User
    femi: User
    hana: User
    gil: User
    workers: dict[str, Worker] = field(default_factory=dict)

    @property
    def users(self) -> dict[str, User]:
        return {name: getattr(self, name) for name in ("ben", "asha", "cora", "dev", "ewa", "femi", "hana", "gil")}


def new_worker(name: str, team: Team, hours: str | None = "37", **changes: object) -> NewWorker:
    fields: dict[str, object] = {
        "name": name,
        "staff_reference": "",
        "career_stage": CareerStage.ESTABLISHED.value,
        "registered": True,
        "contracts": (NewContract(team, None if hours is None else Decimal(hours), BEGUN),),
    }
    return NewWorker(**(fields | changes))  # type: ignore[arg-type]


def case(reference: str, *holders: Holder, category: str = "child_in_need", **changes: object) -> NewCase:
    fields: dict[str, object] = {
        "reference": reference,
        "category": category,
        "opened_on": TODAY - timedelta(days=60),
        "rated_on": TODAY - timedelta(days=30),
        "holders": holders,
    }
    return NewCase(**(fields | changes))  # type: ignore[arg-type]


def holds(worker: Worker, team: Team, **changes: object) -> Holder:
    return Holder(worker, team, TODAY - timedelta(days=50), **changes)  # type: ignore[arg-type]


def session(held_on: date, **changes: object) -> Session:
    fields: dict[str, object] = {
        "held_on": held_on,
        "minutes": 90,
        "interrupted": False,
        "reflective": True,
        "supervisor": None,
        "supervisor_name": "Hana Test",
        "supervisor_registered": True,
    }
    return Session(**(fields | changes))  # type: ignore[arg-type]


def supervise(cast: Cast, worker: Worker, held_on: date, **changes: object) -> SupervisionSession:
    new = session(held_on, **changes)
    return record_session(team=cast.team, worker=worker, new=new, by=cast.ben, at=max(AT, noon(held_on)))


def noon(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 12, tzinfo=UTC)


def record(cast: Cast, *cases: NewCase, team: Team | None = None) -> list[Case]:
    return record_cases(team=team or cast.team, cases=cases, by=None, at=AT)


def assemble(password: str | None = None) -> Cast:
    """Two employers; Ben's team has Asha, Nia (newly qualified) and Una (unqualified), and a few cases.

    With a password everybody can sign in with it; it is slow to make.
    """
    employer = found_employer(name="Testshire Council", slug="testshire", by=None, at=AT)
    area = _area(employer)
    scheme = publish_scheme(service_area=area, draft=schemes.childrens(BEGUN), by=None, at=AT)
    team = add_team(service_area=area, name="Heron Team", by=None, at=AT)
    other_team = add_team(service_area=area, name="Kestrel Team", by=None, at=AT)
    elsewhere = _elsewhere()
    workers = _workers(employer, team, other_team)
    cast = Cast(
        employer=employer,
        area=area,
        scheme=scheme,
        team=team,
        other_team=other_team,
        elsewhere=elsewhere,
        ben=_account(password, employer, "ben", (Role.MANAGER, team), worker=workers["Ben Test"]),
        asha=_account(password, employer, "asha", (Role.SOCIAL_WORKER, team), worker=workers["Asha Test"]),
        cora=_account(password, employer, "cora", (Role.PRINCIPAL_SOCIAL_WORKER, None)),
        dev=_account(password, employer, "dev", (Role.DIRECTOR, None)),
        ewa=_account(password, employer, "ewa", (Role.ADMINISTRATOR, None)),
        femi=_account(password, employer, "femi", (Role.OBSERVER, None)),
        hana=_account(password, employer, "hana", (Role.SERVICE_MANAGER, area)),
        gil=_account(password, elsewhere.employer, "gil", (Role.MANAGER, elsewhere)),
        workers=workers,
    )
    _cases(cast)
    return cast


def _area(employer: Employer) -> ServiceArea:
    return add_service_area(
        employer=employer,
        name="Children’s social work",
        client_group=ServiceArea.ClientGroup.CHILDREN,
        full_time_hours=Decimal(37),
        by=None,
        at=AT,
    )


def _elsewhere() -> Team:
    employer = found_employer(name="Elsewhere Council", slug="elsewhere", by=None, at=AT)
    return add_team(service_area=_area(employer), name="Elsewhere Team", by=None, at=AT)


def _workers(employer: Employer, team: Team, other_team: Team) -> dict[str, Worker]:
    relief = NewReduction(team, "PERCENT", Decimal(10), "Practice educator", BEGUN)  # type: ignore[arg-type]
    new = [
        new_worker("Ben Test", team, case_holding=False),
        new_worker("Asha Test", team, reductions=(relief,)),
        new_worker("Nia Test", team, career_stage=CareerStage.NEWLY_QUALIFIED.value),
        new_worker("Una Test", team, career_stage=CareerStage.UNQUALIFIED.value, registered=False),
        new_worker("Kit Test", other_team),
    ]
    return {worker.name: worker for worker in add_workers(employer=employer, workers=new, by=None, at=AT)}


def _account(
    password: str | None,
    employer: Employer,
    name: str,
    role: tuple[Role, Team | ServiceArea | None],
    worker: Worker | None = None,
) -> User:
    user = open_account(
        employer=employer,
        username=name,
        name=f"{name.title()} Test",
        password=password,
        roles=[role],
        worker=worker,
        by=None,
        at=AT,
    )
    if password and role[0] != Role.SOCIAL_WORKER:
        give_second_factor(user)
    return user


def give_second_factor(user: User) -> str:
    """What somebody has who has set up an app: its key, and recovery codes."""
    secret = generate_totp_secret()
    TOTP.activate(user, secret)
    RecoveryCodes.activate(user)
    return secret


def _cases(cast: Cast) -> None:
    asha, nia = cast.workers["Asha Test"], cast.workers["Nia Test"]
    record(
        cast,
        case("T-001", holds(asha, cast.team), category="child_protection", family_reference="F-1"),
        case("T-002", holds(asha, cast.team), category="child_protection", family_reference="F-1"),
        case("T-003", holds(asha, cast.team), factors={"long_travel": 1}),
        case("T-004", holds(nia, cast.team), category="assessment", rated_on=None),
        case("T-005", opened_on=TODAY - timedelta(days=4), category="child_protection"),
    )
    record(cast, case("K-001", holds(cast.workers["Kit Test"], cast.other_team)), team=cast.other_team)
