"""England's figures of councils' adult social workers beside an employer's own. Pure.

There is no published file by region; the figures are those that articles reported, each with its source.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from checks.freezing import SUPPRESSED
from design import figures
from reports.own_figures import Own
from reports.shipped import AdultFigure, adult_figures


@dataclass(frozen=True)
class AdultRate:
    """A rate of adult services: England's by year, the newest first, and the own one by the same formula."""

    title: str
    formula: str
    own: Own
    figures: Sequence[AdultFigure]

    @property
    def own_text(self) -> str:
        return SUPPRESSED if self.own.suppressed else figures.pct(self.own.value)

    @property
    def newest(self) -> AdultFigure:
        return self.figures[0]


_WANTED = (
    (
        "vacancy_rate",
        "Vacancy rate",
        "100 × vacant ÷ (vacant + filled); England's in jobs, the own in FTE of all posts",
        "vacancy_rate_fte",
    ),
    (
        "turnover_rate",
        "Turnover, by headcount",
        "100 × people who left in the year ÷ people employed directly on its last day",
        "turnover_rate_headcount",
    ),
    (
        "agency_share",
        "Agency workers, by headcount",
        "100 × agency workers ÷ (agency workers + people employed directly)",
        "agency_rate_headcount",
    ),
)


def adult_rates(own: Mapping[str, Own]) -> list[AdultRate]:
    """Set the own rates of adult services, by the column of the published ones, beside England's."""
    return [
        AdultRate(title, formula, own[column], [one for one in adult_figures() if one.metric == metric])
        for metric, title, formula, column in _WANTED
    ]
