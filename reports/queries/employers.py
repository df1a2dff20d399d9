"""What an employer's compliance report says: of all its teams on a day, or as the checks of a cycle kept it."""

from collections.abc import Sequence
from datetime import date

from caseloads.queries.workloads import team_workloads
from checks.checking import STATE_NAMES, CheckState
from checks.findings import FEWEST_RESPONDENTS
from checks.models import Cycle, HealthCheck, KeptWorkload
from checks.queries.answers import answers_of
from checks.queries.findings import findings_of
from checks.queries.keeping import Kept, kept_of
from design import figures
from reports.chapters import answered_chapter, measured_chapter
from reports.compliance import employer_report
from reports.compliance_load import Part
from reports.content import Chapter, Cover, Version
from reports.employer_content import EmployerReport
from reports.queries.teams import standards_words
from standards.queries import published_set, sets_in_force
from teams.models import Employer, Team

TITLE = "Workload compliance report"
ALL = "All teams"
READERS = "For the director and the elected members. It names teams, and no worker."


def report_of_day(employer: Employer, *, as_of: date) -> EmployerReport:
    """The employer as it stands on a day, measured against the standards it uses. A fixed number of statements."""
    teams = list(employer.teams.select_related("employer", "service_area").order_by("service_area__name", "name"))
    workloads, sets = team_workloads(teams, as_of=as_of), sets_in_force(employer, on=as_of)
    found, kept = findings_of(workloads, sets), kept_of(workloads, as_of=as_of)
    parts = [
        _part(
            one.team,
            [measured_chapter(standard) for standard in found[one.team.pk]],
            head_count=one.figures.head_count,
            kept=kept[one.team.pk],
        )
        for one in workloads
    ]
    schemes = {(one.team.service_area.name, kept[one.team.pk]["scheme"]) for one in workloads}
    return employer_report(
        Cover(TITLE, ALL, employer.name, "", as_of.isoformat(), f"As of {figures.day(as_of)}.", READERS),
        parts,
        versions=[
            *(Version(f"Weighting scheme, {area}", text) for area, text in sorted(schemes)),
            *(Version("Standards", standards_words(one)) for one in sets),
            Version("Day", figures.day(as_of)),
        ],
        fewest=FEWEST_RESPONDENTS,
    )


def report_of_cycle(cycle: Cycle, *, as_of: date) -> EmployerReport:
    """The employer as the checks of a cycle kept it, open ones as far as they are answered, in few statements."""
    checks = measured_checks(cycle)
    kept = dict(KeptWorkload.objects.filter(check_of__in=checks).values_list("check_of", "content"))
    answers, standards = answers_of(checks, as_of=as_of), published_set(cycle.standard_set)
    parts = [
        _part(
            check.team,
            [answered_chapter(standards, one) for one in answers[check.pk]],
            head_count=check.head_count,
            kept=kept.get(check.pk),
            state=STATE_NAMES[CheckState(check.state)],
        )
        for check in checks
    ]
    day = figures.day(cycle.measured_on)
    period = f"{figures.day(cycle.period_from)} to {figures.day(cycle.period_to)}"
    schemes = {(check.team.service_area.name, kept[check.pk]["scheme"]) for check in checks if check.pk in kept}
    return employer_report(
        Cover(
            title=TITLE,
            subject=f"{cycle}",
            employer=cycle.employer.name,
            part="",
            day=cycle.measured_on.isoformat(),
            as_of=f"Health checks of {period}. Figures of {day}.",
            readers=READERS,
        ),
        parts,
        versions=[
            *(Version(f"Weighting scheme, {area}", text) for area, text in sorted(schemes)),
            Version("Standards", standards_words(standards)),
            Version("Day of the figures", day),
        ],
        fewest=cycle.fewest,
    )


def measured_checks(cycle: Cycle) -> list[HealthCheck]:
    """The checks of a cycle whose figures are taken. One statement."""
    rows = cycle.checks.filter(measured_at__isnull=False)
    rows = rows.select_related("employer", "team__service_area", "team__employer", "cycle__standard_set")
    return list(rows.order_by("team__service_area__name", "team__name"))


def _part(team: Team, chapters: Sequence[Chapter], *, head_count: int, kept: Kept | None, state: str = "") -> Part:
    return Part(
        key=team.pk,
        name=team.name,
        area=team.service_area_id,
        area_name=team.service_area.name,
        head_count=head_count,
        kept=kept,
        chapters=chapters,
        state=state,
    )
