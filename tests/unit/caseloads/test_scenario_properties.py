"""Whatever is in a scenario, it is either scored or refused in sentences."""

import copy
from collections.abc import Iterator
from datetime import date
from typing import Any

import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from caseloads.scenario import ScenarioError, parse
from caseloads.scenario_output import as_object, as_text
from caseloads.workload import score
from tests.unit.caseloads.test_scenario import EXAMPLE

thorough = settings(max_examples=150, deadline=None)
DOCUMENT = yaml.safe_load(EXAMPLE.read_text(encoding="utf-8"))
words = st.sampled_from(["w1", "w2", "A 1", "D", "visit", "", "100 %", "yes", "-", "1e999", "²", "2026-11-22"])
plain = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | words
    | st.text(max_size=5)
    | st.dates(date(1, 1, 1), date(9999, 12, 31))
)
anything = st.recursive(plain, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(plain, inner, max_size=3))


def places(part: Any) -> Iterator[tuple[Any, Any]]:
    """Every container with every key or index in it."""
    entries = part.items() if isinstance(part, dict) else enumerate(part) if isinstance(part, list) else ()
    for key, content in list(entries):
        yield part, key
        yield from places(content)


def try_to_score(document: object) -> None:
    faults: list[str] = []
    try:
        scenario = parse(document)
        found = as_object(score(scenario.scheme, scenario.inputs, as_of=scenario.as_of))
        assert as_text(found).startswith(scenario.scheme.label)
    except ScenarioError as error:
        faults = error.faults or ["refused without a reason\n"]
    assert all(fault.strip() and "\n" not in fault for fault in faults)


@thorough
@given(anything)
def test_any_document_is_scored_or_refused(document: object) -> None:
    try_to_score(document)


@thorough
@given(st.data())
def test_example_with_anything_in_any_place_is_scored_or_refused(data: st.DataObject) -> None:
    document = copy.deepcopy(DOCUMENT)
    for _ in range(data.draw(st.integers(1, 2))):
        part, key = data.draw(st.sampled_from(list(places(document))))
        part[key] = data.draw(anything)
    try_to_score(document)


@thorough
@given(st.data())
def test_example_with_any_field_more_or_less_is_scored_or_refused(data: st.DataObject) -> None:
    document = copy.deepcopy(DOCUMENT)
    part, key = data.draw(st.sampled_from(list(places(document))))
    if data.draw(st.booleans()):
        del part[key]
    elif isinstance(part, dict):
        part[data.draw(plain)] = data.draw(anything)
    try_to_score(document)
