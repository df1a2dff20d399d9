"""Standards packs: what is read, and what is refused in which words."""

import copy
import re
from decimal import Decimal
from typing import Any

import pytest

from checks.measures import MEASURES
from standards.definition import EXAMPLE, Direction, PackError, parse_pack
from standards.shipped import shipped_pack, shipped_packs

MEASURE_NAMES = {"load", "ratings"}
INDICATOR: dict[str, Any] = {
    "code": "1-load",
    "text": "Load stays within capacity.",
    "expectation": "x-1",
    "measure": "load",
    "direction": "at_most",
    "met": 100,
    "partly": "110.5",
    "threshold_source": EXAMPLE,
    "essential": True,
}
STANDARD: dict[str, Any] = {
    "code": 1,
    "title": "Safe  work",
    "source": "A page",
    "completeness": "complete",
    "expectations": [{"code": "x-1", "text": "Work is safe."}],
    "indicators": [INDICATOR],
}
PACK: dict[str, Any] = {
    "id": "somewhere",
    "version": "1",
    "title": "Standards",
    "publisher": "Somebody",
    "jurisdiction": "Somewhere",
    "source": "A page",
    "licence": "Ours",
    "effective": 2026,
    "completeness": "One of one",
    "standards": [STANDARD],
}


def changed(path: str, value: Any) -> dict[str, Any]:
    """The pack with one field changed, or taken away where the value is None."""
    pack = copy.deepcopy(PACK)
    part: Any = pack
    *steps, last = re.findall(r"\w+", path)
    for step in steps:
        part = part[int(step) - 1 if step.isdigit() else step]
    if value is None:
        del part[last]
    else:
        part[last] = value
    return pack


def faults(pack: object) -> list[str]:
    with pytest.raises(PackError) as refused:
        parse_pack(pack, measures=MEASURE_NAMES)
    assert str(refused.value) == "\n".join(refused.value.faults)
    return refused.value.faults


def test_pack_is_read_with_exact_thresholds() -> None:
    found = parse_pack(PACK, measures=MEASURE_NAMES)
    (standard,) = found.standards
    (indicator,) = standard.indicators
    assert (found.label, found.effective, standard.code, standard.title) == (
        *("Standards, version 1", "2026"),
        *("1", "Safe work"),
    )
    assert (indicator.thresholds.met, indicator.thresholds.partly) == (Decimal(100), Decimal("110.5"))
    assert (indicator.thresholds.direction, indicator.thresholds.example) == (Direction.AT_MOST, True)
    assert (indicator.measure, indicator.expectation, indicator.essential) == ("load", "x-1", True)


def test_threshold_with_a_source_is_no_example() -> None:
    pack = changed("standards[1].indicators[1].threshold_source", "An order of 2007")
    (indicator,) = parse_pack(pack, measures=MEASURE_NAMES).standards[0].indicators
    assert not indicator.thresholds.example


INDICATOR_PATH = "standards[1].indicators[1]"


