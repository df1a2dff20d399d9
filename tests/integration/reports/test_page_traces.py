"""Whoever sees somebody else's workload leaves a trace, and so does whoever is refused or takes a file away."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from reports.workers_shown import PAGES
from teams.models import AuditEntry, Worker
from tests.addresses import ALL, TABLE
from tests.addresses import PEOPLE as EVERYBODY
from tests.cast import AT, TODAY, Cast, case, holds, record
from tests.integration.test_every_address import keys

__all__ = ["keys"]

PEOPLE = [name for name in EVERYBODY if name != "gil"]
SEEN = ("WORKLOAD_SEEN", "DUTY_SEEN", "FILE_TAKEN")
NO_WORKLOAD = {
    "personal-data": "a list of names",
    "worker-files": "names files that somebody brought, and shows nothing of anybody's workload",
    "worker-data": "counts rows about somebody, and shows none of them; the file is entered when it is made",
    "worker-erase": "a form with the name",
    "accounts": "a list of names",
    "set-password": "a form with the name",
    "audit": "says whom entries are about, and shows no workload; a file of them is entered when it is made",
    "census": "says whose rows of the workforce census lack something; its files are entered when they are made",
}


@pytest.fixture(autouse=True)
def today() -> Iterator[None]:
    with time_machine.travel(AT, tick=False):
        yield


def text_of(response: Any) -> str:
    body = b"".join(response.streaming_content) if response.streaming else response.content
    return str(body.decode("utf-8", "replace"))


def traces(**wanted: object) -> list[AuditEntry]:
    return list(AuditEntry.objects.filter(event__in=SEEN, **wanted))


@pytest.mark.parametrize("name", sorted(name for name, row in TABLE.items() if row.method == "get"))
def test_whoever_is_named_on_a_page_is_in_its_trace(
    cast: Cast, client: Client, keys: dict[str, Any], name: str
) -> None:
    """Of every page, as every role: nobody is named whose workload is not noted as seen."""
    workers = {worker.name: worker for worker in Worker.objects.exclude(name="Ben Test")}
    named_anybody = False
    for person in PEOPLE:
        client.force_login(cast.users[person])
        before = len(traces())
        response = client.get(TABLE[name].address(name, keys))
        new = traces()[before:]
        if response.status_code != 200:
            assert new == []
            continue
        told = re.sub(r"<option.*?</option>", "", text_of(response), flags=re.DOTALL)  # names to choose from, no more
        named = {row.pk for row in workers.values() if row.name in told and row.user != cast.users[person]}
        if name in NO_WORKLOAD:
            named_anybody |= bool(named or new)
            continue
        noted = {key for entry in new for key in entry.detail.get("workers", [])}
        assert named <= noted, f"{name} names workers: give it a row in reports/workers_shown.py"
        assert all(entry.by == cast.users[person] for entry in new)
        assert len(new) <= 1
    assert named_anybody or name not in NO_WORKLOAD, "it names nobody any more: take it out"


def test_pages_that_are_noted_are_addresses() -> None:
    assert PAGES.keys() | NO_WORKLOAD.keys() <= set(ALL)


def test_team_page_notes_who_where_and_whose(cast: Cast, client: Client, django_assert_num_queries: Any) -> None:
    client.force_login(cast.ben)
    client.get(reverse("team", args=[cast.team.public_id]), REMOTE_ADDR="192.0.2.7")
    (entry,) = traces()
    members = sorted(cast.workers[name].pk for name in ("Asha Test", "Nia Test", "Una Test"))
    assert (entry.event, entry.by, entry.at, entry.employer) == ("WORKLOAD_SEEN", cast.ben, AT, cast.employer)
    assert (entry.target, entry.address) == (f"teams.Team:{cast.team.pk}", "192.0.2.7")
    address = f"/teams/{cast.team.public_id}/"
    assert entry.detail == {"page": "Overview of the team", "path": address, "workers": members}
    assert entry.request is not None


def test_looking_at_a_page_s_head_is_looking(cast: Cast, client: Client) -> None:
    client.force_login(cast.ben)
    client.head(reverse("team", args=[cast.team.public_id]))
    assert len(traces()) == 1


@pytest.mark.parametrize("kind", ["ods", "csv"])
def test_data_of_a_page_are_a_file_taken_once(cast: Cast, client: Client, kind: str) -> None:
    client.force_login(cast.ben)
    address = reverse("team", args=[cast.team.public_id])
    links = re.findall(r'href="\?(data=[^"]+)"', text_of(client.get(address)))
    link = next(link for link in links if f"data={kind}" in link).replace("&amp;", "&")
    assert client.get(f"{address}?{link}").status_code == 200
    _, entry = traces()
    assert entry.event == "FILE_TAKEN"
    assert entry.detail["file"].endswith(f".{kind}")
    assert cast.workers["Asha Test"].pk in entry.detail["workers"]


def test_file_that_names_nobody_is_noted_too(cast: Cast, client: Client) -> None:
    client.force_login(cast.dev)
    client.get(f"{reverse('schemes', args=[cast.employer.slug])}?data=ods")
    (entry,) = traces()
    assert (entry.event, entry.target, "workers" in entry.detail) == (
        "FILE_TAKEN",
        f"teams.User:{cast.dev.pk}",
        False,
    )


def test_long_list_taken_whole_is_noted_once(cast: Cast, client: Client) -> None:
    record(cast, *(case(f"N-{number:03}", holds(cast.workers["Asha Test"], cast.team)) for number in range(120)))
    client.force_login(cast.ben)
    client.get(f"{reverse('team-cases', args=[cast.team.public_id])}?data=ods")
    assert len(traces()) == 1


def test_one_s_own_workload_leaves_no_trace(cast: Cast, client: Client) -> None:
    client.force_login(cast.asha)
    for address in (
        reverse("own-workload"),
        reverse("worker", args=[cast.workers["Asha Test"].public_id]),
        reverse("case", args=[record(cast, case("X-1", holds(cast.workers["Asha Test"], cast.team)))[0].public_id]),
    ):
        assert client.get(address).status_code == 200
    assert traces() == []


def test_refusal_is_noted(cast: Cast, client: Client) -> None:
    client.force_login(cast.femi)
    address = reverse("team", args=[cast.team.public_id])
    assert client.get(address).status_code == 403
    entry = AuditEntry.objects.get(event="REFUSED")
    assert (entry.by, entry.target, entry.detail) == (
        cast.femi,
        f"teams.User:{cast.femi.pk}",
        {"page": "team", "path": address},
    )


def test_refused_change_is_noted(cast: Cast, client: Client) -> None:
    client.force_login(cast.cora)
    client.post(reverse("case-new", args=[cast.team.public_id]), {})
    assert AuditEntry.objects.filter(event="REFUSED", by=cast.cora).count() == 1


def test_what_is_not_there_is_noted_in_the_trail_of_whoever_asked(cast: Cast, client: Client) -> None:
    client.force_login(cast.gil)
    assert client.get(reverse("team", args=[cast.team.public_id])).status_code == 404
    entry = AuditEntry.objects.get(event="NOT_FOUND")
    assert (entry.by, entry.employer) == (cast.gil, cast.elsewhere.employer)
    client.get("/no/such/address/")
    assert AuditEntry.objects.filter(event="NOT_FOUND").count() == 1


def test_public_pages_and_strangers_leave_nothing(cast: Cast, client: Client, keys: dict[str, Any]) -> None:
    address = TABLE["survey"].address("survey", keys)
    client.force_login(cast.asha)
    before = AuditEntry.objects.count()
    for where in (address, reverse("survey", args=["no-such-token"]), reverse("survey-thanks")):
        client.get(where)
    client.logout()
    client.get(reverse("team", args=[cast.team.public_id]))
    assert set(AuditEntry.objects.all()[before:].values_list("event", flat=True)) == {"SIGNED_OUT"}


def test_page_is_not_given_when_its_trace_cannot_be_written(
    cast: Cast, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("reports.page_traces._INSERT", "SELECT 1/0")
    client.force_login(cast.ben)
    client.raise_request_exception = False
    response = client.get(reverse("team", args=[cast.team.public_id]))
    assert response.status_code == 500
    assert "Asha Test" not in text_of(response)


def test_trace_of_a_past_day_names_who_was_there_then(cast: Cast, client: Client) -> None:
    nia = cast.workers["Nia Test"]
    nia.contracts.update(ends_on=TODAY)
    client.force_login(cast.ben)
    client.get(reverse("team", args=[cast.team.public_id]))
    assert nia.pk not in traces()[0].detail["workers"]
