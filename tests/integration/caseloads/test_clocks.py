"""Clocks put forward or back by an hour, by somebody or by the law: nothing is lost, and nothing is done twice."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.utils import timezone

from caseloads import import_running, snapshots
from caseloads.models import ScoringNeed, TeamSnapshot
from caseloads.tasks import score_employer
from reports import rendering
from reports.actions import request_report
from reports.models import ReportRun
from tests.cast import AT, TODAY, Cast, case, record
from tests.integration.caseloads.test_import_running import confirmed

HOUR = timedelta(hours=1)


def outstanding() -> bool:
    return ScoringNeed.objects.outstanding().exists()


def test_what_changes_after_a_clock_was_put_back_is_scored_when_it_has_caught_up(cast: Cast) -> None:
    snapshots.score_employer(employer_id=cast.employer.pk, as_of=TODAY, at=AT + HOUR)
    record(cast, case("AFTER"))
    snapshots.score_team(team_id=cast.team.pk, as_of=TODAY, at=AT + timedelta(minutes=1))
    assert outstanding()
    caught_up = AT + HOUR + timedelta(minutes=2)
    left = snapshots.left_undone(as_of=TODAY, at=caught_up)
    assert left.teams == [cast.team.pk]
    snapshots.score_team(team_id=cast.team.pk, as_of=TODAY, at=caught_up)
    assert TeamSnapshot.objects.get(team=cast.team).unallocated == 2
    assert not outstanding()


@pytest.fixture
def media(settings: Any, tmp_path: Any) -> None:
    settings.MEDIA_ROOT = tmp_path


def test_a_report_whose_maker_died_before_the_clock_was_put_back_is_made_later(cast: Cast, media: None) -> None:
    run = request_report(team=cast.team, as_of=TODAY, by=cast.ben, at=AT)
    ReportRun.objects.filter(pk=run.pk).update(status="RUNNING", started_at=AT + HOUR, attempts=1)
    assert rendering.left_undone(at=AT + timedelta(minutes=5)) == []
    later = AT + HOUR + timedelta(minutes=5)
    assert rendering.left_undone(at=later) == [run.pk]
    rendering.render(run_id=run.pk, clock=lambda: later)
    run.refresh_from_db()
    assert run.status == "READY"


def test_an_import_whose_clock_is_put_forward_while_it_is_applied_is_applied_once(
    cast: Cast, media: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its claim looks old at once: a second worker takes it, and the first finds that it has it no more."""
    run, read_again = confirmed(cast), import_running.read_again

    def overtaken(*given: Any) -> Any:
        monkeypatch.setattr(import_running, "read_again", read_again)
        import_running.apply(run_id=run.pk, clock=lambda: AT + HOUR)
        return read_again(*given)

    monkeypatch.setattr(import_running, "read_again", overtaken)
    import_running.apply(run_id=run.pk, clock=lambda: AT)
    run.refresh_from_db()
    assert (run.status, run.applied_at, run.attempts) == ("APPLIED", AT + HOUR, 2)
    assert cast.team.cases.filter(reference="N-1").count() == 1


@pytest.mark.parametrize("first", [datetime(2026, 10, 24, 21, tzinfo=UTC), datetime(2027, 3, 27, 21, tzinfo=UTC)])
def test_each_day_is_scored_once_over_the_nights_when_the_clocks_change(
    cast: Cast, first: datetime, time_machine: Any
) -> None:
    """Scored every half hour from the evening before to the morning after: one row a day, of the day in London."""
    for step in range(60):
        time_machine.move_to(first + step * HOUR / 2, tick=False)
        score_employer.run(employer_id=cast.employer.pk)
    days = TeamSnapshot.objects.filter(team=cast.team).order_by("day").values_list("day", flat=True)
    began = timezone.localdate(first)
    assert list(days) == [began, began + timedelta(days=1), began + timedelta(days=2)]
