"""The pages on which duties are seen and answered."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client

from checks import tasks
from checks.models import Duty, ResponseTimes
from teams.models import Contract, Worker
from tests.cast import AT, TODAY, Cast
from tests.integration.checks.test_duties import concern, flagged, overload, score_and_keep


@pytest.fixture(autouse=True)
def on_the_day(time_machine: Any) -> None:
    time_machine.move_to(AT, tick=False)


def body(page: Any) -> str:
    return " ".join(page.content.decode().replace("&nbsp;", " ").replace("\u00a0", " ").split())


def form(seen: int = 1, **typed: Any) -> dict[str, Any]:
    return {"once": str(uuid4()), "seen": seen} | typed


@pytest.fixture
def ben(cast: Cast, client: Client) -> Client:
    client.force_login(cast.ben)
    return client


@pytest.fixture
def asha(cast: Cast) -> Client:
    client = Client()
    client.force_login(cast.asha)
    return client


def test_team_list_says_what_waits_for_whom_and_how_long(cast: Cast, ben: Client, time_machine: Any) -> None:
    overload(cast)
    score_and_keep(cast)
    time_machine.move_to(AT + timedelta(days=11), tick=False)
    ben.force_login(cast.ben)
    page = body(ben.get(f"/teams/{cast.team.public_id}/duties/"))
    assert "Well over" in page
    assert "Asha Test" in page
    assert "11 days" in page
    assert ">late</strong>" in page
    assert "with the manager; no longer raised" in page


def test_empty_lists_say_so(cast: Cast, ben: Client, asha: Client) -> None:
    address = f"/teams/{cast.team.public_id}/duties/"
    assert "None. Nothing waits for an answer." in body(ben.get(address))
    assert "None was closed in the last twelve months." in body(ben.get(address, {"show": "closed"}))
    assert "None. Nothing waits for your answer." in body(ben.get("/duties/"))
    assert "You have raised no concern" in body(asha.get("/my-workload/concerns/"))
    Worker.objects.filter(user=cast.asha).update(user=None)
    assert "not linked to a worker" in body(asha.get("/my-workload/concerns/"))


def test_a_concern_from_raising_to_closing(cast: Cast, ben: Client, asha: Client) -> None:
    new = {"once": str(uuid4()), "team": str(cast.team.public_id), "words": "Too many court reports"}
    first, second = (asha.post("/my-workload/concerns/new/", new, follow=True) for _ in range(2))
    assert "You see below where it stands." in body(first)
    assert "nothing was saved twice" in body(second)
    duty = Duty.objects.get()
    address = f"/duties/{duty.public_id}/"
    assert "Workload concern" in body(ben.get("/duties/"))
    assert "Answer with a plan" in body(ben.get(address))
    assert "The manager: Ben Test" in body(asha.get(address))
    assert "Answer with a plan" not in body(asha.get(address))
    assert ben.post(f"{address}plan/", form(words="A quiet week", by_day="9/11/2026")).status_code == 302
    assert "Answered with a plan" in body(asha.get(address))
    assert asha.post(f"{address}note/", form(2, words="Thank you")).status_code == 302
    assert ben.post(f"{address}close/", form(3, words="Week kept free")).status_code == 302
    assert "Open again" in body(asha.get(address))
    listed = ben.get(f"/teams/{cast.team.public_id}/duties/", {"show": "closed"})
    assert "Workload concern" in body(listed)
    assert asha.post(f"{address}reopen/", form(4, words="It was not kept")).status_code == 302
    assert "Opened again on the same day." in body(ben.get(address))


@pytest.mark.parametrize(
    ("page", "typed", "sentence"),
    [
        ("plan", {"words": "", "by_day": "9/11/2026"}, "Enter what will be done"),
        ("plan", {"words": "x", "by_day": ""}, "Enter the day by which it will be done"),
        ("plan", {"words": "x", "by_day": "1/11/2026"}, "today or later"),
        ("close", {"words": ""}, "Enter a note"),
        ("close", {"words": "NHS 943 476 5919"}, "This looks like an NHS number"),
    ],
)
def test_bad_input_gets_a_sentence(cast: Cast, ben: Client, page: str, typed: dict[str, str], sentence: str) -> None:
    duty = concern(cast)
    answer = ben.post(f"/duties/{duty.public_id}/{page}/", form(**typed))
    assert answer.status_code == 200
    assert sentence in body(answer)
    assert Duty.objects.get().state == "OPEN"


def test_a_stale_form_is_told_what_happened_and_may_be_sent_again(cast: Cast, ben: Client, asha: Client) -> None:
    duty = concern(cast)
    asha.post(f"/duties/{duty.public_id}/note/", form(words="It is worse now"))
    typed = form(words="Settled")
    page = ben.post(f"/duties/{duty.public_id}/close/", typed)
    assert "It is worse now. (Asha Test)" in body(page)
    typed["seen"] = page.context["form"]["seen"].value()
    assert ben.post(f"/duties/{duty.public_id}/close/", typed).status_code == 302


def test_what_goes_past_the_manager_is_not_there_for_them(cast: Cast, ben: Client, asha: Client) -> None:
    duty = concern(cast, past_manager=True)
    assert ben.get(f"/duties/{duty.public_id}/").status_code == 404
    assert "Workload concern" not in body(ben.get(f"/teams/{cast.team.public_id}/duties/"))
    assert "not the team’s manager" in body(asha.get(f"/duties/{duty.public_id}/"))
    ben.force_login(cast.hana)
    assert "Workload concern" in body(ben.get("/duties/"))


def test_concerns_are_for_workers_with_a_team(cast: Cast, ben: Client, asha: Client) -> None:
    ben.force_login(cast.dev)
    assert ben.get("/my-workload/concerns/new/").status_code == 404
    assert "Enter your concern" in body(asha.post("/my-workload/concerns/new/", {"once": str(uuid4())}))
    Contract.objects.create(worker=cast.workers["Asha Test"], team=cast.other_team, starts_on=TODAY)
    assert "Which team is it about?" in body(asha.get("/my-workload/concerns/new/"))


def test_a_level_that_nobody_holds_says_what_to_do(cast: Cast, asha: Client) -> None:
    duty = concern(cast)
    Duty.objects.update(level="SERVICE_MANAGER")
    cast.hana.role_assignments.all().delete()
    assert "Ask your system administrator to fill it" in body(asha.get(f"/duties/{duty.public_id}/"))


def test_response_times_are_set_by_those_who_may(cast: Cast, client: Client) -> None:
    client.force_login(cast.cora)
    assert "Response times of Testshire Council" in body(client.get("/duties/"))
    address = "/employers/testshire/response-times/"
    assert "example — agree your own" in body(client.get(address))
    typed = {"concern_days": "3", "flag_days": "7", "source": "Joint committee"}
    wrong = client.post(address, form(0, **typed) | {"concern_days": "0"})
    assert "Enter a whole number of days from 1 to 90" in body(wrong)
    assert client.post(address, form(0, **typed)).status_code == 302
    assert ResponseTimes.objects.get().flag_days == 7
    client.force_login(cast.ben)
    assert client.get(address).status_code == 403
    client.force_login(cast.gil)
    assert client.get(address).status_code == 404


@pytest.mark.parametrize("number", [1, 30])
def test_number_of_queries_is_constant(
    cast: Cast, ben: Client, number: int, django_assert_max_num_queries: Any
) -> None:
    for each in range(number):
        concern(cast, words=f"Concern {each}")
    addresses = ["/duties/", f"/teams/{cast.team.public_id}/duties/", f"/duties/{Duty.objects.all()[0].public_id}/"]
    for address in addresses:
        with django_assert_max_num_queries(12):
            assert ben.get(address).status_code == 200


def test_the_sweep_opens_duties_and_moves_late_ones_up(cast: Cast, time_machine: Any) -> None:
    overload(cast)
    score_and_keep(cast)
    score_and_keep(cast, days=11)
    time_machine.move_to(AT + timedelta(days=11), tick=False)
    tasks.sweep()
    assert flagged(cast).level == "SERVICE_MANAGER"
    tasks.keep_duties(employer_id=cast.employer.pk)
