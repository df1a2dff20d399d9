"""Puts an employer's compliance report together from what is known of each team. Pure.

It names no worker. A team so small that its figures would be about single people is suppressed, with as many others as
it takes that nobody can work it out (`checks.suppression`). Sums of an area or of the employer are given where that
rule shows them; findings are counted over the teams that are shown.
"""

from collections import Counter
from collections.abc import Iterable, Sequence

from checks.findings import FINDING_NAMES, Finding
from checks.freezing import SUPPRESSED
from checks.suppression import EMPLOYER, Group, Level, groups_of, shown_groups
from design import figures
from design.grid_charts import SIGNS
from reports.compliance_load import (
    LoadRow,
    Part,
    area_rows,
    band_table,
    banded,
    load_row,
    load_table,
    people_known,
    team_row,
)
from reports.content import Chapter, Cover, IndicatorRow, Version
from reports.employer_content import (
    EmployerReport,
    GridCell,
    GridRow,
    Heading,
    IndicatorCount,
    NumberRow,
    Numbers,
    Overruled,
    StandardChapter,
    TeamFinding,
    Varied,
)

WIDE = 6
"""How many figures stand beside each other on a page."""
TO_SAY = 3
EXCEPTIONS = ("Team", "Limits that allocations went past", "Weights set by hand", "Findings not by the figures")
AGES = ((-1, 7), (7, 28), (28, 90), (90, 100_000))
"""Days after the first and up to the last."""
DUTIES = ("Team", "Open", "Late", "Up to 7 days", "8 to 28 days", "29 to 90 days", "Over 90 days", "Oldest")


def employer_report(cover: Cover, parts: Sequence[Part], *, versions: Sequence[Version], fewest: int) -> EmployerReport:
    """Put the report together. `fewest`: the smallest team whose figures are given. Teams come in their order."""
    areas_of = {part.key: part.area for part in parts}
    shown = shown_groups(groups_of(areas_of), {part.key: people_known(part) for part in parts}, fewest=fewest)
    told = [part for part in parts if Group(Level.TEAM, part.key) in shown]
    teams = [team_row(part, show=part in told) for part in parts]
    areas = area_rows(parts, shown)
    bars = banded(teams, areas)
    whole = load_row(cover.employer, parts, show=EMPLOYER in shown)
    chapters = [_chapter(number, told) for number in range(len(told[0].chapters))] if told else []
    return EmployerReport(
        cover=cover,
        summary=_summary(whole, parts, told, chapters),
        figures=_figures(whole, parts, told),
        hidden=_hidden(len(parts) - len(told), fewest),
        headings=[Heading(chapter.anchor, chapter.code, chapter.title) for chapter in chapters],
        grid=[_grid_row(part, told, len(chapters)) for part in parts],
        areas=load_table("Workload by service area, and in all", "Service area", [*areas, whole]),
        teams=load_table("Workload by team", "Team", teams),
        bands=band_table(bars),
        stacks=[{"name": row.name, "counts": row.bands} for row in bars],
        chapters=chapters,
        variations=list(_variations(told)),
        exceptions=Numbers("Exceptions by team", EXCEPTIONS, [_exceptions(part) for part in told]),
        overruled=[one for part in told for one in _overruled(part)],
        duties=Numbers("Open duties by team and age", DUTIES, [_duties(part) for part in told]),
        versions=versions,
    )


def _hidden(number: int, fewest: int) -> str:
    if not number:
        return ""
    teams, own = (
        ("1 team is", "Its own report has") if number == 1 else (f"{number} teams are", "Their own reports have")
    )
    return (
        f"{teams} suppressed here, because figures of fewer than {fewest} people are known there, or because they "
        f"would give away those of a team so small. {own} them, for the line of management."
    )


