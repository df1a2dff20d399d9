"""Imports as the upload pages show them. Each page takes a fixed number of statements."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.core.paginator import Page
from django.db.models import Count, Q, QuerySet
from django.http import Http404

from caseloads import policies
from caseloads.intake.problems import rows_csv
from caseloads.models import ImportLine, ImportMapping, ImportRun
from design.paging import page_of
from teams.access import holds_employer_wide, require_somewhere
from teams.models import Employer, Team, User
from teams.roles import Permission, roles_with

PROBLEMS_SHOWN = 20
LINES_SHOWN = 5
PAGE = 50
_COUNTS = (
    ("rows", "Rows read on the lists that carry cases"),
    ("cases", "Open cases"),
    ("merged", "Rows that belong to a case already counted"),
    ("closed", "Rows of closed cases"),
    ("quarantined", "Rows set aside"),
    ("unallocated", "Cases that nobody holds"),
    ("workers", "Workers who hold the cases"),
    ("teams", "Teams that have the cases"),
)
_CHANGES = (
    ("new_cases", "Cases added"),
    ("changed_cases", "Cases changed"),
    ("reopened_cases", "Cases opened again"),
    ("closed_cases", "Cases closed"),
    ("new_ratings", "Cases rated"),
    ("allocations_started", "Allocations begun"),
    ("allocations_ended", "Allocations ended"),
    ("new_workers", "Workers added"),
    ("changed_workers", "Workers changed"),
    ("new_teams", "Teams added"),
    ("new_contracts", "Team memberships added"),
    ("changed_contracts", "Team memberships changed"),
)
Status = ImportRun.Status


@dataclass(frozen=True)
class SectionLines:
    """One section of what changes: how many lines there are, and the first of them."""

    section: str
    title: str
    count: int
    lines: Sequence[ImportLine]


@dataclass(frozen=True)
class ImportPage:
    """One import in words and numbers. `counts` and what follows are empty until the files have been read."""

    run: ImportRun
    sections: Sequence[SectionLines] = ()
    may_undo: bool = False
    own: bool = True
    counts: Sequence[tuple[str, int]] = ()
    changes: Sequence[tuple[str, int]] = ()
    left_alone: int = 0
    nothing: str = ""
    notes: Sequence[str] = ()
    staff: int = 0
    problems: Sequence[Mapping[str, object]] = ()
    problem_count: int = 0
    errors: Sequence[Mapping[str, str]] = field(default_factory=list)

    @property
    def waiting(self) -> bool:
        return self.run.status == Status.PREVIEW

    @property
    def applied(self) -> bool:
        return self.run.status == Status.APPLIED

    @property
    def undone(self) -> bool:
        return self.run.status == Status.UNDONE

    @property
    def read(self) -> bool:
        """Whether there is something to show of what the files hold."""
        return self.run.status in {Status.PREVIEW, Status.APPLIED, Status.UNDONE}


@dataclass(frozen=True)
class HistoryPage:
    """Imports that a person may see, the newest first, and which of them that person may undo."""

    runs: Page[ImportRun]
    undoable: frozenset[int]


def employer_named(slug: str) -> Employer | None:
    """For whoever runs a command on the server: an employer by its short name."""
    return Employer.objects.filter(slug=slug).first()


def may_import(user: User) -> bool:
    """Whether the user may import for at least one team."""
    return user.role_assignments.filter(role__in=roles_with(Permission.CASELOAD_IMPORT)).exists()


def employers_to_import_for(user: User) -> list[Employer]:
    """The employers for which the user may import, in at least one team. Refused (403) when there is none."""
    roles = roles_with(Permission.CASELOAD_IMPORT)
    held = user.role_assignments.filter(role__in=roles)
    found = list(Employer.objects.filter(pk__in=held.values("employer")))
    if not found:
        raise PermissionDenied("You cannot import caseload files.")
    return found


def find_import(user: User, public_id: UUID) -> ImportRun:
    """An import that the user began, or any of an employer for whose whole they import; others are not there (404)."""
    runs = ImportRun.objects.visible_to(user).select_related("employer", "created_by", "undone_by", "confirmed_by")
    run = runs.filter(public_id=public_id).first()
    if run is None:
        raise Http404("There is no such import.")
    require_somewhere(user, Permission.CASELOAD_IMPORT, employer=run.employer)
    return run


def why_nothing(stored: Mapping[str, Any]) -> str:
    """Why a file changes nothing: all of it is recorded, or none of it could be used."""
    used = stored["counts"]["cases"] + stored["counts"]["closed"] + stored["staff"]
    if not used and stored["counts"]["quarantined"] + stored["staff_problems"]:
        return "Nothing: no row of the file could be used. Mend the rows that were set aside and choose the file again."
    return "Nothing: everything in the file is recorded already."


def why_not_undo(run: ImportRun) -> str | None:
    """Why an import cannot be undone, as far as it does not depend on what people have changed since. One statement."""
    last = ImportRun.objects.carried_out().filter(employer=run.employer_id).values_list("pk", flat=True).first()
    return policies.why_not_undo(
        applied=run.status == Status.APPLIED,
        undone=run.status == Status.UNDONE,
        changed_something=run.changed_something,
        last=last == run.pk,
    )


def lines_visible(run: ImportRun, user: User) -> QuerySet[ImportLine]:
    """The lines about teams for which the user may import now; those about no team, to whoever began the import."""
    lines = ImportLine.objects.filter(run=run)
    if holds_employer_wide(user, Permission.CASELOAD_IMPORT, employer=run.employer):
        return lines
    own = Q(team__in=Team.objects.where_allowed(user, Permission.CASELOAD_IMPORT))
    return lines.filter(own | Q(team__isnull=True) if run.created_by_id == user.pk else own)


def import_page(run: ImportRun, user: User) -> ImportPage:
    """Everything the page of one import says to a user."""
    errors = [{"text": run.error}] if run.error else []
    if run.status not in {Status.PREVIEW, Status.APPLIED, Status.UNDONE}:
        return ImportPage(run=run, errors=errors)
    counts, changes = run.counts["counts"], run.counts["changes"]
    whole = holds_employer_wide(user, Permission.CASELOAD_IMPORT, employer=run.employer)
    return ImportPage(
        run=run,
        sections=_sections(lines_visible(run, user)),
        may_undo=why_not_undo(run) is None,
        own=run.created_by_id == user.pk,
        counts=[(text, counts[name]) for name, text in _COUNTS],
        changes=[(text, changes[name]) for name, text in _CHANGES if changes[name]],
        left_alone=changes["cases_left_alone"] if whole else 0,
        nothing=why_nothing(run.counts),
        notes=run.counts["notes"],
        staff=run.counts["staff"],
        problems=run.problems[:PROBLEMS_SHOWN],
        problem_count=counts["quarantined"] + run.counts["staff_problems"],
        errors=errors,
    )


def _sections(lines: QuerySet[ImportLine]) -> list[SectionLines]:
    counted = dict(lines.order_by().values_list("section").annotate(number=Count("pk")))
    first: dict[str, list[ImportLine]] = {}
    for line in lines.filter(number__lte=LINES_SHOWN):
        first.setdefault(line.section, []).append(line)
    return [
        SectionLines(section.value, section.label, counted[section.value], first.get(section.value, []))
        for section in ImportLine.Section
        if section.value in counted
    ]


@dataclass(frozen=True)
class LinesPage:
    run: ImportRun
    section: str
    title: str
    lines: Page[ImportLine]


def lines_page(run: ImportRun, user: User, *, section: str, page: str | None) -> LinesPage:
    """One section of what an import changes, page by page."""
    if section not in ImportLine.Section.values:
        raise Http404("There is no such part of an import.")
    lines = lines_visible(run, user).filter(section=section).order_by("number")
    title = str(ImportLine.Section(section).label)
    return LinesPage(run, section, title, page_of(lines, page, PAGE))


def lines_csv(run: ImportRun, user: User) -> str:
    """Everything that an import changes, or would change, as CSV text."""
    rows = lines_visible(run, user).values_list("section", "subject", "text")
    titles = dict(ImportLine.Section.choices)
    return rows_csv(("section", "what", "change"), ((str(titles[section]), *rest) for section, *rest in rows))


def history_page(user: User, *, page: str | None) -> HistoryPage:
    """A manager's own imports, an administrator's of the whole employer."""
    employers = employers_to_import_for(user)
    runs = ImportRun.objects.visible_to(user).filter(employer__in=employers).select_related("employer", "created_by")
    shown = page_of(runs.defer("problems", "questions"), page, PAGE)
    last = {
        ImportRun.objects.carried_out().filter(employer=employer).values_list("pk", flat=True).first()
        for employer in employers
    }
    undoable = frozenset(run.pk for run in shown if run.pk in last and run.status == Status.APPLIED)
    return HistoryPage(shown, undoable)


@dataclass(frozen=True)
class Remembered:
    """What an employer has said about files of one kind, for people to read."""

    mapping: ImportMapping
    columns: Sequence[tuple[str, str, str]]
    words: Sequence[tuple[str, str, str]]


def remembered(user: User) -> list[Remembered]:
    """What the employers for which the user imports have said about their files."""
    employers = employers_to_import_for(user)
    mappings = ImportMapping.objects.filter(employer__in=employers).select_related("employer", "changed_by")
    return [
        Remembered(
            mapping,
            [(table, name, heading) for table, said in mapping.columns.items() for name, heading in said.items()],
            [(name, word, code) for name, said in mapping.values.items() for word, code in said.items()],
        )
        for mapping in mappings
        if any(mapping.columns.values()) or any(mapping.values.values())
    ]


def find_mapping(user: User, key: int) -> ImportMapping:
    """What was said about one kind of file, by an employer for which the user imports (else 404)."""
    employers = employers_to_import_for(user)
    mapping = ImportMapping.objects.filter(employer__in=employers, pk=key).select_related("employer").first()
    if mapping is None:
        raise Http404("There is nothing remembered here.")
    return mapping
