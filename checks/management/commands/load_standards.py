from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from checks.actions import standards
from checks.actions.instruments import load_shipped_instruments
from standards.actions import DifferentContentError
from standards.pack import PackError


class Command(BaseCommand):
    help = "Publish the standards and surveys that come with the product, unless they are published already."

    def handle(self, **_: object) -> None:
        try:
            loaded = standards.load_shipped_standards(at=timezone.now())
        except (PackError, DifferentContentError) as fault:
            raise CommandError(str(fault)) from fault
        surveys = load_shipped_instruments(at=timezone.now())
        for label, new in [*((one.label, new) for one, new in loaded), *((one.title, new) for one, new in surveys)]:
            self.stdout.write(f"{label}: {'published' if new else 'published already'}.")
