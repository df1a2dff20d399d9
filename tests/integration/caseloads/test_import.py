"""Importing files into a real database: what is written, what is kept, and that a second time changes nothing."""

import io
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from caseloads.actions.cases import Holder, NewCase, record_cases
from caseloads.actions.imports import import_caseload, preview_caseload
from caseloads.actions.schemes import publish_scheme
from caseloads.importing import Files, Outcome, Upload
from caseloads.intake.records import Counts, Refused
from caseloads.models import Allocation, Case, ImportRun, Rating, ScoringNeed
from healthcheck.demo import schemes
from teams.actions.setting_up import add_service_area, found_employer
from teams.models import AuditEntry, Contract, Employer, ServiceArea, Team, User, Worker
from tests.unit.caseloads.intake.books import HEADINGS, OPEN, changed, workbook

pytestmark = pytest.mark.django_db

AT = datetime(2026, 3, 31, 12, 0, tzinfo=UTC)
DAY = date(2026, 3, 31)
LATER = date(2026, 4, 30)


@pytest.fixture
def employer() -> Employer:
    employer = found_employer(name="Testshire", slug="testshire", by=None, at=AT)
    for name, group in (("Adults", ServiceArea.ClientGroup.ADULTS), ("Children", ServiceArea.ClientGroup.CHILDREN)):
        add_service_area(employer=employer, name=name, client_group=group, full_time_hours=Decimal(37), by=None, at=AT)
    return employer


def csv_of(rows: Sequence[dict[str, str]]) -> Upload:
    headings = list(dict.fromkeys(name for row in rows for name in row))
    lines = [",".join(headings)] + [",".join(row.get(name, "") for name in headings) for row in rows]
    return Upload("list.csv", io.BytesIO("\n".join(lines).encode()))


def cases(*rows: dict[str, str]) -> Files:
    rows_with = [{"case_reference": "C1", "team": "North", "worker": "Ann Able"} | row for row in rows]
    return Files(cases=[csv_of(rows_with)])


def staff(*rows: dict[str, str]) -> Files:
    return Files(staff=csv_of([{"worker": "Ann Able", "team": "North"} | row for row in rows]))


def run(employer: Employer, files: Files, *, on: date = DAY, preset: str = "plain") -> Outcome:
    return import_caseload(employer=employer, preset=ImportRun.Preset(preset), files=files, as_of=on, by=None, at=AT)


def rows_of_everything() -> list[object]:
    models = (Case, Rating, Allocation, Worker, Contract, Team)
    return [list(model.objects.order_by("pk").values()) for model in models]


def open_holders(reference: str = "C1") -> list[tuple[str, str, str, int, date]]:
    rows = Allocation.objects.filter(case__reference=reference, ended_on__isnull=True).order_by("pk")
    return [(row.worker.name, row.team.name, row.role, row.share, row.started_on) for row in rows]


# New rows


def test_a_new_case_comes_with_team_worker_contract_rating_and_allocation(employer: Employer) -> None:
    row = {
        "category": "child_protection",
        "factors": "long_travel; further_child x 2",
        "opened_on": "2026-01-02",
        "family_reference": "F1",
        "rated_on": "2026-01-09",
    }
    outcome = run(employer, cases(row))
    case = Case.objects.get(employer=employer)
    assert (case.reference, case.family_reference, case.category) == ("C1", "F1", "child_protection")
    assert (case.opened_on, case.closed_on, case.team.name) == (date(2026, 1, 2), None, "North")
    assert case.team.service_area.name == "Children"
    rating = case.ratings.get()
    assert (rating.category, rating.factors) == ("child_protection", {"further_child": 2, "long_travel": 1})
    assert (rating.rated_on, rating.rated_by) == (date(2026, 1, 9), None)
    assert open_holders() == [("Ann Able", "North", "LEAD", 100, DAY)]
    contract = Contract.objects.get(worker__name="Ann Able")
    assert (contract.team.name, contract.weekly_hours, contract.starts_on) == ("North", None, DAY)
    assert (outcome.summary.new_cases, outcome.summary.new_workers, outcome.summary.new_teams) == (1, 1, 1)


def test_without_a_category_nothing_is_rated(employer: Employer) -> None:
    run(employer, cases({}))
    assert Rating.objects.count() == 0
    assert Case.objects.get().opened_on == DAY


