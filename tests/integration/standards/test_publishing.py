from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, InternalError, transaction

from checks.actions.standards import load_shipped_standards
from checks.measures import MEASURES
from standards.actions import DifferentContentError, publish_set
from standards.definition import StandardSet
from standards.models import Indicator, Standard
from standards.models import StandardSet as SetRow
from standards.queries import newest_sets
from standards.shipped import shipped_pack, shipped_packs
from tests.cast import AT

pytestmark = pytest.mark.django_db


@pytest.fixture
def pack() -> StandardSet:
    return shipped_pack("england-2020", measures=MEASURES)


def test_published_set_reads_back_as_its_pack(pack: StandardSet) -> None:
    assert publish_set(given=pack, at=AT)
    assert newest_sets() == [pack]


def test_publishing_again_changes_nothing(pack: StandardSet) -> None:
    publish_set(given=pack, at=AT)
    assert not publish_set(given=pack, at=AT)
    assert SetRow.objects.count() == 1


def test_published_version_is_never_given_other_words(pack: StandardSet) -> None:
    publish_set(given=pack, at=AT)
    with pytest.raises(DifferentContentError, match="another version number"):
        publish_set(given=replace(pack, title="Something else"), at=AT)


def test_newest_version_counts(pack: StandardSet) -> None:
    publish_set(given=pack, at=AT)
    later = replace(pack, version="2020.2")
    publish_set(given=later, at=AT + timedelta(days=1))
    assert newest_sets() == [later]


@pytest.mark.parametrize("model", [SetRow, Standard, Indicator])
def test_published_rows_are_final(pack: StandardSet, model: type[SetRow | Standard | Indicator]) -> None:
    publish_set(given=pack, at=AT)
    with pytest.raises(InternalError, match="Cannot update or delete"), transaction.atomic():
        model.objects.update(id=0)
    with pytest.raises(InternalError, match="Cannot update or delete"):
        model.objects.all()._raw_delete("default")


def test_thresholds_in_the_wrong_order(pack: StandardSet) -> None:
    publish_set(given=pack, at=AT)
    standard = Standard.objects.first()
    with pytest.raises(IntegrityError, match="indicator_thresholds_in_order"):
        Indicator.objects.create(
            standard=standard, code="x", direction="AT_MOST", met=Decimal(2), partly=Decimal(1), essential=True
        )


def test_every_shipped_pack_loads_once() -> None:
    first = load_shipped_standards(at=AT)
    assert [new for _, new in first] == [True] * len(shipped_packs())
    assert not any(new for _, new in load_shipped_standards(at=AT))


def test_command_says_what_it_published(capsys: pytest.CaptureFixture[str], pack: StandardSet) -> None:
    call_command("load_standards")
    assert f"{pack.label}: published." in capsys.readouterr().out
    call_command("load_standards")
    assert "published already" in capsys.readouterr().out


def test_command_refuses_a_changed_pack(pack: StandardSet) -> None:
    publish_set(given=replace(pack, title="Something else"), at=AT)
    with pytest.raises(CommandError, match="another version number"):
        call_command("load_standards")
