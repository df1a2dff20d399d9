from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.exceptions import PermissionDenied
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from checks.actions.instruments import load_files
from checks.instrument_csv import Heading
from checks.instrument_files import InstrumentError, code_of
from teams import tenancy
from teams.refusals import NotAllowed


class Command(BaseCommand):
    help = "Load a survey of an employer's own from a CSV file; docs/surveys.md describes its columns."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--employer", required=True, help="its slug")
        parser.add_argument("--by", required=True, help="user name of the principal social worker who loads it")
        for name in ("title", "source", "licence"):
            parser.add_argument(f"--{name}", required=True)
        parser.add_argument("--of-version", default="1")
        parser.add_argument("--benchmarks", type=Path, help="CSV of scores to compare with")
        parser.add_argument("--label", default="", help="whose scores they are, and of when")

    def handle(self, **given: Any) -> None:
        heading = Heading(
            code_of(given["title"]), given["of_version"], given["title"], given["source"], given["licence"]
        )
        try:
            with tenancy.by(tenancy.By.SLUG, given["employer"]):
                row = load_files(
                    slug=given["employer"],
                    username=given["by"],
                    heading=heading,
                    items=given["file"].read_text(encoding="utf-8-sig"),
                    benchmarks=given["benchmarks"].read_text(encoding="utf-8-sig") if given["benchmarks"] else "",
                    label=given["label"],
                    at=timezone.now(),
                )
        except InstrumentError as error:
            raise CommandError("\n".join(error.faults)) from error
        except (NotAllowed, PermissionDenied, OSError, UnicodeDecodeError) as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"{row} can now be asked.")