def test_co_workers_share_a_case_and_a_worker_may_be_in_two_teams(employer: Employer) -> None:
    run(
        employer,
        cases(
            {"role": "lead", "share": "60"},
            {"worker": "Bo Busy", "team": "South"},
            {"case_reference": "C2", "team": "South"},
        ),
    )
    assert open_holders() == [("Ann Able", "North", "LEAD", 60, DAY), ("Bo Busy", "South", "CO_WORKER", 40, DAY)]
    assert Worker.objects.filter(name="Ann Able").count() == 1
    assert Contract.objects.filter(worker__name="Ann Able").count() == 2


def test_an_annex_a_workbook_is_imported(employer: Employer) -> None:
    sheets = {f"List {number}": [HEADINGS[number], OPEN[number]] for number in OPEN}
    sheets["List 7"] += [changed(7, Child="2", Worker="#N/A", Team="#N/A")]
    outcome = run(employer, Files(cases=[Upload("a.xlsx", io.BytesIO(workbook(sheets)))]), preset="annex_a")
    assert outcome.counts == Counts(rows=8, cases=2, merged=6, unallocated=1, workers=1, teams=1)
    assert sorted(Case.objects.values_list("reference", "category", "team__name")) == [
        ("1", "looked_after", "Team A"),
        ("2", "child_protection", "No team recorded"),
    ]
    assert Rating.objects.count() == 2
    assert Allocation.objects.count() == 1


def test_categories_without_a_weight_are_named(employer: Employer) -> None:
    area = ServiceArea.objects.get(employer=employer, name="Children")
    draft = schemes.childrens(date(2026, 1, 1))
    kept = [row for row in draft.categories if row["code"] != "section_47"]
    publish_scheme(service_area=area, draft=replace(draft, categories=kept), by=None, at=AT)
    book = workbook({f"List {number}": [HEADINGS[number], changed(number, Child=str(number))] for number in (5, 8)})
    outcome = run(employer, Files(cases=[Upload("a.xlsx", io.BytesIO(book))]), preset="annex_a")
    assert outcome.reading.intake.notes[-1] == (
        "Open cases of categories that the weighting scheme does not have, so they cannot be weighed: section_47 (1)."
    )


# The second time


def test_the_same_file_twice_changes_nothing_even_days_later(employer: Employer) -> None:
    row = {"category": "child_in_need", "factors": "long_travel"}
    shared = {"worker": "Bo Busy", "team": "South"}
    no_one = {"case_reference": "C2", "worker": "unallocated", "team": "-"}
    gone = {"case_reference": "C3", "closed_on": "2026-02-01"}
    both = Files(
        cases=cases(row, shared, no_one, gone).cases,
        staff=staff(
            {"weekly_hours": "30", "career_stage": "established"}, {"team": "South", "weekly_hours": "7"}
        ).staff,
    )
    run(employer, both)
    before = rows_of_everything()
    again = run(employer, both, on=LATER)
    assert again.summary.nothing()
    assert rows_of_everything() == before
    assert ImportRun.objects.filter(status="APPLIED").count() == 2


def test_a_preview_says_the_same_and_writes_nothing(employer: Employer) -> None:
    outcome = preview_caseload(employer=employer, preset=ImportRun.Preset.PLAIN, files=cases({}), as_of=DAY, by=None)
    assert (outcome.summary.new_cases, outcome.summary.allocations_started) == (1, 1)
    assert Case.objects.count() == Team.objects.count() == ImportRun.objects.count() == 0


# Changes


def test_another_worker_ends_the_allocation_and_begins_one(employer: Employer) -> None:
    run(employer, cases({}))
    outcome = run(employer, cases({"worker": "Bo Busy"}), on=LATER)
    assert open_holders() == [("Bo Busy", "North", "LEAD", 100, LATER)]
    assert Allocation.objects.get(worker__name="Ann Able").ended_on == LATER
    assert (outcome.summary.allocations_started, outcome.summary.allocations_ended) == (1, 1)


def test_another_share_or_team_ends_and_begins_too_even_on_the_same_day(employer: Employer) -> None:
    run(employer, cases({}))
    run(employer, cases({"share": "60"}))
    assert open_holders() == [("Ann Able", "North", "LEAD", 60, DAY)]
    run(employer, cases({"share": "60", "team": "South"}), on=LATER)
    assert open_holders() == [("Ann Able", "South", "LEAD", 60, LATER)]
    assert Case.objects.get().team.name == "South"


def test_unallocated_ends_the_allocation_and_keeps_the_team_where_the_file_has_none(employer: Employer) -> None:
    run(employer, cases({}))
    run(employer, cases({"worker": "#N/A", "team": ""}), on=LATER)
    assert open_holders() == []
    assert Case.objects.get().team.name == "North"


