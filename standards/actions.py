"""What people do with standards."""

from dataclasses import asdict
from datetime import datetime

from django.db import transaction

from standards import definition
from standards.models import Indicator, Standard
from standards.models import StandardSet as SetRow
from standards.queries import definition_of


class DifferentContentError(Exception):
    """A published version says something else than the pack now given under its number."""


@transaction.atomic
def publish_set(*, given: definition.StandardSet, at: datetime) -> bool:
    """Publish one version of a set of standards; False when it is published already, word for word.

    Raises DifferentContentError when the same version was published with other words: published versions never change.
    """
    published = SetRow.objects.filter(pack=given.id, version=given.version).first()
    if published is not None:
        if definition_of(published) != given:
            raise DifferentContentError(
                f"{given.label} is published already and says something else. Give what is new another version number."
            )
        return False
    fields = {name: value for name, value in asdict(given).items() if name not in {"id", "standards"}}
    row = SetRow.objects.create(pack=given.id, published_at=at, **fields)
    standards = Standard.objects.bulk_create(_standard(row, standard) for standard in given.standards)
    Indicator.objects.bulk_create(
        _indicator(standard, indicator)
        for standard, defined in zip(standards, given.standards, strict=True)
        for indicator in defined.indicators
    )
    return True


def _standard(row: SetRow, given: definition.Standard) -> Standard:
    return Standard(
        standard_set=row,
        code=given.code,
        title=given.title,
        source=given.source,
        completeness=given.completeness,
        expectations=[asdict(expectation) for expectation in given.expectations],
    )


def _indicator(standard: Standard, given: definition.Indicator) -> Indicator:
    return Indicator(
        standard=standard,
        code=given.code,
        text=given.text,
        expectation=given.expectation,
        measure=given.measure,
        direction=given.thresholds.direction.value,
        met=given.thresholds.met,
        partly=given.thresholds.partly,
        threshold_source=given.thresholds.source,
        essential=given.essential,
    )
