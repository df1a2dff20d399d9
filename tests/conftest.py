import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import django
import pytest

from healthcheck import embedded

FOLDER = Path(tempfile.mkdtemp(prefix="hc-tests-"))
EMBEDDED = embedded.wanted(os.environ)

os.environ.setdefault("DATABASE_URL", embedded.database_url(FOLDER))
os.environ.setdefault("REDIS_URL", embedded.redis_url(FOLDER))
os.environ.setdefault("HEALTHCHECK_VAR", str(FOLDER))
os.environ["DJANGO_SETTINGS_MODULE"] = "healthcheck.settings"
django.setup()


@pytest.fixture(scope="session")
def engines() -> Iterator[None]:
    if not EMBEDDED:
        yield
        return
    with embedded.engines(FOLDER, throwaway=True):
        yield


@pytest.fixture(scope="session")
def django_db_modify_db_settings(engines: None) -> None:
    """The first test that asks for the database starts the engines; tests of pure modules never do."""


def pytest_unconfigure() -> None:
    shutil.rmtree(FOLDER, ignore_errors=True)
