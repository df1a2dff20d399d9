"""The page and the files of the workforce census, from rows as they stood on 30 September."""

import csv
import io
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
import time_machine
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.urls import reverse

from reports.actions import take_census
from reports.queries.census import Census, census_of, census_years
from teams.actions.posts import set_establishment
from teams.actions.setting_up import NewContract, add_service_area, add_team, add_workers
from teams.models import AuditEntry, ServiceArea, Worker
from tests.cast import AT, BEGUN, TODAY, WALL, Cast, case, holds, new_worker, record

DAY = date(2026, 9, 30)


@pytest.fixture(autouse=True)
def today() -> Any:
    with time_machine.travel(AT, tick=False):
        yield


@pytest.fixture
def staffed(cast: Cast) -> Cast:
    """Beside the cast: a leaver, somebody from an agency, somebody new since, and an adults' team."""
    add_workers(
        employer=cast.employer,
        workers=[
            new_worker(
                "Lee Test", cast.team, contracts=(NewContract(cast.team, Decimal(37), BEGUN, date(2026, 3, 2)),)
            ),
            new_worker("Ada Test", cast.team, "18.5", agency=True, staff_reference="SW0123456789"),
            new_worker("New Test", cast.team, contracts=(NewContract(cast.team, Decimal(37), date(2026, 10, 5)),)),
            new_worker("Who Test", cast.team, registered=None),
        ],
        by=None,
        at=AT,
    )
    area = add_service_area(
        employer=cast.employer,
        name="Adults",
        client_group=ServiceArea.ClientGroup.ADULTS,
        full_time_hours=Decimal(37),
        by=None,
        at=AT,
    )
    team = add_team(service_area=area, name="Oak Team", by=None, at=AT)
    add_workers(employer=cast.employer, workers=[new_worker("Ari Test", team)], by=None, at=AT)
    set_establishment(team=cast.team, weekly_hours=Decimal(222), starts_on=BEGUN, by=None, at=AT)
    asha = cast.workers["Asha Test"]
    asha.absences.create(reason="SICKNESS", starts_on=date(2026, 9, 28), ends_on=date(2026, 10, 5))
    since = {"opened_on": date(2026, 10, 10)}
    record(cast, case("N-001", holds(asha, cast.team, share=60), **since))  # after the day
    return cast


