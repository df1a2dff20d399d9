from typing import Any

from django.conf import settings
from django.core.management.commands import migrate

from healthcheck import wall


class Command(migrate.Command):
    """Django's own, and then the second wall around what it made."""

    def handle(self, *words: Any, **options: Any) -> None:
        super().handle(*words, **options)
        if not (options["plan"] or options["check_unapplied"]):
            wall.put_up(password=settings.APPLICATION_PASSWORD)
