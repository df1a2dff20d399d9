"""How supervision stands, worker by worker: rows read in a fixed number of statements, judged by the pure rules."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Min, OuterRef, Q, QuerySet, Subquery
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
from teams.supervision import Facts, Held, Rule, Span, Standing, State, employed_since, rule_on, standing, why_below

RECENT = timedelta(days=91)
YEARS_BACK = 3


@dataclass(frozen=True)
class Supervised:
    """One worker's supervision on a day: how it stands, and the sessions of the last 91 days."""

    worker: int
    standing: Standing
    sessions: int
    in_full: int


@dataclass(frozen=True)
class _Person:
    contracts: list[Span]
    stage: str


@dataclass(frozen=True)
class _Log:
    """What is the same for everybody of an employer. begun_on: the day of its first session; None: it has none."""

    begun_on: date | None
    rules: Sequence[Rule]
    bank_holidays: Collection[date]

    def facts(self, person: _Person, sessions: Sequence[Held], absences: Sequence[Span], *, on: date) -> Facts:
        return Facts(
            begun_on=employed_since(person.contracts, on),
            stage=person.stage,
            rules=self.rules,
            log_begun_on=self.begun_on,
            held=[session.held_on for session in sessions],
            absences=absences,
            bank_holidays=self.bank_holidays,
        )


def rules_of(employer: Employer) -> Sequence[Rule]:
    """What the employer agreed for itself; else what comes with the product. One statement."""
    rows = SupervisionRule.objects.filter(employer=employer)
    own = [Rule(row.career_stage, row.gap_days, row.minutes, row.source, row.note, row.until, row.unit) for row in rows]
    return own or shipped.supervision_rules()


def supervised(employer: Employer, *, as_of: date, team: Team | None = None) -> list[Supervised]:
    """How supervision of an employer's workers stands on a day, or of one team's. Four statements.

    Nobody is in the list of an employer that has no session on record by then: nothing is known.
    """
    people, begun_on = _people(employer, as_of=as_of, team=team)
    if begun_on is None:
        return []
    log = _Log(begun_on, rules_of(employer), _bank_holidays(employer, as_of))
    absences, sessions = _absences(people), _sessions(people, as_of=as_of)
    facts = {key: log.facts(person, sessions[key], absences[key], on=as_of) for key, person in people.items()}
    return [_supervised(key, facts[key], sessions[key], as_of=as_of) for key in people]


def _supervised(key: int, facts: Facts, sessions: Sequence[Held], *, as_of: date) -> Supervised:
    recent = [session for session in sessions if session.held_on > as_of - RECENT]
    full = [session for session in recent if not why_below(session, _rule_at(session.held_on, facts))]
    return Supervised(key, standing(facts, on=as_of), len(recent), len(full))


def _bank_holidays(employer: Employer, as_of: date) -> Collection[date]:
    return bank_holidays(employer.nation, range(as_of.year - YEARS_BACK, as_of.year + 2))


def _rule_at(day: date, facts: Facts) -> Rule | None:
    return rule_on(day, begun=facts.begun_on or day, stage=facts.stage, rules=facts.rules)


def _people(employer: Employer, *, as_of: date, team: Team | None) -> tuple[dict[int, _Person], date | None]:
    """Everybody with a contract that counts on the day, with all their contracts; and the log's first day."""
    here = Contract.objects.filter(team__employer=employer).open_on(as_of)
    if team is not None:
        here = here.filter(team=team)
    log = SupervisionSession.objects.filter(worker__employer=employer, held_on__lte=as_of).order_by("held_on")
    rows = (
        Contract.objects.filter(worker__in=here.values("worker"))
        .order_by("worker_id", "starts_on")
        .values_list("worker_id", "worker__career_stage", "starts_on", "ends_on", Subquery(log.values("held_on")[:1]))
    )
    people: dict[int, _Person] = {}
    begun_on = None
    for worker, stage, starts_on, ends_on, begun_on in rows:  # noqa: B007 - the same in every row
        people.setdefault(worker, _Person([], stage)).contracts.append(Span(starts_on, ends_on))
    return people, begun_on


def _absences(people: Collection[int]) -> Mapping[int, list[Span]]:
    found: dict[int, list[Span]] = defaultdict(list)
    rows = Absence.objects.filter(worker__in=list(people)).values_list("worker_id", "starts_on", "ends_on")
    for worker, starts_on, ends_on in rows:
        found[worker].append(Span(starts_on, ends_on))
    return found


def _sessions(people: Collection[int], *, as_of: date) -> Mapping[int, list[Held]]:
    """Everybody's sessions of the last 91 days, and before those the newest one."""
    rows = SupervisionSession.objects.filter(worker__in=list(people), held_on__lte=as_of)
    newest = SupervisionSession.objects.filter(worker=OuterRef("worker"), held_on__lte=as_of).order_by("-held_on")
    wanted = rows.filter(Q(held_on__gt=as_of - RECENT) | Q(pk=Subquery(newest.values("pk")[:1])))
    found: dict[int, list[Held]] = defaultdict(list)
    for worker, held_on, minutes, interrupted in wanted.values_list("worker_id", "held_on", "minutes", "interrupted"):
        found[worker].append(Held(held_on, minutes, interrupted))
    return found


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
    """Every member of a team on a day. Six statements."""
    found = {row.worker: row for row in supervised(team.employer, as_of=as_of, team=team)}
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
    """The whole log of a worker. Five statements."""
    employer = worker.employer
    person = _Person([Span(row.starts_on, row.ends_on) for row in worker.contracts.all()], worker.career_stage)
    sessions = list(worker.supervision_sessions.select_related("supervisor", "team"))
    first = SupervisionSession.objects.filter(worker__employer=employer).aggregate(first=Min("held_on"))["first"]
    log = _Log(first, rules_of(employer), _bank_holidays(employer, as_of))
    facts = log.facts(person, [_held(row) for row in sessions], _absences([worker.pk])[worker.pk], on=as_of)
    rows = [LogRow(row, why_below(_held(row), _rule_at(row.held_on, facts))) for row in sessions]
    return WorkerSupervision(standing(facts, on=as_of), _rule_at(as_of, facts), rows)


def _held(session: SupervisionSession) -> Held:
    return Held(session.held_on, session.minutes, session.interrupted)


def find_session(team: Team, worker: Worker, pk: int) -> SupervisionSession:
    """A session of a worker in a team's log; any other is not there (404)."""
    found = SupervisionSession.objects.filter(worker=worker, pk=pk).select_related("supervisor").first()
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