def test_a_worker_without_a_team_works_where_they_are_known_to(employer: Employer) -> None:
    run(employer, cases({}))
    run(employer, cases({}, {"case_reference": "C2", "team": ""}, {"case_reference": "C3", "worker": "Cy", "team": ""}))
    assert open_holders("C2") == [("Ann Able", "North", "LEAD", 100, DAY)]
    assert open_holders("C3") == [("Cy", "No team recorded", "LEAD", 100, DAY)]


def test_a_closed_row_closes_the_case_and_ends_its_allocations(employer: Employer) -> None:
    run(employer, cases({"opened_on": "2026-01-01"}))
    outcome = run(employer, cases({"closed_on": "2026-04-10"}), on=LATER)
    case = Case.objects.get()
    assert case.closed_on == date(2026, 4, 10)
    assert Allocation.objects.get().ended_on == date(2026, 4, 10)
    assert (outcome.summary.closed_cases, outcome.summary.changed_cases) == (1, 0)
    assert run(employer, cases({"closed_on": "2026-04-10"}), on=LATER).summary.nothing()


def test_a_case_is_never_closed_before_it_was_opened(employer: Employer) -> None:
    run(employer, cases({"opened_on": "2026-03-01"}))
    run(employer, cases({"closed_on": "2026-02-01"}), on=LATER)
    assert Case.objects.get().closed_on == date(2026, 3, 1)
    assert Allocation.objects.get().ended_on == DAY


def test_a_closed_case_that_is_open_in_the_file_is_reopened(employer: Employer) -> None:
    run(employer, cases({}))
    run(employer, cases({"closed_on": "2026-04-10"}), on=LATER)
    outcome = run(employer, cases({}), on=date(2026, 5, 31))
    assert Case.objects.get().closed_on is None
    assert (outcome.summary.reopened_cases, outcome.summary.allocations_started) == (1, 1)


def test_what_the_file_does_not_say_stays(employer: Employer) -> None:
    run(employer, cases({"category": "cin", "family_reference": "F1", "opened_on": "2026-01-01"}))
    assert run(employer, cases({}), on=LATER).summary.nothing()
    case = Case.objects.get()
    assert (case.category, case.family_reference, case.opened_on) == ("cin", "F1", date(2026, 1, 1))


def test_cases_not_in_the_file_are_left_alone_and_counted(employer: Employer) -> None:
    run(employer, cases({}, {"case_reference": "C2"}))
    outcome = run(employer, cases({}), on=LATER)
    assert outcome.summary.cases_left_alone == 1
    assert Case.objects.get(reference="C2").closed_on is None


def test_an_ended_contract_is_followed_by_a_new_one_when_the_file_names_the_worker(employer: Employer) -> None:
    run(employer, cases({}))
    run(employer, staff({"weekly_hours": "37", "ends_on": "2026-04-15"}))
    run(employer, cases({}), on=LATER)
    periods = Contract.objects.order_by("starts_on").values_list("starts_on", "ends_on", "weekly_hours")
    assert list(periods) == [(DAY, date(2026, 4, 15), Decimal(37)), (LATER, None, None)]


# Ratings


def person_rates(employer: Employer, *, category: str, on: date) -> None:
    user = User.objects.create_user(username="ben")
    case = Case.objects.get(reference="C1")
    Rating.objects.create(case=case, category=category, factors={"hostile": 1}, rated_on=on, rated_by=user)


def newest() -> tuple[str, dict[str, int], date]:
    rating = Rating.objects.order_by("-rated_on", "-pk")[0]
    return rating.category, rating.factors, rating.rated_on


def test_an_imported_rating_follows_the_file(employer: Employer) -> None:
    run(employer, cases({"category": "cin", "factors": "travel"}))
    run(employer, cases({"category": "cp", "factors": "travel x 2"}), on=LATER)
    assert newest() == ("cp", {"travel": 2}, LATER)
    assert Rating.objects.count() == 2


def test_a_persons_factors_are_kept_unless_the_files_rating_is_newer(employer: Employer) -> None:
    run(employer, cases({"category": "cin", "factors": "travel"}))
    person_rates(employer, category="cin", on=date(2026, 4, 5))
    run(employer, cases({"category": "cin", "factors": "travel"}), on=LATER)
    assert newest() == ("cin", {"hostile": 1}, date(2026, 4, 5))
    run(employer, cases({"category": "cp", "factors": "travel"}), on=LATER)
    assert newest() == ("cp", {"hostile": 1}, LATER)
    run(employer, cases({"category": "cp", "factors": "travel", "rated_on": "2026-05-20"}), on=date(2026, 5, 31))
    assert newest() == ("cp", {"travel": 1}, date(2026, 5, 20))


