"""Reads what reports say, and the reports people asked for."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from uuid import UUID

from django.db.models import Count, Q
from django.http import Http404
from django.utils.text import slugify

from caseloads.queries.workloads import Order, TeamWorkload, bars, team_workload
from caseloads.shown import RedFlag, Standing, TeamFigures, UnallocatedRow, WorkerRow
from checks.queries.findings import StandardFinding, team_findings
from design import figures
from reports import explained
from reports.chapters import chapter, finding_sentence
from reports.content import (
    Bar,
    Figure,
    FlagGroup,
    TeamReport,
    UnallocatedLine,
    Version,
    WorkerLine,
)
from reports.models import ReportRun
from teams.models import Team, User

RUNS_SHOWN = 10


def newest_runs(user: User, team: Team) -> list[ReportRun]:
    """The newest reports of a team that somebody may see."""
    return list(ReportRun.objects.visible_to(user).filter(team=team)[:RUNS_SHOWN])


def find_run(user: User, public_id: UUID) -> ReportRun:
    """A report somebody may see; anybody else's is not there (404)."""
    run = ReportRun.objects.visible_to(user).select_related("team").filter(public_id=public_id).first()
    if run is None:
        raise Http404("There is no such report.")
    return run


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
    return f"health-check-{slugify(run.team.name)}-{run.as_of.isoformat()}.pdf"


def team_report(team: Team, *, as_of: date) -> TeamReport:
    """What the team health-check report says of a team as it stands on a day."""
    workload = team_workload(team, as_of=as_of)
    findings = team_findings(workload)
    limits, overrides = explained.decided_by_hand(team, as_of=as_of)
    workers = Order.LOAD.sort(workload.workers)
    return TeamReport(
        employer=team.employer.name,
        service_area=team.service_area.name,
        team=team.name,
        day=as_of.isoformat(),
        as_of=figures.day(as_of),
        summary=_summary(workload, findings),
        figures=_figures(workload),
        chapters=[chapter(found) for found in findings],
        workers=[_worker(row) for row in workers],
        bars=[
            Bar(name=item.name, pct=None if item.pct is None else str(item.pct), text=item.text, level=item.level)
            for item in bars(workers)
        ],
        unallocated=[_unallocated(row) for row in workload.unallocated],
        flags=_flag_groups(workload),
        duties=explained.open_duties(team, as_of=as_of),
        limits=limits,
        overrides=overrides,
        versions=_versions(workload, findings),
    )


def _summary(workload: TeamWorkload, findings: Sequence[StandardFinding]) -> list[str]:
    """The report in a few sentences."""
    found = workload.figures
    sentences = [f"Team load is {found.standing.text}; demand is {found.demand_standing.text}."]
    if found.known:
        sentences.append(
            f"Over their limit: {found.over} of {found.known} worker{'' if found.known == 1 else 's'}, "
            f"{found.well_over} of them well over."
        )
    if found.median is not None:
        sentences.append(
            f"The lowest load is {figures.pct(found.lowest)}, the median {figures.pct(found.median)}, "
            f"the highest {figures.pct(found.highest)}."
        )
    if found.not_known:
        sentences.append(
            f"Not known: the figures of {found.not_known} of {found.head_count} workers. The table says why for each."
        )
    if found.unallocated:
        wait = figures.days(found.longest_wait)
        cases = "1 open case is" if found.unallocated == 1 else f"{found.unallocated} open cases are"
        sentences.append(f"{cases} unallocated; the longest has waited {wait}.")
    else:
        sentences.append("Every open case has somebody who holds it.")
    return sentences + [finding_sentence(one) for one in findings if any(row.measure for row in one.indicators)]


def _figures(workload: TeamWorkload) -> list[Figure]:
    found = workload.figures
    return [
        Figure(
            "Team load",
            _pct(found.standing),
            _of(found.load, found.capacity),
            _band(found.standing),
            found.standing.word,
        ),
        Figure(
            "Demand, with unallocated work",
            _pct(found.demand_standing),
            _of(found.demand, found.capacity),
            _band(found.demand_standing),
            found.demand_standing.word,
        ),
        Figure(
            "Workers over their limit",
            f"{found.over} of {found.known}" if found.known else figures.NOT_KNOWN,
            f"{found.well_over} well over" if found.known else "",
        ),
        Figure(
            "Unallocated cases",
            str(found.unallocated),
            _waiting(found) if found.unallocated else "",
        ),
        Figure(
            "Cases held",
            str(found.cases),
            f"{found.families} famil{'y' if found.families == 1 else 'ies'}; FTE {figures.amount(found.fte)}",
        ),
        Figure("Red flags", str(workload.red_flags)),
    ]


def _waiting(found: TeamFigures) -> str:
    said = f"weight {figures.amount(found.unallocated_weight)}; median wait {figures.days(found.median_wait)}"
    lost = found.unallocated_not_known
    return said + (f"; the weight of {lost} is not known and left out" if lost else "")


def _of(part: Decimal | None, whole: Decimal | None) -> str:
    return "" if part is None else f"{figures.amount(part)} of {figures.amount(whole)}"


def _pct(standing: Standing) -> str:
    """The percentage; a dash where there is none to give, because nothing can be divided by no capacity."""
    return "–" if standing.pct is None else figures.pct(standing.pct)


def _band(standing: Standing) -> str:
    return standing.band or standing.state


def _worker(row: WorkerRow) -> WorkerLine:
    return WorkerLine(
        name=row.name,
        stage=row.stage + (", agency" if row.agency else ""),
        fte=figures.amount(row.fte),
        cases=row.cases,
        families=row.families,
        load=figures.amount(row.load),
        capacity=figures.amount(row.capacity),
        pct=_pct(row.standing),
        band=_band(row.standing),
        word=row.standing.word,
        reason=row.reason,
    )


def _unallocated(row: UnallocatedRow) -> UnallocatedLine:
    return UnallocatedLine(
        reference=row.reference,
        category=row.category,
        weight=figures.amount(row.weight),
        waiting=figures.days(row.waiting_days),
        limit="–" if row.limit is None else figures.days(row.limit),
        too_long=row.over_limit,
        held_by=row.held_by,
    )


def _flag_groups(workload: TeamWorkload) -> list[FlagGroup]:
    groups = [FlagGroup(row.name, _sentences(row.flags)) for row in Order.NAME.sort(workload.workers) if row.flags]
    return [*groups, FlagGroup("The team", _sentences(workload.team_flags))] if workload.team_flags else groups


def _sentences(flags: Sequence[RedFlag]) -> list[str]:
    return [f"{flag.name}. {flag.detail}" for flag in flags]


def _versions(workload: TeamWorkload, findings: Sequence[StandardFinding]) -> list[Version]:
    scheme = workload.scheme
    said = "None is published for this service area."
    if scheme is not None:
        row = scheme.row
        said = (
            f"{row}, in {row.get_unit_display()}, in force since {figures.day(row.effective_on)}. "
            f"Source of its numbers: {row.source}."
        )
    sets = {found.standard_set.label: found.standard_set for found in findings}.values()
    return [
        Version("Weighting scheme", said),
        *(
            Version("Standards", f"{one.label}. {one.licence}. {one.completeness}. Source: {one.source}.")
            for one in sets
        ),
        Version("Day", figures.day(workload.as_of)),
    ]
