"""How supervision stands, worker by worker: rows read in a fixed number of statements, judged by the pure rules."""

import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Count, Exists, OuterRef, QuerySet, Subquery, TextField
from django.db.models.functions import Cast, JSONObject, TruncMonth
from django.http import Http404

from teams import shipped
from teams.bank_holidays import bank_holidays
from teams.models import (
    Absence,
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
    here = Contract.objects.filter(worker=OuterRef("pk"), team__employer=employer).open_on(as_of)
    people = Worker.objects.filter(Exists(here.filter(team__in=teams) if teams else here))
    rows = list(_with_supervision(people, employer, as_of=as_of))
    if not rows or rows[0]["log_begun_on"] is None:
        return []
    holidays = _bank_holidays(employer, as_of)
    return [_supervised(row, _facts(row, holidays, on=as_of), as_of) for row in rows]


def _supervised(row: Mapping[str, Any], facts: Facts, as_of: date) -> Supervised:
    in_turn = rules_in_turn(begun=facts.begun_on or as_of, stage=facts.stage, rules=facts.rules)
    recent = [_session(each) for each in row["recent"]]
    full = [session for session in recent if not why_below(session, rule_among(in_turn, session.held_on))]
    return Supervised(row["pk"], standing(facts, on=as_of), len(recent), len(full))


def _facts(row: Mapping[str, Any], holidays: Collection[date], *, on: date) -> Facts:
    return Facts(
        begun_on=employed_since([_span(each) for each in row["contract_spans"]], on),
        stage=row["career_stage"],
        rules=_rules_told(tuple(row["rules"])),
        log_begun_on=row["log_begun_on"],
        held=[row["last_on"]] if row["last_on"] else [],
        absences=[_span(each) for each in row["absence_spans"]],
        bank_holidays=holidays,
    )


def _bank_holidays(employer: Employer, as_of: date) -> Collection[date]:
    return bank_holidays(employer.nation, range(as_of.year - YEARS_BACK, as_of.year + 2))


def _rule_at(day: date, facts: Facts) -> Rule | None:
    return rule_on(day, begun=facts.begun_on or day, stage=facts.stage, rules=facts.rules)


def _with_supervision(people: QuerySet[Worker], employer: Employer, *, as_of: date) -> QuerySet[Worker, Any]:
    """Workers with contracts, absences and sessions, the log's first day and the employer's rules, as plain values."""
    span = _told(starts_on="starts_on", ends_on="ends_on")
    held = _told(held_on="held_on", minutes="minutes", interrupted="interrupted")
    own = {"worker": OuterRef("pk")}
    sessions = SupervisionSession.objects.filter(**own, held_on__lte=as_of).order_by("-held_on")
    first = Subquery(sessions.order_by("held_on").values("held_on")[:1])
    log = Worker.objects.filter(employer=employer).annotate(first=first).order_by("first")
    rules = SupervisionRule.objects.filter(employer=employer)
    return people.order_by("pk").values(
        "pk",
        "career_stage",
        contract_spans=ArraySubquery(Contract.objects.filter(**own).values(json=span)),
        absence_spans=ArraySubquery(Absence.objects.filter(**own).values(json=span)),
        last_on=Subquery(sessions.values("held_on")[:1]),
        recent=ArraySubquery(sessions.filter(held_on__gt=as_of - RECENT).values(json=held)),
        log_begun_on=Subquery(log.values("first")[:1]),
        rules=ArraySubquery(rules.values(json=_told(**{name: name for name in RULE}))),
    )


def _told(**fields: str) -> Cast:
    """Some columns as one text, so that the same text is read once."""
    return Cast(JSONObject(**fields), TextField())


@lru_cache(maxsize=256)
def _rules_told(rows: tuple[str, ...]) -> Sequence[Rule]:
    return _rules(json.loads(row) for row in rows)


@lru_cache(maxsize=16_384)
def _span(row: str) -> Span:
    told = json.loads(row)
    return Span(_day(told["starts_on"]), _day(told["ends_on"]) if told["ends_on"] else None)


@lru_cache(maxsize=16_384)
def _session(row: str) -> Held:
    told = json.loads(row)
    return Held(_day(told["held_on"]), told["minutes"], told["interrupted"])


def _day(text: str) -> date:
    return date.fromisoformat(text)


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
    employer = worker.employer
    (row,) = _with_supervision(Worker.objects.filter(pk=worker.pk), employer, as_of=as_of)
    facts = _facts(row, _bank_holidays(employer, as_of), on=as_of)
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
