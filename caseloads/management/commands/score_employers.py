from argparse import ArgumentParser

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from caseloads import snapshots, tasks
from teams import tenancy
from teams.waiting import wait_until


class Command(BaseCommand):
    help = "Hand every employer to the workers to be scored for today; --wait waits until every team is."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--wait", action="store_true")

    def handle(self, *, wait: bool, **_: object) -> None:
        today = timezone.localdate()
        tasks.score_every_employer.delay()
        with tenancy.of_every_employer():
            if wait and not wait_until(lambda: snapshots.everything_scored(as_of=today)):
                raise CommandError("The teams are not scored yet. Is a worker running? Look at its log.")
