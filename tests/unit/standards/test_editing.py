"""Drafts of standards, changed part by part."""

import pytest

from checks.measures import MEASURES
from checks.scales import SCALES
from standards import editing
from standards.definition import StandardSet
from standards.editing import Document, NoSuchPartError, Place
from standards.pack import PackError, parse_pack
from standards.shipped import shipped_pack, shipped_packs

NAMES = {"measures": MEASURES, "scales": SCALES}


@pytest.fixture
def given() -> StandardSet:
    return shipped_pack("england-2020-2020.3", **NAMES)


@pytest.fixture
def document(given: StandardSet) -> Document:
    return editing.own_copy(given, publisher="Testshire Council")


@pytest.mark.parametrize("name", shipped_packs())
def test_document_of_a_set_is_read_as_the_same_set(name: str) -> None:
    given = shipped_pack(name, **NAMES)
    assert parse_pack(editing.document_of(given), **NAMES) == given


def test_own_copy_has_a_name_of_its_own_and_says_what_it_was_made_from(document: Document, given: StandardSet) -> None:
    own = parse_pack(document, **NAMES)
    assert (own.id, own.publisher) == ("own-england-2020", "Testshire Council")
    assert own.licence.startswith("Made from Employer standards for social workers in England 2020, version 2020.3")
    assert own.standards == given.standards
    assert editing.own_copy(own, publisher="Somebody else") == document


def codes(document: Document, part: str, standard: int = 0) -> list[str]:
    return [entry["code"] for entry in document["standards"][standard][part]]


def test_given_document_stays_as_it_is(document: Document, given: StandardSet) -> None:
    place = Place(2, "indicators", 0)
    editing.changed(document, place, {"code": "new"})
    editing.removed(document, place)
    editing.moved(document, place, up=False)
    editing.with_entry(document, place, {"code": "new"})
    editing.with_standard(document, {"code": "9"})
    editing.changed_fields(document, {"title": "Other"})
    assert document == editing.own_copy(given, publisher="Testshire Council")


def test_parts_are_added_changed_and_taken_away(document: Document) -> None:
    more = editing.with_standard(document, {"code": "9", "title": "New"})
    assert more["standards"][8] == {"code": "9", "title": "New", "expectations": [], "indicators": []}
    more = editing.with_entry(more, Place(8, "expectations"), {"code": "9-1", "text": "Words"})
    assert codes(more, "expectations", 8) == ["9-1"]
    other = editing.changed(more, Place(8), {"code": "10", "title": "Other"})
    assert (other["standards"][8]["code"], codes(other, "expectations", 8)) == ("10", ["9-1"])
    entry = editing.changed(more, Place(8, "expectations", 0), {"code": "9-2", "text": "Others"})
    assert editing.found(entry, Place(8, "expectations", 0)) == {"code": "9-2", "text": "Others"}
    assert codes(editing.removed(entry, Place(8, "expectations", 0)), "expectations", 8) == []
    assert len(editing.removed(more, Place(8))["standards"]) == 8
    assert editing.changed_fields(document, {"title": "Other"})["title"] == "Other"


def test_parts_move_within_their_list(document: Document) -> None:
    first = codes(document, "indicators")
    down = editing.moved(document, Place(0, "indicators", 0), up=False)
    assert codes(down, "indicators") == [first[1], first[0], *first[2:]]
    assert editing.moved(down, Place(0, "indicators", 1), up=True) == document
    assert editing.moved(document, Place(0, "indicators", 0), up=True) == document
    assert editing.moved(document, Place(7), up=False) == document
    assert [one["code"] for one in editing.moved(document, Place(7), up=True)["standards"]] == list("12345687")


@pytest.mark.parametrize(
    "place",
    [
        Place(8),
        Place(-1),
        Place(0, "indicators", 99),
        Place(0, "indicators", -1),
        Place(99, "indicators", 0),
        Place(0, "secrets", 0),
    ],
)
def test_part_that_is_not_there_is_refused(document: Document, place: Place) -> None:
    with pytest.raises(NoSuchPartError):
        editing.removed(document, place)


def test_faults_are_placed_in_words(document: Document) -> None:
    broken = editing.changed(document, Place(2, "indicators", 0), {"kind": "judged", "code": "3-load"})
    broken = editing.with_standard(editing.changed_fields(broken, {"effective_on": "soon"}), {})
    with pytest.raises(PackError) as faulty:
        parse_pack(broken, **NAMES)
    places = [editing.in_words(broken, fault.place) for fault in faulty.value.found]
    assert "Effective on" in places
    assert "Standard 3, indicator 3-load, basis" in places
    assert "Standard number 9, title" in places
    assert editing.in_words(broken, "The code “x”") == "The code “x”"


@pytest.mark.parametrize(
    ("fault_place", "place"),
    [
        ("effective_on", None),
        ("The code “x”", None),
        ("standards", None),
        ("standards[3]", Place(2)),
        ("standards[3].expectations", Place(2)),
        ("standards[3].title", Place(2)),
        ("standards[3].expectations[2].text", Place(2, "expectations", 1)),
        ("standards[12].indicators[10]", Place(11, "indicators", 9)),
    ],
)
def test_fault_tells_the_part_it_is_in(fault_place: str, place: Place | None) -> None:
    assert editing.place_of(fault_place) == place


@pytest.mark.parametrize("name", ["id", "version", "title", "effective", "effective_on"])
def test_copy_says_the_same_whatever_it_is_called(document: Document, given: StandardSet, name: str) -> None:
    renamed = editing.changed_fields(document, {name: "2027-01-01" if name == "effective_on" else "own-other"})
    assert editing.says_the_same(parse_pack(renamed, **NAMES), given, publisher="Testshire Council")


@pytest.mark.parametrize("name", ["publisher", "jurisdiction", "source", "licence", "completeness"])
def test_copy_with_another_word_says_something_else(document: Document, given: StandardSet, name: str) -> None:
    other = parse_pack(editing.changed_fields(document, {name: "Other words"}), **NAMES)
    assert not editing.says_the_same(other, given, publisher="Testshire Council")


def test_copy_with_another_order_says_something_else(document: Document, given: StandardSet) -> None:
    other = parse_pack(editing.moved(document, Place(0), up=False), **NAMES)
    assert not editing.says_the_same(other, given, publisher="Testshire Council")