def _figures(whole: LoadRow, parts: Sequence[Part], told: Sequence[Part]) -> list[dict[str, str]]:
    duties = [duty for part in told if part.kept for duty in part.kept["duties"]]
    late = sum(duty["late"] for duty in duties)
    of = "" if whole.load == SUPPRESSED else f"{whole.load} of {whole.capacity}"
    return [
        {"label": "Load of all teams", "value": whole.pct, "note": of},
        {
            "label": "Demand, with unallocated work",
            "value": whole.demand,
            "note": f"weight waiting {whole.weight}" if whole.weight else "",
        },
        {"label": "Workers over their limit", "value": whole.over, "note": f"in {_teams(len(parts))}"},
        {"label": "Unallocated cases", "value": whole.unallocated, "note": f"longest wait {whole.longest}"},
        {
            "label": "Duties that wait for an answer",
            "value": str(len(duties)) if told else SUPPRESSED,
            "note": f"{late} of them late, in {_teams(len(told))}" if told else "",
        },
    ]


def _teams(number: int) -> str:
    return "1 team" if number == 1 else f"{number} teams"


# Standards


def _grid_row(part: Part, told: Sequence[Part], columns: int) -> GridRow:
    if part not in told:
        hidden = GridCell(Finding.SUPPRESSED.value, "", FINDING_NAMES[Finding.SUPPRESSED], local=False)
        return GridRow(part.name, part.area_name, part.state, [hidden] * columns)
    return GridRow(part.name, part.area_name, part.state, [_grid_cell(chapter) for chapter in part.chapters])


def _grid_cell(chapter: Chapter) -> GridCell:
    if not chapter.indicators:
        return GridCell("NOT_MEASURED", "", "–", local=False)
    symbol = SIGNS[chapter.effective].symbol
    return GridCell(chapter.effective, symbol, chapter.effective_word, bool(chapter.local_finding))


def _chapter(number: int, told: Sequence[Part]) -> StandardChapter:
    own = [(part, part.chapters[number]) for part in told]
    first = own[0][1]
    codes = [row.code for row in first.indicators]
    rows = {code: [_row(chapter, code) for _, chapter in own] for code in codes}
    return StandardChapter(
        anchor=first.anchor,
        code=first.code,
        title=first.title,
        expectations=first.expectations,
        gap=first.gap,
        completeness=first.completeness,
        source=first.source,
        counts=_counts(chapter.effective for _, chapter in own) if codes else [],
        national_counts=_national(own),
        teams=[_team_finding(part, chapter) for part, chapter in own] if codes else [],
        indicators=[_indicator_count(found) for found in rows.values()],
        values=_values(f"{first.code}, {first.title}", [part.name for part in told], list(rows.values())),
    )


def _row(chapter: Chapter, code: str) -> IndicatorRow:
    return next(row for row in chapter.indicators if row.code == code)


def _counts(findings: Iterable[str]) -> list[tuple[str, str, int]]:
    """How many teams have each finding: the finding, its word and the number; those of nobody are left out."""
    found = Counter(findings)
    return [(one.value, FINDING_NAMES[one], found[one.value]) for one in Finding if found[one.value]]


def _national(own: Sequence[tuple[Part, Chapter]]) -> list[tuple[str, str, int]]:
    """The counts by national thresholds, where local ones are in force."""
    varied = any(chapter.local_finding for _, chapter in own)
    return _counts(chapter.finding for _, chapter in own) if varied else []


def _team_finding(part: Part, chapter: Chapter) -> TeamFinding:
    failing = [row for row in chapter.indicators if row.effective == Finding.NOT_MET]
    failing.sort(key=lambda row: not row.essential)
    because = [_why(row) for row in failing[:TO_SAY]]
    if more := len(failing) - TO_SAY:
        because += [f"and {more} more"] if more > 0 else []
    return TeamFinding(part.name, chapter.finding, chapter.word, chapter.local_finding, chapter.local_word, because)


def _why(row: IndicatorRow) -> str:
    """What is not met, with the figure; without it where it is one worker's, or there is none."""
    return f"{row.title}: {row.value}" if row.title and not row.of_few else row.title or row.text