@pytest.mark.parametrize(
    ("path", "value", "sentence"),
    [
        ("title", None, "title is missing: some words are needed."),
        ("licence", " ", "licence is missing: some words are needed."),
        ("source", [], "source is missing: some words are needed."),
        ("extra", 1, "extra is not a field that is known."),
        ("standards", [], "standards must be a list with at least one entry."),
        ("standards", "none", "standards must be a list with at least one entry."),
        ("standards[1].source", None, "standards[1].source is missing: some words are needed."),
        ("standards[1].indicators", [5], "standards[1].indicators[1] must be fields with values."),
        (
            f"{INDICATOR_PATH}.threshold_source",
            None,
            f"{INDICATOR_PATH}.threshold_source is missing: some words are needed.",
        ),
        (
            f"{INDICATOR_PATH}.measure",
            "weather",
            f"{INDICATOR_PATH}.measure is “weather”, which is not a measure; there are load, ratings.",
        ),
        (
            f"{INDICATOR_PATH}.expectation",
            "x-2",
            f"{INDICATOR_PATH}.expectation is “x-2”, which is not the code of an expectation of this standard.",
        ),
        (f"{INDICATOR_PATH}.direction", "sideways", f"{INDICATOR_PATH}.direction must be at_most or at_least."),
        (f"{INDICATOR_PATH}.met", None, f"{INDICATOR_PATH}.met must be a number."),
        (f"{INDICATOR_PATH}.partly", "many", f"{INDICATOR_PATH}.partly must be a number."),
        (f"{INDICATOR_PATH}.partly", True, f"{INDICATOR_PATH}.partly must be a number."),
        (f"{INDICATOR_PATH}.partly", float("inf"), f"{INDICATOR_PATH}.partly must be a number."),
        (f"{INDICATOR_PATH}.essential", "yes", f"{INDICATOR_PATH}.essential must be true or false."),
        (
            f"{INDICATOR_PATH}.partly",
            99,
            f"{INDICATOR_PATH}.partly is 99, below the threshold for met, 100: partly met would overlap met.",
        ),
        (
            f"{INDICATOR_PATH}.direction",
            "at_least",
            f"{INDICATOR_PATH}.partly is 110.5, above the threshold for met, 100: partly met would overlap met.",
        ),
        ("standards[1].indicators", [INDICATOR, INDICATOR], "The code “1-load” is given to 2 indicators."),
        ("standards", [STANDARD, STANDARD], "The code “1” is given to 2 standards."),
        ("standards", [STANDARD, STANDARD], "The code “x-1” is given to 2 expectations."),
    ],
)
def test_fault_of_a_pack_is_named_with_its_place(path: str, value: Any, sentence: str) -> None:
    assert sentence in faults(changed(path, value))


def test_every_fault_is_named_at_once() -> None:
    assert len(faults({"id": "x"})) == 9
    assert faults("a pack")[0] == "The pack must be fields with values."


def test_thresholds_may_be_equal_and_missing_words_are_named_once() -> None:
    assert parse_pack(changed(f"{INDICATOR_PATH}.partly", 100), measures=MEASURE_NAMES)
    assert faults(changed(f"{INDICATOR_PATH}.measure", None)) == [
        f"{INDICATOR_PATH}.measure is missing: some words are needed."
    ]
    assert faults(changed(f"{INDICATOR_PATH}.expectation", None)) == [
        f"{INDICATOR_PATH}.expectation is missing: some words are needed."
    ]
    assert faults(changed(f"{INDICATOR_PATH}.direction", None)) == [
        f"{INDICATOR_PATH}.direction is missing: some words are needed."
    ]


def test_repeated_empty_codes_are_named_as_missing_only() -> None:
    without = {name: value for name, value in INDICATOR.items() if name != "code"}
    found = faults(changed("standards[1].indicators", [without, without]))
    assert all("is missing" in fault for fault in found)


@pytest.mark.parametrize("pack", shipped_packs())
def test_shipped_pack_is_sound(pack: str) -> None:
    found = shipped_pack(pack, measures=MEASURES)
    assert found.id == pack
    for standard in found.standards:
        assert standard.source.startswith("https://")
        covered = {indicator.expectation for indicator in standard.indicators}
        assert covered <= {expectation.code for expectation in standard.expectations}
        for indicator in standard.indicators:
            assert indicator.thresholds.direction == MEASURES[indicator.measure].direction
            assert indicator.thresholds.example or indicator.thresholds.source.startswith("https://")


def test_england_2020_covers_workload_and_supervision() -> None:
    found = shipped_pack("england-2020", measures=MEASURES)
    assert {standard.code: standard.title for standard in found.standards} == {
        "3": "Safe workloads and case allocation",
        "5": "Supervision",
    }
    used = [indicator.measure for standard in found.standards for indicator in standard.indicators]
    assert sorted(used) == sorted(MEASURES)


def test_pack_that_is_not_shipped_is_refused() -> None:
    with pytest.raises(KeyError):
        shipped_pack("../secrets", measures=MEASURES)
