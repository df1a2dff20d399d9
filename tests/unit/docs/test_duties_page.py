"""The page on duties may not promise other moves or days than the code gives."""

from pathlib import Path

from checks.duties import MOVES, Level, ResponseTimes, State

PAGE = Path(__file__).resolve().parents[3] / "docs" / "duties.md"


def rows() -> list[list[str]]:
    return [line.strip("| ").split(" | ") for line in PAGE.read_text().splitlines() if line.startswith("| ")]


def test_moves_are_those_of_the_code() -> None:
    printed = rows()[-len(MOVES) :]
    of_the_code = [
        [
            move.value.lower(),
            ", ".join(state.value.lower() for state in State if state in allowed),
            after.value.lower() if after else "as before",
        ]
        for move, (allowed, after) in MOVES.items()
    ]
    assert printed == of_the_code


def test_days_and_levels_are_those_of_the_code() -> None:
    assert [["a concern", str(ResponseTimes().concern_days)], ["a red flag", str(ResponseTimes().flag_days)]] == [
        row for row in rows() if row[0] in {"a concern", "a red flag"}
    ]
    levels = [level.label for level in Level]
    assert [row[0] for row in rows() if row[0] in levels] == levels
