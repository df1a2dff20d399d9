"""A rehearsal: back up what people made, restore it into a new database, and find everything as it was."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import psycopg2
import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import connection
from psycopg2 import errors

from healthcheck import embedded
from healthcheck.backups import contents
from teams.models import SignIn
from tests.cast import TODAY, Cast, assemble

ROOT = Path(__file__).resolve().parents[3]
NEW = "restored"
Answer = subprocess.CompletedProcess[str]


@pytest.fixture
def media(settings: Any, tmp_path: Path) -> Path:
    settings.MEDIA_ROOT = str(tmp_path / "var" / "media")
    return tmp_path / "var" / "media"


@pytest.fixture
def council(transactional_db: None, media: Path) -> Cast:
    cast = assemble()
    default_storage.save("evidence/minutes.pdf", ContentFile(b"Minutes of a meeting"))
    default_storage.save("reports/7.pdf", ContentFile(b"A report"))
    return cast


@pytest.fixture
def manage(media: Path, tmp_path: Path) -> Callable[..., Answer]:
    """A command of manage.py on the database of the test, or on another one; it has its own folder of files."""

    def run(*words: str, database: str = "", user: str = embedded.OWNER) -> Answer:
        name = database or str(connection.settings_dict["NAME"])
        server = os.environ["DATABASE_URL"].rsplit("/", 1)[0].replace(f"//{embedded.OWNER}@", f"//{user}@")
        var = tmp_path / (database or "var")
        var.mkdir(exist_ok=True)
        environment = os.environ | {"DATABASE_URL": f"{server}/{name}", "HEALTHCHECK_VAR": str(var)}
        return subprocess.run(
            [sys.executable, "manage.py", *words],
            cwd=ROOT,
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )

    return run


@pytest.fixture
def new_database(council: Cast) -> Iterator[str]:
    """A database with nothing in it; gives how to speak to it as the application."""
    with connection.cursor() as cursor:
        cursor.execute(f"DROP DATABASE IF EXISTS {NEW} WITH (FORCE)")
        cursor.execute(f"CREATE DATABASE {NEW}")
    told = connection.settings_dict
    yield f"host={told['HOST']} dbname={NEW} user={embedded.APPLICATION}"
    with connection.cursor() as cursor:
        cursor.execute(f"DROP DATABASE {NEW} WITH (FORCE)")


def backed_up(manage: Callable[..., Answer], folder: Path) -> Path:
    answer = manage("backup", str(folder))
    assert answer.returncode == 0, answer.stderr
    return Path(answer.stdout.strip())


def test_rehearsal(council: Cast, new_database: str, manage: Callable[..., Answer], tmp_path: Path) -> None:
    made = backed_up(manage, tmp_path / "backups")
    told = json.loads((made / "manifest.json").read_text())
    assert told["rows"] == contents.rows()
    assert [path.name for path in made.parent.iterdir()] == [made.name]
    assert {path.stat().st_mode & 0o077 for path in (made, made / "database.dump", made / "files.tar")} == {0}
    for words in ([], ["--replace"]):  # into nothing, and over what was restored
        answer = manage("restore", str(made), *words, database=NEW)
        assert answer.returncode == 0, answer.stderr
        assert "every team scores what it did" in answer.stdout
        assert "the audit trail holds" in answer.stdout
    assert (tmp_path / NEW / "media" / "evidence" / "minutes.pdf").read_bytes() == b"Minutes of a meeting"
    assert the_wall_stands(new_database, council)
    assert the_triggers_stand(new_database)
    again = manage("backup", str(tmp_path / "again"), database=NEW)
    assert again.returncode == 0, again.stderr
    second = json.loads((Path(again.stdout.strip()) / "manifest.json").read_text())
    assert (second["rows"], second["migrations"], second["files"]) == (told["rows"], told["migrations"], told["files"])


def the_wall_stands(address: str, cast: Cast) -> bool:
    """Whether the application sees nobody's rows, and then one employer's."""
    line = psycopg2.connect(address)
    with line, line.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM teams_team")
        nobody = cursor.fetchone()
        cursor.execute("SELECT set_config('healthcheck.employers', %s, false)", [f"{{{cast.employer.pk}}}"])
        cursor.execute("SELECT count(*) FROM teams_team")
        own = cursor.fetchone()
    line.close()
    return (nobody, own) == ((0,), (2,))


def the_triggers_stand(address: str) -> bool:
    """Whether the audit trail refuses to be changed, by its owner too."""
    line = psycopg2.connect(address.replace(embedded.APPLICATION, embedded.OWNER))
    try:
        with line, line.cursor() as cursor:
            cursor.execute("DELETE FROM teams_auditentry")
    except errors.RaiseException:
        return True
    finally:
        line.close()
    return False


def test_whoever_was_signed_in_signs_in_again(
    council: Cast, new_database: str, manage: Callable[..., Answer], tmp_path: Path, client: Any
) -> None:
    client.force_login(council.ben)
    assert SignIn.objects.exists()
    made = backed_up(manage, tmp_path)
    assert manage("restore", str(made), database=NEW).returncode == 0
    line = psycopg2.connect(new_database.replace(embedded.APPLICATION, embedded.OWNER))
    with line, line.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM teams_signin")
        assert cursor.fetchone() == (0,)
    line.close()


def test_data_are_replaced_only_when_that_is_said(council: Cast, manage: Callable[..., Answer], tmp_path: Path) -> None:
    made = backed_up(manage, tmp_path)
    answer = manage("restore", str(made))
    assert answer.returncode == 1
    assert "There are data in this database" in answer.stderr
    assert contents.is_in_use()


def test_a_damaged_backup_changes_nothing(council: Cast, manage: Callable[..., Answer], tmp_path: Path) -> None:
    made = backed_up(manage, tmp_path)
    whole = (made / "database.dump").read_bytes()
    (made / "database.dump").write_bytes(whole[:-1] + bytes([whole[-1] ^ 1]))
    before, scores = contents.rows(), contents.scores(as_of=TODAY)
    answer = manage("restore", str(made), "--replace")
    assert "This back-up is damaged: database.dump" in answer.stderr
    assert (contents.rows(), contents.scores(as_of=TODAY)) == (before, scores)


def test_rows_that_do_not_go_in_leave_what_was_there(
    council: Cast, manage: Callable[..., Answer], tmp_path: Path
) -> None:
    """A dump that is no dump, though its manifest says that it is as it was written."""
    made = backed_up(manage, tmp_path)
    before = contents.rows()
    (made / "database.dump").write_bytes(b"PGDMP and then nothing")
    rewrite(made)
    answer = manage("restore", str(made), "--replace")
    assert answer.returncode == 1
    assert "pg_restore failed" in answer.stderr
    assert contents.rows() == before
    told = connection.settings_dict
    assert the_wall_stands(f"host={told['HOST']} dbname={told['NAME']} user={embedded.APPLICATION}", council)


def test_other_rows_than_were_kept_are_said(council: Cast, manage: Callable[..., Answer], tmp_path: Path) -> None:
    made = backed_up(manage, tmp_path)
    told = json.loads((made / "manifest.json").read_text())
    told["rows"]["teams_team"] += 1
    (made / "manifest.json").write_text(json.dumps(told))
    answer = manage("restore", str(made), "--replace")
    assert "teams_team: 3 rows, not 4" in answer.stderr


def test_other_scores_than_were_kept_are_said(council: Cast, manage: Callable[..., Answer], tmp_path: Path) -> None:
    made = backed_up(manage, tmp_path)
    told = json.loads((made / "manifest.json").read_text())
    (made / "manifest.json").write_text(json.dumps(told | {"scores": "0" * 64}))
    answer = manage("restore", str(made), "--replace")
    assert "teams do not score what they did" in answer.stderr


def rewrite(made: Path) -> None:
    from healthcheck.backups.manifest import digest  # noqa: PLC0415

    told = json.loads((made / "manifest.json").read_text())
    told["sha256"] = {name: digest(made / name) for name in told["sha256"]}
    (made / "manifest.json").write_text(json.dumps(told))


def test_only_the_owner_can(council: Cast, manage: Callable[..., Answer], tmp_path: Path) -> None:
    """The application sees nothing of its own accord: half a back-up is none."""
    answer = manage("backup", str(tmp_path / "backups"), user=embedded.APPLICATION)
    assert answer.returncode == 1
    assert list((tmp_path / "backups").iterdir()) == []


def test_a_folder_that_cannot_be_written_is_said(council: Cast, manage: Callable[..., Answer], tmp_path: Path) -> None:
    (tmp_path / "backups").write_text("a file")
    answer = manage("backup", str(tmp_path / "backups"))
    assert "The back-up was not made" in answer.stderr
    shutil.rmtree(tmp_path / "var", ignore_errors=True)
