"""Instruments as documents and as CSV: what can be read, and a sentence for everything that cannot."""

from collections import Counter
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from checks.instrument_csv import LONGEST_FILE, Heading, read_benchmarks, read_instrument
from checks.instrument_files import InstrumentError, checked, code_of, from_stored, stored
from checks.scales import SCALES
from checks.shipped_instruments import shipped_instruments, shipped_scales
from checks.surveys import Instrument, Item, Kind, Responses, Scale
from standards.shipped import shipped_pack, shipped_packs

ROOT = Path(__file__).resolve().parents[3]
EXAMPLE = ROOT / "docs" / "examples" / "indicator-tool-structure.csv"
HEADING = Heading("made-up", "1", "Made up", "a test", "ours")
HEAD = "item,scale,reversed,response set\n"


def faults(read: Any, *given: Any) -> tuple[str, ...]:
    with pytest.raises(InstrumentError) as error:
        read(*given)
    assert str(error.value)
    return error.value.faults


def read(*lines: str) -> Instrument:
    return read_instrument(HEAD + "\n".join(lines), HEADING)


class TestShipped:
    def test_two_come_with_the_product(self) -> None:
        poll, working = shipped_instruments()
        assert (poll.code, poll.kind, len(poll.items)) == ("priorities", Kind.POLL, 12)
        assert (working.code, working.kind, len(working.items)) == ("working-conditions", Kind.SCALES, 25)
        assert [len(working.items_of(scale.code)) for scale in working.scales] == [4, 3, 4, 3, 4, 3, 3, 1]

    def test_the_manageability_question_has_four_points(self) -> None:
        [item] = shipped_instruments()[1].items_of("manageability")
        assert shipped_instruments()[1].points[item.code] == 4

    def test_the_poll_gives_three_two_one_and_nothing(self) -> None:
        poll = shipped_instruments()[0]
        assert {poll.words_of(item) for item in poll.items} == {("Not needed", "Low", "Medium", "High")}

    def test_standards_may_name_every_scale_and_no_other(self) -> None:
        assert {name for name in shipped_scales() if name.startswith("working")} == SCALES

    def test_scales_speak_to_standards_that_there_are(self) -> None:
        from checks.measures import MEASURES  # noqa: PLC0415 - only here

        packs = [shipped_pack(name, measures=MEASURES, scales=SCALES) for name in shipped_packs()]
        known = {f"{pack.id}/{standard.code}" for pack in packs for standard in pack.standards}
        named = {name for one in shipped_instruments() for scale in one.scales for name in scale.standards}
        assert named
        assert named <= known

    @pytest.mark.parametrize("shipped", shipped_instruments(), ids=lambda one: one.code)
    def test_what_is_kept_is_what_was_read(self, shipped: Instrument) -> None:
        assert from_stored(stored(shipped)) == shipped

    def test_every_question_in_own_words_is_there(self) -> None:
        assert [len(one.questions) for one in shipped_instruments()] == [1, 1]


class TestChecking:
    def test_each_fault_has_its_sentence(self) -> None:
        good = shipped_instruments()[1]
        item = good.items[0]
        for change, said in (
            ({"code": "Not a code"}, "is no code for the instrument"),
            ({"scales": (*good.scales, good.scales[0])}, "The scale “demands” is there twice"),
            ({"items": ()}, "from 1 to 120 items"),
            ({"scales": (*good.scales, Scale("empty", "Empty"))}, "The scale “empty” has no items"),
            ({"items": (*good.items, Item("lost", "?", "nowhere", "often"))}, "a scale that is not there: “nowhere”"),
            ({"items": (*good.items, replace(item, code="odd", responses="lost"))}, "not there: “lost”"),
            ({"items": (*good.items, replace(item, code="odd", text=" "))}, "from 1 to 300 characters"),
            ({"responses": (*good.responses, Responses("one", ("Yes",)))}, "has 1 answers; it may have 2 to 11"),
            ({"responses": (*good.responses, Responses("same", ("Yes", "Yes")))}, "the same answer twice"),
        ):
            assert any(said in fault for fault in faults(checked, replace(good, **change))), said

    def test_names_become_codes(self) -> None:
        assert code_of("Manager support (2026)") == "manager-support-2026"


