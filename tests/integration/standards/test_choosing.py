from dataclasses import replace
from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied

from checks.actions.standards import load_shipped_standards
from checks.measures import MEASURES
from checks.scales import SCALES
from standards.actions.choosing import choose_standards
from standards.actions.publishing import write_set
from standards.models import ChosenStandards
from standards.queries import sets_in_force
from standards.shipped import shipped_pack
from teams.changing import mark_of
from teams.models import AuditEntry
from teams.refusals import NotAllowed
from tests.cast import AT, TODAY, Cast


@pytest.fixture(autouse=True)
def loaded(cast: Cast) -> None:
    load_shipped_standards(at=AT)


def used(cast: Cast, ago: int = 0) -> list[str]:
    return [f"{one.id} {one.version}" for one in sets_in_force(cast.employer, on=TODAY - timedelta(days=ago))]


def test_employer_that_chose_nothing_uses_the_standards_of_2020(cast: Cast) -> None:
    assert used(cast) == ["england-2020 2020.3"]
    assert used(cast, ago=200) == ["england-2020 2020.2"]


def test_chosen_sets_are_used_and_others_no_longer(cast: Cast) -> None:
    choose_standards(employer=cast.employer, packs=["england-2025", "adult-services"], by=cast.cora, at=AT)
    assert used(cast) == ["adult-services 1", "england-2025 2025.1"]
    seen = mark_of(ChosenStandards.objects.all())
    choose_standards(employer=cast.employer, packs=["england-2025", "england-2020"], by=cast.cora, at=AT, seen=seen)
    assert used(cast) == ["england-2020 2020.3", "england-2025 2025.1"]
    kept = ChosenStandards.objects.get(pack="england-2025")
    assert (kept.chosen_by, kept.chosen_at) == (cast.cora, AT)
    assert AuditEntry.objects.filter(event="STANDARDS_CHOSEN").last().detail == {  # type: ignore[union-attr]
        "packs": {"before": ["adult-services", "england-2025"], "after": ["england-2020", "england-2025"]}
    }
    assert sets_in_force(cast.elsewhere.employer, on=TODAY)[0].id == "england-2020"


def test_two_people_who_choose_at_once_are_told(cast: Cast) -> None:
    seen = mark_of([])
    choose_standards(employer=cast.employer, packs=["england-2025"], by=cast.cora, at=AT, seen=seen)
    with pytest.raises(NotAllowed, match=r"Somebody else changed this.*It is now: england-2025"):
        choose_standards(employer=cast.employer, packs=["england-2014"], by=cast.cora, at=AT, seen=seen)


@pytest.mark.parametrize("packs", [[], ["made-up"], ["england-2020", "own-secret"]])
def test_only_sets_that_are_open_to_the_employer_can_be_chosen(cast: Cast, packs: list[str]) -> None:
    secret = replace(shipped_pack("england-2014-2014.1", measures=MEASURES, scales=SCALES), id="own-secret")
    write_set(secret, employer=cast.elsewhere.employer, at=AT)
    with pytest.raises(NotAllowed, match="Choose at least one"):
        choose_standards(employer=cast.employer, packs=packs, by=cast.cora, at=AT)


@pytest.mark.parametrize("name", ["ben", "dev", "ewa", "gil"])
def test_only_the_principal_social_worker_chooses(cast: Cast, name: str) -> None:
    with pytest.raises(PermissionDenied):
        choose_standards(employer=cast.employer, packs=["england-2025"], by=cast.users[name], at=AT)
