"""Administrators search what was done; nothing is shown there that they may not otherwise see."""

import csv
import io
import re
from datetime import date, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
from django.contrib.auth import authenticate
from django.test import Client
from django.urls import reverse

from caseloads.actions.imports import import_caseload
from caseloads.importing import Files, Upload
from caseloads.models import ImportRun
from checks.actions.doing import Doing
from checks.actions.duties import raise_concern
from reports import own_data
from teams import audit
from teams.actions.capacity import Away, add_absence
from teams.actions.hours import record_hours
from teams.actions.staffing import change_hours
from teams.audit import Event
from teams.audit_words import words_of
from teams.models import AuditEntry, User, Worker
from tests.cast import AT, PASSWORD, TODAY, Cast, assemble, case, holds, record
from tests.integration.caseloads.test_case_forms import words


@pytest.fixture
def ewa(cast: Cast, client: Client) -> Client:
    client.force_login(cast.ewa)
    return client


def trail(cast: Cast, client: Client, **asked: str) -> str:
    response = client.get(reverse("audit", args=[cast.employer.slug]), asked)
    assert response.status_code == 200
    return text_of(response)


def text_of(response: Any) -> str:
    """A page's words, without its marks."""
    return " ".join(re.sub(r"<[^>]+>", " ", words(response)).split())


def rows(cast: Cast, client: Client, **asked: str) -> list[dict[str, str]]:
    response = client.post(reverse("audit-file", args=[cast.employer.slug]), asked)
    return list(csv.DictReader(io.StringIO(response.content.decode("utf-8-sig"))))


def other_hours(cast: Cast) -> None:
    asha = cast.workers["Asha Test"]
    change_hours(team=cast.team, worker=asha, weekly_hours=Decimal(30), starts_on=TODAY, by=cast.ben, at=AT)


def test_sign_in_and_out_are_entered_with_the_address(db: None, client: Client) -> None:
    cast = assemble(PASSWORD)
    said = {"login": "asha", "password": PASSWORD}
    client.post(reverse("sign-in"), said, REMOTE_ADDR="192.0.2.7")
    client.post(reverse("sign-out"), REMOTE_ADDR="192.0.2.7")
    came, went = AuditEntry.objects.filter(event__in=["SIGNED_IN", "SIGNED_OUT"]).order_by("pk")
    assert (came.event, came.by, came.employer, came.address) == ("SIGNED_IN", cast.asha, cast.employer, "192.0.2.7")
    assert (went.event, went.by) == ("SIGNED_OUT", cast.asha)
    assert came.request
    assert went.request not in {None, came.request}


def test_failed_sign_in_names_an_account_and_never_what_was_typed(cast: Cast) -> None:
    User.objects.filter(pk=cast.ben.pk).update(email="ben@testshire.example")
    for typed in ("ben", "Ben@Testshire.example"):
        authenticate(None, username=typed, password="wrong")
    authenticate(None, username="my-secret-passphrase", password="wrong")
    known = AuditEntry.objects.filter(event="SIGN_IN_FAILED", target=f"teams.User:{cast.ben.pk}")
    assert [(entry.employer, entry.by, entry.detail) for entry in known] == [(cast.employer, None, {})] * 2
    unknown = AuditEntry.objects.get(event="SIGN_IN_FAILED", employer=None)
    assert (unknown.target, unknown.detail, unknown.by) == ("", {}, None)
    assert not AuditEntry.objects.filter(detail__icontains="secret").exists()


def test_account_of_no_employer_is_entered_in_the_service_s_own_trail(db: None, client: Client) -> None:
    client.force_login(User.objects.create_user("nobody"))
    assert AuditEntry.objects.get(event="SIGNED_IN").employer is None


