"""What of a cycle anybody may read: plain values in, frozen content out. Pure; what is in it: docs/publication.md.

Content is made of teams of at least the cycle's smallest group, and of nothing else: every count is a count of teams
that are themselves shown, so that nothing about a hidden team can be worked out by taking away. Every finding of a
standard is worked out from the indicators that are shown, so that none says what was found of single workers.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from checks.findings import FINDING_NAMES, Finding, finding_of_standard

FORMAT = "team-health-check/publication/1"
NOT_PUBLISHED = "not_published"
"""What stands in the place of a finding where no indicator of the standard is published."""
Content = dict[str, Any]


@dataclass(frozen=True)
class PublishedIndicator:
    """One indicator of one team: its figure in words, both thresholds in words, and what was found by each."""

    code: str
    text: str
    essential: bool
    figure: str
    thresholds: str
    local_thresholds: str
    local_reason: str
    local_from: str
    local_review: str
    finding: Finding
    national: Finding
    overruled: str


@dataclass(frozen=True)
class PublishedAction:
    """What is done about an indicator, or the decision not to act, in its own words."""

    indicator: str
    about: str
    acts: bool
    words: str
    success: str
    state: str
    due_on: str


@dataclass(frozen=True)
class StandardOfTeam:
    """The published indicators of one standard in one team; those about single workers are counted and left out."""

    code: str
    indicators: Sequence[PublishedIndicator]
    left_out: int

    @property
    def finding(self) -> Finding | None:
        """What the published indicators alone amount to; None where there is none."""
        return _finding((one.finding, one.essential) for one in self.indicators)

    @property
    def national(self) -> Finding | None:
        """The same by the national thresholds."""
        return _finding((one.national, one.essential) for one in self.indicators)


def _finding(findings: Iterable[tuple[Finding, bool]]) -> Finding | None:
    told = list(findings)
    return finding_of_standard(told) if told else None


@dataclass(frozen=True)
class CheckedTeam:
    """A team's published check, as it was frozen; `people` is how many held cases then."""

    name: str
    area: str
    people: int
    words: str
    standards: Sequence[StandardOfTeam]
    actions: Sequence[PublishedAction]


@dataclass(frozen=True)
class StandardToPublish:
    """A standard of the set: what it is about, and what the set itself has no wording for."""

    code: str
    title: str
    gap: str


@dataclass(frozen=True)
class CycleToPublish:
    """A cycle: whose it is, of when, by which standards, and how many checks are in each state."""

    employer: str
    name: str
    period_from: str
    period_to: str
    measured_on: str
    fewest: int
    standards: Mapping[str, str]
    states: Sequence[tuple[str, int]]
    headings: Sequence[StandardToPublish]


def content_of(cycle: CycleToPublish, teams: Sequence[CheckedTeam], *, words: str, chosen: Iterable[str]) -> Content:
    """Return the content, from every published check of a cycle; `chosen` are the codes of standards that are told.

    Raises ValueError for a smallest group that is none.
    """
    if cycle.fewest < 1:
        raise ValueError("A smallest group has at least one person.")
    codes = frozenset(chosen)
    told = [one for one in cycle.headings if one.code in codes]
    shown = [team for team in teams if team.people >= cycle.fewest]
    return {
        "format": FORMAT,
        "employer": cycle.employer,
        "cycle": {
            "name": cycle.name,
            "period_from": cycle.period_from,
            "period_to": cycle.period_to,
            "measured_on": cycle.measured_on,
        },
        "standards": dict(cycle.standards),
        "smallest_group": cycle.fewest,
        "words": words,
        "checks": [{"state": state, "teams": many} for state, many in cycle.states],
        "teams_shown": len(shown),
        "teams_too_small": len(teams) - len(shown),
        "not_published": [{"code": one.code, "title": one.title} for one in cycle.headings if one.code not in codes],
        "findings": [_counted(one, shown) for one in told],
        "variations": _variations(told, shown),
        "teams": [_team(team, told) for team in shown],
    }


def _counted(standard: StandardToPublish, teams: Sequence[CheckedTeam]) -> Content:
    """How many of the shown teams meet a standard, by both thresholds; a team without a finding is not counted."""
    found = [one for team in teams for one in team.standards if one.code == standard.code]
    return {
        "standard": standard.code,
        "title": standard.title,
        "gap": standard.gap,
        "national": counts(one.national for one in found),
        "local": counts(one.finding for one in found),
    }


def counts(findings: Iterable[Finding | None]) -> dict[str, int]:
    """How many of some findings are of each kind, in the order in which findings are listed; None is none of them."""
    told = list(findings)
    return {finding.value.lower(): told.count(finding) for finding in Finding}


