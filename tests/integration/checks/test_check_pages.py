"""The pages of health checks: what they say, what they ask, and how many statements they take."""

from typing import Any
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from checks import figure_taking
from checks.actions import cycles, follow_up
from checks.checking import Judgement
from checks.models import Action, Answer, Challenge, Cycle, Evidence, HealthCheck
from teams.models import User
from tests.cast import AT, Cast
from tests.integration.checks.rounds import (
    accepted,
    an_action,
    answer_of,
    check_of,
    complete,
    doing,
    new_cycle,
    opened,
    published,
    say,
    signed,
    small_set,
    submitted,
)

MOST = 15


@pytest.fixture(autouse=True)
def media(settings: Any, tmp_path: Any) -> None:
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def check(cast: Cast) -> HealthCheck:
    return check_of(opened(cast, teams=[cast.team, cast.other_team]), cast.team)


def as_(client: Client, user: User) -> Client:
    client.force_login(user)
    return client


def send(client: Client, address: str, **typed: Any) -> str:
    """What the page says after a form is sent, following where it leads."""
    return client.post(address, {"once": str(uuid4()), **typed}, follow=True).content.decode()


@pytest.mark.parametrize(
    "address",
    [
        "/employers/testshire/cycles/",
        "/employers/testshire/cycles/new/",
        "/cycles/{cycle}/",
        "/teams/{team}/checks/",
        "/checks/{check}/",
        "/checks/{check}/?show=everything",
        "/checks/{check}/standards/1/",
        "/checks/{check}/indicators/fair/challenge/",
        "/teams/{team}/said/",
    ],
)
def test_no_page_takes_more_statements_for_more_rows(
    cast: Cast, client: Client, address: str, django_assert_max_num_queries: Any
) -> None:
    check = submitted(cast)
    for code in ("fair", "space"):
        Challenge.objects.create(
            check_of=check, answer=answer_of(check, code), submission=1, question="?", suggested="MET", raised_at=AT
        )
    at = address.format(cycle=check.cycle.public_id, team=cast.team.public_id, check=check.public_id)
    as_(client, cast.cora).get(at)
    with django_assert_max_num_queries(MOST):
        assert client.get(at).status_code == 200


@pytest.mark.parametrize("address", ["", "indicators/unallocated/", "submit/", "indicators/fair/action/"])
def test_no_page_of_an_open_check_does_either(
    cast: Cast, client: Client, check: HealthCheck, address: str, django_assert_max_num_queries: Any
) -> None:
    complete(cast, check)
    as_(client, cast.ben).get(f"/checks/{check.public_id}/{address}")
    with django_assert_max_num_queries(MOST):
        assert client.get(f"/checks/{check.public_id}/{address}").status_code == 200


def test_a_cycle_is_opened_on_the_page(cast: Cast, client: Client) -> None:
    today = timezone.localdate()
    typed = {
        "name": "Autumn",
        "standard_set": str(small_set().pk),
        "period_from": "01/05/2026",
        "period_to": "31/10/2026",
        "measured_on": today.strftime("%d/%m/%Y"),
        "due_on": today.strftime("%d/%m/%Y"),
        "fewest": "5",
        "teams": [str(cast.team.public_id), str(cast.other_team.public_id)],
    }
    address = "/employers/testshire/cycles/new/"
    said = send(as_(client, cast.cora), address, **(typed | {"fewest": "4", "teams": [], "name": ""}))
    for sentence in ("Enter a name", "Choose at least one team", "Enter a whole number from 5 to 50"):
        assert sentence in said
    assert "The cycle is open." in send(client, address, **typed)
    cycle = Cycle.objects.get()
    assert cycle.checks.count() == 2
    assert "being opened" in client.get("/employers/testshire/cycles/").content.decode().lower()
    assert "are being taken" in client.get(f"/cycles/{cycle.public_id}/").content.decode()
    figure_taking.open_checks(cycle_id=cycle.pk, at=AT)
    assert "are being taken" not in client.get(f"/cycles/{cycle.public_id}/").content.decode()


@pytest.fixture
def untaken(cast: Cast) -> HealthCheck:
    """A check of a cycle whose figures nobody has taken yet."""
    cycle = cycles.open_cycle(
        employer=cast.employer, new=new_cycle(), teams=[cast.team, cast.other_team], doing=doing(cast.cora)
    )
    return check_of(cycle, cast.team)


