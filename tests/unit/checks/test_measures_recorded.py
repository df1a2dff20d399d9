"""Measures of what is on record beside the day's workload, with figures worked out by hand."""

import itertools
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from caseloads.workload import Flag
from checks.facts import (
    CaseDay,
    Change,
    Concern,
    Ending,
    Handed,
    LoadDuty,
    OverDay,
    Recorded,
    Session,
    team_facts,
)
from checks.measures import MEASURES, MOST_ROWS, Measured, take
from checks.measures.overload import Spell, spells
from teams.extra_hours import Total
from teams.supervision import Span
from teams.workforce import Away, Hours
from tests.unit.caseloads.building import DAY, Area, scheme

YEAR_AGO = date(2025, 11, 22)
AREA = Area().worker("ada").worker("bo", stage="NEWLY_QUALIFIED").worker("cy", registered=False).case("c", "ada")
NAMES = {"ada": "Ada", "bo": "Bo", "cy": "Cy"}


def measured(name: str, area: Area = AREA, **recorded: Any) -> Measured:
    record = Recorded(since=YEAR_AGO, names=NAMES, **recorded)
    return take(name, team_facts(area.score(scheme(), teams=["T"]), "T", record))


def told(found: Measured) -> tuple[str | None, str]:
    return None if found.value is None else str(found.value), found.note


def ago(days: int) -> date:
    return DAY - timedelta(days=days)


def waiting() -> Area:
    """Four unallocated cases: past its limit, without one, of a category that nobody knows, of no known day."""
    area = Area().case("a", category="child protection", opened_on=ago(6)).case("b", opened_on=ago(3))
    return area.case("c", opened_on=ago(0), category="unheard of").case("d", opened_on=None)


class TestLoad:
    def test_extremes_and_counts(self) -> None:
        area = Area().worker("room").worker("near").worker("well", hours="3.7").worker("lost", hours=None)
        area.case("a", "room", family="f").case("b", "room", family="f").case("c", "near", override=82_00)
        area.case("d", "well", override=20_00).case("e", "lost")
        found = {
            name: told(measured(name, area))
            for name in ("lowest_load_pct", "median_load_pct", "highest_load_pct", "workers_over", "fte")
        }
        missing = "Not known: 1 of 4 workers."
        assert found == {
            "lowest_load_pct": ("21.0", missing),
            "median_load_pct": ("97.0", missing),
            "highest_load_pct": ("215.0", missing),
            "workers_over": ("1", missing),
            "fte": ("2.10", "Left out: workers whose hours are not known, 1."),
        }
        assert told(measured("cases_held", area)) == ("5", "")
        assert told(measured("families_held", area)) == ("4", "")

    def test_rows_name_the_workers_the_heaviest_first(self) -> None:
        area = Area().worker("bo", hours="3.7").worker("ada").worker("lost", hours=None).worker("away").worker("cy")
        area.reduction("away", "100").reduction("cy", "100").case("a", "bo", override=20_00).case("b", "away")
        rows = measured("team_load_pct", area).rows
        assert rows
        assert rows.headings == ("Worker", "Load", "Capacity", "Load %", "Band")
        assert rows.lines == (
            ("away", "4.00", "0.00", "not known", "no capacity"),
            ("Bo", "21.50", "10.00", "215.0\u00a0%", "well over"),
            ("Ada", "15.00", "100.00", "15.0\u00a0%", "room"),
            ("Cy", "0.00", "0.00", "not known", "not applicable"),
            ("lost", "not known", "not known", "not known", "not known"),
        )
        over = measured("workers_over_pct", area).rows
        assert over
        assert [line[0] for line in over.lines] == ["away", "Bo"]

    @pytest.mark.parametrize(
        ("area", "note"),
        [
            (Area(), "No worker's load and capacity are known."),
            (Area().worker("w").reduction("w", "100"), "Nobody who is known has capacity."),
        ],
    )
    def test_extremes_need_capacity(self, area: Area, note: str) -> None:
        for name in ("lowest_load_pct", "median_load_pct", "highest_load_pct"):
            assert told(measured(name, area)) == (None, note)

    def test_demand_says_what_it_leaves_out(self) -> None:
        area = Area().worker("w").case("a", category="unheard of")
        assert told(measured("demand_pct", area)) == (
            "15.0",
            "Left out: the weight of unallocated cases, 1, is not known.",
        )

    def test_fte_needs_somebodys_hours(self) -> None:
        assert told(measured("fte", Area().worker("w", hours=None))) == (None, "Nobody's contracted hours are known.")
        assert told(measured("fte", Area())) == ("0.00", "")


