"""Files that no row speaks of go; all others stay."""

import os
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.db import models

from reports import rendering, stray_files
from reports.actions import request_report
from reports.tasks import clear_stray_files
from tests.cast import AT, TODAY, Cast
from tests.integration.caseloads.test_import_running import looked_at


@pytest.fixture(autouse=True)
def media(settings: Any, tmp_path: Path) -> Path:
    settings.MEDIA_ROOT = tmp_path
    return tmp_path


def left(media: Path, name: str, *, hours: int) -> Path:
    path = media / name
    path.parent.mkdir(exist_ok=True)
    path.write_text("left behind")
    moment = (datetime.now(UTC) - timedelta(hours=hours)).timestamp()  # noqa: TID251 - the clock of the storage
    os.utime(path, (moment, moment))
    return path


def test_what_nobody_speaks_of_goes_after_a_day(cast: Cast, media: Path) -> None:
    run = request_report(team=cast.team, as_of=TODAY, by=cast.ben, at=AT)
    rendering.render(run_id=run.pk, clock=lambda: AT)
    looked_at(cast)
    own = {path for path in media.rglob("*") if path.is_file()}
    for path in own:
        os.utime(path, (0, 0))
    young = left(media, "reports/9_x7.pdf", hours=23)
    strays = [left(media, name, hours=25) for name in ("reports/9.pdf", "imports/left.csv", "evidence/minutes.pdf")]
    clear_stray_files()
    assert {path for path in media.rglob("*") if path.is_file()} == {*own, young}
    assert len(own) == 2
    assert not any(path.exists() for path in strays)


def test_a_storage_with_nothing_in_it_is_fine(cast: Cast) -> None:
    assert stray_files.clear_away(at=AT) == 0


def test_every_model_that_holds_files_is_looked_at() -> None:
    holders = {
        model
        for model in apps.get_models()
        if any(isinstance(field, models.FileField) for field in model._meta.concrete_fields)
    }
    assert holders == set(stray_files.HOLDERS)
