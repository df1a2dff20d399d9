"""The administrator's page: what failed, with trying again; what waits; what runs."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from caseloads.models import ImportRun, ScoringNeed
from operations import broker
from operations import tasks as doors
from operations.queries.failed import failed_list, find_failed_report
from operations.queries.standing import standing
from operations.queries.waiting import waiting
from reports import rendering
from reports.actions import request_report, request_sheet, retry_report
from reports.models import ReportRun
from teams.actions import letters
from teams.attempts import server
from teams.models import AccountLetter, AuditEntry, User
from teams.models.letters import MOST_ATTEMPTS
from teams.refusals import NotAllowed
from tests.cast import TODAY, WALL, Cast

PAGE = "/employers/testshire/operations/"
SORRY = "The disk was full."


@pytest.fixture(autouse=True)
def media(settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path


def given_up(run: ReportRun, at: datetime) -> ReportRun:
    """As the third attempt leaves it."""
    fields = {"status": "FAILED", "error": SORRY, "attempts": 3, "finished_at": at}
    ReportRun.objects.filter(pk=run.pk).update(**fields)
    run.refresh_from_db()
    return run


def failed_report(cast: Cast) -> ReportRun:
    at = timezone.now()
    return given_up(request_report(team=cast.team, as_of=TODAY, by=cast.ben, at=at), at)


def failed_letter(user: User) -> AccountLetter:
    return AccountLetter.objects.create(user=user, kind="INVITATION", made_at=timezone.now(), attempts=MOST_ATTEMPTS)


def failed_import(cast: Cast, number: int = 0) -> ImportRun:
    at = timezone.now()
    return ImportRun.objects.create(
        employer=cast.employer,
        preset="plain",
        status="FAILED",
        file_name=f"cases-{number}.csv",
        error="It is no list of cases.",
        as_of=TODAY,
        created_at=at,
        heard_at=at,
        created_by=cast.ben,
    )


@pytest.fixture
def ewa(client: Client, cast: Cast) -> Client:
    client.force_login(cast.ewa)
    return client


def again(letter: AccountLetter) -> str:
    return reverse("operations-letter-again", args=["testshire", letter.pk])


def shown(client: Client, query: str = "") -> str:
    answer = client.get(f"{PAGE}{query}")
    assert answer.status_code == 200
    return answer.content.decode()


def test_page_with_nothing_to_tell(ewa: Client) -> None:
    page = shown(ewa)
    assert "Nothing has failed." in page
    assert "Teams to score after a change" in page
    for word in ("PostgreSQL 18", "Valkey", "Python 3", "teams 0", "free on the disk of the files"):
        assert word in page


def test_what_failed_is_listed_with_why_and_what_to_do(ewa: Client, cast: Cast) -> None:
    run, letter, imported = failed_report(cast), failed_letter(cast.ben), failed_import(cast)
    User.objects.filter(pk=cast.ben.pk).update(email="ben@testshire.example")
    page = shown(ewa)
    assert "Team health-check report" in page
    assert "Heron Team" in page
    assert SORRY in page
    assert f'action="{PAGE}reports/{run.public_id}/again/"' in page
    assert "ben@testshire.example" in page
    assert f'action="{again(letter)}"' in page
    assert f'href="/imports/{imported.public_id}/"' in page
    assert "It is no list of cases." in page


def test_a_sheet_names_no_worker(ewa: Client, cast: Cast) -> None:
    asha, at = cast.workers["Asha Test"], timezone.now()
    given_up(request_sheet(worker=asha, as_of=TODAY, by=cast.ben, at=at), at)
    page = shown(ewa)
    assert "Supervision sheet" in page
    assert "Asha" not in page


def test_failures_of_others_and_of_long_ago_are_not_shown(client: Client, cast: Cast) -> None:
    at = timezone.now()
    ReportRun.objects.create(
        employer=cast.elsewhere.employer,
        team=cast.elsewhere,
        as_of=TODAY,
        status="FAILED",
        error="Not yours.",
        requested_at=at,
        finished_at=at,
    )
    failed_letter(cast.gil)
    given_up(failed_report(cast), at - timedelta(days=31))
    client.force_login(cast.ewa)
    assert "Nothing has failed." in shown(client)
    # nor without the second wall
    assert failed_list(cast.employer, at=at).count() == 0
    assert failed_list(cast.elsewhere.employer, at=at).count() == 2


def test_report_tried_again_is_made(ewa: Client, cast: Cast) -> None:
    run = failed_report(cast)
    answer = ewa.post(f"{PAGE}reports/{run.public_id}/again/", follow=True)
    assert "It is tried again." in answer.content.decode()
    run.refresh_from_db()
    assert (run.status, run.attempts, run.error, run.requested_by) == ("PENDING", 0, "", cast.ben)
    entry = AuditEntry.objects.filter(event="REPORT_REQUESTED", by=cast.ewa).get()
    assert (entry.target, entry.detail) == (f"reports.ReportRun:{run.pk}", {"again": 1})
    rendering.render(run_id=run.pk, clock=timezone.now)
    run.refresh_from_db()
    assert run.status == "READY"
    again = ewa.post(f"{PAGE}reports/{run.public_id}/again/", follow=True)
    assert "It is not given up any more" in again.content.decode()


def test_part_of_a_pack_tried_again_has_the_pack_put_together_anew(cast: Cast) -> None:
    at = timezone.now()
    fields = {"employer": cast.employer, "as_of": TODAY, "requested_at": at}
    pack = ReportRun.objects.create(kind="EMPLOYER", status="FAILED", error=SORRY, finished_at=at, **fields)
    part = ReportRun.objects.create(
        kind="TEAM", team=cast.team, pack=pack, status="FAILED", error=SORRY, finished_at=at, **fields
    )
    retry_report(run=part, by=cast.ewa, at=at)
    assert set(ReportRun.objects.values_list("status", flat=True)) == {"PENDING"}


def test_letter_tried_again_is_sent(
    ewa: Client, cast: Cast, mailoutbox: list[Any], django_capture_on_commit_callbacks: Any
) -> None:
    User.objects.filter(pk=cast.ben.pk).update(email="ben@testshire.example")
    letter = failed_letter(cast.ben)
    with django_capture_on_commit_callbacks() as asked:
        ewa.post(again(letter))
    assert len(asked) == 1
    letter.refresh_from_db()
    assert (letter.attempts, letter.sent_at) == (0, None)
    entry = AuditEntry.objects.get(event="LETTER_SENT_AGAIN")
    assert (entry.target, entry.detail) == (f"teams.User:{cast.ben.pk}", {"letter": "Invitation"})
    with pytest.raises(NotAllowed):
        letters.send_again(letter=letter, employer=cast.employer, by=cast.ewa, at=timezone.now())


def test_only_administrators_have_something_tried_again(cast: Cast) -> None:
    with pytest.raises(PermissionDenied):
        retry_report(run=failed_report(cast), by=cast.dev, at=timezone.now())
    with pytest.raises(PermissionDenied):
        letters.send_again(letter=failed_letter(cast.ben), employer=cast.employer, by=cast.dev, at=timezone.now())


def test_what_belongs_to_others_cannot_be_tried_again(ewa: Client, cast: Cast) -> None:
    letter = failed_letter(cast.gil)
    assert ewa.post(again(letter)).status_code == 404
    with pytest.raises(Http404):
        find_failed_report(cast.elsewhere.employer, failed_report(cast).public_id)


def test_what_waits_is_counted_and_its_age_told(ewa: Client, cast: Cast) -> None:
    ScoringNeed.objects.all().delete()
    for team in (cast.team, cast.elsewhere):
        ScoringNeed.objects.create(team=team, changes=1, asked_at=datetime(2026, 11, 1, 8, 15, tzinfo=UTC))
    assert "1\u00a0November\u00a02026 at 08:15" in shown(ewa)
    # nor are those of others without the second wall
    numbers = [
        next(one.number for one in waiting(employer, as_of=TODAY) if one.work == "scoring")
        for employer in (cast.employer, cast.elsewhere.employer, None)
    ]
    assert numbers == [1, 1, 2]


def test_silence_of_the_workers_and_of_the_queue_is_said(ewa: Client, settings: Any) -> None:
    server(settings.REDIS_URL).delete(broker.LOOKED)
    assert "No worker has been heard of" in shown(ewa)
    doors.look_around()
    assert "No worker has been heard of" not in shown(ewa)
    broker.note_look({"at": timezone.now().timestamp() - 301})
    assert "No worker has been heard of" in shown(ewa)
    settings.REDIS_URL = "redis://127.0.0.1:9/0"
    page = shown(ewa)
    assert "The queue does not answer." in page
    assert "No worker has been heard of" not in page


def test_hundreds_of_failures_cost_no_more_statements(ewa: Client, cast: Cast, django_assert_num_queries: Any) -> None:
    failed_import(cast)
    shown(ewa)
    with django_assert_num_queries(WALL + 16):
        shown(ewa)
    for number in range(120):
        failed_import(cast, number)
    with django_assert_num_queries(WALL + 16):
        page = shown(ewa, "?page=2")
    assert "govuk-pagination" in page
    assert page.count("It is no list of cases.") == 50


def test_room_of_files_is_that_of_all_folders(settings: Any, tmp_path: Path, db: None) -> None:
    assert standing().media == 0
    (tmp_path / "reports").mkdir()
    (tmp_path / "reports" / "one.pdf").write_bytes(b"12345")
    (tmp_path / "two.csv").write_bytes(b"123")
    assert standing().media == 8
    settings.MEDIA_ROOT = tmp_path / "not" / "there"
    found = standing()
    assert (found.media, (found.free or 0) > 0) == (0, True)


def test_files_that_another_service_keeps_have_no_size_here(settings: Any, db: None) -> None:
    settings.STORAGES = settings.STORAGES | {"default": {"BACKEND": "django.core.files.storage.InMemoryStorage"}}
    found = standing()
    assert (found.media, found.free) == (None, None)