class TestOverloadOverTime:
    def run(self, worker: str, *ages: int, well: bool = True, first: int | None = None) -> list[OverDay]:
        """Days over of one worker, each after the one before it; the first after the scoring of `first` days ago."""
        days = [None if first is None else ago(first), *(ago(age) for age in ages)]
        return [OverDay(worker, day, before, well) for before, day in itertools.pairwise(days)]

    def test_runs_bridge_three_days_without_a_scoring_and_no_more(self) -> None:
        found = spells(self.run("ada", 20, 16, 12, 7, 6))
        assert found == [Spell("ada", ago(20), ago(12)), Spell("ada", ago(7), ago(6))]
        assert [spell.days for spell in found] == [9, 2]

    def test_a_scoring_between_that_found_less_ends_a_run(self) -> None:
        rows = [*self.run("ada", 9, 8), *self.run("ada", 6, 5, first=7)]
        assert [spell.days for spell in spells(rows)] == [2, 2]

    def test_days_of_several_workers_are_several_runs(self) -> None:
        assert len(spells([*self.run("ada", 3, 2), *self.run("bo", 3, 2)])) == 2

    def test_times_over_and_well_over_and_excessive(self) -> None:
        long = self.run("ada", *range(40, 12, -1))
        overs = [
            *long,
            *self.run("bo", 50, 49, well=False),
            *self.run("cy", 30, 29),
            OverDay("cy", ago(28), ago(29), False),
        ]
        recorded = {"overs": overs, "scored_from": ago(60), "scored_days": 55}
        note = f"From the scorings of 55\u00a0days since {ago(60).day}\u00a0September\u00a02026."
        names = ("times_over_12_months", "times_well_over_12_months", "times_excessive_12_months")
        assert [told(measured(name, **recorded)) for name in names] == [("3", note), ("2", note), ("1", note)]
        assert (
            measured("times_excessive_12_months", overs=self.run("ada", *range(40, 13, -1)), scored_from=ago(60)).value
            == 0
        )
        rows = measured("times_well_over_12_months", **recorded).rows
        assert rows
        assert [(line[0], line[3]) for line in rows.lines] == [("Cy", "2"), ("Ada", "28")]

    def test_without_scorings_nothing_is_known(self) -> None:
        said = (None, "The team was not scored in the last 12 months.")
        for name in ("times_over_12_months", "times_well_over_12_months", "times_excessive_12_months"):
            assert told(measured(name)) == said

    def test_excessive_now_is_the_red_flag(self) -> None:
        area = Area().worker("ada", hours="3.7").case("a", "ada", override=20_00).worker("bo")
        for age in range(1, 28):
            area.snapshot("ada", ago(age), well_over=True)
        found = measured("workers_excessive", area, scored_from=ago(27))
        assert told(found) == ("1", "")
        assert found.rows
        assert found.rows.lines == (("Ada", "Well over on every snapshot of 28 consecutive days."),)

    def test_excessive_now_needs_four_weeks_of_scorings(self) -> None:
        said = (None, "The team has not been scored for 28 days yet.")
        assert told(measured("workers_excessive")) == said
        assert told(measured("workers_excessive", scored_from=ago(26))) == said
        assert told(measured("workers_excessive", scored_from=ago(27))) == ("0", "")

    def test_plans_and_overloads_without_one(self) -> None:
        duties = [
            LoadDuty("ada", Flag.WELL_OVER, ago(9), ago(1), planned=True),
            LoadDuty("ada", Flag.EXCESSIVE, ago(9), DAY, planned=True),
            LoadDuty("bo", Flag.NEWLY_QUALIFIED_OVER, ago(3), DAY, planned=False),
        ]
        plans = measured("overload_plans_open", load_duties=duties)
        assert told(plans) == ("2", "Past their day: 1.")
        assert plans.rows
        assert [line[1] for line in plans.rows.lines] == ["Well over for four weeks", "Well over"]
        assert told(measured("overloads_without_plan", load_duties=duties)) == ("1", "")
        assert told(measured("overload_plans_open")) == ("0", "")


