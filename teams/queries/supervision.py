"""How supervision stands, worker by worker: rows read in a fixed number of statements, judged by the pure rules."""

import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from typing import Any

from django.db import connection
from django.db.models import Count, QuerySet
from django.db.models.functions import TruncMonth
from django.http import Http404

from teams import shipped
from teams.bank_holidays import bank_holidays
from teams.models import (
    CareerStage,
    Contract,
    Employer,
    SupervisionRule,
    SupervisionSession,
    Team,
    User,
    Worker,
)
from teams.supervision import (
    Facts,
    Held,
    Rule,
    Span,
    Standing,
    State,
    employed_since,
    rule_among,
    rule_on,
    rules_in_turn,
    standing,
    why_below,
)

RECENT = timedelta(days=91)
YEARS_BACK = 3
RULE = ("career_stage", "gap_days", "minutes", "source", "note", "until", "unit")
EMPLOYED = """EXISTS (
    SELECT FROM teams_contract AS contract JOIN teams_team AS team ON team.id = contract.team_id
     WHERE contract.worker_id = worker.id AND team.employer_id = %(employer)s
       AND (%(teams)s::bigint[] IS NULL OR team.id = ANY (%(teams)s::bigint[]))
       AND contract.starts_on <= %(as_of)s AND (contract.ends_on IS NULL OR contract.ends_on > %(as_of)s))"""
ONE = "worker.id = %(worker)s"
READ = """
    WITH people AS (
        SELECT worker.id AS worker, worker.career_stage AS stage,
               ARRAY(SELECT concat_ws(' ', starts_on, ends_on)
                       FROM teams_contract WHERE worker_id = worker.id) AS contracts,
               ARRAY(SELECT concat_ws(' ', starts_on, ends_on)
                       FROM teams_absence WHERE worker_id = worker.id) AS absences,
               (SELECT max(held_on)
                  FROM teams_supervisionsession WHERE worker_id = worker.id AND held_on <= %(as_of)s) AS last_on,
               ARRAY(SELECT concat_ws(' ', held_on, minutes, interrupted)
                       FROM teams_supervisionsession
                      WHERE worker_id = worker.id AND held_on <= %(as_of)s AND held_on > %(since)s) AS recent
          FROM teams_worker AS worker WHERE {who} ORDER BY worker.id)
    SELECT (SELECT coalesce(json_agg(people), '[]') FROM people)::text,
           (SELECT min(first) FROM (
               SELECT (SELECT min(held_on) FROM teams_supervisionsession
                        WHERE worker_id = worker.id AND held_on <= %(as_of)s) AS first
                 FROM teams_worker AS worker WHERE worker.employer_id = %(employer)s) AS firsts),
           (SELECT coalesce(json_agg(rule ORDER BY career_stage, unit, until, id), '[]')
              FROM teams_supervisionrule AS rule WHERE rule.employer_id = %(employer)s)::text"""
"""People with all that their standing follows from; the first day of their employer's log; its own rules."""


@dataclass(frozen=True)
class Supervised:
    """One worker's supervision on a day: how it stands, and the sessions of the last 91 days."""

    worker: int
    standing: Standing
    sessions: int
    in_full: int


def rules_of(employer: Employer) -> Sequence[Rule]:
    """What the employer agreed for itself; else what comes with the product. One statement."""
    return _rules(SupervisionRule.objects.filter(employer=employer).values(*RULE))


def _rules(rows: Iterable[Mapping[str, Any]]) -> Sequence[Rule]:
    own = [Rule(stage=row["career_stage"], **{name: row[name] for name in RULE[1:]}) for row in rows]
    return own or shipped.supervision_rules()


def supervised(employer: Employer, *, as_of: date, teams: Collection[Team] = ()) -> list[Supervised]:
    """How supervision of an employer's workers stands on a day, or of some teams'. One statement.

    Nobody is in the list of an employer that has no session on record by then: nothing is known.
    """
    people, log = _read(EMPLOYED, employer, as_of=as_of, teams=[team.pk for team in teams] or None)
    return [_supervised(person, log.facts(person, on=as_of), as_of) for person in people] if log.begun_on else []


def _supervised(person: Mapping[str, Any], facts: Facts, as_of: date) -> Supervised:
    in_turn = rules_in_turn(begun=facts.begun_on or as_of, stage=facts.stage, rules=facts.rules)
    recent = [_session(each) for each in person["recent"]]
    full = [session for session in recent if not why_below(session, rule_among(in_turn, session.held_on))]
    return Supervised(person["worker"], standing(facts, on=as_of), len(recent), len(full))


@dataclass(frozen=True)
class _Log:
    """What is the same for everybody of an employer. begun_on: the day of its first session."""

    begun_on: date | None
    rules: Sequence[Rule]
    bank_holidays: Collection[date]

    def facts(self, person: Mapping[str, Any], *, on: date) -> Facts:
        return Facts(
            begun_on=employed_since([_span(each) for each in person["contracts"]], on),
            stage=person["stage"],
            rules=self.rules,
            log_begun_on=self.begun_on,
            held=[date.fromisoformat(person["last_on"])] if person["last_on"] else [],
            absences=[_span(each) for each in person["absences"]],
            bank_holidays=self.bank_holidays,
        )


def _read(
    who: str, employer: Employer, *, as_of: date, **known: int | list[int] | None
) -> tuple[list[dict[str, Any]], _Log]:
    """People as `READ` tells of them, and their employer's log. One statement."""
    with connection.cursor() as cursor:
        cursor.execute(
            READ.format(who=who), {"employer": employer.pk, "as_of": as_of, "since": as_of - RECENT, **known}
        )
        people, begun_on, rules = cursor.fetchone() or ("[]", None, "[]")
    return json.loads(people), _Log(begun_on, _rules(json.loads(rules)), _bank_holidays(employer, as_of))


