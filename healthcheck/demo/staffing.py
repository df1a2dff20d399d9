"""A year of the demo's staffing: supervision, absences, posts, additional hours, and somebody who left."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from decimal import Decimal
from random import Random

from healthcheck.demo.people import ABSENT
from teams.actions.capacity import Away, Reduction, put_right_reduction, record_absences
from teams.actions.hours import take_over_hours
from teams.actions.posts import set_establishment
from teams.actions.setting_up import NewContract, NewWorker, add_workers
from teams.actions.supervision import Session, record_sessions
from teams.models import Absence, CapacityReduction, CareerStage, Employer, Team, User, Worker
from teams.policies import open_weeks
from teams.shipped import supervision_rules
from teams.supervision import rule_on

YEAR = 365
SATURDAY = 5
FULL_TIME = Decimal(37)
WEEKS = 26


def load_year(team: Team, *, leaver: str | None, random: Random, as_of: date, at: datetime) -> None:
    """One team's year, through the actions that a system used before would be taken over by."""
    members = list(
        Worker.objects.filter(contracts__team=team).order_by("pk").prefetch_related("contracts", "reductions")
    )
    manager = next(worker for worker in members if not worker.case_holding)
    holders = [worker for worker in members if worker.case_holding]
    absences = [(worker, away) for worker in holders for away in _absences(worker, random, as_of)]
    home = [(worker, away) for worker, away in absences if worker.contracts.all()[0].team_id == team.pk]
    record_absences(team=team, absences=home, by=None, at=at)
    sessions = [
        (worker, session)
        for worker in holders
        if worker.contracts.all()[0].team_id == team.pk
        for session in _sessions(worker, manager, random, as_of)
    ]
    record_sessions(team=team, sessions=sessions, by=None, at=at)
    hours = sum((row.weekly_hours or FULL_TIME for worker in members for row in worker.contracts.all()), Decimal(0))
    posts = hours + FULL_TIME * random.choice((0, 0, Decimal("0.5"), 1, Decimal("1.5")))
    set_establishment(team=team, weekly_hours=posts, starts_on=as_of - timedelta(days=700), by=None, at=at)
    if leaver:
        _leaver(team, leaver, random, as_of, at)


def load_approvals(team: Team, *, approver: User, at: datetime) -> None:
    """Who approved a team's reductions, put in once the accounts are there."""
    for row in CapacityReduction.objects.filter(team=team).select_related("worker", "team__employer"):
        new = Reduction(row.kind, row.amount, row.reason, row.starts_on, row.ends_on, approver)
        put_right_reduction(row=row, new=new, by=None, at=at)


def load_hours(employer: Employer, *, random: Random, as_of: date, at: datetime) -> None:
    """Additional hours of the employer's workers, as they would have entered them."""
    weeks = [open_weeks(as_of)[0] - timedelta(weeks=number) for number in range(WEEKS)]
    rows = [
        (worker, week, Decimal(random.choice(("0", "1", "1.5", "2", "3.5", "6"))))
        for worker in employer.workers.filter(case_holding=True).order_by("pk")
        if random.random() < 0.7
        for week in weeks
        if random.random() < 0.8
    ]
    take_over_hours(employer=employer, rows=rows, at=at)


def _leaver(team: Team, name: str, random: Random, as_of: date, at: datetime) -> None:
    gone = as_of - timedelta(days=random.randint(30, 300))
    contract = NewContract(team, FULL_TIME, gone - timedelta(days=700), gone)
    new = NewWorker(name, f"L{team.pk}", CareerStage.ESTABLISHED.value, registered=True, contracts=(contract,))
    add_workers(employer=team.employer, workers=[new], by=None, at=at)


def _absences(worker: Worker, random: Random, as_of: date) -> Iterator[Away]:
    """Long absence where capacity is reduced for one; else a few short ones, each in its own part of the year."""
    long = next((row for row in worker.reductions.all() if row.reason == ABSENT[2]), None)
    if long:
        yield Away(Absence.Reason.SICKNESS, long.starts_on, long.ends_on)
        return
    for part in range(4):
        if random.random() < 0.3:
            begun = as_of - timedelta(days=90 * part + random.randint(20, 80))
            reason = random.choice((Absence.Reason.SICKNESS, Absence.Reason.SICKNESS, Absence.Reason.SPECIAL))
            yield Away(reason, begun, begun + timedelta(days=random.randint(1, 9)))


def _sessions(worker: Worker, manager: Worker, random: Random, as_of: date) -> Iterator[Session]:
    """Back from the newest, mostly in time: every eighth worker was last supervised too long ago."""
    begun = min(row.starts_on for row in worker.contracts.all())
    late = random.random() < 0.12
    day = as_of - timedelta(days=random.randint(45, 70) if late else random.randint(1, _gap(worker, begun, as_of) - 2))
    while day > max(begun, as_of - timedelta(days=YEAR)):
        day -= timedelta(days=max(day.weekday() - SATURDAY + 1, 0))
        yield Session(
            held_on=day,
            minutes=random.choice((90, 90, 90, 90, 95, 100, 120, 60)),
            interrupted=random.random() < 0.08,
            reflective=random.random() < 0.7,
            supervisor=manager,
            supervisor_name="",
            supervisor_registered=True,
        )
        day -= timedelta(days=_gap(worker, begun, day) - random.randint(0, 3))


def _gap(worker: Worker, begun: date, day: date) -> int:
    rule = rule_on(day, begun=begun, stage=worker.career_stage, rules=supervision_rules())
    return rule.gap_days if rule and rule.gap_days else 31
