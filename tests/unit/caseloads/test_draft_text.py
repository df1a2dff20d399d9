"""A scheme's draft as typed: read into values with a sentence for each fault, and lines added, taken out and moved."""

import copy
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from caseloads.draft_text import LISTS, MOST_LINES, Document, changed, coded, empty, read, says_the_same
from caseloads.drafting import STAGES, SchemeDraft, scheme_of_draft, why_not_publish
from healthcheck.demo import schemes
from teams.models import CareerStage

FULL_TIME = Decimal(37)


def typed() -> Document:
    """A draft without a fault."""
    return {
        "fields": {
            "name": "Children",
            "unit": "POINTS",
            "maximum": "100",
            "stable": "15",
            "default_weight": "5",
            "lowest_weight": "1",
            "highest_weight": "20",
            "sibling_share": "50 %",
            "joint_uplift": "20",
            "review_interval_days": "",
            "when_over": "WARN",
            "when_newly_qualified": "WARN",
            "when_reserved": "BLOCK",
            "source": "The board of 3 March",
        },
        "stages": {
            "STUDENT": "",
            "NEWLY_QUALIFIED": "90",
            "ESTABLISHED": "100",
            "EXPERIENCED": "100",
            "UNQUALIFIED": "",
        },
        "categories": [
            {"code": "referral", "name": "Referral", "weight": "2.5", "reserved": "", "limit": "3"},
            {"code": "protection", "name": "Child protection", "weight": "8", "reserved": "yes", "limit": ""},
        ],
        "factors": [{"code": "settled", "name": "Settled", "points": "−1", "per_extra": "yes"}],
        "bands": [
            {"level": "OVER", "name": "over", "lower": "100"},
            {"level": "ROOM", "name": "room", "lower": "0"},
        ],
    }


def with_box(path: str, value: str) -> Document:
    made = copy.deepcopy(typed())
    *parts, last = path.split(".")
    place: Any = made
    for part in parts:
        place = place[int(part)] if part.isdecimal() else place[part]
    place[last] = value
    return made


def faults(document: Document) -> list[tuple[str, str]]:
    return [(fault.place, fault.sentence) for fault in read(document, full_time_hours=FULL_TIME).faults]


def test_values_are_read() -> None:
    found = read(typed(), full_time_hours=FULL_TIME)
    assert found.faults == []
    assert found.draft
    assert found.draft.fields["maximum"] == Decimal(100)
    assert found.draft.fields["review_interval_days"] is None
    assert found.draft.fields["sibling_share"] == 50
    assert found.draft.categories[0] == {
        "code": "referral",
        "name": "Referral",
        "weight": Decimal("2.5"),
        "reserved": False,
        "unallocated_limit_days": 3,
    }
    assert found.draft.categories[1]["reserved"] is True
    assert found.draft.factors[0]["points"] == Decimal(-1)
    assert found.draft.stage_shares == {"NEWLY_QUALIFIED": 90, "ESTABLISHED": 100, "EXPERIENCED": 100}


def test_draft_says_the_same_whatever_it_is_called() -> None:
    draft = read(typed(), full_time_hours=FULL_TIME).draft
    assert draft
    assert says_the_same(replace(draft, fields={**draft.fields, "name": "Another"}), draft)
    assert not says_the_same(replace(draft, fields={**draft.fields, "source": "Another"}), draft)
    assert not says_the_same(replace(draft, stage_shares={}), draft)


def test_bands_are_scored_from_the_lowest_up() -> None:
    draft = read(typed(), full_time_hours=FULL_TIME).draft
    assert draft
    scheme = scheme_of_draft(draft, version="2", full_time_hours=FULL_TIME)
    assert [band.name for band in scheme.bands] == ["room", "over"]
    assert scheme.label == "Children, version 2"
    assert scheme.full_time_hours == 37_00


