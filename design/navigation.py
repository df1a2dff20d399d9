"""The pages of a team, of an employer and of a worker's own, in the order people use them; no link to a missing one."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.urls import NoReverseMatch, reverse

TEAM_PAGES = (
    ("team", "Overview"),
    ("team-cases", "Cases"),
    ("team-staffing", "People and capacity"),
    ("team-supervision", "Supervision"),
    ("team-duties", "Duties"),
    ("team-checks", "Health checks"),
    ("team-surveys", "Surveys"),
    ("team-what-if", "What if"),
    ("team-history", "History"),
    ("team-over-time", "Over time"),
    ("team-report", "Report"),
)
EMPLOYER_PAGES = (
    ("overview", "Overview"),
    ("employer-report", "Report"),
    ("cycles", "Health checks"),
    ("surveys", "Surveys"),
    ("standards", "Standards"),
    ("variations", "Local variations"),
    ("schemes", "Weighting schemes"),
    ("benchmarks", "Benchmarks"),
    ("census", "Workforce census"),
    ("accounts", "Accounts"),
    ("integrations", "Integrations"),
    ("operations", "Operations"),
    ("audit", "Audit trail"),
    ("personal-data", "Personal data"),
)
RIGHTS = {
    "overview": "OVERVIEW_VIEW",
    "employer-report": "OVERVIEW_VIEW",
    "benchmarks": "OVERVIEW_VIEW",
    "census": "CENSUS_MAKE",
    "accounts": "EMPLOYER_SET_UP",
    "integrations": "EMPLOYER_SET_UP",
    "operations": "EMPLOYER_SET_UP",
    "audit": "AUDIT_READ",
    "personal-data": "PERSONAL_DATA_ANSWER",
}
"""The right that it takes to see some of the pages of an employer; every member sees the others."""
OWN_PAGES = (
    ("own-workload", "Workload"),
    ("own-supervision", "Supervision"),
    ("own-hours", "Additional hours"),
    ("own-concerns", "Concerns"),
    ("own-said", "You said, we did"),
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
