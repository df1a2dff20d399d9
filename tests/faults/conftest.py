"""Engines, a template to copy databases from, and how many moments are tried."""

import os
import random
import shutil
import tempfile
from collections.abc import Callable, Generator, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.faults import council
from tests.faults.house import MOMENT, TEMPLATE, House

MOMENTS = int(os.environ.get("FAULTS_MOMENTS", "5"))
SEED = os.environ.get("FAULTS_SEED", "2009")
LAST_LINES = 40


def chance(*names: object) -> random.Random:
    """The same numbers for the same seed, whatever the order of the tests."""
    return random.Random(f"{SEED} {names}")  # noqa: S311 - moments, not secrets


@pytest.fixture(scope="session")
def founded(django_db_blocker: Any) -> Iterator[House]:
    """Engines that run, and the council in the template."""
    var = Path(tempfile.mkdtemp(prefix="hc-faults-"))
    house = House(var)
    try:
        house.start_engine("postgres")
        # Throwaway engines trade durability for speed; what is killed here must keep what it said it has.
        house.server("ALTER ROLE ALL SET synchronous_commit = on")
        house.start_engine("valkey")
        house.run_command("migrate", "--no-input", "--verbosity=0", database=TEMPLATE)
        with django_db_blocker.unblock(), house.ours(TEMPLATE):
            council.found()
        shutil.copytree(var / "media", var / "media.template")
        yield house
    finally:
        house.stop()
        shutil.rmtree(var, ignore_errors=True)
        shutil.rmtree(house.run, ignore_errors=True)


@pytest.fixture
def renewed(founded: House) -> Callable[[], None]:
    """Makes database and files as they were founded."""

    def renew() -> None:
        founded.fresh()
        shutil.rmtree(founded.var / "media", ignore_errors=True)
        shutil.copytree(founded.var / "media.template", founded.var / "media")

    return renew


@pytest.fixture
def house(founded: House, renewed: Callable[[], None], django_db_blocker: Any) -> Iterator[House]:
    """The house with a database and files as they were founded; this process works on them too."""
    renewed()
    with django_db_blocker.unblock(), founded.ours(MOMENT):
        yield founded


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """A test that fails tells what the house's processes said last."""
    report = yield
    house = getattr(item, "funcargs", {}).get("house")
    if report.failed and house is not None:
        said = ((name, house.log(name).splitlines()[-LAST_LINES:]) for name in house.children)
        report.sections += [(f"the last lines of {name}", "\n".join(lines)) for name, lines in said]
    return report


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "moment" in metafunc.fixturenames:
        metafunc.parametrize("moment", range(MOMENTS))


def pytest_report_header() -> str:
    return f"faults: {MOMENTS} moments of each, seed {SEED}"
