"""What a supervision sheet says of one worker: their sum in each team, and what to talk about."""

from collections.abc import Sequence
from datetime import date

from django.db.models import QuerySet
from django.http import Http404

from caseloads.models import Contest
from caseloads.printed import Figure
from caseloads.queries.contests import ContestRow, contests_of
from caseloads.queries.workloads import Post, worker_posts
from caseloads.shown import LineRow
from design import figures
from reports.content import Cover
from reports.sheet_content import (
    SheetContest,
    SheetHours,
    SheetLine,
    SheetPost,
    SheetReduction,
    SupervisionSheet,
)
from teams.models import CapacityReduction, Team, User, Worker
from teams.queries.hours import own_hours, week_words
from teams.queries.supervision import worker_supervision
from teams.roles import Permission

TITLE = "Supervision sheet"
OWN = "It is about one person: for them and their supervisor, and nobody else."
WEEKS_SHOWN = 6


def sheet_for(worker: Worker, by: User, *, as_of: date) -> SupervisionSheet:
    """A worker's sheet as whoever asks may have it: their own in full, somebody else's in the teams they answer for."""
    return own_sheet(worker, as_of=as_of) if worker.user_id == by.pk else worker_sheet(worker, by, as_of=as_of)


def own_sheet(worker: Worker, *, as_of: date) -> SupervisionSheet:
    """A worker's own sheet, with all their teams and the additional hours that only they see."""
    found = own_hours(worker, today=as_of)
    weeks = sorted([*found.before, *(week.row for week in found.open if week.row)], key=lambda row: row.week)
    hours = [SheetHours(week_words(row.week), figures.amount(row.hours)) for row in weeks[-WEEKS_SHOWN:]]
    return _sheet(worker, None, as_of=as_of, hours=hours, total=figures.amount(found.total))


def worker_sheet(worker: Worker, by: User, *, as_of: date) -> SupervisionSheet:
    """The sheet of a worker in the teams that whoever makes it may see; without additional hours.

    Whoever answers for none of the worker's teams of that day is told there is no such worker (404).
    """
    teams = teams_seen(worker, by, as_of=as_of)
    if not teams.exists():
        raise Http404("There is no such worker.")
    return _sheet(worker, teams, as_of=as_of, hours=None, total="")


def teams_seen(worker: Worker, by: User, *, as_of: date) -> QuerySet[Team]:
    """The teams in which a worker works on a day, and whose workload somebody may see."""
    allowed = Team.objects.where_allowed(by, Permission.WORKLOAD_VIEW)
    return allowed.filter(pk__in=worker.contracts.open_on(as_of).values("team"))


def _sheet(
    worker: Worker, teams: QuerySet[Team] | None, *, as_of: date, hours: Sequence[SheetHours] | None, total: str
) -> SupervisionSheet:
    posts = worker_posts(worker, as_of=as_of, teams=teams)
    contests = contests_of(worker, as_of=as_of, teams=teams)
    supervised = worker_supervision(worker, as_of=as_of)
    last = supervised.standing.last_on
    reductions = worker.reductions.open_on(as_of).order_by("starts_on", "pk")
    if teams is not None:
        reductions = reductions.filter(team__in=teams.values("pk"))
    return SupervisionSheet(
        cover=Cover(
            title=TITLE,
            subject=worker.name,
            employer=worker.employer.name,
            part=", ".join(post.team.name for post in posts),
            day=as_of.isoformat(),
            as_of=f"As of {figures.day(as_of)}.",
            readers=OWN,
        ),
        posts=[_post(post) for post in posts],
        reductions=[_reduction(row) for row in reductions],
        contests=[_contest(row) for row in contests],
        supervision=supervised.standing.sentence,
        last_session="No session is recorded." if last is None else f"Last session: {figures.day(last)}.",
        hours=hours,
        hours_total=total,
    )


def _post(post: Post) -> SheetPost:
    row, scheme = post.row, post.scheme
    return SheetPost(
        team=post.team.name,
        scheme=f"{scheme.row}, in {scheme.row.get_unit_display()}" if scheme else "No weighting scheme is published.",
        figures=[
            Figure("Load", figures.amount(row.load), _counted(row.cases, row.families)),
            Figure("Capacity", figures.amount(row.capacity), f"{row.stage}, {figures.amount(row.hours)} hours a week"),
            Figure(
                "Load of capacity",
                "–" if row.standing.pct is None else figures.pct(row.standing.pct),
                band=row.standing.band or row.standing.state,
                word=row.standing.word,
            ),
        ],
        reason=row.reason,
        lines=[_line(line) for line in post.lines],
        stable=figures.amount(row.stable),
        load=figures.amount(row.load),
        steps=[(step.label, figures.amount(step.amount)) for step in post.steps],
        capacity=figures.amount(row.capacity),
        flags=[f"{flag.name}. {flag.detail}" for flag in row.flags],
        to_review=[case.reference for case in post.to_review],
    )


def _counted(cases: int, families: int) -> str:
    return f"{cases} case{'' if cases == 1 else 's'}, {families} famil{'y' if families == 1 else 'ies'}"


def _line(line: LineRow) -> SheetLine:
    marks = ((line.unrated, "unrated"), (line.contested, "contested"), (line.overridden, "set by hand"))
    return SheetLine(
        reference=line.reference,
        family=line.family,
        parts=line.parts,
        weight=figures.amount(line.weight),
        sibling_share=f"{line.sibling_share}\u00a0%",
        share=f"{line.share}\u00a0%",
        line=figures.amount(line.line),
        marks=", ".join(word for marked, word in marks if marked),
    )


def _contest(row: ContestRow) -> SheetContest:
    contest = row.contest
    is_open = contest.state == Contest.State.OPEN
    days = f"for {figures.days(row.days)}" if is_open else f"after {figures.days(row.days)}: {contest.answer}"
    return SheetContest(
        case=str(contest.case),
        weight=figures.amount(contest.weight),
        stands=f"{contest.get_state_display()} {days}",
        reason=contest.reason,
    )


def _reduction(row: CapacityReduction) -> SheetReduction:
    return SheetReduction(
        reason=row.reason,
        amount=f"{figures.plain(row.amount)} {row.get_kind_display().lower()}",
        since=figures.day(row.starts_on),
        until=figures.day(row.ends_on) if row.ends_on else "no end set",
    )
