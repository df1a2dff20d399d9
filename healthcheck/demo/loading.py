"""Loads the demo: one employer with the cast of people, a second one for the outsider, and more for load tests."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from random import Random

from django.db import transaction

from caseloads.actions.cases import record_cases
from caseloads.actions.schemes import publish_scheme
from caseloads.bulk import renew_statistics
from caseloads.models import Allocation, Case, Rating
from healthcheck.demo import checks, duties, people, schemes, staffing, standards, surveys
from healthcheck.demo.cases import ADULTS, CHILDRENS, Caseload, Mix
from healthcheck.demo.contests import load_contests
from healthcheck.demo.history import load_findings, load_history
from teams.actions.setting_up import add_service_area, add_team, add_workers, found_employer, open_account
from teams.models import Contract, Employer, ServiceArea, SupervisionSession, Team, User, Worker
from teams.roles import Role

COUNTED = (Case, Rating, Allocation, Worker, Contract, SupervisionSession)
SLUG = "fernshire"
OUTSIDE_SLUG = "elsewhere"
IMPORTED_SLUG = "imported-council"
PASSWORD = "weigh-it-in-the-open"  # noqa: S105 - the demo's, printed for whoever starts it
SEED = 2009

TEAMS: Sequence[tuple[str, str]] = (
    ("Heron Assessment Team", "assessment"),
    ("Kingfisher Assessment Team", "assessment"),
    ("Otter Safeguarding Team", "safeguarding"),
    ("Badger Safeguarding Team", "safeguarding"),
    ("Hare Safeguarding Team", "safeguarding"),
    ("Swift Looked After Team", "looked after"),
    ("Wren Looked After Team", "looked after"),
    ("Lapwing Looked After Team", "looked after"),
    ("Oak Adults Locality Team", "adults"),
    ("Rowan Adults Locality Team", "adults"),
    ("Willow Hospital Team", "adults"),
    ("Yew Mental Health Team", "adults"),
)
PRESSURE: Mapping[str, Decimal] = {
    "Otter Safeguarding Team": Decimal("0.94"),
    "Badger Safeguarding Team": Decimal("0.9"),
    "Hare Safeguarding Team": Decimal("0.8"),
    "Heron Assessment Team": Decimal("0.92"),
    "Yew Mental Health Team": Decimal("0.85"),
    "Wren Looked After Team": Decimal("0.9"),
}
EACH: Mapping[str, int] = {"assessment": 22, "safeguarding": 18, "looked after": 20, "adults": 19}


@dataclass(frozen=True)
class Account:
    """Somebody of the cast who can sign in."""

    username: str
    name: str
    what: str


CAST: Sequence[Account] = (
    Account("ben", "Ben Fictionby", "team manager, Otter Safeguarding Team"),
    Account("asha", "Asha Exampleton", "social worker, Otter Safeguarding Team"),
    Account("cora", "Cora Madeupson", "principal social worker"),
    Account("dev", "Dev Pretendham", "director"),
    Account("hana", "Hana Fictworth", "service manager over Ben’s and the other children’s teams"),
    Account("ewa", "Ewa Specimen", "system administrator"),
    Account("femi", "Femi Placehold", "staff-side observer"),
    Account("ivy", "Ivy Inventwick", "director of the empty employer that bin/demo --import fills"),
    Account("gil", "Gil Testbury", "manager of another employer: sees nothing of this one"),
)
NAMES = {account.username: account.name for account in CAST}
BENS_TEAM = "Otter Safeguarding Team"


def load_all(employers: int, *, as_of: date, at: datetime) -> int:
    """Load the demo and as many more employers as make the number; return how many were not there before."""
    loaded = [load(as_of=as_of, at=at)]
    loaded += [load_another(number, as_of=as_of, at=at) for number in range(2, employers + 1)]
    if any(loaded):
        renew_statistics(*COUNTED)
    return sum(loaded)


@transaction.atomic
def load(*, as_of: date, at: datetime) -> bool:
    """Load the demo unless it is there already; say whether anything was loaded."""
    if Employer.objects.filter(slug=SLUG).exists():
        return False
    employer = _employer("Fernshire Council (fictional)", SLUG, seed=SEED, as_of=as_of, at=at, cast=True)
    _sign_ins(employer, at=at)
    staffing.load_approvals(
        Team.objects.get(employer=employer, name=BENS_TEAM), approver=User.objects.get(username="hana"), at=at
    )
    own = {worker.name: worker for worker in employer.workers.filter(name__in=(NAMES["asha"], NAMES["ben"]))}
    load_contests(own[NAMES["asha"]], manager=own[NAMES["ben"]], at=at)
    renew_statistics(*COUNTED)
    load_history(employer, as_of=as_of, at=at)
    _duties(employer, own[NAMES["asha"]], as_of=as_of, at=at)
    _variations(employer, as_of=as_of, at=at)
    load_findings(employer, as_of=as_of, at=at)
    _checks(employer, as_of=as_of, at=at)
    _elsewhere(as_of=as_of, at=at)
    _to_import_into(as_of=as_of, at=at)
    return True


def _duties(employer: Employer, asha: Worker, *, as_of: date, at: datetime) -> None:
    team = Team.objects.select_related("employer", "service_area").get(employer=employer, name=BENS_TEAM)
    duties.load_duties(employer, as_of=as_of, at=at)
    duties.load_answers(team, manager=User.objects.get(username="ben"), as_of=as_of, at=at)
    duties.load_concern(asha, team=team, by=User.objects.get(username="asha"), as_of=as_of, at=at)


def _variations(employer: Employer, *, as_of: date, at: datetime) -> None:
    users = User.objects.in_bulk(["cora", "dev"], field_name="username")
    standards.load_variations(employer, psw=users["cora"], director=users["dev"], as_of=as_of, at=at)


def _checks(employer: Employer, *, as_of: date, at: datetime) -> None:
    """Two past cycles and one that is under way. The adults' teams are answered for by somebody who never signs in."""
    users = User.objects.in_bulk(["cora", "dev", "hana"], field_name="username")
    areas = {area.client_group: area for area in employer.service_areas.all()}
    adults, childrens = areas[ServiceArea.ClientGroup.ADULTS], areas[ServiceArea.ClientGroup.CHILDREN]
    olu = open_account(
        employer=employer,
        username="olu",
        name="Olu Makebelieve",
        password=None,
        roles=[(Role.SERVICE_MANAGER, adults)],
        by=None,
        at=at,
    )
    people_of = checks.People({childrens.pk: users["hana"], adults.pk: olu}, users["cora"], users["dev"])
    random = Random(SEED)
    for ago in (2 * checks.HALF_A_YEAR, checks.HALF_A_YEAR):
        past = checks.open_cycle(employer, ago=ago, people=people_of, as_of=as_of, at=at)
        surveys.load_surveys(past, by=users["cora"], at=at - ago + checks.SURVEYED, random=random)
        checks.publish_all(past, people=people_of, random=random, at=at - ago)
        checks.finish_most(past, random=random, at=at - ago + timedelta(days=150))
    present = checks.open_cycle(employer, ago=checks.UNDER_WAY, people=people_of, as_of=as_of, at=at)
    surveyed = at - checks.UNDER_WAY + checks.SURVEYED
    surveys.load_surveys(present, by=users["cora"], at=surveyed, random=random, under_way=True)
    own = employer.teams.get(name=BENS_TEAM)
    checks.spread(present, own=own, people=people_of, random=random, at=at)


