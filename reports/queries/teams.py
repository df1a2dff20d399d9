"""What the report of a team says: as it stands on a day, or as a health check kept it."""

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

from django.http import Http404
from django.utils import timezone

from caseloads.queries.workloads import team_workload
from checks.checking import STATE_NAMES, CheckState
from checks.models import HealthCheck, KeptWorkload
from checks.queries.answers import answers_of
from checks.queries.findings import StandardFinding, team_findings
from checks.queries.keeping import kept_of
from design import figures
from reports.chapters import answered_chapter, measured_chapter
from reports.content import Cover, TeamReport, Version
from standards.definition import StandardSet
from standards.queries import published_set
from teams.models import Team, User

TITLE = "Team workload health check"
READERS = "It names workers: it is for their line of management, not for publication."


def team_report(team: Team, *, as_of: date) -> TeamReport:
    """What the team health-check report says of a team as it stands on a day."""
    workload = team_workload(team, as_of=as_of)
    findings = team_findings(workload)
    chapters = [measured_chapter(found) for found in findings]
    kept = kept_of([workload], as_of=as_of)[team.pk]
    return TeamReport(
        cover=_cover(team, as_of, f"As the team stands on {figures.day(as_of)}."),
        summary=[*kept["sentences"], *(one.sentence for one in chapters if one.indicators)],
        chapters=chapters,
        workload=kept,
        versions=[
            Version("Weighting scheme", kept["scheme"]),
            *_standards(found.standard_set for found in _one_of_each(findings)),
            Version("Day", figures.day(as_of)),
        ],
    )


def find_measured_check(user: User, public_id: UUID) -> HealthCheck:
    """A health check whose figures are taken, that the user may see (404 otherwise)."""
    rows = HealthCheck.objects.visible_to(user).select_related("team__service_area", "employer", "cycle__standard_set")
    check = rows.filter(public_id=public_id, measured_at__isnull=False).first()
    if check is None:
        raise Http404("There is no such health check.")
    return check


def check_report(check: HealthCheck, *, as_of: date) -> TeamReport:
    """What the report of a health check says: what it kept and what was answered, and nothing of today's rows."""
    standards = published_set(check.cycle.standard_set)
    chapters = [answered_chapter(standards, one) for one in answers_of([check], as_of=as_of)[check.pk]]
    kept: dict[str, Any] | None = getattr(KeptWorkload.objects.filter(check_of=check).first(), "content", None)
    stands = f"Health check of {check.cycle}, {STATE_NAMES[CheckState(check.state)]}."
    sentences: Sequence[str] = kept["sentences"] if kept else [NOT_KEPT]
    return TeamReport(
        cover=_cover(
            check.team, check.cycle.measured_on, f"{stands} Figures of {figures.day(check.cycle.measured_on)}."
        ),
        summary=[stands, *sentences, *(one.sentence for one in chapters if one.indicators)],
        chapters=chapters,
        workload=kept,
        versions=[
            *([Version("Weighting scheme", kept["scheme"])] if kept else []),
            *_standards([standards]),
            *(Version(name, text) for name, text in check.versions if name == "Day of the figures"),
        ],
        steps=_steps(check),
    )


NOT_KEPT = (
    "The workload of the team was not kept with this health check, which is older than that; its figures stand with "
    "the standards below."
)


def _cover(team: Team, day: date, as_of: str) -> Cover:
    return Cover(
        title=TITLE,
        subject=team.name,
        employer=team.employer.name,
        part=team.service_area.name,
        day=day.isoformat(),
        as_of=as_of,
        readers=READERS,
    )


def _one_of_each(findings: Sequence[StandardFinding]) -> list[StandardFinding]:
    return list({found.standard_set.label: found for found in findings}.values())


def _standards(sets: Any) -> list[Version]:
    return [Version("Standards", standards_words(one)) for one in sets]


def standards_words(one: StandardSet) -> str:
    """A version of standards with its licence, completeness and source."""
    return f"{one.label}. {one.licence}. {one.completeness}. Source: {one.source}."


def _steps(check: HealthCheck) -> list[tuple[str, str]]:
    """The history of a check, as far as it has gone: what, and by whom on which day."""
    rows = check.steps.select_related("by").order_by("number")
    return [
        (
            row.get_move_display(),
            f"{figures.day(timezone.localdate(row.at))}, by {row.by or 'the machine'}. {row.words}".strip(),
        )
        for row in rows
    ]
