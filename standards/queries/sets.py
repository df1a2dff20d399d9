"""Published standards, read back as the definitions they came from, and those an employer uses."""

from datetime import date
from functools import lru_cache

from django.db.models import Exists, Q

from standards.definition import Direction, Expectation, Indicator, Kind, Standard, StandardSet, Thresholds
from standards.models import ChosenStandards
from standards.models import Indicator as IndicatorRow
from standards.models import Standard as StandardRow
from standards.models import StandardSet as SetRow
from standards.models.sets import StandardSetQuerySet
from teams.models import Employer

UNLESS_CHOSEN = "england-2020"
"""The pack of an employer that has chosen none."""


def sets_in_force(employer: Employer, *, on: date) -> list[StandardSet]:
    """What an employer uses on a day: of each pack it has chosen, the newest version in effect by then.

    One statement, and two more for a version that was not read before.
    """
    return [_published(row.pk, row.pack, row.version) for row in rows_in_force(employer, on=on)]


def rows_in_force(employer: Employer, *, on: date) -> list[SetRow]:
    """The published rows that `sets_in_force` reads. One statement."""
    return list(used_by(employer).in_force(on))


def used_by(employer: Employer) -> StandardSetQuerySet:
    """Every version of the packs that an employer has chosen."""
    chosen = ChosenStandards.objects.filter(employer=employer)
    used = Q(pack__in=chosen.values("pack")) | Q(~Exists(chosen), pack=UNLESS_CHOSEN)
    return SetRow.objects.open_to(employer).filter(used)


@lru_cache(maxsize=256)
def _published(pk: int, _pack: str, _version: str) -> StandardSet:
    """A published set. It never changes, so it is read once."""
    return definition_of(SetRow.objects.prefetch_related("standards__indicators").get(pk=pk))


def published_set(row: SetRow) -> StandardSet:
    """A published row as it was defined. Two statements and one more unless it was read before."""
    return _published(row.pk, row.pack, row.version)


def definition_of(row: SetRow) -> StandardSet:
    """A set as it was defined: the same object its pack was read into."""
    return StandardSet(
        id=row.pack,
        version=row.version,
        title=row.title,
        publisher=row.publisher,
        jurisdiction=row.jurisdiction,
        source=row.source,
        licence=row.licence,
        effective=row.effective,
        effective_on=row.effective_on,
        completeness=row.completeness,
        standards=tuple(_standard(standard) for standard in row.standards.all()),
    )


def _standard(row: StandardRow) -> Standard:
    return Standard(
        code=row.code,
        title=row.title,
        source=row.source,
        completeness=row.completeness,
        gap=row.gap,
        expectations=tuple(Expectation(**expectation) for expectation in row.expectations),
        indicators=tuple(indicator_of(indicator) for indicator in row.indicators.all()),
    )


def indicator_of(row: IndicatorRow) -> Indicator:
    """A published indicator as it was defined."""
    thresholds = None
    if row.met is not None and row.partly is not None:
        thresholds = Thresholds(Direction(row.direction), row.met, row.partly, row.threshold_source)
    return Indicator(
        code=row.code,
        kind=Kind(row.kind),
        text=row.text,
        expectation=row.expectation,
        essential=row.essential,
        basis=row.basis,
        measure=row.measure,
        scale=row.scale,
        thresholds=thresholds,
    )