@pytest.mark.parametrize("address", ["", "standards/1/", "submit/"])
def test_nothing_seems_complete_before_the_figures_are_taken(
    cast: Cast, client: Client, untaken: HealthCheck, address: str
) -> None:
    for person in (cast.ben, cast.cora) if address != "submit/" else (cast.ben,):
        said = as_(client, person).get(f"/checks/{untaken.public_id}/{address}").text
        assert "are being taken" in said
        for wrong in ("omplete", "Take the figures again", "othing to answer", "Submit the health check"):
            assert wrong not in said


@pytest.mark.parametrize("address", ["submit/", "figures/"])
def test_nothing_is_done_with_a_check_before_its_figures_are_taken(
    cast: Cast, client: Client, untaken: HealthCheck, address: str
) -> None:
    """An empty check handed in would have kept every team of its cycle from getting figures."""
    assert "still being taken" in send(as_(client, cast.ben), f"/checks/{untaken.public_id}/{address}", words="")
    untaken.refresh_from_db()
    assert untaken.state == "OPEN"
    assert figure_taking.open_checks(cycle_id=untaken.cycle_id, at=AT) == 2


def test_a_cycle_that_was_closed_first_says_so(cast: Cast, client: Client, untaken: HealthCheck) -> None:
    Cycle.objects.update(state=Cycle.State.CLOSED)
    said = as_(client, cast.ben).get(f"/checks/{untaken.public_id}/").text
    assert "closed before the figures of this team were taken" in said
    assert "Look again" not in said


def test_an_employer_without_a_cycle_is_told_what_comes(cast: Cast, client: Client) -> None:
    assert "Open the first one" in as_(client, cast.cora).get("/employers/testshire/cycles/").content.decode()
    said = as_(client, cast.femi).get("/employers/testshire/cycles/").content.decode()
    assert "The principal social worker opens them" in said
    assert "no health check yet" in as_(client, cast.ben).get(f"/teams/{cast.team.public_id}/checks/").content.decode()


def test_the_day_is_put_off_and_the_cycle_closed_on_the_page(cast: Cast, client: Client, check: HealthCheck) -> None:
    address = f"/cycles/{check.cycle.public_id}"
    as_(client, cast.cora)
    assert "The day is changed." in send(client, f"{address}/due/", seen="1", due_on="01/02/2027", reason="Snow")
    assert "1 February 2027" in client.get(f"{address}/").content.decode().replace("\xa0", " ")
    assert "The cycle is closed." in send(client, f"{address}/close/", seen="2", reason="Reorganised")
    assert "Close the cycle" not in client.get(f"{address}/").content.decode()


def test_a_team_is_added_on_the_page(cast: Cast, client: Client) -> None:
    cycle = opened(cast)
    as_(client, cast.cora)
    address = f"/cycles/{cycle.public_id}/teams/"
    assert "Choose at least one team" in send(client, address, seen="1")
    typed = {"seen": "1", "teams": [str(cast.other_team.public_id)]}
    assert "The teams have their health check" in send(client, address, **typed)
    assert "Every team of the employer is in this cycle already." in client.get(address).content.decode()


def test_saving_leads_to_the_next_indicator_or_back_to_the_list(cast: Cast, client: Client, check: HealthCheck) -> None:
    as_(client, cast.ben)
    address = f"/checks/{check.public_id}/indicators"
    typed = {"once": str(uuid4()), "judgement": "", "commentary": "Since June", "priority": ""}
    onward = client.post(f"{address}/unallocated/", {**typed, "onward": "1"})
    assert onward["Location"] == f"{address}/well-over/"
    last = client.post(f"{address}/fair/", {**typed, "judgement": "MET", "onward": "1"})
    assert last["Location"] == f"/checks/{check.public_id}/standards/1/"
    back = client.post(f"{address}/unallocated/", {**typed, "commentary": "Since May"})
    assert back["Location"] == f"/checks/{check.public_id}/standards/1/"


def test_the_second_of_two_sees_both_answers(cast: Cast, client: Client, check: HealthCheck) -> None:
    say(cast, check, "fair", Judgement.MET, words="Everybody says so")
    address = f"/checks/{check.public_id}/indicators/fair/"
    typed = {"seen": "0", "judgement": "NOT_MET", "commentary": "I see it otherwise", "priority": ""}
    said = send(as_(client, cast.hana), address, **typed)
    assert "Ben Test changed this answer" in said
    assert "Everybody says so" in said
    assert "I see it otherwise" in said
    assert answer_of(check, "fair").commentary == "Everybody says so"
    assert 'name="seen" value="1"' in said


