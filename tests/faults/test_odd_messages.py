"""Messages that come twice, in the wrong order, from another version, or that nobody can carry out."""

from collections.abc import Callable

import pytest
from django.utils import timezone

from caseloads.actions.cases import record_cases
from caseloads.models import ImportRun, ScoringNeed
from checks.models import Cycle
from reports.models import ReportRun
from teams.models import Employer, Team
from tests.cast import case
from tests.faults.house import House, until
from tests.faults.jobs import JOBS, Job, calm, finish, rendering
from tests.faults.picture import picture


def messages() -> list[tuple[str, dict[str, int]]]:
    """One of each kind for whatever there is, the last step first."""
    renders = [("reports.render", {"run_id": key}) for key in ReportRun.objects.values_list("pk", flat=True)]
    imports = [
        (name, {"run_id": run.pk})
        for run in ImportRun.objects.all()
        for name in ("caseloads.apply_import", "caseloads.read_import")
    ]
    cycles = [("checks.open_checks", {"cycle_id": key}) for key in Cycle.objects.values_list("pk", flat=True)]
    employers = Employer.objects.values_list("pk", flat=True)
    rounds = ("checks.keep_duties", "checks.keep_findings", "caseloads.score_employer")
    return [*renders, *imports, *cycles, *((name, {"employer_id": key}) for name in rounds for key in employers)]


@pytest.mark.parametrize("job", JOBS)
def test_twice_and_out_of_order(house: House, renewed: Callable[[], None], job: Job) -> None:
    """Two workers get every message twice, from the last step to the first."""
    house.start_what_is_missing("worker")
    wanted = calm(house, job)
    renewed()
    house.start_worker("second")
    try:
        job(house)
        for name, keys in messages() * 2:
            house.ask(name, **keys)
        finish(house)
    finally:
        house.kill("second")
    assert picture() == wanted.picture


def test_from_another_version(house: House) -> None:
    """An argument that this version does not know, and a task that it does not have: nothing is lost, nothing stops."""
    house.start_what_is_missing("worker")
    finish(house)
    house.kill("worker")
    team = Team.objects.get(name="Heron Team")
    record_cases(team=team, cases=[case("FROM-BEFORE")], by=None, at=timezone.now())
    assert ScoringNeed.objects.outstanding().exists()
    house.empty_queue()
    house.start_worker()
    house.ask("caseloads.score_team", team_id=team.pk, colour=1)
    house.ask("caseloads.score_group", group_id=1)
    finish(house)
    assert not ScoringNeed.objects.outstanding().exists()


def test_what_always_fails_stops_nothing_else(house: House) -> None:
    """A report that cannot be made is given up with a reason; those asked for after it are made."""
    house.start_what_is_missing("worker")
    template = ReportRun(employer=Employer.objects.get(slug="testshire"), team=None, requested_at=timezone.now())
    poison = ReportRun.objects.create(
        kind="EMPLOYER", employer=template.employer, as_of="0001-01-01", requested_at=timezone.now()
    )
    rendering(house)
    until(lambda: ask_and_look(house), "everything else", between=0.5)
    poison.refresh_from_db()
    assert (poison.status, poison.attempts) == ("FAILED", 3)
    assert poison.error
    assert set(ReportRun.objects.exclude(pk=poison.pk).values_list("status", flat=True)) == {"READY"}


def ask_and_look(house: House) -> bool:
    house.ask("reports.sweep")
    return not ReportRun.objects.on_their_way().exists()
