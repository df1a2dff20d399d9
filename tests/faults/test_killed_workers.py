"""A worker killed outright at any moment: what it was doing is done once in the end, as if nothing had happened."""

import time
from collections.abc import Callable

import pytest

from reports.models import ReportRun
from tests.faults.conftest import chance
from tests.faults.house import House
from tests.faults.jobs import JOBS, Job, calm, finish
from tests.faults.picture import picture


@pytest.mark.parametrize("job", JOBS)
def test_a_killed_worker_leaves_what_an_undisturbed_one_does(
    house: House, renewed: Callable[[], None], job: Job, moment: int
) -> None:
    house.start_what_is_missing("worker")
    wanted = calm(house, job)
    renewed()
    job(house)
    time.sleep(chance(job.__name__, moment).uniform(0, wanted.seconds))
    house.kill("worker")
    house.start_worker()
    finish(house)
    assert picture() == wanted.picture
    assert {run.status for run in ReportRun.objects.all()} <= {"READY"}
