"""docs/measures.md says what the registry says, measure by measure."""

from pathlib import Path

from checks.measures import GROUPS, WORDS, Measure
from standards.definition import Direction

PAGE = Path(__file__).parents[3] / "docs" / "measures.md"
BETTER = {Direction.AT_MOST: "at most", Direction.AT_LEAST: "at least"}


def entry(measure: Measure) -> str:
    """A measure as the page has it."""
    lines = [
        f"### {measure.title}",
        "",
        f"`{measure.name}` · in {WORDS[measure.unit][1]} · {BETTER[measure.direction]}"
        + (" · not published: about workers" if measure.about_workers else ""),
        "",
        f"- Formula: {measure.formula}",
        f"- Needs: {measure.needs}",
        f"- Where it is not known: {measure.record}",
        f"- Source: {measure.source}",
    ]
    return "\n".join(lines)


def reference() -> str:
    parts = [f"## {group}\n\n" + "\n\n".join(map(entry, measures)) for group, measures in GROUPS.items()]
    return "\n\n".join(parts) + "\n"


def test_page_is_what_the_registry_says() -> None:
    assert PAGE.read_text(encoding="utf-8").endswith("\n" + reference())