@pytest.mark.parametrize(
    ("path", "value", "place", "sentence"),
    [
        ("fields.name", " ", "name", "Name of the scheme: enter some words."),
        ("fields.source", "x" * 1001, "source", "Source of the numbers: use 1000 characters or fewer."),
        (
            "fields.maximum",
            "many",
            "maximum",
            "Maximum of a full-time worker: enter a number from 0 to 99,999.99, with two places at most.",
        ),
        (
            "fields.maximum",
            "1.234",
            "maximum",
            "Maximum of a full-time worker: enter a number from 0 to 99,999.99, with two places at most.",
        ),
        ("fields.joint_uplift", "101", "joint_uplift", "Uplift for joint working: enter a whole number from 0 to 100."),
        ("fields.joint_uplift", "²", "joint_uplift", "Uplift for joint working: enter a whole number from 0 to 100."),
        ("fields.unit", "", "unit", "Unit: choose one."),
        (
            "fields.review_interval_days",
            "3651",
            "review_interval_days",
            "Days after which ratings are reviewed: enter a whole number from 0 to 3,650.",
        ),
        ("categories.1.name", "", "categories-1-name", "Category 2, name: enter some words."),
        (
            "categories.0.weight",
            "-1",
            "categories-0-weight",
            "Category 1, weight: enter a number from 0 to 99,999.99, with two places at most.",
        ),
        (
            "factors.0.points",
            "-1001",
            "factors-0-points",
            "Factor 1, points: enter a number from -1,000 to 99,999.99, with two places at most.",
        ),
        ("bands.0.level", "HUGE", "bands-0-level", "Band 1, level: choose one."),
        (
            "bands.0.lower",
            "100.55",
            "bands-0-lower",
            "Band 1, from load %: enter a percentage up to 1,000, with one place at most.",
        ),
        (
            "bands.0.lower",
            "1001",
            "bands-0-lower",
            "Band 1, from load %: enter a percentage up to 1,000, with one place at most.",
        ),
        (
            "stages.NEWLY_QUALIFIED",
            "ninety",
            "stages-NEWLY_QUALIFIED",
            "Share of newly qualified: enter a whole number from 0 to 100.",
        ),
        # what only all values together tell
        ("fields.stable", "100", "numbers", "The stable load must be less than the maximum."),
        (
            "fields.default_weight",
            "0",
            "numbers",
            "The default weight must be more than zero: an unrated case is never free.",
        ),
        ("categories.1.name", "referral", "numbers", "2 categories have the same name: referral."),
        ("categories.1.code", "referral", "numbers", "2 categories have the same code: referral."),
        ("bands.1.level", "OVER", "numbers", "2 bands have the same level: over."),
        (
            "bands.1.lower",
            "1",
            "numbers",
            "The bands must start at 0 and rise, each from a higher load % than the one before.",
        ),
    ],
)
def test_each_fault_is_told_beside_its_box(path: str, value: str, place: str, sentence: str) -> None:
    assert (place, sentence) in faults(with_box(path, value))


def test_first_fault_of_a_box_is_shown_beside_it() -> None:
    document = with_box("bands.0.lower", "9999999")
    found = read(document, full_time_hours=FULL_TIME)
    assert found.draft is None
    assert found.by_place["bands-0-lower"] == found.faults[0].sentence


def test_lists_that_need_a_line_say_so() -> None:
    bare = {**typed(), "categories": [], "bands": []}
    assert [sentence for _, sentence in faults(bare)][:2] == [
        "A scheme needs at least one category.",
        "A scheme needs at least one band.",
    ]


def test_stage_share_of_a_command_is_checked_as_well() -> None:
    draft = schemes.childrens(date(2026, 1, 1))
    more = SchemeDraft(draft.fields, draft.categories, draft.factors, draft.bands, {"STUDENT": 101})
    assert why_not_publish(more, full_time_hours=FULL_TIME) == [
        "The share of the career stage student must be 100 per cent at most."
    ]
    assert why_not_publish(draft, full_time_hours=FULL_TIME) == []


def test_empty_draft_has_a_fault_for_each_box_that_must_be_filled_in() -> None:
    places = {place for place, _ in faults(empty())}
    assert {"name", "maximum", "categories-0-name", "bands-0-level", "when_over"} <= places
    assert "review_interval_days" not in places


def lines(document: Document, name: str = "categories") -> list[str]:
    return [line["name"] for line in document[name]]


@pytest.mark.parametrize(
    ("order", "wanted"),
    [
        ("add:categories", ["Referral", "Child protection", ""]),
        ("remove:categories:0", ["Child protection"]),
        ("up:categories:1", ["Child protection", "Referral"]),
        ("down:categories:0", ["Child protection", "Referral"]),
        ("up:categories:0", ["Referral", "Child protection"]),
        ("down:categories:1", ["Referral", "Child protection"]),
        ("remove:categories:2", ["Referral", "Child protection"]),
        ("remove:categories:x", ["Referral", "Child protection"]),
        ("remove:fields:0", ["Referral", "Child protection"]),
        ("save", ["Referral", "Child protection"]),
    ],
)
def test_lines_are_added_taken_out_and_moved(order: str, wanted: list[str]) -> None:
    before = typed()
    assert lines(changed(before, order)) == wanted
    assert before == typed()


def test_there_is_an_end_to_adding() -> None:
    document = typed()
    for _ in range(MOST_LINES + 5):
        document = changed(document, "add:factors")
    assert len(document["factors"]) == MOST_LINES


def test_new_lines_get_codes_of_their_own_and_old_ones_keep_theirs() -> None:
    document = typed()
    document["categories"] += [
        {"code": "", "name": name, "weight": "", "reserved": "", "limit": ""}
        for name in ("Referral", "Réferral", " ", "…")
    ]
    codes = [line["code"] for line in coded(document)["categories"]]
    assert codes == ["referral", "protection", "referral_2", "r_ferral", "", "line"]
    assert coded(coded(document)) == coded(document)


def test_career_stages_are_those_of_workers() -> None:
    assert dict(CareerStage.choices) == STAGES
    assert set(LISTS) == {"categories", "factors", "bands"}