def test_entry_reads_as_words_with_before_and_after(cast: Cast, ewa: Client) -> None:
    other_hours(cast)
    shown = trail(cast, ewa, event="STAFFING_CHANGED")
    assert "2 November 2026 at 09:30 Ben Test Changed what is recorded of staffing" in shown
    assert "Weekly hours: 37.00 → 30" in shown
    assert "Asha Test" in shown


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ({"who": "ben"}, True),
        ({"who": "BEN TE"}, True),
        ({"who": "cora"}, False),
        ({"who": "nobody at all"}, False),
        ({"about": "asha"}, True),
        ({"about": "una"}, False),
        ({"event": "STAFFING_CHANGED"}, True),
        ({"event": "TEAM_ADDED"}, False),
        ({"since": "02/11/2026"}, True),
        ({"since": "03/11/2026"}, False),
        ({"until": "02/11/2026"}, True),
        ({"until": "01/11/2026"}, False),
        ({"address": "192.0.2.7"}, False),
        ({"who": "ben", "about": "asha", "since": "02/11/2026", "until": "02/11/2026"}, True),
    ],
)
def test_search(cast: Cast, ewa: Client, asked: dict[str, str], found: bool) -> None:  # noqa: FBT001
    other_hours(cast)
    said = [row["what"] for row in rows(cast, ewa, **asked)]
    assert ("changed what is recorded of staffing" in said) is found


def test_views_are_found_by_the_worker_who_was_seen_and_by_their_address(cast: Cast, client: Client) -> None:
    client.force_login(cast.ben)
    client.get(reverse("team", args=[cast.team.public_id]), REMOTE_ADDR="192.0.2.7")
    client.force_login(cast.ewa)
    for asked in ({"about": "Nia"}, {"about": "Heron"}, {"address": "192.0.2.7"}):
        (row,) = rows(cast, client, event="WORKLOAD_SEEN", **asked)
        assert row["about"] == "Heron Team; Asha Test; Nia Test; Una Test"
        assert row["from where"] == "192.0.2.7"
    assert rows(cast, client, event="WORKLOAD_SEEN", about="Kit") == []


def test_case_is_found_by_its_reference(cast: Cast, ewa: Client) -> None:
    (one,) = record(cast, case("Z-9", holds(cast.workers["Nia Test"], cast.team)))
    audit.record(Event.CASE_CHANGED, employer=cast.employer, target=one, by=cast.ben, at=AT, detail={"change": "X"})
    assert [row["about"] for row in rows(cast, ewa, about="z-9")] == ["case Z-9"]


def test_entry_of_an_import_counts_workers_and_names_none(cast: Cast, ewa: Client) -> None:
    lines = "case_reference,category,opened_on,team,worker\nN-1,child_in_need,01/10/2026,Heron Team,Asha Test\n"
    files = Files([Upload("cases.csv", io.BytesIO(lines.encode()))])
    import_caseload(employer=cast.employer, preset=ImportRun.Preset.PLAIN, files=files, as_of=TODAY, by=cast.ewa, at=AT)
    assert isinstance(AuditEntry.objects.get(event="CASELOAD_IMPORTED").detail["workers"], int)
    assert words_of(Event.CASELOAD_IMPORTED) in trail(cast, ewa)
    assert rows(cast, ewa)


def test_nothing_is_shown_that_is_not_an_administrator_s(cast: Cast, ewa: Client) -> None:
    asha = cast.workers["Asha Test"]
    worker = Worker.objects.get(pk=asha.pk)
    doing = Doing(by=cast.asha, at=AT)
    raise_concern(worker=worker, team=cast.team, words="Too much", past_manager=True, doing=doing)
    record_hours(worker=worker, week=date(2026, 10, 26), hours=Decimal(5), note="", by=cast.asha, at=AT)
    add_absence(team=cast.team, worker=asha, new=Away("SICKNESS", TODAY, None), by=cast.ben, at=AT)
    shown = trail(cast, ewa) + str(rows(cast, ewa))
    for word in ("oncern raised", "Too much", "Additional", "5.00", "SICKNESS", "Sickness", "duty", "Duty"):
        assert word not in shown.replace("concerns, additional hours and the words", "")
    assert "Absence" in shown or "absence" in shown
    assert trail(cast, ewa, event="CONCERN_RAISED").count("Select a valid choice") == 2
    assert not [row for row in rows(cast, ewa, who="asha") if row["what"] != "signed in"]


def test_another_employer_s_entries_are_not_there(cast: Cast, ewa: Client) -> None:
    other = cast.elsewhere.employer
    audit.record(Event.EMPLOYER_CHANGED, employer=other, target=other, by=None, at=AT)
    assert "Elsewhere" not in trail(cast, ewa)


