"""Publishing a version of a set of standards: everybody's, or an employer's own."""

from dataclasses import asdict
from datetime import datetime

from django.db import transaction

from standards import definition
from standards.models import Indicator, Standard
from standards.models import StandardSet as SetRow
from standards.queries import definition_of
from teams.models import Employer


class DifferentContentError(Exception):
    """A published version says something else than the pack now given under its number."""


@transaction.atomic
def publish_set(*, given: definition.StandardSet, at: datetime) -> bool:
    """Publish one version of a set for everybody; False when it is published already, word for word.

    Raises DifferentContentError when the same version was published with other words: published versions never change.
    """
    published = SetRow.objects.filter(employer=None, pack=given.id, version=given.version).first()
    if published is None:
        write_set(given, employer=None, at=at)
        return True
    if definition_of(published) != given:
        raise DifferentContentError(
            f"{given.label} is published already and says something else. Give what is new another version number."
        )
    return False


def write_set(given: definition.StandardSet, *, employer: Employer | None, at: datetime) -> SetRow:
    """Write one version of a set. Three statements, however much it holds."""
    fields = {name: value for name, value in asdict(given).items() if name not in {"id", "standards"}}
    row = SetRow.objects.create(employer=employer, pack=given.id, published_at=at, **fields)
    standards = Standard.objects.bulk_create(_standard(row, standard) for standard in given.standards)
    Indicator.objects.bulk_create(
        _indicator(standard, indicator)
        for standard, defined in zip(standards, given.standards, strict=True)
        for indicator in defined.indicators
    )
    return row


def _standard(row: SetRow, given: definition.Standard) -> Standard:
    return Standard(
        standard_set=row,
        code=given.code,
        title=given.title,
        source=given.source,
        completeness=given.completeness,
        gap=given.gap,
        expectations=[asdict(expectation) for expectation in given.expectations],
    )


def _indicator(standard: Standard, given: definition.Indicator) -> Indicator:
    thresholds = given.thresholds
    return Indicator(
        standard=standard,
        code=given.code,
        kind=given.kind.value,
        text=given.text,
        expectation=given.expectation,
        basis=given.basis,
        measure=given.measure,
        scale=given.scale,
        direction=thresholds.direction.value if thresholds else "",
        met=thresholds.met if thresholds else None,
        partly=thresholds.partly if thresholds else None,
        threshold_source=thresholds.source if thresholds else "",
        essential=given.essential,
    )
