from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from checks.actions import standards
from standards.actions import DifferentContentError
from standards.pack import PackError


class Command(BaseCommand):
    help = "Publish the standards packs that come with the product, unless they are published already."

    def handle(self, **_: object) -> None:
        try:
            loaded = standards.load_shipped_standards(at=timezone.now())
        except (PackError, DifferentContentError) as fault:
            raise CommandError(str(fault)) from fault
        for pack, new in loaded:
            self.stdout.write(f"{pack.label}: {'published' if new else 'published already'}.")
