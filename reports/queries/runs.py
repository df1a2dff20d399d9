"""Reports that people asked for: finding them, and how far they are."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Count, Q
from django.http import Http404
from django.utils.text import slugify

from reports.models import Kind, ReportRun
from teams.models import Team, User

RUNS_SHOWN = 10
STEMS = {
    Kind.TEAM: "health-check",
    Kind.CHECK: "health-check",
    Kind.EMPLOYER: "compliance",
    Kind.CYCLE: "compliance",
    Kind.SHEET: "supervision-sheet",
    Kind.PACK: "health-checks",
}


def newest_runs(user: User, kind: Kind, **subject: object) -> list[ReportRun]:
    """The newest reports of a kind about something that somebody may see. One statement."""
    rows = ReportRun.objects.visible_to(user).filter(kind=kind, pack__isnull=True, **subject)
    return list(rows.select_related("requested_by").defer("content")[:RUNS_SHOWN])


def find_run(user: User, public_id: UUID) -> ReportRun:
    """A report somebody may see; anybody else's is not there (404)."""
    rows = ReportRun.objects.visible_to(user).select_related("employer", "team", "worker", "check_of", "cycle")
    run = rows.select_related("check_of__team", "check_of__cycle").filter(public_id=public_id).first()
    if run is None:
        raise Http404("There is no such report.")
    return run


@dataclass(frozen=True)
class RunPage:
    """A report, and the parts of a pack with how many of them are finished."""

    run: ReportRun
    parts: Sequence[ReportRun]

    @property
    def lost(self) -> bool:
        """Whether it was ready, and its file is gone."""
        return self.run.status == ReportRun.Status.READY and not is_whole(self.run)

    @property
    def failed(self) -> list[ReportRun]:
        return [part for part in self.parts if part.status == ReportRun.Status.FAILED]

    @property
    def finished(self) -> int:
        return sum(not part.on_its_way for part in self.parts)


def run_page(user: User, public_id: UUID) -> RunPage:
    """How far a report is. Two statements for a pack, one for anything else."""
    run = find_run(user, public_id)
    parts = run.parts.select_related("check_of__team", "check_of__cycle", "cycle").defer("content")
    return RunPage(run, list(parts.order_by("kind", "check_of__team__name", "pk")) if run.kind == Kind.PACK else [])


def is_whole(run: ReportRun) -> bool:
    """Whether a ready report's file is still in the storage."""
    return bool(run.file) and run.file.storage.exists(str(run.file.name))


def is_finished(run: ReportRun) -> bool:
    """Look at a report's row again: whether it is ready, or could not be made."""
    run.refresh_from_db()
    return not run.on_its_way


def find_ready_run(user: User, public_id: UUID) -> ReportRun:
    """A report whose file is ready (404 until it is)."""
    run = find_run(user, public_id)
    if run.status != ReportRun.Status.READY:
        raise Http404("This report is not ready.")
    return run


def find_whole_run(user: User, public_id: UUID) -> ReportRun:
    """A report whose file can be taken away (404 otherwise)."""
    run = find_ready_run(user, public_id)
    if not is_whole(run):
        raise Http404("The file of this report is gone. Ask for the report again.")
    return run


def find_readable_run(user: User, public_id: UUID) -> ReportRun:
    """A report that can be read as a page: ready, with its content kept; 404 for others, and for packs."""
    run = find_ready_run(user, public_id)
    if "cover" not in run.content:
        raise Http404("This report cannot be read as a page. Download its file.")
    return run


def find_team_named(employer: str | None, name: str | None) -> Team | None:
    """A team by its employer's slug and its name; without a name, the one with the most open cases."""
    teams = Team.objects.select_related("employer").annotate(
        open_cases=Count("cases", filter=Q(cases__closed_on__isnull=True))
    )
    if employer is not None:
        teams = teams.filter(employer__slug=employer)
    if name is not None:
        teams = teams.filter(name__iexact=name)
    return teams.order_by("-open_cases", "pk").first()


def file_name(run: ReportRun) -> str:
    """What the file is called on the reader's disk."""
    whom = run.check_of.team if run.check_of else run.team or run.worker or run.employer
    kind = Kind(run.kind)
    ending = "zip" if kind == Kind.PACK else "pdf"
    return f"{STEMS[kind]}-{slugify(str(whom))}-{run.as_of.isoformat()}.{ending}"


def media_type(run: ReportRun) -> str:
    return "application/zip" if run.kind == Kind.PACK else "application/pdf"
