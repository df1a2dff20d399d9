"""Who does something, when, from which form, and from which state of the row."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.utils import timezone

from teams.models import User


@dataclass(frozen=True)
class Doing:
    """Who acts, when, from which form, and from which step or revision of the row; None: no form was filled in."""

    by: User
    at: datetime
    once: UUID | None = None
    seen: int | None = None

    @property
    def day(self) -> date:
        return timezone.localdate(self.at)