class TestUnallocated:
    def test_figures(self) -> None:
        note = "Left out: cases whose opening day is not known, 1."
        assert told(measured("median_wait_days", waiting())) == ("3", note)
        assert told(measured("longest_wait_days", waiting())) == ("6", note)
        assert told(measured("unallocated_weight", waiting())) == (
            "16.00",
            "Left out: cases whose weight is not known, 1.",
        )
        assert told(measured("waiting_too_long", waiting())) == ("1", "Cases of categories without a limit: 3.")
        assert told(measured("waiting_too_long", Area())) == ("0", "")

    def test_rows_come_longest_wait_first(self) -> None:
        rows = measured("unallocated_cases", waiting(), categories={"child protection": "Child protection"}).rows
        assert rows
        assert rows.lines[0] == ("a", "Child protection", "8.00", "6\u00a0days", "5\u00a0days")
        assert [line[0] for line in rows.lines] == ["a", "b", "c", "d"]

    def test_no_weight_is_known(self) -> None:
        area = Area().case("a", category="unheard of")
        assert told(measured("unallocated_weight", area)) == (None, "The weight of no unallocated case is known.")


class TestCasework:
    def test_handovers(self) -> None:
        handed = [
            Handed("a", ago(2), "Ada", "Bo", ago(3)),
            Handed("b", ago(1), "Ada", "Bo", None),
            Handed("c", ago(2), "Cy", "Bo", ago(2)),
        ]
        found = measured("handovers_with_meeting_pct", handed=handed)
        assert told(found) == ("66.7", "")
        assert found.rows
        assert next((line[0], line[4]) for line in found.rows.lines) == ("b", "none")
        assert told(measured("handovers_with_meeting_pct")) == (
            None,
            "No transfer to the team is recorded in the last 12 months.",
        )

    def test_changes_of_worker_are_those_of_open_cases_of_the_team(self) -> None:
        area = Area().worker("ada").case("c1", "ada").case("c2", "ada").case("c3")
        changes = [
            Change("c1", ago(9), "Bo", "Cy"),
            Change("c1", ago(2), "Cy", "Ada"),
            Change("elsewhere", ago(2), "Bo", "Cy"),
        ]
        found = measured("worker_changes_per_case", area, changes=changes)
        assert told(found) == ("0.67", "2 in 3 open cases.")
        assert found.rows
        assert [line[2:] for line in found.rows.lines] == [("Bo", "Cy"), ("Cy", "Ada")]
        assert told(measured("worker_changes_per_case", changes=changes)) == ("0.00", "0 in 1 open case.")
        assert told(measured("worker_changes_per_case", Area())) == ("0.00", "The team has no open case.")

    def test_new_and_closed_cases(self) -> None:
        days = [CaseDay("a", ago(9)), CaseDay("b", ago(2))]
        opened = measured("new_cases_12_months", opened=days)
        assert told(opened) == ("2", "")
        assert opened.rows
        assert [line[0] for line in opened.rows.lines] == ["b", "a"]
        assert told(measured("closed_cases_12_months", closed=days[:1])) == ("1", "")

    def test_ratings_behind_are_named_with_the_reason(self) -> None:
        area = (
            Area().worker("w").case("a", "w", rated=False).case("b", "w", rated_on=ago(99)).case("c", "w", rated_on=DAY)
        )
        facts = team_facts(area.score(scheme(review_interval_days=90), teams=["T"]), "T")
        rows = take("ratings_up_to_date_pct", facts).rows
        assert rows
        assert rows.lines == (
            ("a", "Not rated."),
            ("b", "Case b was rated 99 days ago; the scheme reviews ratings after 90."),
        )

    def test_reserved_cases_of_whom_is_not_registered_come_first(self) -> None:
        area = Area().worker("ada").worker("cy", registered=False)
        area.case("a", "ada", category="child protection").case("b", "cy", category="child protection")
        rows = measured("reserved_registered_pct", area).rows
        assert rows
        assert rows.lines == (("b", "Child protection", "Cy", "no"), ("a", "Child protection", "Ada", "yes"))