def test_a_file_of_an_earlier_day_does_not_rate_in_the_past(employer: Employer) -> None:
    run(employer, cases({"category": "cin"}))
    person_rates(employer, category="cin", on=LATER)
    run(employer, cases({"category": "cp"}))
    assert newest() == ("cp", {"hostile": 1}, LATER)
    assert run(employer, cases({"category": "cp"})).summary.nothing()


def test_annex_a_keeps_factors_it_knows_nothing_of(employer: Employer) -> None:
    def annex(status: str) -> Files:
        book = workbook({"List 6": [HEADINGS[6], changed(6, Child="C1", Status=status)]})
        return Files(cases=[Upload("a.xlsx", io.BytesIO(book))])

    run(employer, cases({"category": "child_in_need", "factors": "travel"}))
    run(employer, annex("CP"), preset="annex_a", on=LATER)
    assert newest() == ("child_protection", {"travel": 1}, LATER)


# Staff lists


def test_a_staff_list_alone_fills_what_is_not_known(employer: Employer) -> None:
    run(employer, cases({}))
    row = {
        "staff_reference": "S1",
        "weekly_hours": "30",
        "career_stage": "NQSW",
        "registered": "yes",
        "agency": "yes",
        "starts_on": "2025-09-01",
    }
    outcome = run(employer, staff(row))
    worker = Worker.objects.get()
    assert (worker.staff_reference, worker.career_stage, worker.registered) == ("S1", "NEWLY_QUALIFIED", True)
    assert (worker.agency, worker.case_holding) == (True, True)
    contract = Contract.objects.get()
    assert (contract.weekly_hours, contract.starts_on) == (Decimal(30), date(2025, 9, 1))
    assert (outcome.summary.changed_workers, outcome.summary.changed_contracts) == (1, 1)
    assert outcome.counts == Counts()
    assert run(employer, staff(row), on=LATER).summary.nothing()


def test_a_renamed_worker_is_found_by_reference_and_a_namesake_is_another(employer: Employer) -> None:
    run(employer, staff({"staff_reference": "S1"}))
    run(employer, staff({"staff_reference": "S1", "worker": "Ann Newname", "agency": "yes"}))
    assert Worker.objects.get().agency
    run(employer, staff({"staff_reference": "S2", "team": "South"}))
    assert Worker.objects.filter(name="Ann Able").count() == 2
    run(employer, cases({"team": "South"}))
    assert Allocation.objects.get().worker.staff_reference == "S2"


def test_other_hours_end_the_contract_and_begin_one(employer: Employer) -> None:
    run(employer, staff({"weekly_hours": "37"}))
    run(employer, staff({"weekly_hours": "30"}), on=LATER)
    periods = Contract.objects.order_by("starts_on").values_list("starts_on", "ends_on", "weekly_hours")
    assert list(periods) == [(DAY, LATER, Decimal(37)), (LATER, None, Decimal(30))]
    assert run(employer, staff({"weekly_hours": "30"}), on=date(2026, 5, 31)).summary.nothing()


def test_hours_may_change_on_a_day_to_come(employer: Employer) -> None:
    run(employer, staff({"weekly_hours": "37"}))
    coming = {"weekly_hours": "20", "starts_on": "2026-06-01"}
    run(employer, staff(coming))
    periods = Contract.objects.order_by("starts_on").values_list("starts_on", "ends_on", "weekly_hours")
    assert list(periods) == [(DAY, date(2026, 6, 1), Decimal(37)), (date(2026, 6, 1), None, Decimal(20))]
    assert run(employer, staff(coming), on=LATER).summary.nothing()


def test_a_wrong_number_of_hours_is_corrected_on_its_first_day(employer: Employer) -> None:
    run(employer, staff({"weekly_hours": "37"}))
    run(employer, staff({"weekly_hours": "30", "ends_on": "2026-12-31"}))
    contract = Contract.objects.get()
    assert (contract.weekly_hours, contract.ends_on) == (Decimal(30), date(2026, 12, 31))


def test_somebody_who_has_left_already_gets_no_contract_without_a_start(employer: Employer) -> None:
    run(employer, staff({"ends_on": "2026-01-31"}))
    assert Contract.objects.count() == 0
    run(employer, staff({"starts_on": "2025-01-01", "ends_on": "2026-01-31", "weekly_hours": "37"}))
    assert Contract.objects.get().ends_on == date(2026, 1, 31)
    assert run(employer, staff({"ends_on": "2026-01-31", "weekly_hours": "37"})).summary.nothing()