def _bank_holidays(employer: Employer, as_of: date) -> Collection[date]:
    return bank_holidays(employer.nation, range(as_of.year - YEARS_BACK, as_of.year + 2))


def _rule_at(day: date, facts: Facts) -> Rule | None:
    return rule_on(day, begun=facts.begun_on or day, stage=facts.stage, rules=facts.rules)


@lru_cache(maxsize=16_384)
def _span(told: str) -> Span:
    return Span(*map(date.fromisoformat, told.split()))


@lru_cache(maxsize=16_384)
def _session(told: str) -> Held:
    held_on, minutes, interrupted = told.split()
    return Held(date.fromisoformat(held_on), int(minutes), interrupted == "t")


@dataclass(frozen=True)
class TeamLine:
    """One member in the supervision list of a team."""

    worker: Worker
    standing: Standing
    sessions: int
    in_full: int


@dataclass(frozen=True)
class RuleRow:
    """A rule as people read it."""

    rule: Rule
    stage: str
    linked: bool


@dataclass(frozen=True)
class TeamSupervision:
    """A team's supervision on a day, most overdue first. recorded: whether the employer has any session on record."""

    lines: Sequence[TeamLine]
    rules: Sequence[RuleRow]
    recorded: bool

    @property
    def watched(self) -> int:
        """Those who hold cases."""
        return sum(line.worker.case_holding for line in self.lines)

    @property
    def overdue(self) -> int:
        return sum(line.standing.overdue_since is not None for line in self.lines)


def _line(worker: Worker, row: Supervised | None) -> TeamLine:
    if row is None:
        return TeamLine(worker, Standing(State.NOT_KNOWN, "No supervision is recorded for this employer yet."), 0, 0)
    if worker.case_holding:
        return TeamLine(worker, row.standing, row.sessions, row.in_full)
    outside = Standing(State.NO_GAP_SET, "Holds no cases: no longest gap is watched.", row.standing.last_on)
    return TeamLine(worker, outside, row.sessions, row.in_full)


def team_supervision(team: Team, *, as_of: date) -> TeamSupervision:
    """Every member of a team on a day. Three statements."""
    found = {row.worker: row for row in supervised(team.employer, as_of=as_of, teams=[team])}
    members = Worker.objects.filter(contracts__in=Contract.objects.filter(team=team).open_on(as_of)).distinct()
    lines = [_line(worker, found.get(worker.pk)) for worker in members]
    lines.sort(key=lambda line: (line.standing.due_on or date.max, line.worker.name.casefold(), line.worker.pk))
    return TeamSupervision(lines, _rule_rows(rules_of(team.employer)), bool(found))


def _rule_rows(rules: Sequence[Rule]) -> list[RuleRow]:
    return [RuleRow(rule, CareerStage(rule.stage).label, rule.source.startswith("https://")) for rule in rules]


@dataclass(frozen=True)
class LogRow:
    """A session with what it lacks of the standard, in words."""

    session: SupervisionSession
    below: str


@dataclass(frozen=True)
class WorkerSupervision:
    """A worker's own log, newest first, and how it stands."""

    standing: Standing
    rule: Rule | None
    rows: Sequence[LogRow]


def worker_supervision(worker: Worker, *, as_of: date) -> WorkerSupervision:
    """The whole log of a worker. Two statements."""
    (person,), log = _read(ONE, worker.employer, as_of=as_of, worker=worker.pk)
    facts = log.facts(person, on=as_of)
    sessions = worker.supervision_sessions.select_related("supervisor", "team")
    rows = [LogRow(each, why_below(_held(each), _rule_at(each.held_on, facts))) for each in sessions]
    return WorkerSupervision(standing(facts, on=as_of), _rule_at(as_of, facts), rows)


def _held(session: SupervisionSession) -> Held:
    return Held(session.held_on, session.minutes, session.interrupted)


def find_session(team: Team, worker: Worker, pk: int) -> SupervisionSession:
    """A session that was recorded in a team; any other is not there (404)."""
    found = SupervisionSession.objects.filter(team=team, worker=worker, pk=pk).select_related("supervisor").first()
    if found is None:
        raise Http404(f"There is no such session in the log of {team}.")
    return found


def supervisors(worker: Worker) -> QuerySet[Worker]:
    """Who may have supervised a worker: whoever shares a team with them now or did, but not themselves."""
    teams = Contract.objects.filter(worker=worker).values("team")
    colleagues = Contract.objects.filter(team__in=teams).values("worker")
    return Worker.objects.filter(pk__in=colleagues).exclude(pk=worker.pk)


def likely(user: User, among: QuerySet[Worker]) -> dict[str, object]:
    """The supervisor to suggest: whoever fills the form in, if they are a worker."""
    own = among.filter(user=user).first()
    return {"supervisor": own, "supervisor_registered": own.registered} if own else {}


@dataclass(frozen=True)
class Sessions:
    """Supervision sessions of a team in one month, and of how many workers."""

    held: int
    workers: int


def sessions_by_month(team: Team, *, since: date, until: date) -> dict[date, Sessions]:
    """The sessions recorded in a team, by the first day of their month. One statement."""
    rows = SupervisionSession.objects.filter(team=team, held_on__gte=since, held_on__lte=until).order_by()
    told = rows.annotate(month=TruncMonth("held_on")).values_list("month")
    counted = told.annotate(Count("pk"), Count("worker", distinct=True))
    return {month: Sessions(held, workers) for month, held, workers in counted}
