"""Addresses, and who gets in: what every attack begins with."""

from collections.abc import Iterator
from typing import Any

from django.forms import BaseForm
from django.http import HttpResponse
from django.test import Client
from django.utils.datastructures import MultiValueDict

from tests.addresses import NO_TOKEN, PEOPLE, TABLE
from tests.cast import Cast
from tests.integration.test_every_address import keys

__all__ = ["FORMS", "PAGES", "blanks_of", "keys", "sign_in_for", "status_of"]

FORMS = sorted(name for name, row in TABLE.items() if row.form or row.method == "post")
PAGES = sorted(name for name, row in TABLE.items() if row.method == "get" and row.answers is not NO_TOKEN)


def sign_in_for(client: Client, cast: Cast, name: str) -> str:
    """Sign in as somebody who gets in at an address: the name of whoever it is."""
    answers = TABLE[name].answers
    person = next((one for one in PEOPLE if answers[one] == 200), None) or min(PEOPLE, key=answers.__getitem__)
    client.force_login(cast.users[person])
    return person


def status_of(response: HttpResponse) -> int:
    """The status of an answer, whose file, if it is one, is closed."""
    for closer in response._resource_closers:
        closer()
    return response.status_code


def blanks_of(response: HttpResponse) -> MultiValueDict[str, Any]:
    """What a page's forms ask for, with what stands in them."""
    found: dict[str, list[Any]] = {}
    for form in _forms(getattr(response, "context", None)):
        for bound in form:
            value = bound.value()
            found[bound.html_name] = value if isinstance(value, list) else ["" if value is None else str(value)]
    return MultiValueDict(found)


def _forms(context: Any) -> Iterator[BaseForm]:
    for layer in context or []:
        for part in layer:
            for value in part.values() if isinstance(part, dict) else ():
                if isinstance(value, BaseForm):
                    yield value
