"""What would change if a draft of standards were published: every team, with today's figures."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from caseloads.queries.workloads import team_workloads
from checks.findings import FINDING_NAMES, Finding
from checks.measures import MEASURES
from checks.queries.findings import StandardFinding, findings_of
from checks.queries.scales import scales_of
from design import figures
from standards.definition import StandardSet
from standards.models import StandardDraft
from standards.models import StandardSet as SetRow
from standards.queries import published_set
from standards.queries.drafts import draft_as_set
from teams.models import Team


@dataclass(frozen=True)
class Cell:
    """What comes of one standard in one team, before and after; None where a version does not ask it."""

    before: Finding | None
    after: Finding | None

    @property
    def moves(self) -> bool:
        return self.before != self.after

    @property
    def before_word(self) -> str:
        return "not asked" if self.before is None else FINDING_NAMES[self.before]

    @property
    def after_word(self) -> str:
        return "not asked" if self.after is None else FINDING_NAMES[self.after]


@dataclass(frozen=True)
class Heading:
    code: str
    title: str


@dataclass(frozen=True)
class TeamLine:
    team: Team
    cells: Sequence[Cell]


@dataclass(frozen=True)
class Preview:
    """Team × standard, before → after, and in sentences by standard and by indicator. `against`: what is used now."""

    against: SetRow
    headings: Sequence[Heading]
    lines: Sequence[TeamLine]
    sentences: Sequence[str]
    indicator_sentences: Sequence[str]


def preview(draft: StandardDraft, *, as_of: date) -> Preview:
    """Measure every team against the version that is used now and against the draft. A fixed number of statements.

    Raises PackError for a faulty draft.
    """
    after = draft_as_set(draft, measures=MEASURES, scales=scales_of(draft.employer))
    own = SetRow.objects.open_to(draft.employer).filter(pack=draft.pack).in_force(as_of).first()
    against = own or draft.copied_from
    before = published_set(against)
    teams = list(draft.employer.teams.select_related("employer", "service_area").order_by("name", "pk"))
    found = findings_of(team_workloads(teams, as_of=as_of), [before, after])
    halves = [(found[team.pk][: len(before.standards)], found[team.pk][len(before.standards) :]) for team in teams]
    headings = [Heading(code, title) for code, title in _measured(before, after).items()]
    lines = [
        TeamLine(team, _cells(_by_standard(old), _by_standard(new), [heading.code for heading in headings]))
        for team, (old, new) in zip(teams, halves, strict=True)
    ]
    texts = {one.code: one.text for one in (*before.indicators, *after.indicators) if one.measure}
    by_indicator = [_cells(_by_indicator(old), _by_indicator(new), list(texts)) for old, new in halves]
    return Preview(
        against,
        headings,
        lines,
        _sentences([f"Standard {one.code}, {one.title}" for one in headings], [line.cells for line in lines]),
        _sentences([f"{code}, {figures.sentence(text)[:-1]}" for code, text in texts.items()], by_indicator),
    )


def _measured(before: StandardSet, after: StandardSet) -> dict[str, str]:
    """The titles of standards of which something is measured: those of the draft, then those that it leaves out."""
    titles = {one.code: one.title for one in (*after.standards, *before.standards)}
    titles |= {one.code: one.title for one in after.standards}
    measured = {
        one.code for one in (*before.standards, *after.standards) if any(entry.measure for entry in one.indicators)
    }
    return {code: title for code, title in titles.items() if code in measured}


def _by_standard(found: Sequence[StandardFinding]) -> Mapping[str, Finding]:
    return {one.standard.code: one.effective for one in found if any(row.measure for row in one.indicators)}


def _by_indicator(found: Sequence[StandardFinding]) -> Mapping[str, Finding]:
    return {row.indicator.code: row.effective for one in found for row in one.indicators if row.measure}


def _cells(before: Mapping[str, Finding], after: Mapping[str, Finding], codes: Sequence[str]) -> list[Cell]:
    return [Cell(before.get(code), after.get(code)) for code in codes]


def _sentences(names: Sequence[str], rows: Sequence[Sequence[Cell]]) -> list[str]:
    """Say how many teams would move from which finding to which, name by name."""
    said = []
    for number, name in enumerate(names):
        moves = Counter((row[number].before_word, row[number].after_word) for row in rows if row[number].moves)
        for (before, after), teams in moves.most_common():
            would = "1 team would move" if teams == 1 else f"{teams} teams would move"
            said.append(f"{name}: {would} from {before.lower()} to {after.lower()}.")
    return said
