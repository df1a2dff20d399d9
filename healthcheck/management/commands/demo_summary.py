import json
from argparse import ArgumentParser
from dataclasses import asdict

from django.core.management.base import BaseCommand
from django.utils import timezone

from healthcheck.demo.summary import summary
from teams import tenancy


class Command(BaseCommand):
    help = "What the demo came to: teams, workers, cases, red flags and the newest report."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--json", action="store_true")

    def handle(self, *, json: bool, **_: object) -> None:
        with tenancy.of_every_employer():
            found = asdict(summary(as_of=timezone.localdate()))
        self.stdout.write(dumps(found) if json else "\n".join(f"{name}: {value}" for name, value in found.items()))


dumps = json.dumps
