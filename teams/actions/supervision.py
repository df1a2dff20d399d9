"""What people do with the supervision log, and with the rules it is held against."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from design import figures
from teams import audit, policies, submissions
from teams.access import require, require_employer_wide
from teams.actions.staffing import contracts_in
from teams.audit import Event
from teams.changing import ask_for_scores, lock_row, lock_worker, put_right, require_unchanged
from teams.models import Employer, SupervisionRule, SupervisionSession, Team, User, Worker
from teams.refusals import NotAllowed
from teams.roles import Permission
from teams.supervision import Rule, Span


@dataclass(frozen=True)
class Session:
    """A supervision that took place: with a worker of the employer, or with somebody else by name."""

    held_on: date
    minutes: int
    interrupted: bool
    reflective: bool
    supervisor: Worker | None
    supervisor_name: str
    supervisor_registered: bool | None


@transaction.atomic
def record_session(
    *, team: Team, worker: Worker, new: Session, once: UUID | None = None, by: User, at: datetime
) -> SupervisionSession:
    """Record that a worker was supervised."""
    require(by, Permission.SUPERVISION_RECORD, team=team)
    submissions.claim(once, by=by, at=at)
    worker = lock_worker(worker)
    _forbid_own(worker, by)
    _check(team, worker, new, at=at)
    row = SupervisionSession.objects.create(worker=worker, team=team, recorded_by=by, recorded_at=at, **vars(new))
    _note(row, by=by, at=at, after=vars(new))
    return row


@transaction.atomic
def put_right_session(
    *,
    row: SupervisionSession,
    new: Session | None,
    why: str = "",
    seen: str | None = None,
    once: UUID | None = None,
    by: User,
    at: datetime,
) -> None:
    """Correct a session, or (None) remove one that never took place; the audit trail keeps what it said before."""
    require(by, Permission.SUPERVISION_RECORD, team=row.team)
    submissions.claim(once, by=by, at=at)
    rows = SupervisionSession.objects.select_related("worker__employer", "team__employer")
    row = lock_row(row, among=rows, what="session", seen=seen, words=session_words)
    _forbid_own(row.worker, by)
    if new is not None:
        _check(row.team, row.worker, new, at=at, instead_of=row)
    _note(row, by=by, at=at, **put_right(row, new, of=Session, why=why))


def session_words(row: SupervisionSession) -> str:
    interrupted = "interrupted" if row.interrupted else "not interrupted"
    return f"{figures.day(row.held_on)}, {row.minutes} minutes, {interrupted}"


def _check(
    team: Team,
    worker: Worker,
    new: Session,
    *,
    at: datetime,
    instead_of: SupervisionSession | None = None,
) -> None:
    others = worker.supervision_sessions.filter(held_on=new.held_on)
    taken = others.exclude(pk=instead_of.pk).exists() if instead_of else others.exists()
    contracts = [Span(row.starts_on, row.ends_on) for row in contracts_in(team, worker)]
    today = timezone.localdate(at)
    if reason := policies.why_not_held_on(new.held_on, today=today, contracts=contracts, taken=taken):
        raise NotAllowed(reason)
    if new.supervisor is not None and new.supervisor.pk == worker.pk:
        raise NotAllowed("Nobody supervises themselves. Choose who held the session")


def _forbid_own(worker: Worker, by: User) -> None:
    if worker.user_id == by.pk:
        raise NotAllowed("Your own supervision is recorded by your manager, not by you")


def _note(row: SupervisionSession, *, by: User, at: datetime, **detail: object) -> None:
    told = {"worker": row.worker_id} | detail
    audit.record(Event.SUPERVISION_RECORDED, employer=row.team.employer, target=row, by=by, at=at, detail=told)
    ask_for_scores(Team.objects.filter(contracts__worker=row.worker_id))


@transaction.atomic
def record_sessions(*, team: Team, sessions: Sequence[tuple[Worker, Session]], by: User | None, at: datetime) -> None:
    """Take over a log of many sessions of a team in one write, such as from the system used before."""
    require(by, Permission.SUPERVISION_RECORD, team=team)
    SupervisionSession.objects.bulk_create(
        SupervisionSession(worker=worker, team=team, recorded_by=by, recorded_at=at, **vars(new))
        for worker, new in sessions
    )
    detail = {"sessions": len(sessions)}
    audit.record(Event.SUPERVISION_RECORDED, employer=team.employer, target=team, by=by, at=at, detail=detail)
    ask_for_scores([team])


@transaction.atomic
def agree_rules(
    *,
    employer: Employer,
    rules: Sequence[Rule],
    seen: str | None = None,
    once: UUID | None = None,
    by: User | None,
    at: datetime,
) -> None:
    """Hold an employer's own rules of supervision, each with its source, instead of the ones before; none: shipped."""
    require_employer_wide(by, Permission.RESPONSE_TIMES_SET, employer=employer)
    submissions.claim(once, by=by, at=at)
    Employer.objects.select_for_update(no_key=True).get(pk=employer.pk)
    rows = list(employer.supervision_rules.all())
    require_unchanged(seen, rows, now=_rules_words(rows))
    before = [asdict(_rule_of(row)) for row in rows]
    employer.supervision_rules.all().delete()
    SupervisionRule.objects.bulk_create(
        SupervisionRule(employer=employer, career_stage=rule.stage, **_terms(rule)) for rule in rules
    )
    detail = {"what": "supervision rules", "before": before, "after": [asdict(rule) for rule in rules]}
    audit.record(Event.STAFFING_CHANGED, employer=employer, target=employer, by=by, at=at, detail=detail)
    ask_for_scores(employer.teams.all())


def _rules_words(rows: Sequence[SupervisionRule]) -> str:
    return "; ".join(_rule_words(row) for row in rows) or "the rules that come with the product"


def _rule_words(row: SupervisionRule) -> str:
    first = f", first {row.until} {row.unit.lower()}" if row.until else ""
    gap = figures.days(row.gap_days) if row.gap_days else "as agreed"
    least = f", {row.minutes} minutes" if row.minutes else ""
    return f"{row.get_career_stage_display()}{first}: {gap}{least}"


def _rule_of(row: SupervisionRule) -> Rule:
    return Rule(row.career_stage, row.gap_days, row.minutes, row.source, row.note, row.until, row.unit)


def _terms(rule: Rule) -> dict[str, object]:
    return {name: value for name, value in vars(rule).items() if name != "stage"}