class TestSupervision:
    SESSIONS = (
        Session("ada", ago(1), 90, interrupted=False, reflective=True, by_registered=True),
        Session("ada", ago(30), 89, interrupted=False, reflective=False, by_registered=False),
        Session("bo", ago(5), 120, interrupted=True, reflective=True, by_registered=False),
        Session("cy", ago(5), 120, interrupted=False, reflective=True, by_registered=True),
        Session("elsewhere", ago(5), 120, interrupted=False, reflective=True, by_registered=True),
    )

    def test_shares_of_the_teams_own_sessions(self) -> None:
        assert told(measured("supervision_90_minutes_pct", sessions=self.SESSIONS)) == ("50.0", "")
        assert told(measured("supervision_reflective_pct", sessions=self.SESSIONS)) == ("75.0", "")
        for name in ("supervision_90_minutes_pct", "supervision_reflective_pct"):
            assert told(measured(name)) == (None, "No supervision of the last 91 days is recorded.")

    def test_two_sessions_of_one_day_are_in_the_same_order_however_they_are_read(self) -> None:
        two = [
            Session("ada", ago(1), 90, interrupted=False, reflective=reflective, by_registered=None)
            for reflective in (True, False)
        ]
        name = "supervision_reflective_pct"
        assert measured(name, sessions=two) == measured(name, sessions=two[::-1])

    def test_professional_supervision_is_of_registered_workers(self) -> None:
        """Ada had a session by a registered social worker, Bo none; Cy is not registered."""
        found = measured("professional_supervision_pct", sessions=self.SESSIONS)
        assert told(found) == ("50.0", "")
        assert found.rows
        assert [line[0] for line in found.rows.lines] == ["Ada", "Bo", "Ada"]

    def test_professional_supervision_that_is_not_recorded_is_not_known(self) -> None:
        silent = Session("bo", ago(5), 60, interrupted=False, reflective=False, by_registered=None)
        sentence = "Of no registered worker is it recorded whether a registered social worker supervised them."
        assert told(measured("professional_supervision_pct", sessions=[silent])) == (None, sentence)
        found = measured("professional_supervision_pct", sessions=[self.SESSIONS[0], silent])
        assert told(found) == ("100.0", "Not known: 1 of 2 registered workers.")

    def test_rows_show_the_overdue_first(self) -> None:
        area = Area().worker("ada").worker("bo").worker("cy").supervision("ada", DAY, sessions=2, in_full=1)
        area.supervision("bo", ago(1)).supervision("cy", None)
        rows = measured("supervision_on_time_pct", area).rows
        assert rows
        assert rows.lines == (("Bo", "no", "0", "0"), ("Ada", "yes", "2", "1"), ("Cy", "not known", "0", "0"))


