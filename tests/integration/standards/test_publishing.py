from dataclasses import replace
from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, InternalError, transaction

from checks.actions.standards import load_shipped_standards
from checks.measures import MEASURES
from checks.scales import SCALES
from standards.actions import DifferentContentError, publish_set
from standards.actions.publishing import write_set
from standards.definition import StandardSet
from standards.models import Indicator, Standard
from standards.models import StandardSet as SetRow
from standards.queries import definition_of, sets_in_force
from standards.shipped import shipped_pack, shipped_packs
from teams.actions.setting_up import found_employer
from teams.models import Employer
from tests.cast import AT, TODAY

pytestmark = pytest.mark.django_db


@pytest.fixture
def pack() -> StandardSet:
    return shipped_pack("england-2020-2020.2", measures=MEASURES, scales=SCALES)


@pytest.fixture
def employer() -> Employer:
    return found_employer(name="Testshire Council", slug="testshire", by=None, at=AT)


@pytest.mark.parametrize("name", shipped_packs())
def test_published_set_reads_back_as_its_pack(employer: Employer, name: str) -> None:
    given = shipped_pack(name, measures=MEASURES, scales=SCALES)
    assert publish_set(given=given, at=AT)
    assert definition_of(SetRow.objects.get()) == given


def test_publishing_again_changes_nothing(pack: StandardSet) -> None:
    publish_set(given=pack, at=AT)
    assert not publish_set(given=pack, at=AT)
    assert SetRow.objects.count() == 1


def test_published_version_is_never_given_other_words(pack: StandardSet) -> None:
    publish_set(given=pack, at=AT)
    with pytest.raises(DifferentContentError, match="another version number"):
        publish_set(given=replace(pack, title="Something else"), at=AT)


def test_newest_version_counts_from_its_day(pack: StandardSet, employer: Employer) -> None:
    publish_set(given=pack, at=AT)
    later = replace(pack, version="2020.9", effective_on=TODAY)
    publish_set(given=later, at=AT)
    assert sets_in_force(employer, on=TODAY - timedelta(days=1)) == [pack]
    assert sets_in_force(employer, on=TODAY) == [later]


@pytest.mark.parametrize("model", [SetRow, Standard, Indicator])
def test_published_rows_are_final(pack: StandardSet, model: type[SetRow | Standard | Indicator]) -> None:
    publish_set(given=pack, at=AT)
    with pytest.raises(InternalError, match="Cannot update or delete"), transaction.atomic():
        model.objects.update(id=0)
    with pytest.raises(InternalError, match="Cannot update or delete"):
        model.objects.all()._raw_delete("default")


SOUND = {
    "MEASURED": {"measure": "x", "direction": "AT_MOST", "met": 1, "partly": 2, "threshold_source": "y"},
    "SURVEYED": {"scale": "x", "direction": "AT_LEAST", "met": 75, "partly": 51, "threshold_source": "y"},
    "JUDGED": {},
}


@pytest.mark.parametrize(
    ("kind", "changes", "constraint"),
    [
        ("MEASURED", {"partly": 0}, "indicator_thresholds_in_order"),
        ("MEASURED", {"met": None}, "indicator_thresholds_in_order"),
        ("MEASURED", {"threshold_source": ""}, "indicator_thresholds_in_order"),
        ("MEASURED", {"measure": ""}, "indicator_has_what_its_kind_needs"),
        ("MEASURED", {"scale": "x"}, "indicator_has_what_its_kind_needs"),
        ("SURVEYED", {"scale": ""}, "indicator_has_what_its_kind_needs"),
        ("SURVEYED", {"measure": "x"}, "indicator_has_what_its_kind_needs"),
        ("SURVEYED", {"met": 101}, "indicator_has_what_its_kind_needs"),
        ("JUDGED", {"measure": "x"}, "indicator_has_what_its_kind_needs"),
        ("JUDGED", {"scale": "x"}, "indicator_has_what_its_kind_needs"),
        ("JUDGED", {"met": 1}, "indicator_thresholds_in_order"),
        ("JUDGED", SOUND["MEASURED"] | {"measure": ""}, "indicator_has_what_its_kind_needs"),
        ("GUESSED", {}, "indicator_has_what_its_kind_needs"),
    ],
)
def test_indicator_that_its_kind_cannot_have(
    pack: StandardSet, kind: str, changes: dict[str, object], constraint: str
) -> None:
    publish_set(given=pack, at=AT)
    fields: dict[str, object] = {"standard": Standard.objects.first(), "essential": True, "kind": kind}
    for number, sound in enumerate(SOUND):
        Indicator.objects.create(**(fields | {"kind": sound, "code": f"sound-{number}"} | SOUND[sound]))
    with pytest.raises(IntegrityError, match=constraint):
        Indicator.objects.create(**(fields | {"code": "faulty"} | SOUND.get(kind, {}) | changes))


def test_employers_own_set_is_known_by_its_name(pack: StandardSet, employer: Employer) -> None:
    with pytest.raises(IntegrityError, match="standard_set_own_by_its_name"), transaction.atomic():
        write_set(pack, employer=employer, at=AT)
    with pytest.raises(IntegrityError, match="standard_set_own_by_its_name"):
        write_set(replace(pack, id="own-england"), employer=None, at=AT)


def test_version_is_there_once(pack: StandardSet) -> None:
    write_set(pack, employer=None, at=AT)
    with pytest.raises(IntegrityError, match="standard_set_version_unique"):
        write_set(pack, employer=None, at=AT)


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
