"""Scores a scenario file without touching the database: for worked examples, and for anyone who doubts a number."""

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError


class Command(BaseCommand):
    help = "Score a scheme, workers and cases described in a YAML file (docs/scenario.md). The database is not touched."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", help="the scenario, such as docs/examples/scheme-a.yaml")
        parser.add_argument("--json", action="store_true", help="print one JSON object")

    def handle(self, *, file: str, **options: Any) -> None:
        from caseloads.scenario_file import FileError, score_file  # noqa: PLC0415 - pandas, only when it is needed
        from caseloads.scenario_output import as_text  # noqa: PLC0415

        try:
            found = score_file(file)
        except FileError as error:
            raise CommandError(str(error)) from error
        self.stdout.write(json.dumps(found, ensure_ascii=False, indent=2) if options["json"] else as_text(found))
