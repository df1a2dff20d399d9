"""What measures are taken from, read from rows: every kind of it, in a fixed number of statements."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from caseloads.actions.placing import PastLimit
from caseloads.actions.transfers import Handover, Move, transfer
from caseloads.models import Allocation, Case, WorkerSnapshot
from caseloads.queries.workloads import team_workloads
from caseloads.snapshots import score_employer
from checks.actions.doing import Doing
from checks.actions.duties import close, plan, raise_concern, set_response_times
from checks.facts import TeamFacts
from checks.measures import MEASURES, Measured, take
from checks.models import Duty
from checks.queries.measuring import measure_teams
from teams.actions.capacity import Away, Reduction, add_absence, add_reduction
from teams.actions.hours import take_over_hours
from teams.actions.posts import set_establishment
from teams.actions.setting_up import NewContract, add_workers
from teams.extra_hours import periods
from teams.models import Team, Worker
from tests.cast import AT, BEGUN, TODAY, Cast, case, holds, new_worker, record, supervise


def facts_of(*teams: Team) -> dict[int, TeamFacts]:
    rows = Team.objects.filter(pk__in=[team.pk for team in teams]).select_related("employer", "service_area")
    return measure_teams(team_workloads(list(rows), as_of=TODAY), as_of=TODAY)


def measured(team: Team, name: str) -> Measured:
    return take(name, facts_of(team)[team.pk])


def value(team: Team, name: str) -> str | None:
    found = measured(team, name).value
    return None if found is None else str(found)


def lines(team: Team, name: str) -> list[tuple[str, ...]]:
    rows = measured(team, name).rows
    return list(rows.lines) if rows else []


def score(cast: Cast, days_ago: int = 0) -> None:
    at = AT - timedelta(days=days_ago)
    score_employer(employer_id=cast.employer.pk, as_of=at.date(), at=at)


def burden(cast: Cast, name: str, number: int) -> None:
    """Give somebody so many cases of ten points, held since before every scoring."""
    worker = cast.workers[name]
    record(cast, *(case(f"B-{name[0]}{n}", holds(worker, cast.team), category="proceedings") for n in range(number)))


def test_no_teams_are_measured_without_asking(django_assert_num_queries: Any, db: None) -> None:
    with django_assert_num_queries(0):
        assert measure_teams([], as_of=TODAY) == {}


class TestScorings:
    def test_times_over_are_read_from_stored_scorings(self, cast: Cast) -> None:
        burden(cast, "Nia Test", 14)
        for days_ago in (9, 8, 7, 2, 1):
            score(cast, days_ago)
        assert value(cast.team, "times_over_12_months") == "2"
        assert [line[::3] for line in lines(cast.team, "times_well_over_12_months")] == [
            ("Nia Test", "2"),
            ("Nia Test", "3"),
        ]
        assert value(cast.other_team, "times_over_12_months") == "0"
        assert "5\u00a0days" in measured(cast.team, "times_over_12_months").note

    def test_a_scoring_that_found_less_ends_a_run(self, cast: Cast) -> None:
        burden(cast, "Nia Test", 14)
        score(cast, 3)
        row = WorkerSnapshot.objects.get(worker=cast.workers["Nia Test"])
        for days_ago, band in ((2, "ROOM"), (1, "OVER")):
            at = AT - timedelta(days=days_ago)
            WorkerSnapshot.objects.create(**_copied(row), day=at.date(), scored_at=at, band=band, state="SCORED")
        assert value(cast.team, "times_over_12_months") == "2"
        assert value(cast.team, "times_well_over_12_months") == "1"

    def test_of_two_scorings_of_a_day_the_newest_counts(self, cast: Cast) -> None:
        burden(cast, "Nia Test", 14)
        score(cast, 1)
        row = WorkerSnapshot.objects.get(worker=cast.workers["Nia Test"])
        later = row.scored_at + timedelta(minutes=5)
        fields = _copied(row) | {"scheme": None}
        WorkerSnapshot.objects.create(**fields, day=row.day, scored_at=later, band="ROOM", state="SCORED")
        assert value(cast.team, "times_over_12_months") == "0"

    def test_what_was_scored_longer_ago_does_not_count(self, cast: Cast) -> None:
        burden(cast, "Nia Test", 14)
        score(cast, 400)
        assert measured(cast.team, "times_over_12_months").note == "The team was not scored in the last 12 months."


def _copied(row: WorkerSnapshot) -> dict[str, Any]:
    names = ("employer", "team", "worker", "scheme", "cases", "families", "load", "capacity", "load_pct")
    return {name: getattr(row, name) for name in names}


class TestDuties:
    def raise_one(self, cast: Cast, days_ago: int, *, past_manager: bool = False) -> Duty:
        doing = Doing(cast.asha, AT - timedelta(days=days_ago))
        return raise_concern(
            worker=Worker.objects.get(user=cast.asha),
            team=cast.team,
            words="Too much",
            past_manager=past_manager,
            doing=doing,
        )

    def test_concerns_are_in_time_by_the_employers_own_days(self, cast: Cast) -> None:
        duty = self.raise_one(cast, 9)
        plan(duty=duty, words="Two cases go", by_day=TODAY, doing=Doing(cast.ben, AT - timedelta(days=2)))
        assert value(cast.team, "concerns_in_time_pct") == "0.0"
        set_response_times(
            employer=cast.employer, concern_days=7, flag_days=9, source="agreed", doing=Doing(cast.cora, AT)
        )
        assert value(cast.team, "concerns_in_time_pct") == "100.0"

    def test_an_answer_of_a_later_day_is_not_there_yet(self, cast: Cast) -> None:
        close(duty=self.raise_one(cast, 9), words="Done", doing=Doing(cast.ben, AT + timedelta(days=1)))
        assert value(cast.team, "concerns_in_time_pct") == "0.0"

    def test_concerns_past_the_manager_are_in_no_figure(self, cast: Cast) -> None:
        self.raise_one(cast, 20, past_manager=True)
        assert value(cast.team, "concerns_in_time_pct") is None
        close(duty=self.raise_one(cast, 9), words="Done", doing=Doing(cast.ben, AT - timedelta(days=8)))
        assert value(cast.team, "concerns_in_time_pct") == "100.0"
        assert len(lines(cast.team, "concerns_in_time_pct")) == 1

    def test_plans_are_open_duties_about_load(self, cast: Cast) -> None:
        common = {"employer": cast.employer, "team": cast.team, "worker": cast.workers["Nia Test"], "level": "MANAGER"}
        days = {"opened_on": TODAY, "due_on": TODAY, "raised_on": TODAY}
        for flag, state in (("WELL_OVER", "PLANNED"), ("EXCESSIVE", "OPEN"), ("NOT_REGISTERED", "PLANNED")):
            Duty.objects.create(**common, **days, flag=flag, state=state, words="Why")
        Duty.objects.create(**common, **days, flag="NO_CAPACITY", state="CLOSED", closed_on=TODAY, words="Why")
        assert value(cast.team, "overload_plans_open") == "1"
        assert value(cast.team, "overloads_without_plan") == "1"
        assert value(cast.other_team, "overload_plans_open") == "0"


class TestCases:
    def test_transfers_and_changes_of_worker(self, cast: Cast) -> None:
        found = Case.objects.get(reference="T-003")
        asha, nia = cast.workers["Asha Test"], cast.workers["Nia Test"]
        for giver, taker, meeting in ((asha, nia, None), (nia, asha, TODAY)):
            found.refresh_from_db()
            transfer(
                moves=[Move(found, giver, taker)],
                to_team=cast.team,
                handover=Handover(
                    "Leave", TODAY - timedelta(days=2 if meeting is None else 1), meeting and TODAY - timedelta(days=1)
                ),
                past=PastLimit("agreed", cast.hana),
                seen={found.pk: found.revision},
                once=None,
                by=cast.ben,
                at=AT,
            )
        assert value(cast.team, "handovers_with_meeting_pct") == "50.0"
        assert [line[2:4] for line in lines(cast.team, "handovers_with_meeting_pct")] == [
            ("Nia Test", "Asha Test"),
            ("Asha Test", "Nia Test"),
        ]
        assert value(cast.team, "worker_changes_per_case") == "0.40"
        assert [line[0] for line in lines(cast.team, "worker_changes_per_case")] == ["T-003", "T-003"]

    def test_earlier_changes_and_co_workers_do_not_count(self, cast: Cast) -> None:
        asha, nia = cast.workers["Asha Test"], cast.workers["Nia Test"]
        Allocation.objects.filter(case__reference="T-004").update(started_on=TODAY - timedelta(days=370))
        known = Case.objects.get(reference="T-004")
        fields = {"employer": cast.employer, "case": known, "worker": asha, "team": cast.team}
        start = TODAY - timedelta(days=380)
        Allocation.objects.create(**fields, started_on=start, ended_on=TODAY - timedelta(days=370))
        Allocation.objects.filter(case__reference="T-004", worker=nia).update(share=50)
        Allocation.objects.create(**fields, started_on=TODAY, share=50, role="CO_WORKER")
        assert value(cast.team, "worker_changes_per_case") == "0.00"

    def test_new_and_closed_cases_of_twelve_months(self, cast: Cast) -> None:
        day = timedelta(days=1)
        record(
            cast,
            case("old", opened_on=TODAY - 500 * day, rated_on=None),
            case("gone", opened_on=TODAY - 500 * day, closed_on=TODAY - 3 * day, rated_on=None),
            case("long gone", opened_on=TODAY - 500 * day, closed_on=TODAY - 400 * day, rated_on=None),
            case("short", opened_on=TODAY - 30 * day, closed_on=TODAY, rated_on=None),
        )
        assert value(cast.team, "new_cases_12_months") == "6"
        assert [line[0] for line in lines(cast.team, "closed_cases_12_months")] == ["short", "gone"]

    def test_unallocated_cases_are_named_by_category(self, cast: Cast) -> None:
        assert lines(cast.team, "unallocated_cases")[0][:2] == ("T-005", "Child protection")


class TestStaffing:
    def test_rates_and_reductions(self, cast: Cast) -> None:
        asha = cast.workers["Asha Test"]
        set_establishment(team=cast.team, weekly_hours=Decimal(185), starts_on=BEGUN, by=None, at=AT)
        add_absence(worker=asha, team=cast.team, new=Away("SICKNESS", TODAY - timedelta(14), TODAY), by=cast.ben, at=AT)
        ending = Reduction("PERCENT", Decimal(10), "Union duties", BEGUN, TODAY + timedelta(28), cast.hana)
        add_reduction(team=cast.team, worker=asha, new=ending, by=cast.ben, at=AT)
        assert value(cast.team, "vacancy_pct") == "20.0"
        assert value(cast.team, "agency_pct") == "0.0"
        assert value(cast.team, "turnover_pct") == "0.0"
        assert value(cast.team, "absence_pct") == "1.0"
        assert lines(cast.team, "absence_pct") == [("Sickness", "10.0")]
        assert [line[:2] for line in lines(cast.team, "reductions_expiring")] == [("Asha Test", "Union duties")]

    def test_supervision_is_read_with_who_held_it(self, cast: Cast) -> None:
        supervise(cast, cast.workers["Asha Test"], TODAY - timedelta(days=10), minutes=60)
        supervise(cast, cast.workers["Nia Test"], TODAY - timedelta(days=90), supervisor_registered=False)
        supervise(cast, cast.workers["Nia Test"], TODAY - timedelta(days=91))
        assert value(cast.team, "supervision_90_minutes_pct") == "50.0"
        assert value(cast.team, "supervision_reflective_pct") == "100.0"
        assert value(cast.team, "professional_supervision_pct") == "50.0"
        assert value(cast.other_team, "supervision_reflective_pct") is None

    @pytest.mark.parametrize(("people", "shown"), [(4, None), (5, "0.4")])
    def test_additional_hours_of_fewer_than_five_are_not_measured(
        self, cast: Cast, people: int, shown: str | None
    ) -> None:
        new = [new_worker(f"More {number}", cast.team) for number in range(5)]
        workers = add_workers(employer=cast.employer, workers=new, by=None, at=AT)
        hours = [(worker, periods(TODAY)[0], Decimal(3)) for worker in workers[:people]]
        take_over_hours(employer=cast.employer, rows=hours, at=AT)
        assert value(cast.team, "additional_hours_per_fte") == shown

    def test_hours_of_somebody_in_two_teams_count_in_one(self, cast: Cast) -> None:
        both = (NewContract(cast.team, Decimal(10), BEGUN), NewContract(cast.other_team, Decimal(20), BEGUN))
        new = [new_worker(f"More {number}", cast.team, contracts=both) for number in range(5)]
        workers = add_workers(employer=cast.employer, workers=new, by=None, at=AT)
        take_over_hours(
            employer=cast.employer, rows=[(worker, periods(TODAY)[0], Decimal(3)) for worker in workers], at=AT
        )
        assert value(cast.team, "additional_hours_per_fte") is None
        assert value(cast.other_team, "additional_hours_per_fte") == "1.0"


def test_one_team_alone_is_measured_as_within_its_employer(cast: Cast) -> None:
    burden(cast, "Nia Test", 14)
    score(cast)
    supervise(cast, cast.workers["Asha Test"], TODAY)
    both, alone = facts_of(cast.team, cast.other_team), facts_of(cast.team)
    for name in MEASURES:
        assert take(name, both[cast.team.pk]) == take(name, alone[cast.team.pk]), name


def test_statements_do_not_grow_with_teams_or_rows(cast: Cast) -> None:
    burden(cast, "Nia Test", 14)
    score(cast)
    supervise(cast, cast.workers["Asha Test"], TODAY)
    for teams in ([cast.team], [cast.team, cast.other_team]):
        rows = Team.objects.filter(pk__in=[team.pk for team in teams]).select_related("employer", "service_area")
        workloads = team_workloads(list(rows), as_of=TODAY)
        with CaptureQueriesContext(connection) as asked:
            measure_teams(workloads, as_of=TODAY)
        assert len(asked) == 11