class TestWorkforce:
    def hours(self, worker: str, weekly: str | None, starts: int = 900, ends: int | None = None, **more: bool) -> Hours:
        span = Span(ago(starts), None if ends is None else ago(ends))
        return Hours(worker, None if weekly is None else Decimal(weekly), span, **more)

    @property
    def contracts(self) -> list[Hours]:
        """74 hours in post, 37 of an agency, 37 who left."""
        return [
            self.hours("ada", "37"),
            self.hours("bo", "37"),
            self.hours("cy", "37", agency=True),
            self.hours("gone", "37", ends=100),
            self.hours("agency gone", "37", ends=90, agency=True),
        ]

    def test_rates(self) -> None:
        """Two posts of four vacant; one of three FTE from an agency; one FTE of two left."""
        recorded = {"contracts": self.contracts, "established": Decimal(148)}
        assert told(measured("vacancy_pct", **recorded)) == ("50.0", "")
        assert told(measured("agency_pct", **recorded)) == ("33.3", "")
        found = measured("turnover_pct", **recorded)
        assert told(found) == ("50.0", "")
        assert found.rows
        assert found.rows.lines == (("gone", "14\u00a0August\u00a02026", "1.00"),)

    def test_rates_behind(self) -> None:
        rows = measured("vacancy_pct", contracts=self.contracts, established=Decimal(148)).rows
        assert rows
        assert rows.lines == (("Established", "4.00"), ("In post", "2.00"), ("Agency", "1.00"), ("Vacant", "2.00"))

    def test_rates_without_hours_are_not_known(self) -> None:
        contracts = [*self.contracts, self.hours("dee", None)]
        reason = "The contracted hours of somebody in the team are not known."
        for name in ("vacancy_pct", "agency_pct"):
            assert told(measured(name, contracts=contracts, established=Decimal(148))) == (None, reason)
        left = "The contracted hours of somebody in the team, or of somebody who left, are not known."
        assert told(measured("turnover_pct", contracts=contracts)) == (None, left)
        away = [Away("ada", "Sickness", Span(ago(10), ago(9)))]
        assert told(measured("absence_pct", contracts=contracts, absences=away)) == (None, reason)

    def test_rates_of_nobody(self) -> None:
        assert told(measured("vacancy_pct")) == (None, "The posts of the team are not recorded.")
        assert told(measured("vacancy_pct", established=Decimal(0))) == (
            None,
            "The team has no posts and nobody in them.",
        )
        for name in ("agency_pct", "turnover_pct"):
            assert told(measured(name)) == (None, "Nobody is in post in the team.")

    def test_absence(self) -> None:
        """Ten working days of one of two FTE: 10 ÷ (2 × 253) = 1.976 %."""
        away = [Away("ada", "Sickness", Span(date(2026, 6, 1), date(2026, 6, 13)))]
        found = measured("absence_pct", contracts=self.contracts[:2], absences=away)
        assert told(found) == ("2.0", "")
        assert found.rows
        assert found.rows.lines == (("Sickness", "10.0"),)
        assert told(measured("absence_pct", contracts=self.contracts)) == (
            None,
            "No absence of the team's workers is recorded in the last 12 months.",
        )
        agency = [self.hours("ada", "37", agency=True)]
        assert measured("absence_pct", contracts=agency, absences=away).value is None

    def test_absence_needs_somebody_in_post(self) -> None:
        contracts = [self.hours("ada", "37", ends=5)]
        away = [Away("ada", "Sickness", Span(ago(20), ago(15)))]
        found = measured("absence_pct", contracts=contracts, absences=away)
        assert told(found) == (None, "Nobody is in post in the team.")

    def test_additional_hours(self) -> None:
        """36 hours in four weeks are 9 a week, of three FTE: 3 hours a week for each."""
        totals = [Total(date(2026, 9, 28), 5, Decimal(36)), Total(date(2026, 8, 31), None, None)]
        found = measured("additional_hours_per_fte", contracts=self.contracts, extra_hours=totals)
        assert told(found) == ("3.0", "From 28\u00a0September\u00a02026 to 25\u00a0October\u00a02026.")
        assert found.rows
        assert found.rows.lines == (("28\u00a0September\u00a02026", "25\u00a0October\u00a02026", "5", "36.00"),)

    def test_additional_hours_of_few_are_not_known_and_nothing_of_theirs_is_shown(self) -> None:
        totals = [Total(date(2026, 9, 28), None, None), Total(date(2026, 8, 31), 5, Decimal(36))]
        reason = "Fewer than 5 people recorded additional hours in the newest four weeks that are closed."
        found = measured("additional_hours_per_fte", contracts=self.contracts, extra_hours=totals)
        assert told(found) == (None, reason)
        assert found.rows
        assert len(found.rows.lines) == 1
        assert told(measured("additional_hours_per_fte")) == (None, reason)

    def test_additional_hours_need_contracted_ones(self) -> None:
        totals = [Total(date(2026, 9, 28), 5, Decimal(36))]
        unknown = [*self.contracts, self.hours("dee", None)]
        reasons = {
            "The contracted hours of somebody in the team are not known.": unknown,
            "Nobody is in post in the team.": [],
        }
        for reason, contracts in reasons.items():
            found = measured("additional_hours_per_fte", contracts=contracts, extra_hours=totals)
            assert told(found) == (None, reason)

    def test_reductions_that_end_soon(self) -> None:
        endings = [
            Ending("bo", "Phased return", DAY + timedelta(28)),
            Ending("ada", "Union duties", DAY + timedelta(3)),
        ]
        found = measured("reductions_expiring", endings=endings)
        assert told(found) == ("2", "")
        assert found.rows
        assert found.rows.lines[0] == ("Ada", "Union duties", "25\u00a0November\u00a02026")

    def test_concerns_answered_in_time(self) -> None:
        """In time on the last day, late, late and not answered, and one that still has time."""
        concerns = [
            Concern(ago(100), ago(95), 5),
            Concern(ago(90), ago(84), 5),
            Concern(ago(6), None, 5),
            Concern(ago(5), None, 5),
            Concern(ago(4), ago(4), 5),
        ]
        found = measured("concerns_in_time_pct", concerns=concerns)
        assert told(found) == ("50.0", "Not counted: 1 that may still be answered in time.")
        assert found.rows
        assert [line[2] for line in found.rows.lines][1] == "not yet"
        assert all("Ada" not in cell for line in found.rows.lines for cell in line)
        reason = "No concern of the last 12 months has been answered or should have been."
        assert told(measured("concerns_in_time_pct", concerns=concerns[3:4])) == (None, reason)


