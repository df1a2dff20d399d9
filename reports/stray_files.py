"""Files that no row speaks of: left where a worker died, or a disk was full, between a file and its row.

They would outlast every period of retention, and lists of cases are among them.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta

from django.core.files.storage import default_storage
from django.db import models

from caseloads.models import ImportFile
from checks.models import Evidence
from reports.models import ReportRun

KEPT = timedelta(days=1)
"""A file is stored before its row is: what is younger may be somebody's who is saving it just now."""
HOLDERS: tuple[type[models.Model], ...] = (ReportRun, ImportFile, Evidence)


def clear_away(*, at: datetime) -> int:
    """Delete files that no row speaks of; return how many."""
    strays = [name for model in HOLDERS for name in _strays(model, at)]
    for name in strays:
        default_storage.delete(name)
    return len(strays)


def _strays(model: type[models.Model], at: datetime) -> Iterator[str]:
    folder = str(model._meta.get_field("file").upload_to)  # type: ignore[union-attr]  # noqa: SLF001
    try:
        stored = [f"{folder}{name}" for name in default_storage.listdir(folder)[1]]
    except FileNotFoundError:
        return
    named = set(model._default_manager.values_list("file", flat=True))  # noqa: SLF001
    for name in stored:
        if name not in named and default_storage.get_modified_time(name) < at - KEPT:
            yield name
