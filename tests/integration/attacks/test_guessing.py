"""Whoever guesses the number at the end of an address finds what the rest of it leads to, or nothing."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.test import Client
from django.urls import Resolver404, URLResolver, get_resolver, resolve, reverse
from django.utils import timezone

from caseloads.actions.schemes import publish_scheme
from caseloads.models import ImportMapping
from healthcheck.demo import schemes
from teams.actions.supervision import record_session
from teams.models import CapacityReduction, Contract, RoleAssignment
from tests.addresses import ALL
from tests.cast import AT, BEGUN, TODAY, Cast, session

Made = tuple[str, list[Any], str]


def of_another_team(cast: Cast, row: Any, name: str) -> Made:
    """An address of Asha's in Ben's team, that ends in the number of a row about somebody of the other team."""
    return name, [cast.team.public_id, cast.workers["Asha Test"].public_id, row.pk], "ben"


def contract(cast: Cast) -> Made:
    return of_another_team(cast, Contract.objects.get(worker=cast.workers["Kit Test"]), "member-first-day")


def absence(cast: Cast) -> Made:
    kit = cast.workers["Kit Test"]
    return of_another_team(cast, kit.absences.create(reason="SICKNESS", starts_on=TODAY), "absence")


def reduction(cast: Cast) -> Made:
    known = CapacityReduction.objects.get(worker=cast.workers["Asha Test"])
    known.pk, known.worker, known.team = None, cast.workers["Kit Test"], cast.other_team
    known.save()
    return of_another_team(cast, known, "reduction")


def supervision(cast: Cast) -> Made:
    kit = cast.workers["Kit Test"]
    row = record_session(team=cast.other_team, worker=kit, new=session(TODAY), by=cast.hana, at=timezone.now())
    return of_another_team(cast, row, "session")


def scheme(cast: Cast) -> Made:
    draft = schemes.childrens(BEGUN)
    row = publish_scheme(service_area=cast.elsewhere.service_area, draft=draft, by=None, at=AT)
    return "scheme", [cast.employer.slug, row.pk], "cora"


def area(cast: Cast) -> Made:
    return "scheme-draft-new", [cast.employer.slug, cast.elsewhere.service_area_id], "cora"


def mapping(cast: Cast) -> Made:
    row = ImportMapping.objects.create(employer=cast.elsewhere.employer, preset="plain", changed_at=AT)
    return "import-forget", [row.pk], "ewa"


def role(cast: Cast) -> Made:
    row = RoleAssignment.objects.get(user=cast.gil)
    return "account-role-end", [cast.employer.slug, cast.ben.public_id, row.pk], "ewa"


@pytest.mark.parametrize("make", [contract, absence, reduction, supervision, scheme, area, mapping, role])
def test_a_guessed_number_leads_nowhere(cast: Cast, client: Client, make: Callable[[Cast], Made]) -> None:
    name, where, person = make(cast)
    client.force_login(cast.users[person])
    assert client.post(reverse(name, args=where)).status_code in {404, 405}
    assert client.get(reverse(name, args=where)).status_code in {404, 405}


PLACES = {
    "publication-team",  # read by anybody, under the number that its table prints
    *(name for name in ALL if name.startswith("standard-draft-")),  # places in a draft, whose own key is random
}


def routes(patterns: list[Any], before: str = "") -> Iterator[tuple[str, str]]:
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            yield from routes(pattern.url_patterns, f"{before}{pattern.pattern}")
        else:
            yield str(pattern.name), f"{before}{pattern.pattern}"


def test_no_address_has_a_plain_number_of_a_row() -> None:
    assert {name for name, route in routes(get_resolver().url_patterns) if "<int:" in route} <= PLACES


@pytest.mark.parametrize("make", [contract, absence, reduction, supervision, scheme, area, mapping, role])
def test_counting_on_from_an_address_finds_none(cast: Cast, make: Callable[[Cast], Made]) -> None:
    name, where, _ = make(cast)
    address = reverse(name, args=where)
    assert resolve(address).url_name == name
    number = f"/{where[-1]}-"
    assert number in address
    with pytest.raises(Resolver404):
        resolve(address.replace(number, f"/{where[-1] + 1}-"))
