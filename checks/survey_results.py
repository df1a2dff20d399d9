"""The results of a survey as anybody may see them: every interface gets them here, after suppression. Pure."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from checks.findings import FEWEST_RESPONDENTS
from checks.suppression import Group, Members, shown_groups
from checks.surveys import Band, Instrument, Total, band, response_rate, totals

Answers = Sequence[tuple[int, Mapping[str, int]]]


@dataclass(frozen=True)
class ScaleResult:
    """One scale of one group. A hidden one says nothing, not even how many answered."""

    score: int | None = None
    respondents: int | None = None
    hidden: bool = True
    band: Band | None = None


@dataclass(frozen=True)
class GroupResult:
    """A group's part in a survey: how many were invited, and, where it is shown, who answered and what came of it."""

    group: Group
    invited: int
    respondents: int | None
    scales: Mapping[str, ScaleResult]

    @property
    def hidden(self) -> bool:
        return self.respondents is None

    @property
    def rate(self) -> int | None:
        return None if self.respondents is None else response_rate(self.respondents, self.invited)


HIDDEN = ScaleResult()


def results_of(
    instrument: Instrument,
    groups: Members,
    answers: Answers,
    *,
    invited: Mapping[int, int],
    fewest: int = FEWEST_RESPONDENTS,
) -> dict[Group, GroupResult]:
    """Every group's results, suppressed over the whole employer, scale by scale. An answer comes with its team."""
    respondents = Counter(team for team, _ in answers)
    shown = shown_groups(groups, respondents, fewest=fewest)
    by_scale = {
        scale: _scale(groups, found, fewest=fewest, among=shown) for scale, found in totals(instrument, answers).items()
    }
    return {
        group: GroupResult(
            group,
            invited=sum(invited.get(team, 0) for team in teams),
            respondents=sum(respondents[team] for team in teams) if group in shown else None,
            scales={scale: found.get(group, HIDDEN) for scale, found in by_scale.items()},
        )
        for group, teams in groups.items()
    }


def rates_of(
    groups: Members, respondents: Mapping[int, int], *, invited: Mapping[int, int], fewest: int = FEWEST_RESPONDENTS
) -> dict[Group, GroupResult]:
    """How many of each group have answered so far, as far as it may be said; no scores."""
    shown = shown_groups(groups, respondents, fewest=fewest)
    return {
        group: GroupResult(
            group,
            invited=sum(invited.get(team, 0) for team in teams),
            respondents=sum(respondents.get(team, 0) for team in teams) if group in shown else None,
            scales={},
        )
        for group, teams in groups.items()
    }


def _scale(
    groups: Members, found: Mapping[int, Total], *, fewest: int, among: frozenset[Group]
) -> dict[Group, ScaleResult]:
    respondents = {team: total.respondents for team, total in found.items()}
    shown = shown_groups(groups, respondents, fewest=fewest, among=among)
    return {group: _result([found[team] for team in groups[group] if team in found]) for group in shown}


def _result(parts: Sequence[Total]) -> ScaleResult:
    whole = Total()
    for part in parts:
        whole.add(part)
    score = whole.score
    return ScaleResult(score, whole.respondents, hidden=False, band=None if score is None else band(score))


def change(now: ScaleResult, before: ScaleResult | None) -> int | None:
    """By how much a score moved; said only where both scores are shown."""
    if before is None or now.score is None or before.score is None:
        return None
    return now.score - before.score