def _variations(told: Sequence[StandardToPublish], teams: Sequence[CheckedTeam]) -> list[Content]:
    """Each local variation in force once, with what the shown teams would have got without it."""
    codes = {one.code for one in told}
    varied: dict[str, list[tuple[str, PublishedIndicator]]] = {}
    for team in teams:
        for standard in (one for one in team.standards if one.code in codes):
            for one in (one for one in standard.indicators if one.local_thresholds):
                varied.setdefault(one.code, []).append((standard.code, one))
    return [
        {
            "standard": rows[0][0],
            "indicator": code,
            "text": rows[0][1].text,
            "national_thresholds": rows[0][1].thresholds,
            "local_thresholds": rows[0][1].local_thresholds,
            "reason": rows[0][1].local_reason,
            "from": rows[0][1].local_from,
            "review_by": rows[0][1].local_review,
            "national": counts(one.national for _, one in rows),
            "local": counts(one.finding for _, one in rows),
        }
        for code, rows in varied.items()
    ]


def _team(team: CheckedTeam, told: Sequence[StandardToPublish]) -> Content:
    by_code = {one.code: one for one in team.standards}
    kept = [(one, by_code[one.code]) for one in told if one.code in by_code]
    seen = {indicator.code for _, standard in kept for indicator in standard.indicators}
    return {
        "name": team.name,
        "service_area": team.area,
        "words": team.words,
        "standards": [
            {
                "standard": heading.code,
                "title": heading.title,
                "national": _code(standard.national),
                "local": _code(standard.finding),
                "left_out": standard.left_out,
                "indicators": [_indicator(one) for one in standard.indicators],
            }
            for heading, standard in kept
        ],
        "actions": [
            {
                "indicator": one.indicator,
                "about": one.about,
                "kind": "action" if one.acts else "decision not to act",
                "words": one.words,
                "works_if": one.success,
                "state": one.state,
                "due_on": one.due_on,
            }
            for one in team.actions
            if one.indicator in seen
        ],
    }


def _indicator(one: PublishedIndicator) -> Content:
    return {
        "indicator": one.code,
        "text": one.text,
        "essential": one.essential,
        "figure": one.figure,
        "national_thresholds": one.thresholds,
        "local_thresholds": one.local_thresholds,
        "national": one.national.value.lower(),
        "local": one.finding.value.lower(),
        "overruled": one.overruled,
    }


def _code(finding: Finding | None) -> str:
    return finding.value.lower() if finding else NOT_PUBLISHED


def finding_word(code: str) -> str:
    """A finding of the content in words: `partly_met` is "Partly met"."""
    return "Not published" if code == NOT_PUBLISHED else FINDING_NAMES[Finding(code.upper())]


COLUMNS = (
    *("row", "team", "service_area", "standard", "standard_title", "indicator", "text", "figure"),
    *("national_thresholds", "national_finding", "local_thresholds", "finding", "note"),
    *(f"{by}_{finding.value.lower()}" for by in ("national", "local") for finding in Finding),
)


def table_of(content: Content) -> list[list[str]]:
    """The content as one table under COLUMNS: counts of each standard, then each team's findings and actions."""
    lines = [_line("standard", one, **_counts_of(one)) for one in content["findings"]]
    lines += [
        _line("variation", one, text=one["text"], note=one["reason"], **_thresholds(one), **_counts_of(one))
        for one in content["variations"]
    ]
    for team in content["teams"]:
        of_team = {"team": team["name"], "service_area": team["service_area"]}
        for standard in team["standards"]:
            lines.append(_line("standard of a team", standard, **of_team, **_findings(standard)))
            lines += [
                _line("indicator of a team", {**standard, **one}, **of_team, **_findings(one), **_thresholds(one))
                | {"text": one["text"], "figure": one["figure"], "note": one["overruled"]}
                for one in standard["indicators"]
            ]
        lines += [
            _line(f"{one['kind']} of a team", one, **of_team, text=one["about"], note=one["words"])
            for one in team["actions"]
        ]
    return [[str(line.get(name, "")) for name in COLUMNS] for line in lines]


def _line(row: str, of: Mapping[str, Any], **rest: object) -> dict[str, object]:
    told = {"standard": of.get("standard", ""), "standard_title": of.get("title", "")}
    return {"row": row, **told, "indicator": of.get("indicator", ""), **rest}


def _counts_of(one: Mapping[str, Any]) -> dict[str, object]:
    return {f"{by}_{finding}": many for by in ("national", "local") for finding, many in one[by].items()}


def _findings(one: Mapping[str, Any]) -> dict[str, object]:
    return {"national_finding": finding_word(one["national"]), "finding": finding_word(one["local"])}


def _thresholds(one: Mapping[str, Any]) -> dict[str, object]:
    return {name: one[name] for name in ("national_thresholds", "local_thresholds")}
