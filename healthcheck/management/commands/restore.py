from argparse import ArgumentParser
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from healthcheck.backups import restoring
from healthcheck.backups.manifest import BackupError


class Command(BaseCommand):
    help = "Put a back-up into the database and the storage, and compare rows, scores and the audit trail with it."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("folder", type=Path, metavar="BACKUP", help="the folder that backup named")
        parser.add_argument("--replace", action="store_true", help="data that are in this database may go")

    def handle(self, *, folder: Path, replace: bool, **_: object) -> None:
        try:
            told = restoring.restore(folder=folder, replace=replace)
        except BackupError as sentence:
            raise CommandError(str(sentence)) from sentence
        self.stdout.write(
            f"Restored the back-up of {told.made_at}: {sum(told.rows.values())} rows and {told.files} files are as "
            f"they were, every team scores what it did on {told.scored_for}, and the audit trail holds. "
            "Everybody signs in again."
        )
