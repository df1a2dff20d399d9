from argparse import ArgumentParser

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from reports import actions, queries
from teams.waiting import wait_until


class Command(BaseCommand):
    help = "Ask the workers for a team's health-check report as a PDF, and print where it is; --wait waits for it."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--employer", metavar="SLUG", help="without it, any employer's")
        parser.add_argument("--team", metavar="NAME", help="without it, the team with the most open cases")
        parser.add_argument("--wait", action="store_true")

    def handle(self, *, employer: str | None, team: str | None, wait: bool, **_: object) -> None:
        found = queries.find_team_named(employer, team)
        if found is None:
            raise CommandError("There is no such team. Name the employer by its slug and the team by its full name.")
        run = actions.request_report(team=found, as_of=timezone.localdate(), by=None, at=timezone.now())
        if wait and not wait_until(lambda: queries.is_finished(run)):
            raise CommandError("The report is not ready yet. Is a worker running? Look at its log.")
        if run.error:
            raise CommandError(run.error)
        self.stdout.write(run.pdf.path if run.pdf else f"Asked for report {run.public_id} of {found}.")
