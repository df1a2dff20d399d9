import re
import sys
from pathlib import Path

import pytest
import run_checks


def test_check_runs_every_command_and_fails_with_any(monkeypatch: pytest.MonkeyPatch) -> None:
    say = [sys.executable, "-c"]
    commands = [
        [*say, "print('bad'); raise SystemExit(1)"],
        [*say, "print('good')"],
        [*say, "raise SystemExit('worse')"],
    ]
    monkeypatch.setitem(run_checks.STATIC, "specimen", commands)
    outcome = run_checks.check("specimen")
    assert not outcome.passed
    assert outcome.said == "bad\nworse\n"


def test_unknown_step_is_refused_by_name(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "argv", ["run_checks.py", "lint", "lnit"])
    with pytest.raises(SystemExit, match="There is no step lnit"):
        run_checks.main()


@pytest.mark.parametrize(
    "line",
    [
        "=== 4 passed in 9.42s ===",
        "==== 1 failed, 4 passed, 2 deselected in 61.27s (0:01:01) ====",
        "== 1 error in 1.05s ==",
    ],
)
def test_closing_line_of_the_tests_is_recognised(line: str) -> None:
    assert run_checks.CLOSING_LINE.match(line + "\n")


@pytest.mark.parametrize("line", ["=== slowest 5 durations ===", "4 passed", "=== test session starts ==="])
def test_other_lines_are_not_taken_for_it(line: str) -> None:
    assert not run_checks.CLOSING_LINE.match(line + "\n")


def test_every_layer_of_tests_exists() -> None:
    tests = Path(run_checks.ROOT) / "tests"
    assert {path.name for path in tests.iterdir() if path.is_dir() and path.name != "__pycache__"} == set(
        run_checks.LAYERS
    )


def test_every_step_is_on_the_page_that_says_how_to_run_them() -> None:
    page = (Path(run_checks.ROOT) / "docs" / "running.md").read_text()
    (row,) = [line for line in page.splitlines() if line.startswith("| `bin/test`")]
    assert set(re.findall(r"`(\w+)`", row)) == {*run_checks.STATIC, *run_checks.LAYERS}
