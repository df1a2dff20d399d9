from argparse import ArgumentParser
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from healthcheck.backups import making
from healthcheck.backups.manifest import BackupError


class Command(BaseCommand):
    help = "Write database and files into a new folder inside FOLDER, with a manifest that proves them."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("folder", type=Path, metavar="FOLDER")

    def handle(self, *, folder: Path, **_: object) -> None:
        try:
            made = making.make(folder=folder, at=timezone.now())
        except BackupError as sentence:
            raise CommandError(str(sentence)) from sentence
        self.stdout.write(str(made))