def test_wrong_boxes_are_told_and_the_others_still_count(cast: Cast, ewa: Client) -> None:
    other_hours(cast)
    shown = trail(cast, ewa, since="soon", address="here", event="STAFFING_CHANGED")
    assert "Enter a real day, such as 31/03/2026" in shown
    assert "Enter a whole network address, such as 192.0.2.7" in shown
    assert "Weekly hours" in shown
    assert "No entry matches" in trail(cast, ewa, who="nobody at all")


def many(cast: Cast, number: int) -> None:
    AuditEntry.objects.bulk_create(
        AuditEntry(employer=cast.employer, at=AT + timedelta(minutes=one // 3), by=cast.ben, event="SIGNED_IN")
        for one in range(number)
    )


def test_older_entries_come_page_by_page_and_none_twice(cast: Cast, ewa: Client) -> None:
    many(cast, 120)
    address, seen = f"{reverse('audit', args=[cast.employer.slug])}?event=SIGNED_IN", []
    place = ""
    while True:
        page = ewa.get(address, {"event": "SIGNED_IN", "page": place}).context["page"]
        seen += [line.entry.pk for line in page.lines]
        if not page.older:
            break
        place = page.older
    wanted = AuditEntry.objects.filter(event="SIGNED_IN").order_by("-at", "-pk")
    assert seen == list(wanted.values_list("pk", flat=True))
    assert len(seen) == 121
    assert trail(cast, ewa, event="SIGNED_IN", page="rubbish") == trail(cast, ewa, event="SIGNED_IN")


def test_data_of_the_page_hold_the_whole_list(cast: Cast, ewa: Client) -> None:
    many(cast, 120)
    address = reverse("audit", args=[cast.employer.slug])
    page = ewa.get(address, {"event": "SIGNED_IN"}).content.decode()
    table = re.findall(r"data=csv&amp;table=([^\"&]+)", page)[0]
    response = ewa.get(address, {"event": "SIGNED_IN", "data": "csv", "table": table})
    assert response.content.decode("utf-8-sig").count("Ben Test") == 120


def test_page_takes_the_same_statements_however_many_entries(
    cast: Cast, ewa: Client, django_assert_max_num_queries: Any
) -> None:
    other_hours(cast)
    many(cast, 200)
    with django_assert_max_num_queries(16):
        trail(cast, ewa)


def test_taking_entries_away_is_on_record(cast: Cast, ewa: Client) -> None:
    taken = rows(cast, ewa, who="ben", since="01/11/2026")
    entry = AuditEntry.objects.get(event="AUDIT_TAKEN")
    assert entry.by == cast.ewa
    assert entry.detail["rows"] == len(taken)
    assert entry.detail["filter"]["who"] == "ben"
    assert entry.detail["filter"]["since"].startswith("2026-11-01")
    assert not AuditEntry.objects.filter(event="FILE_TAKEN").exists()


def test_worker_sees_who_saw_their_workload(cast: Cast, client: Client) -> None:
    asha = Worker.objects.get(user=cast.asha)
    for name, address in (
        ("ben", reverse("team", args=[cast.team.public_id])),
        ("cora", reverse("sheet", args=[asha.public_id])),
        ("asha", reverse("own-workload")),
    ):
        client.force_login(cast.users[name])
        client.get(address)
    assert words(client.get(reverse("own-workload"))).count("Who has seen your workload") == 1
    shown = text_of(client.get(reverse("own-data-rows", args=["seen"])))
    assert "Ben Test Manager Overview of the team" in shown
    assert "Cora Test Principal social worker Supervision sheet" in shown
    held = own_data.holding("seen")
    assert [row[1] for row in held.rows(asha)] == [cast.cora, cast.ben]
    assert [row[1] for row in held.rows(cast.workers["Nia Test"])] == [cast.ben]
    assert held.rows(cast.workers["Kit Test"]) == []


def test_entries_of_one_request_share_its_key(cast: Cast, client: Client) -> None:
    client.force_login(cast.ewa)
    client.post(reverse("audit-file", args=[cast.employer.slug]), {})
    assert isinstance(AuditEntry.objects.get(event="AUDIT_TAKEN").request, UUID)
