"""Makes a back-up while people work: one moment of the database, then the files that it speaks of."""

import contextlib
import os
import shutil
import tarfile
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

from django.core.files.storage import default_storage
from django.db import connection, transaction
from django.utils import timezone

from healthcheck.backups import contents
from healthcheck.backups.manifest import DUMP, FILES, FORMAT, NAME, BackupError, Manifest, digest
from healthcheck.backups.programs import program, run, server_version


def make(*, folder: Path, at: datetime) -> Path:
    """Write a back-up into a folder of its own inside `folder`, and return it. Half of one never bears its name.

    Raises BackupError with a sentence.
    """
    name = f"team-health-check-{timezone.localtime(at):%Y-%m-%dT%H-%M-%S}"
    part, whole = folder / f"{name}.part", folder / name
    with _written_whole(part, whole):
        described = _dump(part / DUMP, at=at)
        files = _keep_files(part / FILES)
        sha256 = {name: digest(part / name) for name in (DUMP, FILES)}
        manifest = Manifest(format=FORMAT, made_at=at.isoformat(), files=files, sha256=sha256, **described)
        (part / NAME).write_text(manifest.as_json())
    return whole


@contextlib.contextmanager
def _written_whole(part: Path, whole: Path) -> Iterator[None]:
    """A folder that gets its name when everything in it is on the disk, or is gone again."""
    try:
        part.mkdir(mode=0o700, parents=True)
        try:
            yield
            for path in (*part.iterdir(), part):
                _settle(path)
            part.rename(whole)
            _settle(whole.parent)
        except BaseException:
            shutil.rmtree(part, ignore_errors=True)
            raise
    except OSError as error:
        raise BackupError(f"The back-up was not made: {error.strerror or error} ({part}).") from error


def _settle(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _dump(place: Path, *, at: datetime) -> dict[str, Any]:
    """The database of one moment, and what a manifest says of that same moment."""
    postgres, day = server_version(), timezone.localdate(at)
    pg_dump = program("pg_dump", at_least=postgres)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        cursor.execute("SELECT pg_export_snapshot()")
        run([pg_dump, "--format=custom", "--no-owner", f"--snapshot={cursor.fetchone()[0]}", f"--file={place}"])
        place.chmod(0o600)
        return {
            "product": contents.product(),
            "postgres": postgres,
            "migrations": contents.migrations(),
            "rows": contents.rows(),
            "scored_for": day.isoformat(),
            "scores": contents.scores(as_of=day),
        }


def _keep_files(place: Path) -> int:
    """Reports, evidence and files of imports, from wherever they are stored; return how many. Later than the rows are
    read: a file that came in between belongs to no row, and none that a row speaks of is missed unless it was deleted.
    """
    count = 0
    with place.open("xb") as opened, tarfile.open(fileobj=opened, mode="w") as archive:
        place.chmod(0o600)
        for name in _names(""):
            with contextlib.suppress(FileNotFoundError), default_storage.open(name) as file:
                entry = tarfile.TarInfo(name)
                entry.size = file.size
                archive.addfile(entry, file)
                count += 1
    return count


def _names(folder: str) -> Iterator[str]:
    try:
        folders, files = default_storage.listdir(folder)
    except FileNotFoundError:
        return
    yield from (os.path.join(folder, name) for name in sorted(files))  # noqa: PTH118 - names of a storage, not paths
    for name in sorted(folders):
        yield from _names(os.path.join(folder, name))  # noqa: PTH118
