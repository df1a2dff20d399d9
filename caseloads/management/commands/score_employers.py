import time
from argparse import ArgumentParser

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from caseloads import snapshots, tasks

LONGEST_WAIT = 120
BETWEEN_LOOKS = 0.05


class Command(BaseCommand):
    help = "Hand every employer to the workers to be scored for today; --wait waits until every team is."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--wait", action="store_true")

    def handle(self, *, wait: bool, **_: object) -> None:
        tasks.score_every_employer.delay()
        until = time.monotonic() + LONGEST_WAIT
        while wait and not snapshots.everything_scored(as_of=timezone.localdate()):
            if time.monotonic() > until:
                raise CommandError("The teams are not scored yet. Is a worker running? Look at its log.")
            time.sleep(BETWEEN_LOOKS)
