"""What the packs that come with the product hold between them."""

import re
from itertools import pairwise

import pytest

from checks.measures import MEASURES
from checks.scales import SCALES
from standards.definition import Indicator, Kind, StandardSet
from standards.shipped import shipped_pack, shipped_packs

RAISED = {
    "a desk": r"\bdesk\b",
    "a phone": r"\bphone\b",
    "parking": r"\bpark\b",
    "private space": r"private space",
    "business support": r"[Bb]usiness support",
    "ring-fenced study and CPD time": r"study and CPD is ring-fenced",
    "relief for practice educators": r"[Pp]ractice educators (carry|have) (less|relief)",
    "support for outposted workers": r"outposted|placed in other organisations",
    "joint visits where parents are hostile": r"hostile",
    "protection for those who speak up": r"speaks? up|speaking up",
    "violence and harassment": r"[Vv]iolence.*harassment",
    "racism against staff": r"[Rr]acism",
    "agency use": r"agency|Agency",
    "a career path for unqualified staff": r"without a social work qualification have a career path",
}
ENGLAND = {
    "england-2014-2014.1": {"2", "4", "5", "6", "7", "8"},
    "england-2020-2020.3": {"2", "8"},
    "england-2025-2025.1": {"4", "5", "7", "8"},
}


def pack(name: str) -> StandardSet:
    return shipped_pack(name, measures=MEASURES, scales=SCALES)


def newest() -> list[StandardSet]:
    found: dict[str, StandardSet] = {}
    for name in shipped_packs():
        one = pack(name)
        if one.id not in found or one.effective_on >= found[one.id].effective_on:
            found[one.id] = one
    return list(found.values())


def test_newest_packs_are_all_there() -> None:
    assert sorted(f"{one.id}-{one.version}" for one in newest()) == [
        "adult-services-1",
        "england-2014-2014.1",
        "england-2020-2020.3",
        "england-2025-2025.1",
        "task-force-2009-2009.1",
        "workload-principles-2010.1",
    ]


@pytest.mark.parametrize(("name", "gaps"), ENGLAND.items())
def test_standards_for_england_have_all_eight_headings_and_say_their_gaps(name: str, gaps: set[str]) -> None:
    found = pack(name)
    assert [standard.code for standard in found.standards] == list("12345678")
    assert {standard.code for standard in found.standards if len(standard.expectations) <= 1} == gaps | (
        {"1"} if "2014" in name else set()
    )
    assert all(standard.gap for standard in found.standards if standard.code in gaps)


def test_what_was_not_retrieved_of_2025_is_not_made_up() -> None:
    found = {standard.code: standard for standard in pack("england-2025-2025.1").standards}
    for code in "4578":
        assert (found[code].expectations, found[code].indicators) == ((), ())
        assert "was not found" in found[code].gap


def test_every_proposed_indicator_of_the_task_force_pack_is_there_and_marked() -> None:
    found = pack("task-force-2009-2009.1")
    assert len(found.standards) == 5
    proposed = [indicator for indicator in found.indicators if re.fullmatch(r"p\d\d(-.+)?", indicator.code)]
    assert {indicator.code[:3] for indicator in proposed} == {f"p{number:02}" for number in range(1, 42)}
    assert all(one.basis.startswith("Proposed, not the Task Force's wording: ") for one in proposed)
    assert {one.kind for one in proposed} == set(Kind)


def test_every_principle_is_there() -> None:
    found = pack("workload-principles-2010.1")
    assert [standard.code for standard in found.standards] == [str(number) for number in range(1, 16)]
    assert all(standard.expectations and standard.indicators for standard in found.standards)


@pytest.mark.parametrize("topic", RAISED)
def test_packs_ask_what_the_profession_raises(topic: str) -> None:
    asked = [one for found in newest() for one in found.indicators if re.search(RAISED[topic], one.text)]
    assert asked, topic
    in_use = [one for one in pack("england-2020-2020.3").indicators if re.search(RAISED[topic], one.text)]
    assert in_use, topic


def same(one: Indicator) -> tuple[object, ...]:
    return (one.kind, one.measure, one.scale, one.thresholds.direction if one.thresholds else None)


def test_code_means_the_same_in_every_version_of_a_pack() -> None:
    older, newer = (
        {one.code: one for one in pack(f"england-2020-{version}").indicators} for version in ("2020.2", "2020.3")
    )
    assert older.keys() <= newer.keys()
    for code, one in older.items():
        assert same(one) == same(newer[code])


def test_versions_follow_each_other() -> None:
    by_pack: dict[str, list[StandardSet]] = {}
    for name in shipped_packs():
        by_pack.setdefault(pack(name).id, []).append(pack(name))
    for versions in by_pack.values():
        assert all(before.effective_on < after.effective_on for before, after in pairwise(versions))


def test_everything_says_where_it_is_from() -> None:
    for found in newest():
        for standard in found.standards:
            assert standard.source
            assert standard.completeness
        assert all(len(one.basis) > 10 for one in found.indicators)


def test_every_scale_is_asked_for_somewhere() -> None:
    assert {one.scale for found in newest() for one in found.indicators if one.scale} == SCALES
