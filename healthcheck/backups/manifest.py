"""What a back-up says of itself, and why one may not be restored. Pure: no database, no clock."""

import hashlib
import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

FORMAT = 1
NAME, DUMP, FILES = "manifest.json", "database.dump", "files.tar"


class BackupError(Exception):
    """One sentence that says why there is no back-up, or no restoring it."""


@dataclass(frozen=True)
class Manifest:
    """Migrations by app, in their order; rows by table; and a digest of what every team scores on a day."""

    format: int
    product: str
    postgres: int
    made_at: str
    migrations: Mapping[str, Sequence[str]]
    rows: Mapping[str, int]
    scored_for: str
    scores: str
    files: int
    sha256: Mapping[str, str]

    def as_json(self) -> str:
        return json.dumps(asdict(self), indent=2, sort_keys=True) + "\n"


def digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def read(folder: Path) -> Manifest:
    """The manifest of a back-up. Raises BackupError."""
    try:
        told = json.loads((folder / NAME).read_text())
    except FileNotFoundError:
        raise BackupError(
            f"{folder} is no back-up: it has no {NAME}. One that ends in .part was not finished."
        ) from None
    except (OSError, ValueError) as error:
        raise BackupError(f"{folder / NAME} cannot be read: {error}.") from error
    if not isinstance(told, dict) or not isinstance(told.get("format"), int):
        raise BackupError(f"{folder / NAME} is not the manifest of a back-up.")
    if told["format"] > FORMAT:
        raise BackupError(
            f"This back-up was made by a newer version of the product ({told.get('product')}). Install that one first."
        )
    try:
        return Manifest(**told)
    except TypeError as error:
        raise BackupError(f"{folder / NAME} is not whole: {error}.") from error


def why_not_restore(
    manifest: Manifest, folder: Path, *, known: Mapping[str, Collection[str]], postgres: int
) -> str | None:
    """Why a back-up may not be restored by this version of the product into this server; None: it may."""
    newer = [
        f"{app}.{name}"
        for app, names in manifest.migrations.items()
        for name in names
        if name not in known.get(app, ())
    ]
    if newer:
        return (
            f"This back-up was made by a newer version of the product ({manifest.product}): it has the migration "
            f"{newer[0]}, which this one does not know. Install that version first."
        )
    if manifest.postgres > postgres:
        return (
            f"This back-up is of PostgreSQL {manifest.postgres} and this server is PostgreSQL {postgres}: "
            "restore it into a server that is as new."
        )
    return damage(manifest, folder)


def damage(manifest: Manifest, folder: Path) -> str | None:
    """What is missing from a back-up, or is not as it was written."""
    for name, expected in manifest.sha256.items():
        if not (folder / name).is_file():
            return f"This back-up is not whole: {name} is missing."
        if digest(folder / name) != expected:
            return f"This back-up is damaged: {name} is not as it was written. Take another."
    return None


def differences(wanted: Mapping[str, int], found: Mapping[str, int]) -> list[str]:
    """Tables that have other numbers of rows than they should."""
    return [
        f"{table}: {found.get(table)} rows, not {rows}" for table, rows in wanted.items() if found.get(table) != rows
    ]
