"""Stored findings read back: those of the newest day on which an employer's teams were measured."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.db import connection
from django.db.models import Q, QuerySet
from django.db.models.functions import TruncMonth

from caseloads.queries.newest_scorings import Reach
from checks.freezing import scale_title, threshold_words
from checks.measures import MEASURES
from checks.models import TeamFindings
from standards.definition import Direction, Thresholds
from standards.models import Standard, StandardSet
from standards.queries.sets import used_by
from teams.models import Employer, Team


@dataclass(frozen=True)
class StoredFindings:
    """A team's findings of a day.

    `standards`: set → standard → [finding, local finding]; `indicators`, of the set asked for: indicator → [figure as
    shown, finding, local finding, figure].
    """

    team: int
    day: date
    versions: Mapping[str, str]
    standards: Mapping[str, Mapping[str, Sequence[str]]]
    indicators: Mapping[str, Sequence[str]]


def newest_findings(employer: int, reach: Reach, *, pack: str = "") -> dict[int, StoredFindings]:
    """The newest findings of each team, by its key; with a set, also of its indicators. One statement.

    A team that was not measured on the newest day counts with the day before.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            """
            WITH newest AS (
                SELECT max(day) AS day FROM checks_teamfindings
                 WHERE employer_id = %(employer)s AND day >= %(since)s AND day <= %(until)s
            )
            SELECT DISTINCT ON (found.team_id) found.team_id, found.day, found.versions, found.standards,
                   coalesce(found.indicators -> %(pack)s, '{}')
              FROM newest
              JOIN checks_teamfindings found
                ON found.employer_id = %(employer)s AND found.day IN (newest.day, newest.day - 1)
             ORDER BY found.team_id, found.day DESC
            """,
            {"employer": employer, "since": reach.since, "until": reach.until, "pack": pack},
        )
        return {
            team: StoredFindings(team, day, *(json.loads(one) for one in stored))
            for team, day, *stored in cursor.fetchall()
        }


def months_of_team(team: Team, *, since: date, until: date) -> list[TeamFindings]:
    """The newest findings of a team in each month, the oldest first. One statement."""
    rows = TeamFindings.objects.filter(employer=team.employer_id, team=team, day__gte=since, day__lte=until)
    return list(rows.annotate(month=TruncMonth("day")).order_by("month", "-day").distinct("month"))


@dataclass(frozen=True)
class IndicatorName:
    """An indicator in words; `direction` is "" where it has no thresholds."""

    code: str
    text: str
    measure: str
    scale: str
    direction: str

    def limits(self, *, met: object, partly: object) -> str:
        """Thresholds for it in words."""
        if not self.direction:
            return ""
        thresholds = Thresholds(Direction(self.direction), met, partly, "")  # type: ignore[arg-type]
        return threshold_words(thresholds, MEASURES.get(self.measure))

    @property
    def title(self) -> str:
        """What is measured, in a few words."""
        found = MEASURES.get(self.measure)
        return found.title if found else scale_title(self.scale) if self.scale else self.text


@dataclass(frozen=True)
class StandardName:
    """A standard in words, with its indicators."""

    code: str
    title: str
    indicators: Sequence[IndicatorName]

    @property
    def measured(self) -> list[IndicatorName]:
        """The indicators that are measured: the others are judged or surveyed."""
        return [one for one in self.indicators if one.measure]


@dataclass(frozen=True)
class SetName:
    """A version of a set of standards in words."""

    pack: str
    version: str
    title: str
    standards: Sequence[StandardName]

    @property
    def label(self) -> str:
        return f"{self.title}, version {self.version}"


def names_of(employer: Employer, versions: Mapping[str, str], *, on: date) -> list[SetName]:
    """The sets of some versions in words; where there are none, those that are in force on a day. One statement."""
    rows = Standard.objects.filter(standard_set__in=_sets(employer, versions, on=on))
    rows = rows.order_by("standard_set__pack", "pk", "indicators__pk")
    sets: dict[str, SetName] = {}
    standards: dict[tuple[str, str], list[IndicatorName]] = {}
    columns = ("standard_set__pack", "standard_set__version", "standard_set__title", "code", "title")
    indicator = ("code", "text", "measure", "scale", "direction")
    for pack, version, label, code, title, *told in rows.values_list(
        *columns, *(f"indicators__{name}" for name in indicator)
    ):
        found = sets.setdefault(pack, SetName(pack, version, label, []))
        if (pack, code) not in standards:
            standards[pack, code] = []
            found.standards.append(StandardName(code, title, standards[pack, code]))  # type: ignore[attr-defined]
        if told[0] is not None:
            standards[pack, code].append(IndicatorName(*told))
    return list(sets.values())


def _sets(employer: Employer, versions: Mapping[str, str], *, on: date) -> QuerySet[StandardSet]:
    if not versions:
        return used_by(employer).in_force(on)
    wanted = Q(pk=None)
    for pack, version in versions.items():
        wanted |= Q(pack=pack, version=version)
    return StandardSet.objects.open_to(employer).filter(wanted)
