from argparse import ArgumentParser

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from reports import retention
from teams import tenancy
from teams.refusals import NotAllowed


class Command(BaseCommand):
    help = "List what is older than its period, by table and employer; with --apply, delete it."

    def add_arguments(self, parser: ArgumentParser) -> None:
        how = parser.add_mutually_exclusive_group()
        how.add_argument("--dry-run", action="store_true", help="list only; this is what happens without --apply")
        how.add_argument("--apply", action="store_true", help="delete what is listed; it cannot be undone")
        parser.add_argument("--employer", metavar="SLUG", help="one employer; without it, all")

    def handle(self, *, apply: bool, employer: str | None, **_: object) -> None:
        try:
            with tenancy.of_every_employer():
                found = retention.carry_out(apply=apply, slug=employer, at=timezone.now())
        except NotAllowed as reason:
            raise CommandError(str(reason)) from reason
        self.stdout.writelines(f"{line}\n" for line in retention.in_words(found))
        if not found:
            self.stdout.write("Nothing is older than its period.")
        elif not apply:
            self.stdout.write("Nothing was deleted. Run it with --apply to delete these rows.")
