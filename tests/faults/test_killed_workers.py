"""A worker killed outright at any moment: what it was doing is done once in the end, as if nothing had happened."""

import random
import time
from collections.abc import Callable

import pytest

from reports.models import ReportRun
from tests.faults.conftest import chance
from tests.faults.house import House, until
from tests.faults.jobs import JOBS, Calm, Job, calm, done_by_itself, finish
from tests.faults.picture import picture


@pytest.mark.parametrize("job", JOBS)
def test_a_killed_worker_leaves_what_an_undisturbed_one_does(
    house: House, renewed: Callable[[], None], job: Job, moment: int
) -> None:
    house.start_what_is_missing("worker")
    wanted = calm(house, job)
    renewed()
    kill = kill_by_the_clock if moment % 2 else kill_in_place_of_a_statement
    kill(house, job, wanted, chance(job.__name__, moment))
    house.start_worker()
    finish(house)
    assert picture() == wanted.picture
    assert {run.status for run in ReportRun.objects.all()} <= {"READY"}


def kill_by_the_clock(house: House, job: Job, wanted: Calm, chance: random.Random) -> None:
    """Whatever it is at: reading files, working out, waiting for the queue."""
    job(house)
    time.sleep(chance.uniform(0, wanted.seconds))
    house.kill("worker")


def kill_in_place_of_a_statement(house: House, job: Job, wanted: Calm, chance: random.Random) -> None:
    """Between two things that it writes, however close they are to each other; at the end, where it says less."""
    house.kill("worker")
    house.empty_queue()
    house.start_worker(killed_at=chance.randint(1, wanted.statements))
    job(house)
    until(lambda: house.children["worker"].poll() is not None or done_by_itself(job.__name__), "the worker killed")
    house.kill("worker")
