"""`manage.py import_caseload FILES… --employer SLUG --preset annex_a|ssd|plain`: the upload page without a browser."""

import json
from argparse import ArgumentParser
from contextlib import ExitStack
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from caseloads.actions.imports import import_caseload, preview_caseload
from caseloads.importing import Files, Outcome, Upload, stored_counts
from caseloads.intake.records import Refused
from caseloads.models import ImportRun
from caseloads.queries.imports import employer_named, why_nothing
from teams import tenancy
from teams.refusals import NotAllowed

_SHOWN = 10
_ENDINGS = (".csv", ".txt", ".tsv", ".xlsx", ".xlsm", ".xlsb", ".xls", ".ods")


class Command(BaseCommand):
    help = "Import a caseload: an Ofsted Annex A workbook, a Standard Safeguarding Dataset, or plain lists."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "files",
            nargs="*",
            type=Path,
            help="The case list; may be left out with --staff. With --preset ssd: a folder, or a file for each table.",
        )
        parser.add_argument("--employer", required=True, help="The employer's short name, as in its addresses.")
        parser.add_argument("--preset", choices=ImportRun.Preset.values, default=ImportRun.Preset.PLAIN.value)
        parser.add_argument("--staff", type=Path, help="The staff list: hours, stages and registration.")
        parser.add_argument("--as-of", help="The day the file describes, as 2026-03-31; today if left out.")
        parser.add_argument("--dry-run", action="store_true", help="Say what would change and change nothing.")
        parser.add_argument("--json", action="store_true", help="Print one JSON object.")

    def handle(self, *_: object, **options: Any) -> None:
        with tenancy.by(tenancy.By.SLUG, options["employer"]):
            self.carry_out(options)

    def carry_out(self, options: dict[str, Any]) -> None:
        employer = employer_named(options["employer"])
        if employer is None:
            raise CommandError(f"There is no employer “{options['employer']}”.")
        act = _look if options["dry_run"] else _import
        with ExitStack() as opened:
            staff = _upload(options["staff"], opened) if options["staff"] else None
            files = Files([_upload(path, opened) for path in _paths(options["files"], options["preset"])], staff)
            try:
                outcome = act(
                    employer=employer,
                    preset=ImportRun.Preset(options["preset"]),
                    files=files,
                    as_of=_day(options["as_of"]),
                )
            except (Refused, NotAllowed) as sentence:
                raise CommandError(str(sentence)) from sentence
        self.stdout.write(_as_json(outcome) if options["json"] else _as_text(outcome, dry_run=options["dry_run"]))


def _look(**what: Any) -> Outcome:
    return preview_caseload(**what, by=None)


def _import(**what: Any) -> Outcome:
    return import_caseload(**what, by=None, at=timezone.now())


def _day(text: str | None) -> date:
    try:
        return date.fromisoformat(text) if text else timezone.localdate()
    except ValueError as error:
        raise CommandError(f"“{text}” is not a day written like 2026-03-31.") from error


def _paths(chosen: list[Path], preset: str) -> list[Path]:
    """The files to read: those of a folder too, where the kind of file comes in several."""
    if preset != ImportRun.Preset.SSD:
        if len(chosen) > 1:
            raise CommandError("Give one case list; only --preset ssd comes in several files.")
        return chosen
    inside = [
        sorted(file for file in path.iterdir() if file.suffix.lower() in _ENDINGS) for path in chosen if path.is_dir()
    ]
    return [path for path in chosen if not path.is_dir()] + [file for files in inside for file in files]


def _upload(path: Path, opened: ExitStack) -> Upload:
    try:
        return Upload(path.name, opened.enter_context(path.open("rb")))
    except OSError as error:
        raise CommandError(f"“{path}” cannot be opened: {error.strerror}.") from error


def _as_json(outcome: Outcome) -> str:
    said = asdict(outcome.counts) | {
        "problems": outcome.problems,
        "notes": list(outcome.reading.intake.notes),
        "changes": asdict(outcome.summary),
    }
    return json.dumps(said, ensure_ascii=False)


def _as_text(outcome: Outcome, *, dry_run: bool) -> str:
    counts, summary = outcome.counts, outcome.summary
    parts = f"{counts.cases} cases + {counts.merged} merged + {counts.closed} closed + {counts.quarantined} set aside"
    lines = [
        f"{outcome.reading.name}: {counts.rows} rows = {parts}",
        f"workers: {counts.workers}, teams: {counts.teams}, cases unallocated: {counts.unallocated}",
        *outcome.reading.intake.notes,
    ]
    lines += ["{sheet}, row {row}, {column}: {reason}".format(**problem) for problem in outcome.problems[:_SHOWN]]
    if len(outcome.problems) > _SHOWN:
        lines.append(f"… and {len(outcome.problems) - _SHOWN} more rows set aside")
    if summary.nothing():
        lines.append(why_nothing(stored_counts(outcome)))
    else:
        changed = {name.replace("_", " "): number for name, number in asdict(summary).items() if number}
        would = "Would change" if dry_run else "Changed"
        lines.append(f"{would}: " + ", ".join(f"{name} {number}" for name, number in changed.items()))
    return "\n".join(lines)
