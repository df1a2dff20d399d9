"""Stacked bars: every part in its place, in one order, on one scale."""

from decimal import Decimal
from xml.etree import ElementTree as ET

import pytest
from django.template import Context, Template

from caseloads.workload_scheme import State
from design.charts import WIDTH
from design.stacked_charts import PARTS, Stack, stacked_chart, stored_stack

HERON = Stack("Heron", {"ROOM": 1, "WELL_OVER": 3})
KITE = Stack("Kite", {"NEAR": 2})


def drawn(rows: object) -> ET.Element:
    page = Template('{% load design %}{% stacked_chart rows id="bands" title="Bands and loads" %}')
    return ET.fromstring(page.render(Context({"rows": rows})))  # noqa: S314 - our own


def test_parts_follow_each_other_on_the_scale_of_the_longest() -> None:
    chart = stacked_chart([HERON, KITE])
    assert chart is not None
    areas = {part.level: path for part, path in chart.areas}
    assert list(areas) == ["ROOM", "NEAR", "WELL_OVER"]
    assert areas["ROOM"] == "M0.0 45h100.0v16h-100.0z"
    assert areas["WELL_OVER"] == "M100.0 45h300.0v16h-300.0z"
    assert areas["NEAR"] == "M0.0 83h200.0v16h-200.0z"
    assert [(one.x, one.many) for one in chart.labels] == [
        (Decimal("50.0"), 1),
        (Decimal("250.0"), 3),
        (Decimal("100.0"), 2),
    ]
    assert (chart.height, chart.width) == (28 + 2 * 38, WIDTH)


def test_a_number_that_does_not_fit_is_left_out() -> None:
    chart = stacked_chart([Stack("Heron", {"ROOM": 999, "OVER": 1})])
    assert chart is not None
    assert [one.many for one in chart.labels] == [999]


def test_the_key_has_the_parts_that_occur_in_rows_of_three() -> None:
    chart = stacked_chart([Stack("All", {part.level: 1 for part in PARTS})])
    assert chart is not None
    assert [(key.part.level, key.x, key.y) for key in chart.key][2:4] == [("OVER", 266, 0), ("WELL_OVER", 0, 20)]


def test_every_state_of_a_worker_is_drawn() -> None:
    """Bar, number and words tell the same people."""
    levels = {"ROOM", "NEAR", "OVER", "WELL_OVER", *(state.value for state in State)} - {State.SCORED.value}
    assert {part.level for part in PARTS} == levels
    stack = Stack("Heron", {"ROOM": 2, "NOT_APPLICABLE": 1, "GONE": 4})
    chart = stacked_chart([stack])
    assert chart is not None
    assert stack.total == sum(label.many for label in chart.labels) == 3
    assert stack.words == "2 room, 1 not applicable"


def test_nobody_is_no_chart() -> None:
    assert stacked_chart([]) is None
    assert stacked_chart([Stack("Heron", {})]) is None
    page = Template('{% load design %}{% stacked_chart rows id="bands" title="Bands" %}')
    assert "nobody to draw" in page.render(Context({"rows": []}))


def test_parts_get_darker_so_that_a_grey_print_tells_them_apart() -> None:
    light = [sum(int(part.fill[at : at + 2], 16) for at in (1, 3, 5)) for part in PARTS[:5]]
    assert light == sorted(light, reverse=True)


def test_a_stored_bar_reads_back() -> None:
    assert stored_stack({"name": "Heron", "counts": {"ROOM": "1", "WELL_OVER": 3}}) == HERON
    with pytest.raises(TypeError):
        stored_stack({"name": "Heron", "counts": "3"})


def test_the_drawing_says_in_words_what_it_shows() -> None:
    svg = drawn([HERON, {"name": "Kite", "counts": {"NEAR": "2"}}, Stack("Owl", {})])
    said = {child.get("id"): child.text for child in svg}
    assert said["bands-title"] == "Bands and loads"
    assert said["bands-desc"] == "Heron: 1 room, 3 well over. Kite: 2 near the limit. Owl: nobody. "
    assert svg.get("aria-labelledby") == "bands-title bands-desc"
