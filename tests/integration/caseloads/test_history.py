"""Past days open as they were scored then, and a year is drawn week by week."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from caseloads.models import TeamSnapshot, WorkerSnapshot
from caseloads.queries.history import past_day, team_history, worker_trends
from caseloads.snapshots import score_employer
from teams.models import CapacityReduction, Contract, Team
from tests.cast import AT, TODAY, Cast


@pytest.fixture(autouse=True)
def on_the_day(time_machine: Any) -> None:
    time_machine.move_to(AT, tick=False)


def score(cast: Cast, days_ago: int) -> None:
    at = AT - timedelta(days=days_ago)
    score_employer(employer_id=cast.employer.pk, as_of=at.date(), at=at)


def body(page: Any) -> str:
    return " ".join(page.content.decode().replace("&nbsp;", " ").replace("\u00a0", " ").split())


def test_a_past_day_shows_what_was_scored_then_and_not_what_is_true_now(cast: Cast) -> None:
    score(cast, 7)
    CapacityReduction.objects.all().delete()
    score(cast, 0)
    then, now = past_day(cast.team, TODAY - timedelta(days=7)), past_day(cast.team, TODAY)
    figures = [next(row.standing.figure for row in day.workers if row.name == "Asha Test") for day in (then, now)]
    assert figures == ["33.9\u00a0%", "32.0\u00a0%"]
    assert (then.before, then.after) == (None, TODAY)
    assert then.standing is not None
    assert then.standing.word == "room"
    assert [flag.name for flag in then.flags] == []


def test_a_day_that_was_not_scored_says_so(cast: Cast, client: Client) -> None:
    score(cast, 1)
    client.force_login(cast.dev)
    address = f"/teams/{cast.team.public_id}/history/"
    assert "This team was not scored that day. The nearest days that were are above." in body(
        client.get(f"{address}2026-10-05/")
    )
    assert client.get(f"{address}?day=1/11/2026").headers["Location"].endswith("/history/2026-11-01/")
    assert "Enter a real day" in body(client.get(f"{address}?day=31/2/2026"))
    assert client.get(f"{address}2026-02-31/").status_code == 404


def test_the_page_of_a_past_day(cast: Cast, client: Client) -> None:
    Contract.objects.filter(worker=cast.workers["Nia Test"]).update(weekly_hours=None)
    CapacityReduction.objects.create(
        worker=cast.workers["Una Test"], team=cast.team, kind="PERCENT", amount=100, reason="x", starts_on=TODAY
    )
    score(cast, 0)
    client.force_login(cast.ben)
    page = body(client.get(f"/teams/{cast.team.public_id}/history/2026-11-02/"))
    assert "version 1" in page
    assert "not applicable" in page
    assert "Unallocated cases" in page
    assert "33.9 %" in page


def test_before_any_scoring_the_history_is_empty(cast: Cast, client: Client) -> None:
    client.force_login(cast.ben)
    page = body(client.get(f"/teams/{cast.team.public_id}/history/"))
    assert "This team has not been scored yet" in page
    assert "not yet two weeks of figures" in page


def test_a_year_is_drawn_by_the_last_figure_of_each_week(cast: Cast) -> None:
    for days_ago in (370, 14, 13, 7, 0):
        score(cast, days_ago)
    points = worker_trends(cast.workers["Asha Test"], as_of=TODAY)[cast.team.pk]
    assert [(TODAY - point.day).days for point in points] == [13, 7, 0]
    assert len(team_history(cast.team, as_of=TODAY, number=None).rows) == 5


def test_a_team_without_capacity_or_figures_has_words_for_it(cast: Cast) -> None:
    Contract.objects.filter(team=cast.other_team).update(ends_on=TODAY)
    score(cast, 0)
    history = team_history(Team.objects.get(pk=cast.other_team.pk), as_of=TODAY, number=None)
    assert [standing.word for _, standing in history.rows] == ["not applicable"]


@pytest.mark.parametrize("days", [2, 70])
def test_number_of_queries_is_constant(
    cast: Cast, client: Client, days: int, django_assert_max_num_queries: Any
) -> None:
    score(cast, 0)
    row = TeamSnapshot.objects.filter(team=cast.team).values()[0]
    TeamSnapshot.objects.bulk_create(
        TeamSnapshot(**{**row, "id": None, "day": TODAY - timedelta(days=number)}) for number in range(1, days)
    )
    client.force_login(cast.ben)
    address = f"/teams/{cast.team.public_id}/history/"
    for one in (address, f"{address}2026-11-02/"):
        with django_assert_max_num_queries(15):
            assert client.get(one).status_code == 200
    assert WorkerSnapshot.objects.exists()


def test_workers_see_their_line(cast: Cast, client: Client) -> None:
    for days_ago in (14, 7, 0):
        score(cast, days_ago)
    client.force_login(cast.asha)
    assert "Load over twelve months" in body(client.get("/my-workload/"))
    assert "The figures of this chart" in body(client.get("/my-workload/"))
