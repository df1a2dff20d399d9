"""The demo's past: its teams as scoring and measuring would have found them on days of the last twelve months."""

from datetime import date, datetime, timedelta

from caseloads import snapshots
from checks import finding_keeping
from teams.models import Employer

FORTNIGHTS = 24
MEASURED = 6
CLOSE = (24, 20, 16, 12, 8, 4)


def load_history(employer: Employer, *, as_of: date, at: datetime) -> None:
    """Score every fourth day of the last four weeks, so that a long overload is told, and fortnights before."""
    for ago in (*(28 + 14 * number for number in range(FORTNIGHTS, -1, -1)), *CLOSE):
        back = timedelta(days=ago)
        snapshots.score_employer(employer_id=employer.pk, as_of=as_of - back, at=at - back)


def load_findings(employer: Employer, *, as_of: date, at: datetime) -> None:
    """Measure the last scored day of each of the last six months: more would keep whoever starts the demo waiting."""
    days = [28 + 14 * number for number in range(FORTNIGHTS, -1, -1)] + list(CLOSE)
    last = {(as_of - timedelta(days=ago)).replace(day=1): timedelta(days=ago) for ago in days}
    for back in list(last.values())[-MEASURED:]:
        finding_keeping.keep_findings(employer_id=employer.pk, as_of=as_of - back, at=at - back)
