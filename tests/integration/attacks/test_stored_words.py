"""Hostile words in every column that people write in, read back on every page, in every file and e-mail."""

import csv
import io
from typing import TYPE_CHECKING, Any

import pytest
from django.apps import apps
from django.db import DatabaseError, models, transaction
from django.test import Client

from tests.addresses import TABLE
from tests.cast import Cast
from tests.integration.attacks.walking import PAGES, keys, sign_in_for

if TYPE_CHECKING:
    from collections.abc import Iterator

assert keys is not None  # a fixture of these tests

HOSTILE = "=\"'><zz onx=1>"
"""Breaks out of an attribute, opens an element, and is a formula in a spreadsheet."""
OURS = ("teams", "caseloads", "standards", "checks", "reports")
# what addresses are made of, and what programs read
NOT_WORDS = {"slug", "username", "password", "code", "pack", "version", "preset", "kind", "event", "target", "state"}
NOT_WORDS |= {
    "status",
    "sha256",
    "file_sha256",
    "preview_sha256",
    "media_type",
    "flag",
    "level",
    "key",
    "formula",
    "indicator",
    "category",
}
LEAST_COLUMNS = 15


def columns() -> "Iterator[tuple[type[models.Model], models.Field[Any, Any]]]":
    """Every column of words that no list of choices limits."""
    for app in OURS:
        for model in apps.get_app_config(app).get_models():
            for field in model._meta.concrete_fields:
                text = isinstance(field, models.CharField | models.TextField)
                if text and not field.choices and not field.unique and field.name not in NOT_WORDS:
                    yield model, field


def poison() -> int:
    """Put the words into one row of each column, then all; the database may refuse some. Returns how many took them."""
    taken = 0
    for model, field in columns():
        words = HOSTILE[: getattr(field, "max_length", None) or None]
        rows = list(model._default_manager.values_list("pk", flat=True))
        done = 0
        for number, key in enumerate(rows):
            try:
                with transaction.atomic():
                    done += model._default_manager.filter(pk=key).update(**{field.name: f"{words}{number or ''}"})
            except DatabaseError:
                break
        taken += bool(done)
    return taken


@pytest.mark.parametrize("name", PAGES)
def test_no_page_lets_words_act(cast: Cast, client: Client, keys: dict[str, Any], name: str) -> None:
    address = TABLE[name].address(name, keys)
    assert poison() > LEAST_COLUMNS
    sign_in_for(client, cast, name)
    response = client.get(address)
    said = b"".join(response) if response.streaming else response.content
    kind = response.headers.get("Content-Type", "")
    if kind.startswith("text/html"):
        assert b"<zz" not in said
    if kind.startswith("text/csv"):
        acting = [cell for row in csv.reader(io.StringIO(said.decode("utf-8-sig"))) for cell in row if cell[:1] == "="]
        assert acting == []
