"""What the machine does with duties: opens one for each red flag that needs an answer, and moves late ones up.

Running again, late or twice does no harm: a red flag has one duty, and a step is taken from the state it was seen in.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import connection, transaction
from django.db.models import F, Max, OuterRef, Q, Subquery

from caseloads.models import TeamSnapshot, WorkerSnapshot
from checks.duties import NEED_AN_ANSWER, Level, Move, State, due_on, first_level, next_level, reopened_words
from checks.models import Duty, DutyKeeping, DutyStep
from checks.queries.duties import ROLES, times_of
from design import figures
from teams.models import Employer, RoleAssignment, Team

_LOCK = 71


@dataclass(frozen=True)
class Raised:
    """A red flag of the newest scoring."""

    team: int
    worker: int | None
    flag: str
    case: int | None
    words: str

    @property
    def key(self) -> tuple[int, int | None, str, int | None]:
        return self.team, self.worker, self.flag, self.case


def employers_to_keep(*, as_of: date) -> list[int]:
    """Employers scored today since their red flags were last looked through."""
    kept = DutyKeeping.objects.filter(employer=OuterRef("employer")).values("kept_at")
    scored = TeamSnapshot.objects.filter(day=as_of).order_by().values("employer").annotate(newest=Max("scored_at"))
    newer = scored.annotate(kept=Subquery(kept)).filter(Q(kept__isnull=True) | Q(newest__gt=F("kept")))
    return sorted(newer.values_list("employer", flat=True))


def keep_duties(*, employer_id: int, as_of: date, at: datetime) -> int:
    """Open or open again the duties of an employer's red flags of a day; return how many. Twelve statements."""
    with transaction.atomic():
        _alone(employer_id)
        newest = TeamSnapshot.objects.filter(employer=employer_id, day=as_of).aggregate(at=Max("scored_at"))["at"]
        if newest is None:
            return 0
        raised = {one.key: one for one in _raised(employer_id, as_of)}
        known = {_key(duty): duty for duty in Duty.objects.filter(employer=employer_id).exclude(flag="")}
        opened = _open(employer_id, [one for key, one in raised.items() if key not in known], as_of=as_of, at=at)
        again = _reopen(employer_id, [known[key] for key in raised if key in known], as_of=as_of, at=at)
        _still_raised([(known[key], one) for key, one in raised.items() if key in known], as_of=as_of)
        DutyKeeping.objects.update_or_create(employer_id=employer_id, defaults={"kept_at": newest})
    return opened + again


