"""What changed while time went on, numbered as the charts mark it: schemes, standards, local variations. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from design.line_charts import Mark

SCHEME, STANDARDS, VARIATION = "Weighting scheme", "Standards", "Local variation"


@dataclass(frozen=True)
class Change:
    """Something that changed on a day, in a sentence."""

    day: date
    kind: str
    words: str


@dataclass(frozen=True)
class Numbered:
    """A change under the number that marks it on the lines."""

    number: int
    change: Change

    @property
    def mark(self) -> Mark:
        return Mark(self.change.day, self.number)


def numbered(changes: Iterable[Change]) -> list[Numbered]:
    """Number changes by their day, from 1; the same change is told once."""
    ordered = sorted(set(changes), key=lambda one: (one.day, one.kind, one.words))
    return [Numbered(number, change) for number, change in enumerate(ordered, start=1)]


def scheme_changes(uses: Sequence[tuple[date, str, int, date]]) -> list[Change]:
    """Tell each version that a team was scored by after another: (first day scored by it, name, version, in force on).

    The one that was used at the beginning is no change.
    """
    ordered = sorted(uses)
    return [
        Change(
            first_on, SCHEME, f"Scored by version {version} of “{name}” from here on, in force since {_day(in_force)}."
        )
        for first_on, name, version, in_force in ordered[1:]
    ]


def standard_change(day: date, *, title: str, version: str) -> Change:
    """Tell a set that was chosen (`version` ""), or a version that took effect."""
    words = f"Version {version} of “{title}” took effect." if version else f"“{title}” was chosen."
    return Change(day, STANDARDS, words)


def variation_changes(
    name: str, *, limits: str, starts_on: date, over_on: date, ended_early: bool, since: date, until: date
) -> list[Change]:
    """Tell when a local variation began and when it was over, where that is from `since` to `until`, both included.

    `over_on` is the first day on which it no longer counted.
    """
    found = []
    if since <= starts_on <= until:
        found.append(Change(starts_on, VARIATION, f"Local thresholds began for: {name} {limits}".rstrip()))
    if since <= over_on <= until:
        why = "ended early" if ended_early else "lapsed after their day of review"
        found.append(Change(over_on, VARIATION, f"Local thresholds no longer count, {why}: {name}"))
    return found


def _day(day: date) -> str:
    return f"{day.day}\u00a0{day:%B}\u00a0{day:%Y}"
