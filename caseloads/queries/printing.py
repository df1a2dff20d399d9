"""Puts a scored team into the words and figures that a report prints and a health check keeps."""

from collections import Counter
from collections.abc import Sequence
from decimal import Decimal

from caseloads.printed import (
    Bar,
    Figure,
    FlagGroup,
    PrintedWorkload,
    Sums,
    UnallocatedLine,
    WorkerLine,
)
from caseloads.queries.workloads import Order, TeamWorkload, bars
from caseloads.shown import RedFlag, Standing, TeamFigures, UnallocatedRow, WorkerRow
from design import figures


def printed(workload: TeamWorkload) -> PrintedWorkload:
    """A team's workload in words; the heaviest load first."""
    workers = Order.LOAD.sort(workload.workers)
    return PrintedWorkload(
        sentences=_sentences(workload.figures),
        figures=_figures(workload),
        workers=[_worker(row) for row in workers],
        bars=[
            Bar(name=item.name, pct=None if item.pct is None else str(item.pct), text=item.text, level=item.level)
            for item in bars(workers)
        ],
        unallocated=[_unallocated(row) for row in workload.unallocated],
        flags=_flag_groups(workload),
        sums=_sums(workload),
    )


def scheme_words(workload: TeamWorkload) -> str:
    """Which version of which weighting scheme the figures rest on."""
    if workload.scheme is None:
        return "None is published for this service area."
    row = workload.scheme.row
    return (
        f"{row}, in {row.get_unit_display()}, in force since {figures.day(row.effective_on)}. "
        f"Source of its numbers: {row.source}."
    )


def _sentences(found: TeamFigures) -> list[str]:
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
        return [*sentences, f"{cases} unallocated; the longest has waited {wait}."]
    return [*sentences, "Every open case has somebody who holds it."]


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
            "Lowest, median and highest load",
            figures.NOT_KNOWN if found.median is None else figures.pct(found.median),
            "" if found.median is None else f"from {figures.pct(found.lowest)} to {figures.pct(found.highest)}",
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
    said = (
        f"weight {figures.amount(found.unallocated_weight)}; median wait {figures.days(found.median_wait)}, "
        f"longest {figures.days(found.longest_wait)}"
    )
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
    groups = [FlagGroup(row.name, _said(row.flags)) for row in Order.NAME.sort(workload.workers) if row.flags]
    return [*groups, FlagGroup("The team", _said(workload.team_flags))] if workload.team_flags else groups


def _said(flags: Sequence[RedFlag]) -> list[str]:
    return [f"{flag.name}. {flag.detail}" for flag in flags]


def _sums(workload: TeamWorkload) -> Sums:
    found = workload.figures
    return Sums(
        head_count=found.head_count,
        known=found.known,
        over=found.over,
        well_over=found.well_over,
        cases=found.cases,
        load=_text(found.load),
        capacity=_text(found.capacity),
        demand=_text(found.demand),
        unallocated=found.unallocated,
        unallocated_weight=_text(found.unallocated_weight),
        longest_wait=found.longest_wait,
        red_flags=workload.red_flags,
        maximum=_text(workload.scheme.row.maximum) if workload.scheme else None,
        unit=workload.scheme.row.unit if workload.scheme else None,
        bands=dict(Counter(_band(row.standing) for row in workload.workers)),
    )


def _text(value: Decimal | None) -> str | None:
    return None if value is None else str(value)
