"""The rows that a scanner is given beside the examples of the addresses: each page of theirs opens for somebody."""

from collections.abc import Iterator
from typing import Any

from django.test import Client
from django.urls import reverse

from tests.addresses import TABLE
from tests.cast import Cast
from tests.integration.scanned.more_rows import more_rows
from tests.integration.scanned.stand import people_of
from tests.integration.test_every_address import keys

__all__ = ["keys"]


def opened(client: Client, places: list[str]) -> Iterator[str]:
    for place in places:
        answer = client.get(place)
        for closer in answer._resource_closers:
            closer()
        if answer.status_code == 200:
            yield place


def test_every_page_opens_for_somebody(cast: Cast, keys: Any) -> None:
    places = more_rows(cast, keys)
    people = people_of(cast, places, keys)
    reached: set[str] = set()
    for person in people:
        if "Cookie" in person.headers:
            client = Client(headers=person.headers)
            reached |= set(opened(client, person.starts))
    assert {reverse(name, args=args) for name, args in places} <= reached
    assert {name for name, _ in places} <= set(TABLE)
