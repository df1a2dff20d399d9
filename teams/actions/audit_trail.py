"""What an administrator does with the audit trail beside reading it."""

from dataclasses import asdict, dataclass
from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.text import slugify

from teams import audit
from teams.access import require_employer_wide
from teams.audit import Event
from teams.models import Employer, User
from teams.queries.audit_trail import Wanted, trail_csv
from teams.roles import Permission


@dataclass(frozen=True)
class TrailFile:
    """A file to take away."""

    name: str
    content: bytes


@transaction.atomic
def take_trail(*, employer: Employer, wanted: Wanted, by: User, at: datetime) -> TrailFile:
    """Make a file of the entries looked for. Who took it, and what was looked for, is on record."""
    require_employer_wide(by, Permission.AUDIT_READ, employer=employer)
    text, rows = trail_csv(employer, wanted)
    asked = {name: str(value) for name, value in asdict(wanted).items() if value}
    audit.record(
        Event.AUDIT_TAKEN, employer=employer, target=employer, by=by, at=at, detail={"rows": rows, "filter": asked}
    )
    name = f"audit-trail-{slugify(employer.name)}-{timezone.localdate(at):%Y-%m-%d}.csv"
    return TrailFile(name, text.encode("utf-8-sig"))
