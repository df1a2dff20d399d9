"""The page that says how to run it may not forget an option."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]
PAGE = (ROOT / "docs" / "running.md").read_text()


def variables_read_by_the_code() -> set[str]:
    text = "".join(path.read_text() for path in (ROOT / "healthcheck").glob("*.py"))
    return set(re.findall(r"(?:os\.environ|environment)(?:\.get\(|\[)\"([A-Z_]+)\"", text))


def test_every_variable_is_in_the_table_and_nothing_else() -> None:
    internal = {"HEALTHCHECK_PREPARED"}
    assert set(re.findall(r"^\| `([A-Z_]+)`", PAGE, re.MULTILINE)) == variables_read_by_the_code() - internal


@pytest.mark.parametrize("option", ["--once", "--import", "--port"])
def test_every_option_of_the_demo_is_shown(option: str) -> None:
    assert f"bin/demo {option}" in PAGE
    assert option in (ROOT / "healthcheck" / "supervisor.py").read_text()
