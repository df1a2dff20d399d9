"""Imports as the upload pages show them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.http import Http404

from caseloads.models import ImportRun
from teams.access import holds_employer_wide, require_somewhere
from teams.models import Employer, User
from teams.roles import Permission, roles_with

PROBLEMS_SHOWN = 20
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


@dataclass(frozen=True)
class ImportPage:
    """One import in words and numbers."""

    run: ImportRun
    waiting: bool
    applied: bool
    counts: Sequence[tuple[str, int]]
    changes: Sequence[tuple[str, int]]
    left_alone: int
    names: Mapping[str, Sequence[str]]
    nothing: str
    notes: Sequence[str]
    staff: int
    problems: Sequence[Mapping[str, object]]
    problem_count: int


def employer_named(slug: str) -> Employer | None:
    """For whoever runs a command on the server: an employer by its short name."""
    return Employer.objects.filter(slug=slug).first()


def may_import(user: User) -> bool:
    """Whether the user may import for at least one team."""
    return user.role_assignments.filter(role__in=roles_with(Permission.CASELOAD_IMPORT)).exists()


def employers_to_import_for(user: User) -> list[Employer]:
    """The employers for which the user may import, in at least one team. Refused (403) when there is none."""
    roles = roles_with(Permission.CASELOAD_IMPORT)
    found = list(Employer.objects.filter(role_assignments__user=user, role_assignments__role__in=roles).distinct())
    if not found:
        raise PermissionDenied("You cannot import caseload files.")
    return found


def find_import(user: User, public_id: UUID) -> ImportRun:
    """An import that the user began; anybody else's is not there (404)."""
    run = ImportRun.objects.visible_to(user).select_related("employer").filter(public_id=public_id).first()
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


def _seen_whole(run: ImportRun) -> bool:
    """Whether who began the import may know how many cases the whole employer has."""
    by = run.created_by
    return by is None or holds_employer_wide(by, Permission.CASELOAD_IMPORT, employer=run.employer)


def import_page(run: ImportRun) -> ImportPage:
    counts, changes = run.counts["counts"], run.counts["changes"]
    return ImportPage(
        run=run,
        waiting=run.status == ImportRun.Status.PREVIEW,
        applied=run.status == ImportRun.Status.APPLIED,
        counts=[(text, counts[name]) for name, text in _COUNTS],
        changes=[(text, changes[name]) for name, text in _CHANGES if changes[name]],
        left_alone=changes["cases_left_alone"] if _seen_whole(run) else 0,
        names=run.counts["names"],
        nothing=why_nothing(run.counts),
        notes=run.counts["notes"],
        staff=run.counts["staff"],
        problems=run.problems[:PROBLEMS_SHOWN],
        problem_count=counts["quarantined"] + run.counts["staff_problems"],
    )