@transaction.atomic
def load_another(number: int, *, as_of: date, at: datetime) -> bool:
    """Load one more employer of the same size, for load tests, unless it is there already."""
    slug = f"{SLUG}-{number}"
    if Employer.objects.filter(slug=slug).exists():
        return False
    _employer(f"Fernshire Council {number} (fictional)", slug, seed=SEED + number, as_of=as_of, at=at, cast=False)
    return True


def _employer(name: str, slug: str, *, seed: int, as_of: date, at: datetime, cast: bool) -> Employer:
    random = Random(seed)
    employer = found_employer(name=name, slug=slug, region=Employer.Region.SOUTH_WEST, by=None, at=at)
    areas = _areas(employer, as_of=as_of, at=at)
    names = people.made_up_names(random)
    teams = [
        add_team(service_area=areas["adults" if kind == "adults" else "childrens"], name=team_name, by=None, at=at)
        for team_name, kind in TEAMS
    ]
    for number, (team, (_, kind)) in enumerate(zip(teams, TEAMS, strict=True), start=1):
        odd = people.Oddities(
            named=(NAMES["ben"], NAMES["asha"]) if cast and team.name == BENS_TEAM else (),
            shared_with=teams[1] if number == 1 else None,
            hours_not_known=number == len(teams),
        )
        new = people.workers_of(team, number=number, names=names, random=random, as_of=as_of, odd=odd)
        add_workers(employer=employer, workers=new, by=None, at=at)
        mix = ADULTS if kind == "adults" else CHILDRENS[kind]
        _caseload(team, mix, each=EACH[kind], number=number, random=random, as_of=as_of, at=at)
    _staffing(employer, teams, names, seed=seed, as_of=as_of, at=at)
    return employer


