"""What the set-up of the demonstration has told, and what of it the next start may rely on. Standard library alone."""

import hashlib
import json
import os
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
# What the tables, the static files and the demonstration are made from.
MADE_FROM = ("*/migrations/*.py", "static/**/*", "standards/packs/*", "healthcheck/demo/*.py", "requirements/run.txt")


class StopError(Exception):
    """Somebody asked us to stop, or something went wrong; the text says what, and may be empty."""


@dataclass
class Report:
    """What the set-up has told so far."""

    began: float
    seconds: dict[str, float]
    quiet: bool
    people: str = ""
    problem: str = ""
    summary: dict[str, Any] = field(default_factory=dict)

    def step(self, name: str, seconds: float) -> None:
        self.seconds[name] = seconds
        if not self.quiet:
            print(f"{name:<24}{seconds:5.1f} s", flush=True)

    def take(self, event: dict[str, Any]) -> None:
        if "step" in event:
            self.step(event["step"], event["seconds"])
        if "failed" in event:
            raise StopError(f"{event['failed']}: {event['reason']}")
        if event.get("note"):
            print(event["note"].strip(), flush=True)
        self.people = event.get("people", self.people)
        self.problem = event.get("problem", self.problem)
        self.summary = event.get("summary", self.summary)

    def print_summary(self) -> None:
        """The seconds of every step have been said; now all of them, and the figures by name."""
        print(f"{'all steps':<24}{sum(self.seconds.values()):5.1f} s\n")
        for name, value in self.summary.items():
            print(f"{name.replace('_', ' '):<24}{value}")
        if self.problem:
            print(self.problem)


def fingerprint() -> str:
    found = hashlib.sha256(os.environ.get("DATABASE_URL", "").encode())
    for pattern in MADE_FROM:
        for path in sorted(ROOT.glob(pattern)):
            found.update(path.read_bytes() if path.is_file() else b"")
    return found.hexdigest()


def remember(var: Path, report: Report) -> None:
    """The next start with the same code need not wait for its set-up."""
    (var / "set-up.json").write_text(json.dumps({"made_from": fingerprint(), "people": report.people}))


def recall(var: Path) -> str | None:
    """Who can sign in, when this data folder was set up from the code as it is now."""
    try:
        known = json.loads((var / "set-up.json").read_text())
    except (FileNotFoundError, ValueError):
        return None
    return str(known["people"]) if known.get("made_from") == fingerprint() else None
