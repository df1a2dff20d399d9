"""Published standards, read back as the definitions they came from."""

from functools import lru_cache

from standards.definition import Direction, Expectation, Indicator, Standard, StandardSet, Thresholds
from standards.models import Indicator as IndicatorRow
from standards.models import Standard as StandardRow
from standards.models import StandardSet as SetRow


def newest_sets() -> list[StandardSet]:
    """The newest version of every set, whole. One statement, and two more for a set that was not read before."""
    return [_published(row.pk, row.pack, row.version) for row in SetRow.objects.newest()]


@lru_cache(maxsize=64)
def _published(pk: int, _pack: str, _version: str) -> StandardSet:
    """A published set. It never changes, so it is read once."""
    return definition_of(SetRow.objects.prefetch_related("standards__indicators").get(pk=pk))


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
        completeness=row.completeness,
        standards=tuple(_standard(standard) for standard in row.standards.all()),
    )


def _standard(row: StandardRow) -> Standard:
    return Standard(
        code=row.code,
        title=row.title,
        source=row.source,
        completeness=row.completeness,
        expectations=tuple(Expectation(**expectation) for expectation in row.expectations),
        indicators=tuple(_indicator(indicator) for indicator in row.indicators.all()),
    )


def _indicator(row: IndicatorRow) -> Indicator:
    return Indicator(
        code=row.code,
        text=row.text,
        expectation=row.expectation,
        measure=row.measure,
        thresholds=Thresholds(Direction(row.direction), row.met, row.partly, row.threshold_source),
        essential=row.essential,
    )