def _staffing(
    employer: Employer, teams: Sequence[Team], names: Iterator[str], *, seed: int, as_of: date, at: datetime
) -> None:
    """A year of staffing; it draws from a chance of its own, so that cases stay what they are."""
    random = Random(seed)
    for number, team in enumerate(teams):
        leaver = next(names) if number % 3 == 0 else None
        staffing.load_year(team, leaver=leaver, random=random, as_of=as_of, at=at)
    staffing.load_hours(employer, random=random, as_of=as_of, at=at)


def _areas(employer: Employer, *, as_of: date, at: datetime) -> dict[str, ServiceArea]:
    begun = as_of - timedelta(days=540)
    childrens = add_service_area(
        employer=employer,
        name="Children’s social work",
        client_group=ServiceArea.ClientGroup.CHILDREN,
        full_time_hours=Decimal(37),
        by=None,
        at=at,
    )
    adults = add_service_area(
        employer=employer,
        name="Adults’ social work",
        client_group=ServiceArea.ClientGroup.ADULTS,
        full_time_hours=Decimal(37),
        by=None,
        at=at,
    )
    publish_scheme(service_area=childrens, draft=schemes.childrens(begun), by=None, at=at)
    publish_scheme(service_area=adults, draft=schemes.adults(begun), by=None, at=at)
    return {"childrens": childrens, "adults": adults}


def _caseload(team: Team, mix: Mix, *, each: int, number: int, random: Random, as_of: date, at: datetime) -> None:
    members = Worker.objects.filter(contracts__team=team).order_by("staff_reference")
    members = members.prefetch_related("contracts", "reductions")
    manager = members.get(case_holding=False)
    holders = list(members.filter(case_holding=True))
    pressure = PRESSURE.get(team.name, Decimal(1))
    caseload = Caseload(team, holders, manager=manager, mix=mix, first=number * 1000, random=random, as_of=as_of)
    cases = list(
        caseload.cases(each=round(each * pressure), unallocated=random.randint(1, 7), closed=random.randint(60, 110))
    )
    record_cases(team=team, cases=cases, by=None, at=at)


def _sign_ins(employer: Employer, *, at: datetime) -> None:
    team = employer.teams.get(name=BENS_TEAM)
    roles: dict[str, list[tuple[Role, Team | ServiceArea | None]]] = {
        "ben": [(Role.MANAGER, team)],
        "asha": [(Role.SOCIAL_WORKER, team)],
        "cora": [(Role.PRINCIPAL_SOCIAL_WORKER, None)],
        "dev": [(Role.DIRECTOR, None)],
        "ewa": [(Role.ADMINISTRATOR, None)],
        "femi": [(Role.OBSERVER, None)],
        "hana": [(Role.SERVICE_MANAGER, team.service_area)],
    }
    own = {worker.name: worker for worker in Worker.objects.filter(employer=employer, name__in=NAMES.values())}
    for username, held in roles.items():
        _account(employer, username, held, worker=own.get(NAMES[username]), at=at)


def _account(
    employer: Employer,
    username: str,
    roles: list[tuple[Role, Team | ServiceArea | None]],
    *,
    worker: Worker | None,
    at: datetime,
) -> User:
    return open_account(
        employer=employer,
        username=username,
        name=NAMES[username],
        password=PASSWORD,
        roles=roles,
        worker=worker,
        by=None,
        at=at,
    )


def _elsewhere(*, as_of: date, at: datetime) -> None:
    """The outsider's employer: one team, which must never meet the other employer's figures."""
    employer = found_employer(name="Elsewhere Council (fictional)", slug=OUTSIDE_SLUG, by=None, at=at)
    area = _areas(employer, as_of=as_of, at=at)["childrens"]
    team = add_team(service_area=area, name="Elsewhere Duty Team", by=None, at=at)
    random = Random(SEED)
    new = people.workers_of(
        team,
        number=1,
        names=people.made_up_names(random),
        random=random,
        as_of=as_of,
        odd=people.Oddities(named=(NAMES["gil"],)),
    )
    manager = add_workers(employer=employer, workers=new, by=None, at=at)[0]
    _caseload(team, CHILDRENS["assessment"], each=12, number=90, random=random, as_of=as_of, at=at)
    _account(employer, "gil", [(Role.MANAGER, team)], worker=manager, at=at)


def _to_import_into(*, as_of: date, at: datetime) -> None:
    """An employer without teams, for whoever tries the product on a workbook of their own."""
    employer = found_employer(name="Imported Council", slug=IMPORTED_SLUG, by=None, at=at)
    _areas(employer, as_of=as_of, at=at)
    _account(employer, "ivy", [(Role.DIRECTOR, None), (Role.ADMINISTRATOR, None)], worker=None, at=at)
