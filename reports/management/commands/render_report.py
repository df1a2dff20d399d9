import shutil
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from reports import actions, rendering
from reports.models import ReportRun
from reports.queries import runs
from teams import tenancy
from teams.waiting import wait_until


class Command(BaseCommand):
    help = "Make a team's health-check report of today as a PDF and print where it is; no worker is needed."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--employer", metavar="SLUG", help="without it, any employer's")
        parser.add_argument("--team", metavar="NAME", help="without it, the team with the most open cases")
        parser.add_argument("--output", type=Path, metavar="FILE", help="also copy the PDF to this file")
        parser.add_argument("--by-worker", action="store_true", help="leave the drawing to a worker, and wait for it")

    def handle(self, *, employer: str | None, **options: Any) -> None:
        with tenancy.by(tenancy.By.SLUG, employer) if employer else tenancy.of_every_employer():
            self.carry_out(employer, **options)

    def carry_out(
        self, employer: str | None, *, team: str | None, output: Path | None, by_worker: bool, **_: object
    ) -> None:
        found = runs.find_team_named(employer, team)
        if found is None:
            raise CommandError("There is no such team. Name the employer by its slug and the team by its full name.")
        run = actions.request_report(team=found, as_of=timezone.localdate(), by=None, at=timezone.now())
        if not by_worker:
            draw_here(run)
        if not wait_until(lambda: runs.is_finished(run)):
            raise CommandError("The report is not ready yet. Is a worker running? Look at its log.")
        if run.error:
            raise CommandError(run.error)
        if output is not None:
            shutil.copyfile(run.file.path, output)
        self.stdout.write(str(output or run.file.path))


def draw_here(run: ReportRun) -> None:
    """Draw it in this process, unless a worker was quicker."""
    try:
        rendering.render(run_id=run.pk, clock=timezone.now)
    except Exception as fault:
        raise CommandError(f"The report could not be made: {fault}") from fault
