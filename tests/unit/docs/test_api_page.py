"""The page of the API lists the addresses that there are."""

from pathlib import Path

from healthcheck.api_description import operations
from teams.scopes import SCOPE_NAMES

PAGE = Path(__file__).resolve().parents[3] / "docs" / "reference" / "api.md"


def test_every_address_is_listed_with_its_scope() -> None:
    rows = [
        f"| {one.method} | `{one.path.removeprefix('/api/v1/')}` | `{one.scope}` | {' '.join(one.words.split())} |"
        for one in operations()
    ]
    printed = [line for line in PAGE.read_text().splitlines() if line.startswith(("| GET", "| POST"))]
    assert printed == rows


def test_every_scope_is_listed() -> None:
    printed = [line for line in PAGE.read_text().splitlines() if line.startswith("| `")]
    assert printed == [f"| `{scope.value}` | {name} |" for scope, name in SCOPE_NAMES.items()]