class TestItems:
    def test_the_structure_of_the_indicator_tool(self) -> None:
        tool = read_instrument(EXAMPLE.read_text(), HEADING)
        counts = Counter(
            (scale.name, item.reversed) for item, scale in ((line.item, line.scale) for line in tool.lines)
        )
        assert counts == {
            ("Demands", True): 8,
            ("Control", False): 6,
            ("Manager support", False): 5,
            ("Peer support", False): 4,
            ("Relationships", True): 4,
            ("Role", False): 5,
            ("Change", False): 3,
        }
        assert {tool.points[item.code] for item in tool.items} == {5}
        assert all("enter the licensed wording" in item.text for item in tool.items)

    def test_answers_are_those_of_the_line_above_where_none_are_said(self) -> None:
        found = read("One?,Load,yes,No|Yes", "Two?,Load,,", "", "Three?,Say,no,Low|Middle|High")
        assert [found.points[item.code] for item in found.items] == [2, 2, 3]
        assert [item.reversed for item in found.items] == [True, False, False]
        assert found.scale_names == ("made-up/load", "made-up/say")

    def test_columns_come_in_any_order_and_with_others(self) -> None:
        text = "\ufeffScale,note,Response set,Item,Reversed\nLoad,x,No|Yes,One?,x\n"
        [item] = read_instrument(text, HEADING).items
        assert (item.text, item.reversed) == ("One?", True)

    @pytest.mark.parametrize(
        ("line", "said"),
        [
            (",Load,no,No|Yes", "Line 2: the item is missing"),
            ("One?,,no,No|Yes", "Line 2: the scale is missing"),
            ("One?,Load,perhaps,No|Yes", "Line 2: “perhaps” does not say"),
            ("One?,Load,no,", "Line 2: the response set is missing"),
            ("One?,Load,no,Yes", "Line 2: the response set needs 2 to 11 different answers"),
            ("One?,Load,no,Yes|Yes", "Line 2: the response set needs"),
            ("One?,Load,no,Yes|", "Line 2: the response set needs"),
            ('One?,Load,no,"No|Yes"\r"x', "Line 3"),
            ("", "The file has no items"),
            (f"{'x' * 301},Load,no,No|Yes", "from 1 to 300 characters"),
        ],
    )
    def test_a_faulty_line_has_its_sentence(self, line: str, said: str) -> None:
        assert any(said in fault for fault in faults(read, line)), faults(read, line)

    def test_every_faulty_line_is_said_at_once(self) -> None:
        assert len(faults(read, ",Load,no,No|Yes", "One?,Load,maybe,")) == 2

    def test_too_many_items_are_refused(self) -> None:
        assert faults(read, *["One?,Load,no,No|Yes"] * 300)[-1].startswith("Line 122: a survey has at most 120 items")

    def test_a_file_without_its_columns_is_refused(self) -> None:
        assert len(faults(read_instrument, "question,scale\nOne?,Load", HEADING)) == 3
        assert faults(read_instrument, "", HEADING)
        assert "far too long" in faults(read_instrument, "x" * (LONGEST_FILE + 1), HEADING)[0]

    def test_a_cell_without_end_is_refused(self) -> None:
        long = f'{HEAD}"{"x" * 150_000}'
        assert "not a line of a CSV file" in faults(read_instrument, long, HEADING)[0]


class TestBenchmarks:
    def test_scales_go_by_name_or_code(self) -> None:
        found = read("One?,Manager support,no,No|Yes", "Two?,Load,no,")
        assert read_benchmarks("scale,score\nManager Support,61\nload,40\n", found) == {
            "manager-support": 61,
            "load": 40,
        }
        assert read_benchmarks("scale,score\n", found) == {}

    def test_a_faulty_line_has_its_sentence(self) -> None:
        found = read("One?,Load,no,No|Yes")
        lines = "scale,score\nLoad,50\nload,60\nOther,1\n"
        assert faults(read_benchmarks, lines, found) == (
            "Line 3: the scale “load” is there twice. Keep one line for it.",
            "Line 4: this survey has no scale “Other”. Use a name from its items.",
        )
        for score in ("101", "3.9", "many", ""):
            assert "whole number from 0 to 100" in faults(read_benchmarks, f"scale,score\nLoad,{score}", found)[0]
