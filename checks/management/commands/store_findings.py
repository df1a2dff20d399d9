"""Stores the findings of every team that was scored today since they were last stored."""

from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from checks import finding_keeping
from teams import tenancy


class Command(BaseCommand):
    help = "Measures every team that was scored today, and stores what its standards come to. Again does no harm."

    def handle(self, **_: Any) -> None:
        with tenancy.of_every_employer():
            stored = finding_keeping.keep_all(as_of=timezone.localdate(), at=timezone.now())
        self.stdout.write(f"Findings stored for {stored} team{'' if stored == 1 else 's'}.")
