"""What runs here, and how much room it takes."""

import os
import platform
import shutil
from dataclasses import dataclass
from pathlib import Path

from django.apps import apps
from django.conf import settings
from django.core.files.storage import FileSystemStorage, default_storage
from django.db import connection

_DATABASE = "SELECT current_setting('server_version'), pg_database_size(current_database())"
_MIGRATIONS = "SELECT app, max(name) FROM django_migrations WHERE app = ANY (%s) GROUP BY app ORDER BY app"


@dataclass(frozen=True)
class Standing:
    """Versions, and bytes. `media` and `free` are None where files are kept by another service."""

    application: str
    python: str
    postgresql: str
    migrations: list[tuple[str, str]]
    database: int
    media: int | None
    free: int | None


def standing() -> Standing:
    ours = [one.label for one in apps.get_app_configs() if Path(one.path).parent == settings.BASE_DIR]
    with connection.cursor() as cursor:
        cursor.execute(_DATABASE)
        postgresql, database = cursor.fetchone()
        cursor.execute(_MIGRATIONS, [ours])
        migrations = cursor.fetchall()
    media = Path(default_storage.path("")) if isinstance(default_storage, FileSystemStorage) else None
    return Standing(
        application=settings.VERSION,
        python=platform.python_version(),
        postgresql=postgresql.split()[0],
        migrations=migrations,
        database=database,
        media=_size(media) if media else None,
        free=shutil.disk_usage(_there(media)).free if media else None,
    )


def _size(folder: Path) -> int:
    """Bytes of the files below a folder; of none, where it is not there yet."""
    if not folder.is_dir():
        return 0
    with os.scandir(folder) as entries:
        return sum(_size(Path(one.path)) if one.is_dir() else one.stat().st_size for one in entries)


def _there(folder: Path) -> Path:
    return next(one for one in (folder, *folder.parents) if one.is_dir())
