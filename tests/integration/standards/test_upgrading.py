"""A database that holds the standards as they were before there were kinds goes on holding them, word for word."""

import pytest
from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from checks.measures import MEASURES
from checks.scales import SCALES
from checks.shipped_instruments import shipped_instruments
from standards.models import StandardSet
from standards.queries import definition_of
from standards.shipped import shipped_pack, shipped_packs
from tests.cast import AT

BEFORE, LATEST = ("standards", "0001_initial"), ("standards", "0002_kinds_choices_variations")


@pytest.mark.django_db(transaction=True)
def test_published_version_is_the_same_after_upgrading(capsys: pytest.CaptureFixture[str]) -> None:
    executor = MigrationExecutor(connection)
    executor.migrate([BEFORE])
    try:
        _publish_as_before(MigrationExecutor(connection))
    finally:
        call_command("migrate", verbosity=0)
    pack = shipped_pack("england-2020-2020.2", measures=MEASURES, scales=SCALES)
    assert definition_of(StandardSet.objects.get()) == pack
    call_command("load_standards")
    said = capsys.readouterr().out
    assert f"{pack.label}: published already." in said
    assert said.count(": published.") == len(shipped_packs()) - 1 + len(shipped_instruments())


def _publish_as_before(executor: MigrationExecutor) -> None:
    apps = executor.loader.project_state([BEFORE]).apps
    sets, standards, indicators = (
        apps.get_model("standards", name) for name in ("StandardSet", "Standard", "Indicator")
    )
    pack = shipped_pack("england-2020-2020.2", measures=MEASURES, scales=SCALES)
    names = ("version", "title", "publisher", "jurisdiction", "source", "licence", "effective", "completeness")
    row = sets.objects.create(pack=pack.id, published_at=AT, **{name: getattr(pack, name) for name in names})
    for one in pack.standards:
        standard = standards.objects.create(
            standard_set=row,
            expectations=[vars(entry) for entry in one.expectations],
            **{name: getattr(one, name) for name in ("code", "title", "source", "completeness")},
        )
        for indicator in one.indicators:
            thresholds = indicator.thresholds
            assert thresholds
            indicators.objects.create(
                standard=standard,
                direction=thresholds.direction.value,
                met=thresholds.met,
                partly=thresholds.partly,
                threshold_source=thresholds.source,
                **{name: getattr(indicator, name) for name in ("code", "text", "expectation", "measure", "essential")},
            )
