"""Standards packs: what is read, and what is refused in which words."""

import copy
import re
from decimal import Decimal
from typing import Any

import pytest

from checks.measures import MEASURES
from checks.scales import SCALES
from standards.definition import EXAMPLE, Direction, Kind
from standards.pack import PackError, parse_pack
from standards.shipped import read_pack, shipped_pack, shipped_packs

NAMES: dict[str, Any] = {"measures": {"load", "ratings"}, "scales": {"survey/calm"}}
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
    "basis": "Our own question",
}
JUDGED: dict[str, Any] = {
    "kind": "judged",
    "code": "1-room",
    "text": "There is a room.",
    "expectation": "x-1",
    "essential": False,
    "basis": "Our own question",
}
SURVEYED: dict[str, Any] = JUDGED | {
    "kind": "surveyed",
    "code": "1-calm",
    "scale": "survey/calm",
    "direction": "at_least",
    "met": 75,
    "partly": 51,
    "threshold_source": "A page",
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
    "effective_on": "2026-04-01",
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
        parse_pack(pack, **NAMES)
    assert str(refused.value) == "\n".join(refused.value.faults)
    return refused.value.faults


def test_pack_is_read_with_exact_thresholds() -> None:
    found = parse_pack(PACK, **NAMES)
    (standard,) = found.standards
    (indicator,) = standard.indicators
    assert (found.label, found.effective, standard.code, standard.title) == (
        *("Standards, version 1", "2026"),
        *("1", "Safe work"),
    )
    assert indicator.thresholds
    assert (indicator.thresholds.met, indicator.thresholds.partly) == (Decimal(100), Decimal("110.5"))
    assert (indicator.thresholds.direction, indicator.thresholds.example) == (Direction.AT_MOST, True)
    assert (indicator.measure, indicator.expectation, indicator.essential) == ("load", "x-1", True)


def test_threshold_with_a_source_is_no_example() -> None:
    pack = changed("standards[1].indicators[1].threshold_source", "An order of 2007")
    (indicator,) = parse_pack(pack, **NAMES).standards[0].indicators
    assert indicator.thresholds
    assert not indicator.thresholds.example


INDICATOR_PATH = "standards[1].indicators[1]"
LETTERS = "small letters, digits and hyphens"


@pytest.mark.parametrize(
    ("path", "value", "sentence"),
    [
        ("title", None, "title is missing: some words are needed."),
        ("licence", " ", "licence is missing: some words are needed."),
        ("source", [], "source is missing: some words are needed."),
        ("extra", 1, "extra is not a field that is known."),
        ("standards", [], "standards are missing: add at least one standard."),
        ("standards", "none", "standards must be a list."),
        ("standards[1].source", None, "standards[1].source is missing: some words are needed."),
        ("id", "Some where", "id is “Some where”, and must be made of small letters, digits and hyphens."),
        ("id", "own--x", "id is “own--x”, and must be made of small letters, digits and hyphens."),
        ("version", "1 a", "version is “1 a”, and must be made of small letters, digits, dots and hyphens."),
        ("effective_on", "1 April 2026", "effective_on must be a day, written like 2026-04-01."),
        ("effective_on", None, "effective_on must be a day, written like 2026-04-01."),
        ("title", "x" * 201, "title has 201 characters, and may have no more than 200."),
        ("completeness", "x" * 1001, "completeness has 1001 characters, and may have no more than 1000."),
        ("standards[1].gap", " ", "standards[1].gap is missing: some words are needed."),
        (
            "standards[1].expectations",
            [],
            "standards[1].expectations is empty: say in gap what is missing and why, or add an entry.",
        ),
        (
            "standards[1].indicators",
            None,
            "standards[1].indicators is empty: say in gap what is missing and why, or add an entry.",
        ),
        ("standards[1].expectations", "none", "standards[1].expectations must be a list."),
        (f"{INDICATOR_PATH}.kind", "guessed", f"{INDICATOR_PATH}.kind must be measured, judged or surveyed."),
        (f"{INDICATOR_PATH}.basis", None, f"{INDICATOR_PATH}.basis is missing: some words are needed."),
        (f"{INDICATOR_PATH}.code", "Load!", f"{INDICATOR_PATH}.code is “Load!”, and must be made of {LETTERS}."),
        (f"{INDICATOR_PATH}.scale", "survey/calm", f"{INDICATOR_PATH}.scale is not for an indicator that is measured."),
        (f"{INDICATOR_PATH}.kind", "judged", f"{INDICATOR_PATH}.measure is not for an indicator that is judged."),
        (
            f"{INDICATOR_PATH}.met",
            "99.999",
            f"{INDICATOR_PATH}.met is 99.999, and must be below ten million, with two decimal places at most.",
        ),
        (
            f"{INDICATOR_PATH}.met",
            10_000_000,
            f"{INDICATOR_PATH}.met is 10000000, and must be below ten million, with two decimal places at most.",
        ),
        (
            "standards[1].indicators",
            [SURVEYED | {"scale": "survey/joy"}],
            f"{INDICATOR_PATH}.scale is “survey/joy”, which is not a scale; there are survey/calm.",
        ),
        (
            "standards[1].indicators",
            [SURVEYED | {"met": 101}],
            f"{INDICATOR_PATH}.met is 101, and scores of a survey are from 0 to 100.",
        ),
        (
            "standards[1].indicators",
            [SURVEYED | {"direction": "at_most", "partly": 80}],
            f"{INDICATOR_PATH}.direction must be at_least: of a survey, higher scores are better.",
        ),
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
    assert len(faults({"id": "x"})) == 10
    assert faults("a pack")[0] == "The pack must be fields with values."


def test_thresholds_may_be_equal_and_missing_words_are_named_once() -> None:
    assert parse_pack(changed(f"{INDICATOR_PATH}.partly", 100), **NAMES)
    assert faults(changed(f"{INDICATOR_PATH}.measure", None)) == [
        f"{INDICATOR_PATH}.measure is missing: some words are needed."
    ]
    assert faults(changed(f"{INDICATOR_PATH}.direction", None)) == [
        f"{INDICATOR_PATH}.direction is missing: some words are needed."
    ]


def test_repeated_empty_codes_are_named_as_missing_only() -> None:
    without = {name: value for name, value in INDICATOR.items() if name != "code"}
    found = faults(changed("standards[1].indicators", [without, without]))
    assert all("is missing" in fault for fault in found)


def test_indicator_without_an_expectation_is_about_the_heading() -> None:
    (standard,) = parse_pack(changed(f"{INDICATOR_PATH}.expectation", None), **NAMES).standards
    assert standard.indicators[0].expectation == ""


def test_judged_and_surveyed_indicators_are_read() -> None:
    found = parse_pack(changed("standards[1].indicators", [JUDGED, SURVEYED]), **NAMES)
    judged, surveyed = found.indicators
    assert (judged.kind, judged.measure, judged.scale, judged.thresholds) == (Kind.JUDGED, "", "", None)
    assert (surveyed.kind, surveyed.measure, surveyed.scale) == (Kind.SURVEYED, "", "survey/calm")
    assert surveyed.thresholds is not None
    assert (surveyed.thresholds.met, surveyed.thresholds.direction) == (Decimal(75), Direction.AT_LEAST)


def test_standard_whose_source_was_not_found_is_a_gap() -> None:
    gap = {"code": "2", "title": "Room", "source": "A page", "completeness": "nothing", "gap": "No page was found."}
    found = parse_pack(changed("standards", [gap]), **NAMES).standards[0]
    assert (found.gap, found.expectations, found.indicators) == ("No page was found.", (), ())


YAML = """
id: x
title: Words
standards:
  - code: "1"
    code: "2"
"""


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        (YAML, "Line 6 cannot be read: the field “code” is there twice."),
        ("id: [1", "Line 1 cannot be read: expected ',' or ']', but got '<stream end>'."),
        ("? [1]\n: 2", "Line 1 cannot be read: found unhashable key."),
        ("id: \x00", "The pack cannot be read: it is not YAML."),
        ("a: !!python/object:x.Y {}", None),
    ],
)
def test_yaml_that_cannot_be_read_is_refused_in_a_sentence(text: str, sentence: str | None) -> None:
    with pytest.raises(PackError) as refused:
        read_pack(text, **NAMES)
    (said,) = refused.value.faults
    assert sentence in {said, None}
    assert "cannot be read" in said


def test_document_without_marks_is_refused_in_a_sentence() -> None:
    with pytest.raises(PackError, match="The pack must be fields with values"):
        read_pack("", **NAMES)


@pytest.mark.parametrize("name", shipped_packs())
def test_shipped_pack_is_sound(name: str) -> None:
    found = shipped_pack(name, measures=MEASURES, scales=SCALES)
    assert f"{found.id}-{found.version}" == name
    for indicator in found.indicators:
        thresholds = indicator.thresholds
        if indicator.kind == Kind.MEASURED:
            assert thresholds
            assert thresholds.direction == MEASURES[indicator.measure].direction
        if thresholds is not None:
            assert thresholds.example or thresholds.source.startswith("https://")


def test_first_version_of_england_2020_still_says_what_was_published() -> None:
    found = shipped_pack("england-2020-2020.2", measures=MEASURES, scales=SCALES)
    assert {standard.code: standard.title for standard in found.standards} == {
        "3": "Safe workloads and case allocation",
        "5": "Supervision",
    }
    assert len(found.indicators) == 12


def test_pack_that_is_not_shipped_is_refused() -> None:
    with pytest.raises(KeyError):
        shipped_pack("../secrets", measures=MEASURES, scales=SCALES)
