"""The pages of a team and of a worker's own, in the order people use them. One that does not exist is left out."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.urls import NoReverseMatch, reverse

TEAM_PAGES = (
    ("team", "Overview"),
    ("team-cases", "Cases"),
    ("team-staffing", "People and capacity"),
    ("team-supervision", "Supervision"),
    ("team-duties", "Duties"),
    ("team-what-if", "What if"),
    ("team-history", "History"),
    ("team-report", "Report"),
)
OWN_PAGES = (
    ("own-workload", "Workload"),
    ("own-supervision", "Supervision"),
    ("own-hours", "Additional hours"),
    ("own-concerns", "Concerns"),
    ("own-data", "My data"),
)


@dataclass(frozen=True)
class Link:
    address: str
    text: str
    here: bool


def links(pages: Sequence[tuple[str, str]], here: str, *key: object) -> list[Link]:
    found = []
    for name, text in pages:
        try:
            found.append(Link(reverse(name, args=key), text, name == here))
        except NoReverseMatch:
            continue
    return found
