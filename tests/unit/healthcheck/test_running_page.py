"""The page that says how to run it may not forget an option, nor that of the settings a variable."""

import re
from pathlib import Path

import pytest

from healthcheck.environment import KNOWN

ROOT = Path(__file__).resolve().parents[3]
PAGE = (ROOT / "docs" / "running.md").read_text()
SETTINGS = (ROOT / "docs" / "reference" / "settings.md").read_text()
INTERNAL = {"HEALTHCHECK_PREPARED", "PROMETHEUS_MULTIPROC_DIR"}
"""What our own programs tell each other."""
JOINED = {"DATABASE_PASSWORD", "REDIS_PASSWORD"}
"""What becomes a part of another as it is read."""
OF_OTHERS = {"DJANGO_SETTINGS_MODULE"}


def variables_read_past_the_table() -> set[str]:
    """By programs that start before the settings are read."""
    text = "".join(path.read_text() for path in [*(ROOT / "healthcheck").glob("*.py"), ROOT / "gunicorn.conf.py"])
    return set(re.findall(r"(?:os\.environ|environment)(?:\.get\(|\[)\"([A-Z_]+)\"", text))


def variables_of_the_settings() -> set[str]:
    return set(re.findall(r"ENV\.\w+\(\"([A-Z_]+)\"\)", (ROOT / "healthcheck" / "settings.py").read_text()))


def test_every_variable_is_on_the_page_with_its_kind_and_nothing_else() -> None:
    rows = re.findall(r"^\| `([A-Z_]+)` \| (\w+) \| .+ \| .+ \|$", SETTINGS, re.MULTILINE)
    assert dict(rows) == {name: one.kind.value for name, one in KNOWN.items()}
    assert len(rows) == len(KNOWN)


def test_every_variable_that_is_read_is_known_and_every_known_one_is_read() -> None:
    read = (variables_of_the_settings() | variables_read_past_the_table()) - INTERNAL - OF_OTHERS
    assert read | JOINED == set(KNOWN)


def test_defaults_on_the_page_are_those_of_the_code() -> None:
    without = dict(re.findall(r"^\| `([A-Z_]+)` .+ \| (.+) \|$", SETTINGS, re.MULTILINE))
    for name, one in KNOWN.items():
        if one.default and name != "ALLOWED_HOSTS":  # this machine's own names
            assert one.default in without[name], name


@pytest.mark.parametrize("option", ["--once", "--import", "--port"])
def test_every_option_of_the_demo_is_shown(option: str) -> None:
    assert f"bin/demo {option}" in PAGE
    assert option in (ROOT / "healthcheck" / "supervisor.py").read_text()
