"""Puts a back-up in place of what is there, and proves that it is what was kept."""

import tarfile
import tempfile
from datetime import date
from pathlib import Path
from subprocess import PIPE, Popen
from typing import IO, cast

from django.core.files.base import File
from django.core.files.storage import default_storage
from django.core.management import call_command
from django.db import connection

from healthcheck import wall
from healthcheck.backups import contents, manifest
from healthcheck.backups.manifest import DUMP, FILES, BackupError, Manifest
from healthcheck.backups.programs import program, run, server_version
from teams.audit_chain import verify_all
from teams.models import SignIn

EMPTY = b"""
DROP SCHEMA public CASCADE;
CREATE SCHEMA public;
ALTER SCHEMA public OWNER TO pg_database_owner;
"""


def restore(*, folder: Path, replace: bool) -> Manifest:
    """Put a back-up into the database and the storage. Raises BackupError; the database is then as it was before.

    `replace`: data that are there may go.
    """
    told, postgres = manifest.read(folder), server_version()
    known = contents.known_migrations()
    if reason := manifest.why_not_restore(told, folder, known=known, postgres=postgres):
        raise BackupError(reason)
    if contents.is_in_use() and not replace:
        raise BackupError("There are data in this database. To put the back-up in their place, say --replace.")
    _put_rows(folder / DUMP, postgres)
    _compare_rows(told)
    call_command("migrate", interactive=False, verbosity=0)
    SignIn.objects.all().delete()
    _put_files(folder / FILES)
    _compare_scores(told)
    return told


def _put_rows(dump: Path, postgres: int) -> None:
    """Everything in one transaction: what was there goes when all of the back-up is in."""
    pg_restore, psql = (program(name, at_least=postgres) for name in ("pg_restore", "psql"))
    with connection.cursor() as cursor:
        wall.make_role_if_missing(cursor)
    connection.close()
    with tempfile.TemporaryFile() as script:
        script.write(EMPTY)
        script.flush()
        with Popen([pg_restore, "--no-owner", "--file=-", str(dump)], stdout=script, stderr=PIPE) as reading:
            said = cast("IO[bytes]", reading.stderr).read().decode(errors="replace").strip()
        if reading.returncode:
            raise BackupError(f"pg_restore failed: {said}")
        script.seek(0)
        run([psql, "--quiet", "--single-transaction", "--set=ON_ERROR_STOP=1", "--no-psqlrc"], told=script)


def _compare_rows(told: Manifest) -> None:
    if found := manifest.differences(told.rows, contents.rows()):
        raise BackupError(f"What was restored is not what was kept. {'; '.join(found)}.")


def _put_files(archive: Path) -> None:
    """Each under its own name; the storage refuses a name that leads out of it."""
    with tarfile.open(archive) as files:
        for entry in files:
            content = files.extractfile(entry)
            if content is None:
                continue
            default_storage.delete(entry.name)
            stored = default_storage.save(entry.name, File(content))
            if stored != entry.name:
                raise BackupError(f"The file {entry.name} could not be put back: the storage calls it {stored}.")


def _compare_scores(told: Manifest) -> None:
    """Every team scores what it scored, and the audit trail holds."""
    if contents.scores(as_of=date.fromisoformat(told.scored_for)) != told.scores:
        raise BackupError(
            f"The rows are those of the back-up, but teams do not score what they did on {told.scored_for}. "
            "Was the back-up made by another version of the product? Its changes of scoring are in CHANGELOG.md."
        )
    if broken := [chain.whose for chain in verify_all(None) if chain.fault]:
        raise BackupError(f"The audit trail does not hold: {', '.join(map(str, broken))}. See docs/how-to/audit.md.")
