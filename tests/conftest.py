import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import django
import pytest
from django.conf import settings
from django.test import Client
from hypothesis import HealthCheck
from hypothesis import settings as hypothesis_settings

from healthcheck import embedded

FOLDER = Path(tempfile.mkdtemp(prefix="hc-tests-"))
EMBEDDED = embedded.wanted(os.environ)
OURS = {
    "HEALTHCHECK_DEVELOPMENT": "1",
    "DATABASE_URL": embedded.database_url(FOLDER),
    "REDIS_URL": embedded.redis_url(FOLDER),
    "HEALTHCHECK_VAR": str(FOLDER),
    "DJANGO_SETTINGS_MODULE": "healthcheck.settings",
}

for variable, value in OURS.items():
    os.environ.setdefault(variable, value)
settings.STORAGES["staticfiles"]["BACKEND"] = "django.contrib.staticfiles.storage.StaticFilesStorage"
Path(settings.STATIC_ROOT).mkdir(parents=True, exist_ok=True)
django.setup()

from teams import attempts, handing_over  # noqa: E402 - they need Django set up
from tests.clients import SignedInClient  # noqa: E402

# how long an example takes says something about the machine, not about the code
hypothesis_settings.register_profile("ours", deadline=None, suppress_health_check=[HealthCheck.too_slow])
hypothesis_settings.load_profile("ours")


def pytest_configure(config: pytest.Config) -> None:
    """Each process of a parallel run starts engines of its own, and not those that the one which starts it named."""
    if config.getoption("numprocesses", None):
        for name, value in OURS.items():
            if os.environ[name] == value:
                del os.environ[name]


@pytest.fixture
def client() -> Client:
    return SignedInClient()


@pytest.fixture(autouse=True)
def _nothing_was_away() -> None:
    """What another test left this process to think of the queue is forgotten."""
    handing_over._away_until = 0.0
    attempts._away_until.clear()


@pytest.fixture
def no_attempts_yet(engines: None) -> None:
    """Nothing was tried before: limits count from here."""
    server = attempts.server(settings.REDIS_URL)
    if keys := server.keys(f"{attempts.PREFIX}*"):
        server.delete(*keys)


LAYERS = ("unit", "integration", "functional", "faults")


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


def layer_of(item: pytest.Item) -> int:
    folder = item.path.relative_to(Path(__file__).parent).parts[0]
    return LAYERS.index(folder) if folder in LAYERS else len(LAYERS)


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Shuffled inside a layer, but the cheap layers first."""
    items.sort(key=layer_of)


def pytest_unconfigure() -> None:
    shutil.rmtree(FOLDER, ignore_errors=True)
