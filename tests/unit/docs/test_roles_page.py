"""The page on privacy may not promise other rights than the code gives."""

import re
from pathlib import Path

from teams.roles import PERMISSIONS, Permission, Role

PAGE = Path(__file__).resolve().parents[3] / "docs" / "explanation" / "privacy.md"


def printed_table() -> dict[str, dict[str, str]]:
    """Permission → role → what the cell says."""
    rows = [
        line.strip("| ").split(" | ") for line in PAGE.read_text().splitlines() if re.match(r"\| .* (yes|–) \|$", line)
    ]
    heads = next(line for line in PAGE.read_text().splitlines() if "| Social worker |" in line).strip("| ").split(" | ")
    return {name: dict(zip(heads, cells, strict=True)) for name, *cells in rows}


def test_table_of_rights_is_the_one_in_the_code() -> None:
    of_the_code = {
        permission.value: {role.label: "yes" if permission in PERMISSIONS[role] else "–" for role in Role}
        for permission in Permission
    }
    assert {name[0].lower() + name[1:]: cells for name, cells in printed_table().items()} == of_the_code
