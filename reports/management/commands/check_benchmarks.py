"""Works the published rates out again. The database is not touched."""

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from reports.benchmark_checking import as_json, as_text
from reports.benchmark_loading import read_file
from reports.published import FileError


class Command(BaseCommand):
    help = "Work out every published rate of a file from the figures beside it, and list the rows that differ."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", nargs="?", help="the published CSV file; without one, what comes with the product")
        parser.add_argument("--json", action="store_true", help="print one JSON object")

    def handle(self, *, file: str | None, **options: Any) -> None:
        try:
            found = read_file(file)
        except FileError as fault:
            raise CommandError(str(fault)) from fault
        self.stdout.write(
            json.dumps(as_json(found), ensure_ascii=False, indent=2) if options["json"] else as_text(found)
        )
