"""What a report's page says is what its data say, and what its rows add up to."""

import csv
import io
import re
import zipfile
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from lxml import html

from checks.actions.standards import load_shipped_standards
from reports.content import as_json
from reports.queries.teams import team_report
from tests.cast import TODAY, Cast
from tests.integration.checks import rounds
from tests.integration.reports.test_documents import grown

NUMBER = re.compile(r"\d[\d,]*(?:\.\d+)?")
TOLD = (
    "//*[@id='summary']/following-sibling::p | //*[contains(@class,'app-figures__value')] | //td"
    " | //main//svg//text[not(@class='app-chart__limit-name')]"
)


def numbers(text: str) -> set[str]:
    return {found.rstrip(",").replace(",", "") for found in NUMBER.findall(text)}


def told(page: bytes) -> set[str]:
    """Every number in sentences, cards, cells and charts of a report."""
    found = html.document_fromstring(page.decode()).xpath(TOLD)
    return set().union(*(numbers(one.text_content()) for one in found))


def tables_of(client: Client, address: str) -> dict[str, list[list[str]]]:
    """The CSV files of a page by their names, as rows of cells."""
    archive = zipfile.ZipFile(io.BytesIO(client.get(address, {"data": "csv"}).content))
    names = [name for name in archive.namelist() if name.endswith(".csv")]
    return {name: list(csv.reader(io.StringIO(archive.read(name).decode("utf-8-sig")))) for name in names}


@pytest.mark.parametrize("kind", ["team", "check", "employer", "cycle", "sheet"])
def test_every_figure_of_a_report_is_in_its_data(cast: Cast, client: Client, kind: str) -> None:
    load_shipped_standards(at=rounds.AT)
    other = grown(cast)
    if kind in {"check", "cycle"}:
        cycle = rounds.opened(cast, teams=(cast.team, other), name="Autumn")
    address = {
        "team": lambda: reverse("team-report", args=[cast.team.public_id]),
        "check": lambda: reverse("check-report", args=[rounds.check_of(cycle, cast.team).public_id]),
        "employer": lambda: reverse("employer-report", args=["testshire"]),
        "cycle": lambda: reverse("cycle-report", args=[cycle.public_id]),
        "sheet": lambda: reverse("sheet", args=[cast.workers["Asha Test"].public_id]),
    }[kind]()
    client.force_login(cast.dev)
    said, found = told(client.get(address).content), tables_of(client, address)
    given = set().union(*(numbers(cell) for rows in found.values() for row in rows for cell in row))
    assert len(said) > 10
    assert said - given == set()


def test_team_load_is_worked_out_again_from_the_rows_printed(cast: Cast) -> None:
    grown(cast)
    content: dict[str, Any] = as_json(team_report(cast.team, as_of=TODAY))
    rows = content["workload"]["workers"]
    load, capacity = (sum(Decimal(row[name].replace(",", "")) for row in rows) for name in ("load", "capacity"))
    pct = (100 * load / capacity).quantize(Decimal("0.1"), ROUND_HALF_UP)
    assert content["workload"]["figures"][0]["value"] == f"{pct}\u00a0%"
    assert content["workload"]["figures"][0]["note"] == f"{load:,.2f} of {capacity:,.2f}"
    waiting = sum(Decimal(row["weight"]) for row in content["workload"]["unallocated"])
    demand = (100 * (load + waiting) / capacity).quantize(Decimal("0.1"), ROUND_HALF_UP)
    assert content["workload"]["figures"][1]["value"] == f"{demand}\u00a0%"


def test_data_of_the_compliance_report_add_up(cast: Cast, client: Client) -> None:
    load_shipped_standards(at=rounds.AT)
    grown(cast)
    client.force_login(cast.dev)
    address = reverse("employer-report", args=["testshire"])
    found = tables_of(client, address)
    (teams,) = (rows for name, rows in found.items() if "workload-by-team" in name)
    (areas,) = (rows for name, rows in found.items() if "workload-by-service-area" in name)
    for column in ("People", "Load", "Capacity"):
        of_team, of_all = teams[0].index(column), areas[0].index(column)
        assert sum(Decimal(row[of_team]) for row in teams[1:]) == Decimal(areas[-1][of_all])
