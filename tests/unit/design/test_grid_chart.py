"""A small grid of findings: a cell and a symbol for each, and words for everybody."""

from xml.etree import ElementTree as ET

import pytest
from django.template import Context, Template

from checks.findings import FINDING_NAMES
from design.grid_charts import NAMES, SIGNS, GridRow, grid_chart, stored_row

ROWS = [GridRow("Heron", ["MET", "NOT_MET"]), GridRow("A team of an exceedingly long name", ["MET", ""])]


def test_each_finding_has_its_cell_and_symbol() -> None:
    chart = grid_chart(ROWS, ["1", "2"])
    assert chart is not None
    cells = {sign.finding: path for sign, path in chart.cells}
    assert cells["MET"] == f"M{NAMES}.0 46h110.0v20h-110.0zM{NAMES}.0 68h110.0v20h-110.0z"
    assert cells["NOT_MET"] == f"M{NAMES + 112}.0 46h110.0v20h-110.0z"
    symbols = {sign.finding: path for sign, path in chart.symbols}
    assert symbols["MET"].count("M") == 2
    assert [head.text for head in chart.heads] == ["1", "2"]
    assert chart.height == 46 + 2 * 22 + 2


def test_a_long_name_is_cut() -> None:
    chart = grid_chart(ROWS, ["1", "2"])
    assert chart is not None
    assert [name.text for name in chart.names] == ["Heron", "A team of an exceedingly…"]


def test_without_findings_or_columns_there_is_no_grid() -> None:
    assert grid_chart(ROWS, []) is None
    assert grid_chart([GridRow("Heron", [""])], ["1"]) is None
    page = Template('{% load design %}{% grid_chart rows columns id="grid" title="Findings" %}')
    assert "no findings to draw" in page.render(Context({"rows": [], "columns": []}))


def test_the_words_are_those_of_findings() -> None:
    assert {code: sign.word for code, sign in SIGNS.items()} == {one.value: name for one, name in FINDING_NAMES.items()}


def test_every_sign_can_be_told_without_colour() -> None:
    assert len({sign.symbol for sign in SIGNS.values()}) == len(SIGNS)


def test_a_stored_row_reads_back() -> None:
    assert stored_row({"name": "Heron", "findings": ["MET", "NOT_MET"]}) == ROWS[0]
    with pytest.raises(TypeError):
        stored_row({"name": "Heron", "findings": 3})


def test_the_drawing_says_in_words_what_it_shows() -> None:
    page = Template('{% load design %}{% grid_chart rows columns id="grid" title="Findings" %}')
    rows = [{"name": "Heron", "findings": ["PARTLY_MET", "NOT_MET"]}, GridRow("Kite", [])]
    svg = ET.fromstring(page.render(Context({"rows": rows, "columns": ["1", "2"]})))  # noqa: S314 - our own
    said = {child.get("id"): child.text for child in svg}
    assert said["grid-desc"] == "Heron: 1 partly met, 1 not met. Kite: none yet. "
    assert svg.get("aria-labelledby") == "grid-title grid-desc"