def test_what_is_typed_is_saved_by_itself_and_overwrites_nobody(cast: Cast, client: Client, check: HealthCheck) -> None:
    as_(client, cast.ben)
    address = f"/checks/{check.public_id}/indicators/fair/"
    typed = {"once": str(uuid4()), "seen": "0", "judgement": "", "commentary": "Half a sent", "priority": ""}
    headers = {"X-Autosave": "1"}
    assert client.post(address, typed, headers=headers).json() == {"seen": 1}
    assert client.post(address, {**typed, "seen": "1", "commentary": "Half a sentence"}, headers=headers).json() == {
        "seen": 2
    }
    problem = client.post(address, {**typed, "commentary": "Of another window"}, headers=headers).json()["problem"]
    assert "Half a sentence" in problem
    problem = client.post(address, {**typed, "commentary": "NHS 943 476 5919"}, headers=headers).json()["problem"]
    assert "NHS" in problem
    assert answer_of(check, "fair").commentary == "Half a sentence"


def test_evidence_is_attached_and_downloaded_as_a_file(cast: Cast, client: Client, check: HealthCheck) -> None:
    as_(client, cast.ben)
    address = f"/checks/{check.public_id}/indicators/fair/evidence/"
    assert "Enter a link or choose a file" in send(client, address, title="Notes", url="")
    script = SimpleUploadedFile("notes.pdf", b"<script>alert(1)</script>", content_type="application/pdf")
    assert "The file must be a PDF" in send(client, address, title="Notes", url="", file=script)
    empty = SimpleUploadedFile("notes.pdf", b"")
    assert "The file is empty" in send(client, address, title="Notes", url="", file=empty)
    assert "Enter an address such as" in send(client, address, title="Notes", url="javascript:alert(1)")
    good = SimpleUploadedFile("Notes of März.pdf", b"%PDF-1.7 notes", content_type="text/html")
    both = SimpleUploadedFile("n.pdf", b"%PDF-1.7")
    assert "not both" in send(client, address, title="Notes", url="https://example.org/", file=both)
    assert "The evidence is added." in send(client, address, title="Notes", url="", file=good)
    row = Evidence.objects.get()
    answer = as_(client, cast.dev).get(f"/evidence/{row.public_id}/")
    assert answer["Content-Type"] == "application/pdf"
    assert answer["Content-Disposition"].startswith("attachment;")
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert b"".join(answer.streaming_content) == b"%PDF-1.7 notes"  # type: ignore[attr-defined]
    answer.close()


def test_evidence_is_removed_on_the_page(cast: Cast, client: Client, check: HealthCheck) -> None:
    as_(client, cast.ben)
    address = f"/checks/{check.public_id}/indicators/fair/evidence/"
    send(client, address, title="Notes", url="", file=SimpleUploadedFile("notes.pdf", b"%PDF-1.7 notes"))
    row = Evidence.objects.get()
    assert "The evidence is removed." in send(client, f"/evidence/{row.public_id}/remove/")
    assert client.get(f"/evidence/{row.public_id}/").status_code == 404


def test_a_link_leads_where_it_says(cast: Cast, client: Client, check: HealthCheck) -> None:
    as_(client, cast.ben)
    address = f"/checks/{check.public_id}/indicators/fair/evidence/"
    send(client, address, title="Notes", url="https://example.org/notes")
    assert client.get(f"/evidence/{Evidence.objects.get().public_id}/")["Location"] == "https://example.org/notes"


def test_figures_are_taken_again_on_the_page(cast: Cast, client: Client, check: HealthCheck) -> None:
    said = send(as_(client, cast.ben), f"/checks/{check.public_id}/figures/")
    assert "The figures have been taken again." in said


def test_an_incomplete_check_says_what_is_missing_and_where(cast: Cast, client: Client, check: HealthCheck) -> None:
    said = send(as_(client, cast.ben), f"/checks/{check.public_id}/submit/", words="")
    assert "2 answers are not complete, in standards 1, 2." in said
    assert "Needs a judgement" in said
    complete(cast, check)
    assert "The health check is submitted." in send(client, f"/checks/{check.public_id}/submit/", words="")
    assert "has been submitted already" in client.get(f"/checks/{check.public_id}/submit/").content.decode()
    answer = client.get(f"/checks/{check.public_id}/indicators/fair/")
    assert answer["Location"] == f"/checks/{check.public_id}/standards/1/#indicator-fair"


