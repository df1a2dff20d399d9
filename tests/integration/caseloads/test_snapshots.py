"""Scoring as the machine does it: bulk, repeatable, and one worker's bad data is nobody else's."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from caseloads import snapshots
from caseloads.actions.cases import Holder
from caseloads.models import Allocation, ScoringNeed, TeamSnapshot, WorkerSnapshot
from teams.actions.setting_up import NewContract, NewReduction, add_service_area, add_team, add_workers
from teams.actions.staffing import change_hours
from teams.models import CapacityReduction, Contract, ServiceArea, StaffingChange, Worker
from tests.cast import AT, BEGUN, TODAY, Cast, case, holds, new_worker, record

FIGURES = ("team", "worker", "scheme", "state", "reason", "cases", "families", "load", "capacity", "load_pct", "band")


def score(cast: Cast, *, days: int = 0, hours: int = 0) -> int:
    """Score the employer on a day after today."""
    at = AT + timedelta(days=days, hours=hours)
    return snapshots.score_employer(employer_id=cast.employer.pk, as_of=at.date(), at=at)


def of(cast: Cast, name: str, *, days: int = 0) -> WorkerSnapshot:
    return WorkerSnapshot.objects.get(worker=cast.workers[name], day=TODAY + timedelta(days=days))


def add(cast: Cast, **changes: Any) -> Worker:
    name = changes.pop("name", "New Test")
    new = new_worker(name, cast.team, **changes)
    (worker,) = add_workers(employer=cast.employer, workers=[new], by=None, at=AT)
    cast.workers[name] = worker
    return worker


def all_rows() -> list[tuple[object, ...]]:
    return list(WorkerSnapshot.objects.order_by("day", "team", "worker").values_list("pk", "scored_at", *FIGURES))


def test_figures_of_a_worker_and_a_team(cast: Cast) -> None:
    assert score(cast) == 2
    asha = of(cast, "Asha Test")
    # stable 15 × 0.9; 8 + half of 8 for the sibling; 4 + 1 for long travel
    assert (asha.load, asha.capacity, asha.load_pct, asha.band) == (
        Decimal("30.50"),
        Decimal("90.00"),
        Decimal("33.9"),
        "ROOM",
    )
    assert (asha.cases, asha.families) == (3, 2)
    team = TeamSnapshot.objects.get(team=cast.team)
    assert (team.head_count, team.cases, team.unallocated, team.longest_wait) == (3, 4, 1, 4)
    assert team.red_flags == len(team.flags) == 1
    assert team.flags[0]["flag"] == "UNALLOCATED_LATE"


def test_managers_hold_no_cases(cast: Cast) -> None:
    record(cast, case("X", holds(cast.workers["Ben Test"], cast.team)))
    score(cast)
    assert not WorkerSnapshot.objects.filter(worker=cast.workers["Ben Test"]).exists()
    assert TeamSnapshot.objects.get(team=cast.team).unallocated == 2


def test_scoring_again_writes_the_same_rows(cast: Cast) -> None:
    score(cast)
    before = all_rows()
    score(cast, hours=1)
    assert all_rows() == before


def test_scoring_after_a_change_rewrites_the_rows_of_the_day(cast: Cast) -> None:
    score(cast)
    record(cast, case("X", holds(cast.workers["Nia Test"], cast.team)))
    score(cast, hours=1)
    assert of(cast, "Nia Test").cases == 2
    assert WorkerSnapshot.objects.filter(worker=cast.workers["Nia Test"]).count() == 1


def test_earlier_days_stay_as_they_were(cast: Cast) -> None:
    score(cast)
    record(cast, case("X", holds(cast.workers["Nia Test"], cast.team)))
    late = AT + timedelta(days=1)
    snapshots.score_employer(employer_id=cast.employer.pk, as_of=TODAY, at=late)
    assert of(cast, "Nia Test").cases == 1


def test_a_scoring_that_began_earlier_does_not_undo_a_later_one(cast: Cast) -> None:
    record(cast, case("X", holds(cast.workers["Nia Test"], cast.team)))
    score(cast, hours=2)
    Allocation.objects.filter(worker=cast.workers["Nia Test"]).update(ended_on=TODAY)
    score(cast, hours=1)
    assert of(cast, "Nia Test").cases == 2


def test_one_team_alone_scores_as_within_its_employer(cast: Cast) -> None:
    shared = cast.workers["Asha Test"]
    Contract.objects.create(worker=shared, team=cast.other_team, weekly_hours=Decimal(10), starts_on=BEGUN)
    joint = (
        holds(cast.workers["Kit Test"], cast.other_team, share=60),
        holds(shared, cast.team, share=40, role=Allocation.Role.CO_WORKER),
    )
    record(cast, case("X", *joint, category="proceedings"), team=cast.other_team)
    record(cast, case("Y", holds(cast.workers["Kit Test"], cast.other_team)))
    score(cast)
    whole = [row[2:] for row in all_rows()]
    waiting = dict(TeamSnapshot.objects.values_list("team", "unallocated"))
    next_day = AT + timedelta(days=1)
    for team in (cast.team, cast.other_team):
        snapshots.score_team(team_id=team.pk, as_of=TODAY + timedelta(days=1), at=next_day)
    alone = WorkerSnapshot.objects.filter(day=TODAY + timedelta(days=1)).order_by("team", "worker")
    assert list(alone.values_list(*FIGURES)) == whole
    tomorrow = TeamSnapshot.objects.filter(day=TODAY + timedelta(days=1))
    assert dict(tomorrow.values_list("team", "unallocated")) == waiting == {cast.team.pk: 1, cast.other_team.pk: 0}


def test_worker_in_two_teams_is_scored_in_each(cast: Cast) -> None:
    asha = cast.workers["Asha Test"]
    Contract.objects.create(worker=asha, team=cast.other_team, weekly_hours=Decimal("18.5"), starts_on=BEGUN)
    score(cast)
    found = dict(WorkerSnapshot.objects.filter(worker=asha).values_list("team", "capacity"))
    assert found == {cast.team.pk: Decimal("90.00"), cast.other_team.pk: Decimal("50.00")}


@pytest.mark.parametrize(
    ("spoil", "reason"),
    [
        (lambda cast: add(cast, hours=None), "hours are not recorded"),
        (lambda cast: add(cast, career_stage=""), "career stage is not recorded"),
        (
            lambda cast: record(
                cast, case("X", holds(add(cast), cast.team), category="no-such-category", opened_on=TODAY)
            ),
            "no-such-category",
        ),
    ],
)
def test_bad_data_of_one_worker_touches_nobody_else(cast: Cast, spoil: Callable[[Cast], object], reason: str) -> None:
    score(cast)
    before = {row[3]: row[4:] for row in all_rows()}
    spoil(cast)
    score(cast, days=1)
    new = of(cast, "New Test", days=1)
    assert new.state == "NOT_KNOWN"
    assert reason in new.reason
    assert (new.load, new.load_pct, new.band) == (None, None, "")
    after = WorkerSnapshot.objects.filter(day=TODAY + timedelta(days=1)).exclude(pk=new.pk)
    assert {row[0]: row[1:] for row in after.values_list("worker", *FIGURES[2:])} == before
    assert TeamSnapshot.objects.get(team=cast.team, day=TODAY + timedelta(days=1)).not_known == 1


def test_area_without_a_scheme_is_not_known_and_hides_no_other(cast: Cast) -> None:
    adults = add_service_area(
        employer=cast.employer,
        name="Adults",
        client_group=ServiceArea.ClientGroup.ADULTS,
        full_time_hours=Decimal(36),
        by=None,
        at=AT,
    )
    team = add_team(service_area=adults, name="Oak Team", by=None, at=AT)
    (worker,) = add_workers(employer=cast.employer, workers=[new_worker("Ada", team)], by=None, at=AT)
    score(cast)
    ada = WorkerSnapshot.objects.get(worker=worker)
    assert (ada.state, ada.scheme) == ("NOT_KNOWN", None)
    assert "No weighting scheme is published for Adults" in ada.reason
    assert of(cast, "Asha Test").state == "SCORED"
    score(cast, hours=1)
    assert WorkerSnapshot.objects.filter(worker=worker).count() == 1


def test_expired_reduction_stops_counting_on_its_day(cast: Cast) -> None:
    ends = TODAY + timedelta(days=1)
    relief = NewReduction(cast.team, CapacityReduction.Kind.PERCENT, Decimal(50), "Phased return", BEGUN, ends)
    add(cast, reductions=(relief,))
    score(cast)
    score(cast, days=1)
    assert of(cast, "New Test").capacity == Decimal("50.00")
    assert of(cast, "New Test", days=1).capacity == Decimal("100.00")


def test_capacity_is_never_negative(cast: Cast) -> None:
    relief = tuple(
        NewReduction(cast.team, kind, amount, "Relief", BEGUN)
        for kind, amount in (
            (CapacityReduction.Kind.PERCENT, Decimal(80)),
            (CapacityReduction.Kind.POINTS, Decimal(80)),
        )
    )
    worker = add(cast, reductions=relief)
    record(cast, case("X", holds(worker, cast.team)))
    score(cast)
    found = of(cast, "New Test")
    assert (found.capacity, found.state, found.load_pct) == (Decimal("0.00"), "NO_CAPACITY", None)


def test_leavers_cases_are_unallocated(cast: Cast) -> None:
    worker = add(cast, contracts=(NewContract(cast.team, Decimal(37), BEGUN, TODAY),))
    record(cast, case("X", holds(worker, cast.team)))
    score(cast)
    assert not WorkerSnapshot.objects.filter(worker=worker).exists()
    assert TeamSnapshot.objects.get(team=cast.team).unallocated == 2


def test_excessive_after_28_days_well_over(cast: Cast) -> None:
    nia = cast.workers["Nia Test"]
    record(cast, *(case(f"X-{number}", holds(nia, cast.team), category="child_protection") for number in range(12)))
    for days in range(0, 30, 3):
        score(cast, days=days)
    flags = {flag["flag"] for flag in of(cast, "Nia Test", days=27).flags}
    assert {"WELL_OVER", "EXCESSIVE"} <= flags
    assert "EXCESSIVE" not in {flag["flag"] for flag in of(cast, "Nia Test", days=24).flags}


def test_one_day_with_room_ends_a_month_well_over(cast: Cast) -> None:
    nia, room = cast.workers["Nia Test"], TODAY + timedelta(days=12)
    before = holds(nia, cast.team, ended_on=room)
    after = replace(before, started_on=room + timedelta(days=1), ended_on=None)
    for number in range(12):
        record(cast, case(f"X-{number}", before, after, category="child_protection"))
    for days in range(0, 30, 3):
        score(cast, days=days)
    bands = [of(cast, "Nia Test", days=days).band for days in range(0, 28, 3)]
    assert [band == "WELL_OVER" for band in bands] == [days != 12 for days in range(0, 28, 3)]
    assert "EXCESSIVE" not in {flag["flag"] for flag in of(cast, "Nia Test", days=27).flags}


@pytest.mark.parametrize("of_the_team", [False, True])
def test_case_waits_since_its_last_holder_stopped(cast: Cast, *, of_the_team: bool) -> None:
    nia, asha = cast.workers["Nia Test"], cast.workers["Asha Test"]
    opened, stopped = TODAY - timedelta(days=40), TODAY - timedelta(days=9)
    first = Holder(nia, cast.team, opened, ended_on=opened + timedelta(days=2))
    second = Holder(asha, cast.team, opened + timedelta(days=2), ended_on=stopped)
    record(cast, case("X-1", first, second, opened_on=opened))
    if of_the_team:
        snapshots.score_team(team_id=cast.team.pk, as_of=TODAY, at=AT)
    else:
        score(cast)
    assert TeamSnapshot.objects.get(team=cast.team).longest_wait == 9


def statements(run: Callable[[], object]) -> int:
    with CaptureQueriesContext(connection) as queries:
        run()
    return len(queries)


def test_statements_do_not_grow_with_the_employer(cast: Cast) -> None:
    score(cast)
    small = statements(lambda: score(cast, hours=1))
    for number in range(20):
        worker = add(cast, name=f"Worker {number}")
        record(cast, *(case(f"X-{number}-{count}", holds(worker, cast.team)) for count in range(5)))
    assert statements(lambda: score(cast, days=1)) == small


def test_half_finished_run_leaves_nobody_unscored(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as broken:
        broken.setattr(snapshots, "_team_rows", lambda _area: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            score(cast)
    assert not WorkerSnapshot.objects.exists()
    lost = snapshots.left_undone(as_of=TODAY, at=AT)
    assert lost.employers == sorted([cast.employer.pk, cast.elsewhere.employer.pk])
    score(cast, hours=1)
    assert WorkerSnapshot.objects.filter(day=TODAY).count() == 4


def test_sweeper_leaves_the_night_to_the_nightly_scoring(cast: Cast) -> None:
    midnight = AT.replace(hour=0, minute=30)
    assert snapshots.left_undone(as_of=TODAY, at=midnight).employers == []
    assert len(snapshots.left_undone(as_of=TODAY, at=midnight.replace(hour=3)).employers) == 2


def test_many_changes_ask_for_one_scoring(cast: Cast) -> None:
    score(cast)
    teams = [cast.team, cast.other_team]
    assert snapshots.request_scoring(teams, at=AT) == [cast.team.pk, cast.other_team.pk]
    assert snapshots.request_scoring([cast.team], at=AT + timedelta(seconds=5)) == []
    assert snapshots.request_scoring([cast.team], at=AT + timedelta(minutes=2)) == [cast.team.pk]


def test_sweeper_finds_what_was_lost(cast: Cast) -> None:
    for employer in (cast.employer, cast.elsewhere.employer):
        snapshots.score_employer(employer_id=employer.pk, as_of=TODAY, at=AT)
    assert snapshots.everything_scored(as_of=TODAY)
    snapshots.request_scoring([cast.team], at=AT)
    assert not snapshots.everything_scored(as_of=TODAY)
    assert snapshots.left_undone(as_of=TODAY, at=AT + timedelta(seconds=30)).teams == []
    assert snapshots.left_undone(as_of=TODAY, at=AT + timedelta(minutes=2)).teams == [cast.team.pk]
    snapshots.score_team(team_id=cast.team.pk, as_of=TODAY, at=AT + timedelta(minutes=3))
    assert snapshots.left_undone(as_of=TODAY, at=AT + timedelta(minutes=9)).teams == []


def test_change_made_while_scoring_reads_is_not_taken_for_scored(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    score(cast)
    read = snapshots.area_figures

    def read_then_change(*args: Any, **options: Any) -> object:
        found = read(*args, **options)
        snapshots.request_scoring([cast.team], at=AT)
        return found

    monkeypatch.setattr(snapshots, "area_figures", read_then_change)
    snapshots.request_scoring([cast.team], at=AT - timedelta(minutes=5))
    snapshots.score_team(team_id=cast.team.pk, as_of=TODAY, at=AT + timedelta(minutes=3))
    need = ScoringNeed.objects.get(team=cast.team)
    assert need.scored_changes == need.changes - 1


def test_change_of_staffing_is_scored_by_the_next_sweep(cast: Cast) -> None:
    snapshots.score_employer(employer_id=cast.employer.pk, as_of=TODAY, at=AT)
    snapshots.score_employer(employer_id=cast.elsewhere.employer_id, as_of=TODAY, at=AT)
    assert snapshots.everything_scored(as_of=TODAY)
    worker = cast.workers["Asha Test"]
    change_hours(team=cast.team, worker=worker, weekly_hours=Decimal("18.5"), starts_on=TODAY, by=cast.ben, at=AT)
    assert not snapshots.everything_scored(as_of=TODAY)
    assert snapshots.left_undone(as_of=TODAY, at=AT).teams == [cast.team.pk]
    snapshots.score_team(team_id=cast.team.pk, as_of=TODAY, at=AT + timedelta(minutes=1))
    assert snapshots.everything_scored(as_of=TODAY)
    assert snapshots.left_undone(as_of=TODAY, at=AT + timedelta(minutes=9)).teams == []
    assert WorkerSnapshot.objects.get(worker=worker, day=TODAY).capacity == Decimal("45.00")


def test_scoring_that_fails_leaves_the_change_of_staffing_to_be_scored(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    worker = cast.workers["Asha Test"]
    change_hours(team=cast.team, worker=worker, weekly_hours=Decimal(30), starts_on=TODAY, by=cast.ben, at=AT)
    monkeypatch.setattr(snapshots, "_mark_scored", lambda *_, **__: 1 / 0)
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        snapshots.score_team(team_id=cast.team.pk, as_of=TODAY, at=AT)
    assert StaffingChange.objects.filter(team=cast.team).exists()
