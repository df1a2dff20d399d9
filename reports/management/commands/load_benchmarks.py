from argparse import ArgumentParser

from django.core.management.base import BaseCommand, CommandError

from reports import benchmark_loading
from reports.published import FileError


class Command(BaseCommand):
    help = "Load the published figures that employers are set beside: those that come with the product, or a file's."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", nargs="?", help="the published CSV file with its local authorities")

    def handle(self, *, file: str | None, **_: object) -> None:
        try:
            loaded = benchmark_loading.load(benchmark_loading.read_file(file))
        except FileError as fault:
            raise CommandError(str(fault)) from fault
        self.stdout.write(f"Published figures: {loaded.new} new, {loaded.changed} changed, {loaded.same} as they were.")