def _alone(employer_id: int) -> None:
    """Two of these for one employer follow one another."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [_LOCK, employer_id])


def _key(duty: Duty) -> tuple[int, int | None, str, int | None]:
    return duty.team_id, duty.worker_id, duty.flag, duty.case_id


def _raised(employer_id: int, as_of: date) -> Iterator[Raised]:
    """The red flags that need an answer, from the newest scoring of each worker and team."""
    of_workers = WorkerSnapshot.objects.filter(employer=employer_id, day=as_of)
    of_workers = of_workers.order_by("team_id", "worker_id", "-scored_at", "-pk").distinct("team_id", "worker_id")
    of_teams = TeamSnapshot.objects.filter(employer=employer_id, day=as_of)
    of_teams = of_teams.order_by("team_id", "-scored_at", "-pk").distinct("team_id")
    rows = [
        *of_workers.values_list("team_id", "worker_id", "flags"),
        *((team, None, flags) for team, flags in of_teams.values_list("team_id", "flags")),
    ]
    for team, worker, flags in rows:
        for flag in flags:
            if flag["flag"] in NEED_AN_ANSWER:
                yield Raised(team, worker, flag["flag"], flag["case"], flag["detail"])


def _levels(employer_id: int) -> dict[int, set[Level]]:
    """Which levels somebody holds, by team. Two statements."""
    teams = list(Team.objects.filter(employer=employer_id).values_list("pk", "service_area_id"))
    roles = RoleAssignment.objects.filter(
        employer=employer_id, role__in=[role.value for role in ROLES.values()], user__is_active=True
    )
    held = set(roles.values_list("role", "team_id", "service_area_id"))
    return {
        team: {Level(role) for role, of_team, of_area in held if (of_team or team, of_area or area) == (team, area)}
        for team, area in teams
    }


def _open(employer_id: int, raised: Sequence[Raised], *, as_of: date, at: datetime) -> int:
    if not raised:
        return 0
    employer = Employer.objects.get(pk=employer_id)
    due, levels = due_on(opened_on=as_of, days=times_of(employer).flag_days), _levels(employer_id)
    duties = Duty.objects.bulk_create(
        Duty(
            employer=employer,
            team_id=one.team,
            worker_id=one.worker,
            case_id=one.case,
            flag=one.flag,
            words=one.words,
            level=first_level(held=levels[one.team], past_manager=False),
            state=State.OPEN.value,
            opened_on=as_of,
            due_on=due,
            raised_on=as_of,
            steps_taken=1,
        )
        for one in raised
    )
    DutyStep.objects.bulk_create(_step(duty, Move.OPENED, duty.words, at) for duty in duties)
    return len(duties)


def _reopen(employer_id: int, raised: Iterable[Duty], *, as_of: date, at: datetime) -> int:
    """Open again what was closed on an earlier day and is raised all the same."""
    closed = [(duty, duty.closed_on) for duty in raised if duty.closed_on is not None and duty.closed_on < as_of]
    if not closed:
        return 0
    due = due_on(opened_on=as_of, days=times_of(Employer.objects.get(pk=employer_id)).flag_days)
    steps = []
    for duty, closed_on in closed:
        duty.state, duty.closed_on, duty.due_on = State.OPEN.value, None, due
        words = f"{reopened_words(closed_on=closed_on, on=as_of)} {duty.words}"
        steps.append(_next_step(duty, Move.REOPENED, words, at))
    Duty.objects.bulk_update([duty for duty, _ in closed], ["state", "closed_on", "due_on", "steps_taken"])
    DutyStep.objects.bulk_create(steps)
    return len(closed)


def _still_raised(found: Iterable[tuple[Duty, Raised]], *, as_of: date) -> None:
    """Keep the day and the words of the newest scoring that raised it; what was said before is in the history."""
    changed = []
    for duty, one in found:
        if (duty.raised_on, duty.words) != (as_of, one.words):
            duty.raised_on, duty.words = as_of, one.words
            changed.append(duty)
    Duty.objects.bulk_update(changed, ["raised_on", "words"])


def move_late_ones_up(*, as_of: date, at: datetime) -> int:
    """Move every duty up that was not answered in time, one level at a time; return how many.

    A red flag that is no longer raised stays where it is, for its owner to close.
    """
    late = Duty.objects.unclosed().raised_by(as_of).filter(due_on__lt=as_of).exclude(level=Level.DIRECTOR.value)
    with transaction.atomic():
        duties = list(late.select_for_update(skip_locked=True).order_by("pk"))
        employers = Employer.objects.in_bulk({duty.employer_id for duty in duties})
        levels = {team: held for key in employers for team, held in _levels(key).items()}
        times = {key: times_of(employer) for key, employer in employers.items()}
        steps = []
        for duty in duties:
            missed, above = duty.due_on, next_level(Level(duty.level), held=levels[duty.team_id]) or Level.DIRECTOR
            duty.level, duty.state = above.value, State.OPEN.value
            duty.due_on = due_on(opened_on=as_of, days=times[duty.employer_id].days(duty.flag))
            words = f"Not answered by {figures.day(missed)}. It goes to the {above.label}."
            steps.append(_next_step(duty, Move.ESCALATED, words, at))
        Duty.objects.bulk_update(duties, ["level", "state", "due_on", "steps_taken"])
        DutyStep.objects.bulk_create(steps)
    return len(duties)


def _next_step(duty: Duty, move: Move, words: str, at: datetime) -> DutyStep:
    duty.steps_taken += 1
    return _step(duty, move, words, at)


def _step(duty: Duty, move: Move, words: str, at: datetime) -> DutyStep:
    return DutyStep(duty=duty, number=duty.steps_taken, move=move.value, level=duty.level, words=words, at=at)
