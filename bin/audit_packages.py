#!/usr/bin/env python3
"""Asks the public list of advisories about every locked package. A machine that cannot ask says so, and passes.

With AUDIT_MUST_ANSWER=1, as on a server that tests every change, not to be answered is a failure too.
"""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
LOCKS = ("run", "dev")
PATIENCE = 120


def ask(lock: str) -> dict[str, Any] | None:
    """What is known of the packages of a lock; None where nobody answers."""
    command = [sys.executable, "-m", "pip_audit", "--disable-pip", "--require-hashes", "--format=json", "--timeout=5"]
    try:
        answer = subprocess.run(
            [*command, f"--requirement=requirements/{lock}.txt"],
            cwd=ROOT,
            capture_output=True,
            text=True,
            timeout=PATIENCE,
            check=False,
        )
        found: dict[str, Any] = json.loads(answer.stdout)
    except (subprocess.TimeoutExpired, json.JSONDecodeError):
        return None
    return found


def dependencies_of(found: dict[str, Any] | None, lock: str) -> list[dict[str, Any]]:
    return found["dependencies"] if found else [{"name": f"all of {lock}", "skip_reason": "no answer"}]


def main() -> int:
    unsafe, unanswered = set(), set()
    for lock in LOCKS:
        for package in dependencies_of(ask(lock), lock):
            if "skip_reason" in package:
                unanswered.add(package["name"])
            for one in package.get("vulns", []):
                unsafe.add(f"{package['name']} {package['version']}: {one['id']}, mended in {one['fix_versions']}")
    for line in sorted(unsafe):
        print(line)
    if unanswered:
        print(f"Nobody answered about {len(unanswered)} packages.")
    return 1 if unsafe or (unanswered and os.environ.get("AUDIT_MUST_ANSWER") == "1") else 0


if __name__ == "__main__":
    sys.exit(main())
