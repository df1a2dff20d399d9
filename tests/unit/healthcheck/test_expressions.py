"""No regular expression of ours can be made to run for ever by the text it is tried on."""

import json
import subprocess
import sys
import warnings
from pathlib import Path

import pytest

with warnings.catch_warnings():
    warnings.simplefilter("ignore", DeprecationWarning)  # it looks at the standard library's parser by an older name
    from regexploit.ast.sre import SreOpParser
    from regexploit.redos import find

ROOT = Path(__file__).resolve().parents[3]
COLLECT = """
import importlib, inspect, json, pkgutil, re
import django
django.setup()
found, compile_it = {}, re._compile
def collect(pattern, flags):
    frame = inspect.currentframe().f_back
    while frame and frame.f_globals.get("__name__") == "re":
        frame = frame.f_back
    name = frame.f_globals.get("__name__", "") if frame else ""
    if name.split(".")[0] in OURS and isinstance(pattern, str):
        found[pattern] = int(flags)
    return compile_it(pattern, flags)
re._compile = collect
for name in OURS:
    for module in pkgutil.walk_packages([f"{ROOT}/{name}"], f"{name}."):
        if ".migrations" not in module.name and not module.name.endswith("__main__"):
            loaded = importlib.import_module(module.name)
            importlib.reload(loaded) if module.name.startswith(PURE) else None
print(json.dumps(found))
"""
OURS = ("healthcheck", "design", "teams", "caseloads", "standards", "checks", "reports", "operations")
# what Django has already imported when it is set up, and may be imported again without harm
PURE = ("design.", "caseloads.intake", "standards.", "checks.screening", "checks.evidence")
WRITTEN_AS_TEXT = 100


def weaknesses(pattern: str, flags: int = 0) -> list[object]:
    """The ways in which the time to try a pattern grows faster than the square of a text."""
    parsed = SreOpParser().parse_sre(pattern, flags)
    return [one for one in find(parsed) if one.starriness > 3]


def expressions() -> dict[str, int]:
    """Every pattern that our modules compile when they are imported, with its flags."""
    code = f"OURS, PURE, ROOT = {OURS!r}, {PURE!r}, {str(ROOT)!r}\n{COLLECT}"
    answer = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    found: dict[str, int] = json.loads(answer.stdout)
    return found


def test_none_of_ours_runs_for_ever() -> None:
    found = expressions()
    assert len(found) > WRITTEN_AS_TEXT
    assert {pattern: weak for pattern, flags in found.items() if (weak := weaknesses(pattern, flags))} == {}


@pytest.mark.parametrize("pattern", [r"(a+)+$x", r"^(\w+\s?)*$", r"(x|x|y)*z\d*\d*\d*\d*!"])
def test_those_that_do_are_found(pattern: str) -> None:
    assert weaknesses(pattern)
