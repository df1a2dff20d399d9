#!/usr/bin/env python3
"""Branch coverage may not fall below its floors: all of the pure modules and actions, most of every package."""

import json
import sys
import tomllib
from collections import defaultdict
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
ALL, MOST = 100.0, 90.0


def pure_modules(project: dict[str, Any]) -> list[str]:
    """The list that the import contract keeps."""
    contracts = project["tool"]["importlinter"]["contracts"]
    return next(contract["source_modules"] for contract in contracts if contract["name"].startswith("Pure modules"))


def must_be_whole(path: str, pure: list[str]) -> bool:
    module = path.removesuffix(".py").replace("/", ".")
    return "actions" in module.split(".") or any(module == name or module.startswith(f"{name}.") for name in pure)


def share(summaries: list[dict[str, int]]) -> float:
    """Percent of statements and branches that ran."""
    whole = sum(one["num_statements"] + one["num_branches"] for one in summaries)
    ran = sum(one["covered_lines"] + one["covered_branches"] for one in summaries)
    return 100 * ran / whole if whole else 100.0


def shortfalls(files: dict[str, dict[str, Any]], pure: list[str]) -> list[str]:
    found = []
    packages = defaultdict(list)
    for path, file in sorted(files.items()):
        packages[path.split("/")[0]].append(file["summary"])
        reached = share([file["summary"]])
        if must_be_whole(path, pure) and reached < ALL:
            missing = [*file["missing_lines"], *(f"{a}->{b}" for a, b in file["missing_branches"])]
            found.append(f"{path}: {reached:.1f} % of lines and branches run; all must. Missing: {missing}")
    for package, summaries in packages.items():
        if (reached := share(summaries)) < MOST:
            found.append(f"{package}: {reached:.1f} % of lines and branches run; at least {MOST:.0f} % must.")
    return found


def main() -> int:
    files = json.loads(Path(sys.argv[1]).read_text())["files"]
    found = shortfalls(files, pure_modules(tomllib.loads((ROOT / "pyproject.toml").read_text())))
    print(*found, sep="\n", end="\n" if found else "")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
