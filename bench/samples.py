"""Employers and teams of a chosen size, made of the demo's people and cases."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from decimal import Decimal
from itertools import count, islice
from random import Random

from caseloads.actions.cases import record_cases
from caseloads.actions.schemes import publish_scheme
from healthcheck.demo import people, schemes
from healthcheck.demo.cases import ADULTS, CHILDRENS, Caseload
from healthcheck.demo.duties import load_duties
from healthcheck.demo.history import load_history
from healthcheck.demo.loading import EACH, SEED, TEAMS
from healthcheck.demo.staffing import load_year
from teams.actions.setting_up import (
    NewContract,
    NewWorker,
    add_service_area,
    add_team,
    add_workers,
    found_employer,
)
from teams.models import CareerStage, Employer, ServiceArea, Team, Worker

PLAIN = people.Oddities()


def make_employer(times: int, *, as_of: date, at: datetime) -> Employer:
    """An employer with the demo's twelve kinds of team and a year of supervision, each so many times."""
    random, names = Random(SEED), _names()  # noqa: S311 - made-up data, the same every time
    employer = found_employer(name=f"Benchshire {times}", slug=f"benchshire-{times}", by=None, at=at)
    areas = _areas(employer, as_of=as_of, at=at)
    for number, (name, kind) in enumerate(list(TEAMS) * times, start=1):
        area = areas["adults" if kind == "adults" else "childrens"]
        team = add_team(service_area=area, name=f"{name} {number}", by=None, at=at)
        new = people.workers_of(team, number=number, names=names, random=random, as_of=as_of, odd=PLAIN)
        add_workers(employer=employer, workers=new, by=None, at=at)
        _record(team, kind, each=EACH[kind], number=number, random=random, as_of=as_of, at=at)
        load_year(team, leaver=None, random=Random(number), as_of=as_of, at=at)  # noqa: S311
    return employer


def make_team(*, holders: int, each: int, as_of: date, at: datetime) -> Team:
    """A safeguarding team of a chosen number of case holders with about so many cases each, alone in its employer."""
    random, names = Random(SEED), _names()  # noqa: S311 - made-up data, the same every time
    employer = found_employer(name="Teamshire", slug="teamshire", by=None, at=at)
    area = _areas(employer, as_of=as_of, at=at)["childrens"]
    team = add_team(service_area=area, name="Otter Safeguarding Team", by=None, at=at)
    made = [
        people.workers_of(team, number=number, names=names, random=random, as_of=as_of, odd=PLAIN) for number in (1, 2)
    ]
    new = [*made[0], *made[1][1:]]
    add_workers(employer=employer, workers=new[: holders + 1], by=None, at=at)
    _record(team, "safeguarding", each=each, number=1, random=random, as_of=as_of, at=at)
    return team


def staff(team: Team, *, as_of: date, at: datetime) -> None:
    """A year of supervision, absences and posts, scored days of twelve months, and the duties of the last weeks."""
    load_year(team, leaver=None, random=Random(SEED), as_of=as_of, at=at)  # noqa: S311 - made-up data
    load_history(team.employer, as_of=as_of, at=at)
    load_duties(team.employer, as_of=as_of, at=at)


def add_holder(team: Team, *, cases: int, as_of: date, at: datetime) -> Worker:
    """One more case holder of a team, with exactly so many cases, some of them shared with others."""
    others = Worker.objects.filter(contracts__team=team)
    manager, holders = others.get(case_holding=False), list(others.filter(case_holding=True).order_by("pk"))
    contract = NewContract(team, Decimal(37), as_of - timedelta(days=800))
    new = NewWorker("Worker Overmuch", "B0001", CareerStage.EXPERIENCED.value, registered=True, contracts=(contract,))
    (worker,) = add_workers(employer=team.employer, workers=[new], by=None, at=at)
    made = Caseload(
        team,
        [worker, *holders],
        manager=manager,
        mix=CHILDRENS["safeguarding"],
        first=9000,
        random=Random(SEED),  # noqa: S311 - made-up data
        as_of=as_of,
    )
    first = islice(made.cases(each=9 * cases, unallocated=0, closed=0), cases)
    record_cases(team=team, cases=list(first), by=None, at=at)
    return worker


def _names() -> Iterator[str]:
    return (f"Worker Number{number}" for number in count(1))


def _areas(employer: Employer, *, as_of: date, at: datetime) -> dict[str, ServiceArea]:
    begun, made = as_of - timedelta(days=540), {}
    groups = {"childrens": ServiceArea.ClientGroup.CHILDREN, "adults": ServiceArea.ClientGroup.ADULTS}
    for (kind, group), draft in zip(groups.items(), (schemes.childrens, schemes.adults), strict=True):
        made[kind] = add_service_area(
            employer=employer, name=kind, client_group=group, full_time_hours=Decimal(37), by=None, at=at
        )
        publish_scheme(service_area=made[kind], draft=draft(begun), by=None, at=at)
    return made


def _record(team: Team, kind: str, *, each: int, number: int, random: Random, as_of: date, at: datetime) -> None:
    members = Worker.objects.filter(contracts__team=team).order_by("staff_reference")
    members = members.prefetch_related("contracts", "reductions")
    caseload = Caseload(
        team,
        list(members.filter(case_holding=True)),
        manager=members.get(case_holding=False),
        mix=ADULTS if kind == "adults" else CHILDRENS[kind],
        first=number * 1000,
        random=random,
        as_of=as_of,
    )
    cases = list(caseload.cases(each=each, unallocated=random.randint(1, 7), closed=random.randint(60, 110)))
    record_cases(team=team, cases=cases, by=None, at=at)