def test_rows_are_cut_and_the_note_says_so() -> None:
    days = [CaseDay(f"c{number:03d}", DAY) for number in range(MOST_ROWS + 1)]
    found = measured("new_cases_12_months", opened=days)
    assert told(found) == ("201", "The first 200 of 201 rows are shown.")
    assert found.rows
    assert len(found.rows.lines) == MOST_ROWS
    assert measured("new_cases_12_months", opened=days[1:]).note == ""


def test_rows_have_a_cell_for_each_heading() -> None:
    area = waiting().worker("ada").case("held", "ada", category="child protection", rated=False)
    recorded = {
        "overs": TestOverloadOverTime().run("ada", *range(40, 12, -1)),
        "scored_from": ago(90),
        "sessions": TestSupervision.SESSIONS,
        "handed": [Handed("a", ago(2), "Ada", "Bo", None)],
        "concerns": [Concern(ago(9), None, 5)],
        "load_duties": [LoadDuty("ada", Flag.WELL_OVER, ago(9), DAY, planned=flag) for flag in (True, False)],
        "changes": [Change("held", ago(9), "Bo", "Cy")],
        "opened": [CaseDay("a", DAY)],
        "closed": [CaseDay("a", DAY)],
        "endings": [Ending("ada", "Union duties", DAY)],
        "contracts": TestWorkforce().contracts,
        "absences": [Away("ada", "Sickness", Span(ago(20), ago(10)))],
        "extra_hours": [Total(date(2026, 9, 28), 5, Decimal(36))],
    }
    for name in MEASURES:
        rows = measured(name, area, **recorded).rows
        if name not in {
            "workers_excessive",
            "newly_qualified_within_pct",
            "workers_over",
            "workers_over_pct",
            "workers_well_over",
        }:
            assert rows, name
            assert all(len(line) == len(rows.headings) for line in rows.lines), name
