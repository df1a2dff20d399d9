"""Which pages show the workload of named workers, and whose: a new page that names somebody has its row here.

tests/integration/reports/test_page_traces.py looks at every page as every role, and fails on one that is missing.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Model, Q, QuerySet

from caseloads.models import Allocation, Case, Contest, SchemeDraft
from checks.models import Duty, HealthCheck
from checks.queries.duties import duties_awaiting
from reports.models import Kind, ReportRun
from teams.audit import Event
from teams.models import Contract, Team, User, Worker
from teams.roles import Permission


@dataclass(frozen=True)
class Asked:
    """A page that somebody asked for: the key in its address, and the day that it is about."""

    by: User
    key: Any
    day: date


@dataclass(frozen=True)
class Shows:
    """What a page is about: a kind of row, the name of its key in the address, and the workers it shows."""

    about: type[Model] | None
    named: str
    workers: Callable[[Asked], QuerySet[Worker]]
    event: Event = Event.WORKLOAD_SEEN


def _members(teams: QuerySet[Team], day: Any) -> QuerySet[Worker]:
    """Who works in teams on a day, given as it is or as a query for it."""
    return Worker.objects.filter(pk__in=Contract.objects.open_on(day).filter(team__in=teams).values("worker"))


def _of_team(asked: Asked) -> QuerySet[Worker]:
    return _members(Team.objects.filter(public_id=asked.key), asked.day)


def _worker(asked: Asked) -> QuerySet[Worker]:
    return Worker.objects.filter(public_id=asked.key)


def _everybody(asked: Asked) -> QuerySet[Worker]:
    """Everybody of the teams whose workload the reader may see."""
    return _members(Team.objects.where_allowed(asked.by, Permission.WORKLOAD_VIEW), asked.day)


def _holders(asked: Asked) -> QuerySet[Worker]:
    held = Allocation.objects.filter(case__public_id=asked.key)
    return Worker.objects.filter(pk__in=held.values("worker"))


def _candidates(asked: Asked) -> QuerySet[Worker]:
    """Everybody a case may be given to, each with their load, and those who hold it."""
    team = Team.objects.filter(cases__public_id=asked.key)
    return Worker.objects.filter(Q(pk__in=_members(team, asked.day)) | Q(pk__in=_holders(asked)))


def _colleagues(asked: Asked) -> QuerySet[Worker]:
    """Everybody in the teams of a worker: to whom their cases may be given."""
    return _members(Team.objects.filter(contracts__worker__public_id=asked.key), asked.day)


def _of_check(asked: Asked) -> QuerySet[Worker]:
    check = HealthCheck.objects.filter(public_id=asked.key)
    return _members(Team.objects.filter(health_checks__in=check), check.values("cycle__measured_on")[:1])


def _of_run(asked: Asked) -> QuerySet[Worker]:
    """The worker of a sheet, and the members of the teams that a report or the parts of a pack are about."""
    runs = ReportRun.objects.filter(Q(public_id=asked.key) | Q(pack__public_id=asked.key)).order_by()
    of_teams = runs.filter(kind__in=[Kind.TEAM, Kind.CHECK])
    teams = Team.objects.filter(Q(pk__in=of_teams.values("team")) | Q(pk__in=of_teams.values("check_of__team")))
    then = ReportRun.objects.filter(public_id=asked.key).values("as_of")[:1]
    return Worker.objects.filter(Q(pk__in=runs.values("worker")) | Q(pk__in=_members(teams, then)))


def _of_duty(asked: Asked) -> QuerySet[Worker]:
    return Worker.objects.filter(duties__public_id=asked.key)


def _of_team_duties(asked: Asked) -> QuerySet[Worker]:
    return Worker.objects.filter(duties__in=Duty.objects.visible_to(asked.by).filter(team__public_id=asked.key))


def _of_turn(asked: Asked) -> QuerySet[Worker]:
    return Worker.objects.filter(duties__in=duties_awaiting(asked.by))


def _of_draft(asked: Asked) -> QuerySet[Worker]:
    """The workers of a scheme's area whose workload the reader may see: the preview names no others."""
    seen = Team.objects.where_allowed(asked.by, Permission.WORKLOAD_VIEW)
    return _members(seen.filter(service_area__scheme_draft__public_id=asked.key), asked.day)