def test_question_and_answer_on_the_pages(cast: Cast, client: Client) -> None:
    check = submitted(cast)
    as_(client, cast.cora)
    address = f"/checks/{check.public_id}/indicators/fair/challenge/"
    assert "Choose what you would judge" in send(client, address, question="Who says so?")
    assert "Your question is asked." in send(client, address, question="Who says so?", suggested="NOT_MET")
    asked = Challenge.objects.get()
    as_(client, cast.ben)
    assert "Answer the question" in client.get(f"/checks/{check.public_id}/standards/1/").content.decode()
    address = f"/challenges/{asked.public_id}/"
    assert "Choose whether you agree" in send(client, address, words="You are right")
    assert "Your answer is saved." in send(client, address, words="You are right", concede="yes")
    said = client.get(f"/checks/{check.public_id}/standards/1/").content.decode()
    assert "Conceded:" in said


@pytest.mark.parametrize(
    ("made", "move", "said"),
    [
        (submitted, "accept", "The health check is accepted."),
        (accepted, "sign", "The health check is signed off."),
        (signed, "publish", "The public part is published."),
        (signed, "return", "The health check is returned"),
    ],
)
def test_moves_on_the_pages(cast: Cast, client: Client, made: Any, move: str, said: str) -> None:
    check, typed = made(cast), {"words": "We looked together.", "read": "on"}
    as_(client, cast.cora if move == "accept" else cast.dev)
    assert f"/{move}/" in client.get(f"/checks/{check.public_id}/").content.decode()
    assert said in send(client, f"/checks/{check.public_id}/{move}/", **typed)
    again = send(client, f"/checks/{check.public_id}/{move}/", **typed)
    assert "Look at it again" in again


def test_an_action_on_the_pages(cast: Cast, client: Client, check: HealthCheck) -> None:
    as_(client, cast.ben)
    address = f"/checks/{check.public_id}/indicators/fair"
    typed = {"words": "Move cases", "owner": str(cast.ben.pk), "due_on": "01/02/2027", "success": "Nobody is over"}
    assert "Choose who sees to it" in send(client, f"{address}/action/", **(typed | {"owner": ""}))
    assert "The action is planned." in send(client, f"{address}/action/", **typed)
    action = Action.objects.get()
    assert "Enter why nothing is done about it" in send(client, f"{address}/no-action/", words="")
    assert "The decision is recorded." in send(client, f"{address}/no-action/", words="It is decided elsewhere")
    address = f"/actions/{action.public_id}/"
    assert "Choose how far it is" in send(client, address, seen="1", words="Half")
    assert "Saved." in send(client, address, seen="1", what="note", words="Half of them have moved")
    assert "Saved." in send(client, address, seen="2", what="finish", words="All of them have moved")
    assert "How far is it?" not in client.get(address).content.decode()
    assert "How far is it?" not in as_(client, cast.dev).get(address).content.decode()


def test_staff_and_observers_read_their_part(cast: Cast, client: Client) -> None:
    check = published(cast)
    assert (
        "We looked at everything together."
        in as_(client, cast.femi).get(f"/checks/{check.public_id}/published/").content.decode()
    )
    said = client.get(f"/cycles/{check.cycle.public_id}/").content.decode()
    assert f"/checks/{check.public_id}/published/" in said
    assert f'/checks/{check.public_id}/"' not in said
    assert "Autumn 2026" in as_(client, cast.asha).get("/my-workload/said/").content.decode()
    assert "You work in no team today" in as_(client, cast.femi).get("/my-workload/said/").content.decode()
    assert "Autumn 2026" in as_(client, cast.asha).get(f"/teams/{cast.team.public_id}/said/").content.decode()


def test_what_nobody_has_is_not_there(cast: Cast, client: Client, check: HealthCheck) -> None:
    as_(client, cast.ben)
    for address in (
        f"/checks/{check.public_id}/standards/9/",
        f"/checks/{check.public_id}/indicators/nothing/",
        f"/checks/{uuid4()}/",
        f"/cycles/{uuid4()}/",
        f"/actions/{uuid4()}/",
        f"/challenges/{uuid4()}/",
        f"/evidence/{uuid4()}/",
        f"/checks/{uuid4()}/published/",
    ):
        assert client.get(address).status_code == 404, address


def test_hostile_words_are_only_words(cast: Cast, client: Client, check: HealthCheck) -> None:
    hostile = "<script>alert(1)</script> \u202e desrever \U0001f600 " + "x" * 500
    say(cast, check, "fair", Judgement.MET, words=hostile)
    follow_up.plan(answer=answer_of(check, "fair"), about=hostile, planned=an_action(cast), doing=doing(cast.ben))
    text = as_(client, cast.ben).get(f"/checks/{check.public_id}/indicators/fair/").content.decode()
    assert "<script>alert" not in text
    assert "&lt;script&gt;alert(1)" in text
    assert Answer.objects.get(check_of=check, indicator="fair").commentary == hostile