def _indicator_count(rows: Sequence[IndicatorRow]) -> IndicatorCount:
    found = Counter(row.effective for row in rows)
    first = rows[0]
    local = next((row.local_thresholds for row in rows if row.local_thresholds), "")
    here = f" Here: {local}" if local else ""
    return IndicatorCount(
        text=first.text,
        thresholds=f"{first.thresholds or 'Judged by the manager.'}{here}",
        essential=first.essential,
        met=found[Finding.MET],
        partly=found[Finding.PARTLY_MET],
        not_met=found[Finding.NOT_MET],
        not_known=found[Finding.NOT_KNOWN] + found[Finding.SUPPRESSED],
    )


def _values(title: str, teams: Sequence[str], columns: Sequence[Sequence[IndicatorRow]]) -> list[Numbers]:
    """Every measured figure of a standard, a few columns at a time."""
    measured = [column for column in columns if column[0].title]
    parts = [measured[start : start + WIDE] for start in range(0, len(measured), WIDE)]
    return [
        Numbers(
            f"Figures of standard {title}" + (f", part {number} of {len(parts)}" if len(parts) > 1 else ""),
            ["Team", *(column[0].title for column in some)],
            [NumberRow(team, [_value(column[place]) for column in some]) for place, team in enumerate(teams)],
        )
        for number, some in enumerate(parts, start=1)
    ]


def _value(row: IndicatorRow) -> str:
    return SUPPRESSED if row.of_few else row.value


def _variations(told: Sequence[Part]) -> Iterable[Varied]:
    """Every indicator that has a local variation, with the number of teams that meet it by each."""
    for number, chapter in enumerate(told[0].chapters if told else ()):
        for code in [row.code for row in chapter.indicators]:
            rows = [_row(part.chapters[number], code) for part in told]
            varied = next((row for row in rows if row.local_thresholds), None)
            if varied is not None:
                yield Varied(
                    standard=f"{chapter.code} {chapter.title}",
                    text=varied.text,
                    national=varied.thresholds,
                    local=varied.local_thresholds,
                    reason=varied.local_reason,
                    national_met=_met(row.finding for row in rows),
                    local_met=_met(row.effective for row in rows),
                )


def _met(findings: Iterable[str]) -> str:
    found = list(findings)
    return f"{sum(one == Finding.MET for one in found)} of {len(found)} teams"


# What was decided and what waits


def _exceptions(part: Part) -> NumberRow:
    kept = part.kept or {"limits": (), "overrides": ()}
    judged = sum(1 for _ in _overruled(part))
    return NumberRow(part.name, [str(len(kept["limits"])), str(len(kept["overrides"])), str(judged)])


def _overruled(part: Part) -> Iterable[Overruled]:
    """Findings that are not those of the figures. The words of whoever judged are in the team's own report."""
    for chapter in part.chapters:
        for row in chapter.indicators:
            if row.by_figures and row.by_figures != row.effective:
                yield Overruled(part.name, row.text, _value(row), row.effective_word, row.overruled)


def _duties(part: Part) -> NumberRow:
    duties = part.kept["duties"] if part.kept else ()
    days = [duty["days"] for duty in duties]
    late = sum(duty["late"] for duty in duties)
    ages = (sum(since < day <= until for day in days) for since, until in AGES)
    oldest = figures.days(max(days)) if days else "–"
    return NumberRow(part.name, [*map(str, (len(days), late, *ages)), oldest])


def _summary(
    whole: LoadRow, parts: Sequence[Part], told: Sequence[Part], chapters: Sequence[StandardChapter]
) -> list[str]:
    if not parts:
        return ["There is no team to report on yet."]
    sentences = [f"This report is about {_teams(len(parts))}."]
    if whole.load == SUPPRESSED:
        sentences.append("So few people work in them that their load is suppressed.")
    elif whole.pct != "–":
        sentences += [
            f"Load is {whole.pct} of capacity; demand, with unallocated work, is {whole.demand}.",
            f"Workers over their limit: {whole.over}.",
            f"Unallocated cases: {whole.unallocated}; the longest wait is {whole.longest}.",
        ]
    for chapter in chapters:
        if chapter.counts:
            said = ", ".join(f"{word.lower()} in {number}" for _, word, number in chapter.counts)
            sentences.append(f"Standard {chapter.code}, {chapter.title}: {said} of {_teams(len(told))}.")
    return sentences