TEAM = Shows(Team, "public_id", _of_team)
WORKER = Shows(Worker, "public_id", _worker)
MEMBER = Shows(Worker, "worker_id", _worker)
COLLEAGUES = Shows(Worker, "worker_id", _colleagues)
HOLDERS = Shows(Case, "public_id", _holders)
CANDIDATES = Shows(Case, "public_id", _candidates)
CONTEST = Shows(Contest, "public_id", lambda asked: Worker.objects.filter(contests__public_id=asked.key))
CHECK = Shows(HealthCheck, "public_id", _of_check)
RUN = Shows(ReportRun, "public_id", _of_run)
EVERYBODY = Shows(None, "", _everybody)
DUTY = Shows(Duty, "public_id", _of_duty, Event.DUTY_SEEN)

PAGES: Mapping[str, tuple[str, Shows]] = {
    "team": ("Overview of the team", TEAM),
    "team-cases": ("Cases of the team", TEAM),
    "team-cases-csv": ("Cases of the team", TEAM),
    "team-staffing": ("People and capacity of the team", TEAM),
    "team-supervision": ("Supervision of the team", TEAM),
    "team-what-if": ("What if, for the team", TEAM),
    "team-day": ("A past day of the team", TEAM),
    "team-report": ("Report of the team", TEAM),
    "bulk-transfer": ("Transfer of many cases", TEAM),
    "bulk-transfer-proposal": ("Transfer of many cases", COLLEAGUES),
    "worker": ("Workload of the worker", WORKER),
    "sheet": ("Supervision sheet", WORKER),
    "team-member": ("Hours and capacity of the worker", MEMBER),
    "member-hours": ("Form: contracted hours", MEMBER),
    "member-first-day": ("Form: first day", MEMBER),
    "member-details": ("Form: details of the worker", MEMBER),
    "member-leave": ("Form: leaving the team", MEMBER),
    "reduction-new": ("Form: reduction of capacity", MEMBER),
    "reduction": ("Form: reduction of capacity", MEMBER),
    "absence-new": ("Form: absence", MEMBER),
    "absence": ("Form: absence", MEMBER),
    "supervision-log": ("Supervision log", MEMBER),
    "session-new": ("Form: supervision session", MEMBER),
    "session": ("Form: supervision session", MEMBER),
    "case": ("A case and who holds it", HOLDERS),
    "case-shares": ("Form: shares of a case", HOLDERS),
    "case-allocate": ("Form: allocating a case", CANDIDATES),
    "case-transfer": ("Form: transferring a case", CANDIDATES),
    "contest-answer": ("Form: a contested weight", CONTEST),
    "check": ("Health check", CHECK),
    "check-standard": ("A standard of a health check", CHECK),
    "check-answer": ("Form: answer of a health check", CHECK),
    "check-report": ("Report of a health check", CHECK),
    "report-read": ("A report that was made", RUN),
    "report-file": ("A report that was made", RUN),
    "scheme-draft-preview": ("Preview of a weighting scheme", Shows(SchemeDraft, "public_id", _of_draft)),
    "duty": ("A duty", DUTY),
    "duty-plan": ("Form: a duty", DUTY),
    "duty-update": ("Form: a duty", DUTY),
    "duty-close": ("Form: a duty", DUTY),
    "duty-reopen": ("Form: a duty", DUTY),
    "team-duties": ("Duties of the team", Shows(Team, "public_id", _of_team_duties, Event.DUTY_SEEN)),
    "api-workers": ("Workers, by another system", EVERYBODY),
    "api-worker": ("The worker, by another system", WORKER),
    "api-cases": ("Cases, by another system", EVERYBODY),
    "api-allocations": ("Who holds which case, by another system", EVERYBODY),
    "api-team-workload": ("Workload of the team, by another system", TEAM),
    "api-worker-workloads": ("Workloads of the team day by day, by another system", TEAM),
    "api-worker-workload": ("Workload of the worker, by another system", WORKER),
    "api-report-file": ("A report that was made, by another system", RUN),
    "duties": ("Duties that wait for the reader", Shows(None, "", _of_turn, Event.DUTY_SEEN)),
}
"""Address → what the page is called in the trail, and whom it shows."""
