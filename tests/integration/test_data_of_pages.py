"""The data of pages: whoever sees a page may take its figures away, whole, and nobody else."""

import csv
import io
import re
import zipfile
from datetime import timedelta
from html import unescape
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from odfdo import Document

from caseloads.models import Case
from design.page_files import ODS
from design.tabulated import tables, titles
from tests.addresses import PEOPLE, TABLE
from tests.cast import TODAY, Cast, case, record
from tests.integration.test_every_address import keys  # noqa: F401 - the rows of the same addresses

READERS = ("ben", "cora", "dev", "asha", "ewa")


def team_page(cast: Cast) -> str:
    return reverse("team", args=[cast.team.public_id])


def rows_of(content: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))


def offered(page: str) -> list[str]:
    return re.findall(r'href="([^"]*data=csv[^"]*)"', unescape(page))


def test_every_page_with_figures_gives_its_data(cast: Cast, client: Client, keys: dict[str, Any]) -> None:  # noqa: F811
    """One pass over every address, as the first reader who gets in: what is offered is there, and all that is there."""
    given = set()
    for name, row in TABLE.items():
        reader = next((one for one in READERS if row.method == "get" and row.answers[one] == 200), None)
        if reader is None:
            continue
        client.force_login(cast.users[reader])
        address = row.address(name, keys)
        page = client.get(address)
        if not page.get("Content-Type", "").startswith("text/html"):
            b"".join(page)  # a file closes itself when it has been read
            continue
        found = titles(page.text)
        assert [f"?data=csv&table={title.slug}" for title in found] == offered(page.text), name
        data = client.get(address, {"data": "ods"})
        assert (data.status_code, data["Content-Type"]) == ((200, ODS) if found else (404, page["Content-Type"])), name
        if found:
            given.add(name)
    assert {"team", "team-cases", "cycle", "check-standard", "survey-results", "variations", "home"} <= given


@pytest.mark.parametrize("name", ["team", "worker", "case", "team-report", "survey-results", "cycle", "standard-set"])
def test_data_are_for_those_who_see_the_page(
    cast: Cast,
    client: Client,
    keys: dict[str, Any],  # noqa: F811
    name: str,
) -> None:
    row = TABLE[name]
    address = row.address(name, keys)
    assert client.get(address, {"data": "ods"}).status_code == 302
    for person in PEOPLE:
        client.force_login(cast.users[person])
        assert client.get(address, {"data": "ods"}).status_code == row.answers[person]


def test_file_says_what_the_page_says(cast: Cast, client: Client) -> None:
    client.force_login(cast.ben)
    page = client.get(team_page(cast)).text
    answer = client.get(team_page(cast), {"data": "ods"})
    sheets = Document(io.BytesIO(answer.content)).body.tables
    workers = next(sheet for sheet in sheets if sheet.name.startswith("Workers")).get_values()
    assert workers[0][:3] == ["Worker", "Worker: note", "Cases"]
    (asha,) = (row for row in workers if row[0] == "Asha Test")
    assert f"{asha[6]}\xa0%" in page
    assert sheets[0].name == "Notes"
    assert answer["Content-Disposition"].startswith('attachment; filename="heron-team-')
    assert "no-store" in answer["Cache-Control"]
    assert answer["X-Content-Type-Options"] == "nosniff"


def test_one_table_comes_as_csv_and_all_as_an_archive(cast: Cast, client: Client) -> None:
    client.force_login(cast.ben)
    found = tables(client.get(team_page(cast)).text)
    one = client.get(team_page(cast), {"data": "csv", "table": "headline-figures"})
    assert rows_of(one.content)[0] == ["Figure", "Value", "Unit", "Band", "Note"]
    everything = client.get(team_page(cast), {"data": "csv"})
    with zipfile.ZipFile(io.BytesIO(everything.content)) as archive:
        assert len(archive.namelist()) == len(found) + 1
        assert rows_of(archive.read("01-headline-figures.csv")) == rows_of(one.content)
        assert "for Ben Test" in archive.read("notes.txt").decode()


def test_head_is_answered_without_the_file(cast: Cast, client: Client) -> None:
    client.force_login(cast.ben)
    answer = client.head(team_page(cast), {"data": "ods"})
    assert (answer.status_code, answer["Content-Type"], answer.content) == (200, ODS, b"")


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ({"data": "csv", "table": "none-such"}, "no table of that name"),
        ({"data": "xlsx"}, "come as ods, or as csv"),
        ({"data": "ods", "table": "headline-figures"}, "come as ods, or as csv"),
    ],
)
def test_a_question_without_an_answer_is_told_so(
    cast: Cast, client: Client, query: dict[str, str], sentence: str
) -> None:
    client.force_login(cast.ben)
    answer = client.get(team_page(cast), query)
    assert answer.status_code == 404
    assert sentence in answer.text


def test_a_page_without_figures_has_no_data(client: Client, db: None) -> None:
    answer = client.get(reverse("sign-in"), {"data": "ods"})
    assert answer.status_code == 404
    assert "no figures" in answer.text


def test_a_list_is_given_whole_and_as_narrowed_and_sorted(cast: Cast, client: Client) -> None:
    many = [case(f"M-{number:03}", opened_on=TODAY - timedelta(days=9)) for number in range(120)]
    record(cast, *many)
    client.force_login(cast.ben)
    address = reverse("team-cases", args=[cast.team.public_id])
    query = {"sort": "reference", "reference": "M-", "page": "2", "data": "csv"}
    told = client.get(address, query)
    names = [row[0] for row in rows_of(told.content)[1:]]
    assert names == sorted(Case.objects.filter(reference__startswith="M-").values_list("reference", flat=True))
    page = client.get(address, {"sort": "reference", "reference": "M-", "page": "2"}).text
    assert all("sort=reference&reference=M-" in link and "page" not in link for link in offered(page))


def test_a_list_cut_at_the_longest_says_so(cast: Cast, client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("design.paging.LONGEST_LIST", 2)
    record(cast, *(case(f"M-{number:03}") for number in range(120)))
    client.force_login(cast.ben)
    told = client.get(reverse("team-cases", args=[cast.team.public_id]), {"data": "ods"})
    notes = Document(io.BytesIO(told.content)).body.tables[0].get_values()
    assert "Not whole" in [row[0] for row in notes]


def test_an_answer_to_a_form_offers_no_file(cast: Cast, client: Client) -> None:
    client.force_login(cast.ben)
    address = reverse("case-allocate", args=[Case.objects.get(reference="T-005").public_id])
    assert "data=ods" in client.get(address).text
    answer = client.post(address, {})
    assert answer.status_code == 200
    assert "data=ods" not in answer.text
