"""The page on health checks may not promise other states, moves or rights than the code gives."""

import re
from pathlib import Path

from checks.checking import EDGES, CheckMove, CheckState, Edge
from checks.evidence import LARGEST
from teams.roles import Role, roles_with

PAGE = (Path(__file__).resolve().parents[3] / "docs" / "health-check.md").read_text()


def who(edge: Edge) -> str:
    return ", ".join(role.label.lower() for role in Role if role in roles_with(edge.right))


def test_the_diagram_is_that_of_the_code() -> None:
    drawn = re.search(r"```mermaid\n(.*?)```", PAGE, re.DOTALL)
    lines = [f"{edge.before.value} --> {edge.after.value}: {edge.move.value.lower()}" for edge in EDGES]
    last = [state.value for state in CheckState if state not in {edge.before for edge in EDGES}]
    wanted = ["stateDiagram-v2", "[*] --> OPEN", *lines, *(f"{state} --> [*]" for state in last)]
    assert drawn is not None
    assert [line.strip() for line in drawn[1].splitlines()] == wanted


def test_the_table_is_that_of_the_code() -> None:
    moves = {move.value.lower() for move in CheckMove}
    rows = [line.strip("| ").split(" | ") for line in PAGE.splitlines() if line.startswith("| ")]
    printed = [row for row in rows if row[0] in moves]
    assert printed == [
        [edge.move.value.lower(), edge.before.value.lower(), edge.after.value.lower(), who(edge)] for edge in EDGES
    ]


def test_the_largest_file_is_that_of_the_code() -> None:
    assert f"{LARGEST // 1024 // 1024} MB at most" in PAGE
