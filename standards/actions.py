"""What people do with standards."""

from dataclasses import asdict
from datetime import datetime

from django.db import transaction

from standards.definition import StandardSet
from standards.models import Indicator, Standard
from standards.models import StandardSet as SetRow
from standards.queries import definition_of


class DifferentContentError(Exception):
    """A published version says something else than the pack now given under its number."""


@transaction.atomic
def publish_set(*, given: StandardSet, at: datetime) -> bool:
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
    standards = Standard.objects.bulk_create(
        Standard(
            standard_set=row,
            code=standard.code,
            title=standard.title,
            source=standard.source,
            completeness=standard.completeness,
            expectations=[asdict(expectation) for expectation in standard.expectations],
        )
        for standard in given.standards
    )
    Indicator.objects.bulk_create(
        Indicator(
            standard=standard,
            code=indicator.code,
            text=indicator.text,
            expectation=indicator.expectation,
            measure=indicator.measure,
            direction=indicator.thresholds.direction.value,
            met=indicator.thresholds.met,
            partly=indicator.thresholds.partly,
            threshold_source=indicator.thresholds.source,
            essential=indicator.essential,
        )
        for standard, definition in zip(standards, given.standards, strict=True)
        for indicator in definition.indicators
    )
    return True