def cells(content: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"))))


def made(cast: Cast, kind: str = "workers") -> list[dict[str, str]]:
    return cells(take_census(employer=cast.employer, year=2026, kind=kind, by=cast.ewa, at=AT).content)


def census(cast: Cast, year: int = 2026) -> Census:
    return census_of(cast.employer, year=year)


def test_file_has_registered_social_workers_of_childrens_teams_as_they_stood(staffed: Cast) -> None:
    found = {row["Name"]: row for row in made(staffed)}
    assert set(found) == {"Ada Test", "Asha Test", "Ben Test", "Kit Test", "Nia Test", "Lee Test"}
    asha = found["Asha Test"]
    assert (asha["Cases30"], asha["OrgRole"], asha["FTE30"]) == ("3", "5", "1.000000")
    assert (asha["Absat30Sept"], asha["ReasonAbsence"], asha["WorkingDaysLost"]) == ("1", "SIC", "3.00")
    assert (found["Ben Test"]["OrgRole"], found["Ben Test"]["Cases30"]) == ("3", "0")
    assert (found["Ada Test"]["AgencyWorker"], found["Ada Test"]["SWENo"]) == ("1", "SW0123456789")
    assert (found["Lee Test"]["RoleEndDate"], found["Lee Test"]["Cases30"]) == ("2026-03-01", "")
    assert {row["Ethnicity"] for row in found.values()} == {""}


def test_change_of_hours_on_the_day_after_is_no_end(staffed: Cast) -> None:
    day_after = date(2026, 10, 1)
    spans = (
        NewContract(staffed.team, Decimal(37), BEGUN, day_after),
        NewContract(staffed.team, Decimal(20), day_after),
    )
    leaves = (NewContract(staffed.team, Decimal(37), BEGUN, day_after),)
    workers = [
        new_worker("Mia Test", staffed.team, contracts=spans),
        new_worker("Max Test", staffed.team, contracts=leaves),
    ]
    add_workers(employer=staffed.employer, workers=workers, by=None, at=AT)
    found = {row["Name"]: (row["FTE30"], row["RoleEndDate"]) for row in made(staffed)}
    assert found["Mia Test"] == ("1.000000", "")
    assert found["Max Test"] == ("1.000000", "2026-09-30")


def test_vacancies_have_a_file_of_their_own(staffed: Cast) -> None:
    (found,) = made(staffed, "vacancies")
    assert found == {"NumberOfVacancies": "1.00", "NoAgencyFTE": "0.50", "NoAgencyHeadcount": "1"}


def test_earlier_year_has_who_was_there_then(staffed: Cast) -> None:
    Worker.objects.filter(name="Kit Test").update(registered=False)
    found = {row.worker.name: row for row in census(staffed, 2025).rows}
    assert set(found) == {"Ada Test", "Asha Test", "Ben Test", "Nia Test", "Lee Test"}
    assert found["Lee Test"].in_post
    assert found["Asha Test"].worker.cases == 0


def test_director_with_a_worker_of_their_own_is_a_senior_manager(staffed: Cast) -> None:
    Worker.objects.filter(name="Nia Test").update(user=staffed.dev)
    assert {row["Name"]: row["OrgRole"] for row in made(staffed)}["Nia Test"] == "1"


def test_download_is_entered_in_the_audit_trail(staffed: Cast) -> None:
    file = take_census(employer=staffed.employer, year=2026, kind="workers", by=staffed.dev, at=AT)
    assert (file.name, file.rows) == ("workforce-census-2026-testshire-council-workers.csv", 6)
    entry = AuditEntry.objects.get(event="CENSUS_DOWNLOADED")
    assert (entry.by, entry.detail) == (staffed.dev, {"year": 2026, "kind": "workers", "rows": 6})


def test_download_is_not_for_others(staffed: Cast) -> None:
    with pytest.raises(PermissionDenied):
        take_census(employer=staffed.employer, year=2026, kind="workers", by=staffed.cora, at=AT)
    assert not AuditEntry.objects.filter(event="CENSUS_DOWNLOADED").exists()


def test_page_gives_totals_gaps_and_what_to_add(staffed: Cast, client: Client, django_assert_num_queries: Any) -> None:
    client.force_login(staffed.ewa)
    address = reverse("census", args=[staffed.employer.slug])
    # session, user, employer by right; teams, contracts, absences, cases, roles; pages
    with django_assert_num_queries(9 + WALL):
        answer = client.get(address)
    page = answer.content.decode()
    assert dict(answer.context["found"].totals) == {
        "Social workers in post on the day": 4,
        "Agency workers on the day": 1,
        "Away on the day": 1,
        "Left in the year before it": 1,
        "Cases held on the day": 5,
    }
    assert "5 of 6 rows lack something" in page  # all but Ada have no number
    assert "PersonBirthDate" in page
    file = client.post(reverse("census-file", args=[staffed.employer.slug, "2026", "workers"]))
    assert file.headers["Content-Disposition"].endswith('-workers.csv"')
    assert len(cells(file.content)) == 6


def test_gaps_come_a_page_at_a_time_with_the_same_statements(
    staffed: Cast, client: Client, django_assert_num_queries: Any
) -> None:
    new = [new_worker(f"Worker {n}", staffed.team) for n in range(120)]
    add_workers(employer=staffed.employer, workers=new, by=None, at=AT)
    client.force_login(staffed.ewa)
    with django_assert_num_queries(9 + WALL):
        page = client.get(reverse("census", args=[staffed.employer.slug]), {"year": "2026", "page": "2"})
    assert "Page 2 of 2" in page.content.decode()


@pytest.mark.parametrize(("asked", "shown"), [("2024", 2024), ("1999", 2026), ("", 2026), ("x", 2026)])
def test_year_is_chosen_and_the_newest_otherwise(cast: Cast, client: Client, asked: str, shown: int) -> None:
    client.force_login(cast.ewa)
    answer = client.get(reverse("census", args=[cast.employer.slug]), {"year": asked})
    assert answer.context["found"].year == shown
    assert census_years(TODAY) == [2026, 2025, 2024, 2023, 2022]


def test_nobody_and_nothing_missing_are_said(cast: Cast, client: Client) -> None:
    client.force_login(cast.ewa)
    address = reverse("census", args=[cast.employer.slug])
    assert "Nobody who is recorded" in client.get(address, {"year": "2022"}).content.decode()
    for number, worker in enumerate(Worker.objects.filter(employer=cast.employer)):
        Worker.objects.filter(pk=worker.pk).update(staff_reference=f"SW012345678{number}")
    assert "None: everything that can be on record is." in client.get(address).content.decode()