# Refusals and the trail


def test_a_refused_file_changes_nothing(employer: Employer) -> None:
    with pytest.raises(Refused, match="is empty"):
        run(employer, Files(cases=[Upload("a.csv", io.BytesIO(b""))]))
    with pytest.raises(Refused, match="Choose a case list, a staff list or both"):
        run(employer, Files())
    assert ImportRun.objects.count() == Case.objects.count() == 0


def test_an_allocation_of_a_later_day_gives_way_to_the_file(employer: Employer) -> None:
    run(employer, cases({}, {"case_reference": "C2", "worker": "Bo Busy"}))
    team, worker = Team.objects.get(), Worker.objects.get(name="Bo Busy")
    new = NewCase(reference="C3", category="", opened_on=DAY, holders=[Holder(worker, team, LATER)])
    record_cases(team=team, cases=[new], by=None, at=AT)
    run(employer, cases({"case_reference": "C3"}))
    assert open_holders("C3") == [("Ann Able", "North", "LEAD", 100, DAY)]
    assert Allocation.objects.get(case__reference="C3", worker=worker).ended_on == LATER


def test_a_contradiction_with_the_records_changes_nothing(employer: Employer) -> None:
    run(employer, cases({}))
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE caseloads_allocation ADD CONSTRAINT odd CHECK (share <> 77)")
    before = rows_of_everything()
    with pytest.raises(Refused, match=r"so nothing was changed\. .* \(odd\)"):
        run(employer, cases({"share": "77", "worker": "Bo Busy"}, {"case_reference": "C2"}))
    assert rows_of_everything() == before
    assert ImportRun.objects.count() == 1


def test_an_employer_without_a_fitting_service_area_is_told(employer: Employer) -> None:
    bare = found_employer(name="Bare", slug="bare", by=None, at=AT)
    with pytest.raises(Refused, match="Bare has no service area for children yet"):
        run(bare, cases({}))
    add_service_area(
        employer=bare,
        name="Adults",
        client_group=ServiceArea.ClientGroup.ADULTS,
        full_time_hours=Decimal(37),
        by=None,
        at=AT,
    )
    run(bare, cases({}))
    assert Team.objects.get().service_area.name == "Adults"


def test_references_are_hashed_where_the_setting_says_so(employer: Employer, settings: Any) -> None:
    settings.HASH_CASE_REFERENCES = True
    with pytest.raises(Refused, match="CASE_REFERENCE_KEY is not set"):
        run(employer, cases({}))
    settings.CASE_REFERENCE_KEY = "a key"
    run(employer, cases({}))
    assert len(Case.objects.get().reference) == 20
    assert run(employer, cases({})).summary.nothing()


def test_the_import_leaves_a_row_and_an_audit_entry(employer: Employer) -> None:
    run(employer, cases({}, {"case_reference": "-"}))
    row = ImportRun.objects.get()
    assert (row.status, row.preset, row.file_name, row.as_of) == ("APPLIED", "plain", "list.csv", DAY)
    assert row.counts["counts"]["quarantined"] == 1
    assert row.counts["changes"]["new_cases"] == 1
    assert row.problems == [
        {
            "sheet": "list",
            "row": 3,
            "column": "case_reference",
            "value": "-",
            "reason": "This row has no reference for the case.",
        }
    ]
    entry = AuditEntry.objects.get(event="CASELOAD_IMPORTED")
    assert entry.detail["sha256"] == row.file_sha256
    assert "C1" not in str(entry.detail)


def test_many_teams_are_scored_by_scoring_the_employer_once(
    employer: Employer, django_capture_on_commit_callbacks: Any
) -> None:
    with django_capture_on_commit_callbacks() as few:
        run(employer, cases({}))
    with django_capture_on_commit_callbacks() as many:
        run(employer, cases(*({"case_reference": f"D{at}", "team": f"Team {at}"} for at in range(7))))
    assert (len(few), len(many)) == (1, 1)
    assert ScoringNeed.objects.count() == 8


def test_statements_do_not_grow_with_the_file(employer: Employer) -> None:
    def statements(number: int, prefix: str) -> int:
        rows = [
            {"case_reference": f"{prefix}{at}", "worker": f"Worker {prefix}{at}", "category": "cin"}
            for at in range(number)
        ]
        run(employer, cases(*rows))
        moved = [row | {"worker": f"Other {prefix}", "category": "cp"} for row in rows]
        with CaptureQueriesContext(connection) as queries:
            run(employer, cases(*moved))
        return len(queries)

    assert statements(3, "a") == statements(60, "b") < 60
