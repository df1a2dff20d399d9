"""Answering a survey: once, without an account, and without a trace that leads back to anybody."""

import logging
import re
from datetime import timedelta
from hashlib import sha256
from threading import Barrier, Thread

import pytest
from django.db import connection, connections, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from checks.actions.surveys import close_survey
from checks.models import Survey, SurveyAnswer, SurveyLink, SurveyWords, TeamSurvey
from checks.queries.answering import hash_of
from teams.models import AuditEntry, Submission
from teams.refusals import AlreadyDone, NotAllowed
from tests.cast import TODAY, Cast, assemble
from tests.integration.checks.surveying import (
    POLL,
    WORKING,
    address,
    asked,
    cycle_of,
    doing,
    links,
    say,
    send,
    token,
    token_of,
)

pytestmark = pytest.mark.django_db
NOW = "2026-11-02T10:00:00+00:00"


@pytest.fixture
def at_ten(time_machine: object) -> None:
    time_machine.move_to(NOW, tick=False)  # type: ignore[attr-defined]


def test_an_answer_is_stored_and_its_link_is_gone(cast: Cast) -> None:
    cycle = cycle_of(cast)
    [survey] = asked(cast, cycle)
    one = token(cast, cycle, cast.team)
    say(one, words="A second desk", **{"demands-1": 5})
    stored = SurveyAnswer.objects.get()
    assert (stored.team_survey.survey, stored.day, stored.values) == (survey, TODAY, {"demands-1": 5})
    assert SurveyWords.objects.get().words == "A second desk"
    assert not SurveyLink.objects.exists()
    with pytest.raises(AlreadyDone):
        say(one)


def test_only_the_hash_of_a_token_is_kept(cast: Cast) -> None:
    cycle = cycle_of(cast)
    asked(cast, cycle)
    one = token(cast, cycle, cast.team)
    assert SurveyLink.objects.get().pk == hash_of(one)
    for table in connection.introspection.table_names():
        with connection.cursor() as cursor:
            cursor.execute(f'SELECT count(*) FROM "{table}" WHERE "{table}"::text LIKE %s', [f"%{one}%"])  # noqa: S608
            assert cursor.fetchone() == (0,), table


def test_a_token_is_typed_with_or_without_its_hyphens(cast: Cast) -> None:
    cycle = cycle_of(cast)
    asked(cast, cycle)
    one = token(cast, cycle, cast.team)
    kept = SurveyLink.objects.get().pk
    assert kept == sha256(one.encode()).hexdigest()  # so links that were made before still work
    for typed in (one.replace("-", ""), one.replace("-", " "), one.upper(), f" {one[:3]}-{one[3:]}"):
        assert hash_of(typed) == kept
    assert hash_of(one[:-1]) != kept
    say(one.replace("-", "").upper())
    assert SurveyAnswer.objects.count() == 1


def test_answering_leaves_no_other_row(cast: Cast) -> None:
    cycle = cycle_of(cast)
    asked(cast, cycle)
    one = token(cast, cycle, cast.team)
    before = AuditEntry.objects.count(), Submission.objects.count()
    say(one)
    assert (AuditEntry.objects.count(), Submission.objects.count()) == before


def test_nothing_in_a_row_tells_when_or_by_whom_it_was_answered() -> None:
    """What the tables of answers hold, column by column: a new column must be thought about here."""
    columns = {
        model: {field.column for field in model._meta.concrete_fields}
        for model in (SurveyAnswer, SurveyWords, SurveyLink)
    }
    assert columns == {
        SurveyAnswer: {"id", "team_survey_id", "day", "values"},
        SurveyWords: {"id", "team_survey_id", "question", "words", "state"},
        SurveyLink: {"token_hash", "team_survey_id"},
    }


@pytest.mark.django_db(transaction=True)
def test_the_marks_that_the_database_keeps_pair_nothing() -> None:
    """All rows of a team carry the transaction of its last answer, and lie in the order of their random keys."""
    cast = assemble()
    cycle = cycle_of(cast)
    asked(cast, cycle)
    [slips] = links(cast, cycle, {cast.team: 6})
    for number, slip in enumerate(slips.slips):
        say(slip.links[0][1], words=f"words {number}" if number % 2 else "", **{"demands-1": 1 + number % 5})
    with connection.cursor() as cursor:
        cursor.execute("SELECT xmin::text FROM checks_surveyanswer UNION SELECT xmin::text FROM checks_surveywords")
        assert len(cursor.fetchall()) == 1
        for table in ("checks_surveyanswer", "checks_surveywords"):
            cursor.execute(f"SELECT id FROM {table} ORDER BY ctid")  # noqa: S608
            keys = [key for (key,) in cursor.fetchall()]
            assert keys == sorted(keys)
            assert len(keys) > 2


@pytest.mark.django_db(transaction=True)
def test_of_two_at_once_one_answer_is_stored() -> None:
    cast = assemble()
    cycle = cycle_of(cast)
    asked(cast, cycle)
    one = token(cast, cycle, cast.team)
    start, told = Barrier(2), []

    def answer_it() -> None:
        start.wait(10)
        try:
            say(one)
        except AlreadyDone:
            told.append("used")
        finally:
            connections.close_all()

    threads = [Thread(target=answer_it) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    assert told == ["used"]
    assert SurveyAnswer.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_the_second_of_two_waits_and_finds_the_link_gone() -> None:
    """The first has not committed yet when the second has already found the link."""
    cast = assemble()
    cycle = cycle_of(cast)
    asked(cast, cycle)
    one = token(cast, cycle, cast.team)
    told: list[str] = []

    def second() -> None:
        try:
            say(one)
        except AlreadyDone:
            told.append("used")
        finally:
            connections.close_all()

    thread = Thread(target=second)
    with transaction.atomic():
        say(one)
        thread.start()
        thread.join(1)
        assert thread.is_alive()
    thread.join(20)
    assert told == ["used"]
    assert SurveyAnswer.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_nobody_answers_while_it_is_being_closed() -> None:
    """Results that can be seen never change: whoever comes as it is closed waits, and is told."""
    cast = assemble()
    cycle = cycle_of(cast)
    [survey] = asked(cast, cycle)
    one = token(cast, cycle, cast.team)
    told: list[str] = []

    def late() -> None:
        try:
            say(one)
        except NotAllowed as why:
            told.append(str(why))
        finally:
            connections.close_all()

    thread = Thread(target=late)
    with transaction.atomic():
        close_survey(survey=survey, doing=doing(cast.cora))
        thread.start()
        thread.join(1)
        assert thread.is_alive()
    thread.join(20)
    assert [said[:22] for said in told] == ["This survey was closed"]
    assert not SurveyAnswer.objects.exists()


def test_nobody_answers_after_the_last_day(cast: Cast) -> None:
    cycle = cycle_of(cast)
    asked(cast, cycle, days=3)
    one = token(cast, cycle, cast.team)
    with pytest.raises(NotAllowed, match="closed after 5\xa0November\xa02026"):
        say(one, day=TODAY + timedelta(days=4))
    Survey.objects.update(closed_on=TODAY)
    with pytest.raises(NotAllowed, match="was closed on 2\xa0November\xa02026"):
        say(one)
    assert not SurveyAnswer.objects.exists()


@pytest.mark.usefixtures("at_ten")
class TestThePage:
    def test_is_answered_without_an_account_a_cookie_or_a_token_in_it(self, cast: Cast, client: Client) -> None:
        cycle = cycle_of(cast)
        asked(cast, cycle)
        one = token(cast, cycle, cast.team)
        page = client.get(address(one))
        assert page.status_code == 200
        assert one not in page.content.decode()
        sent = send(client, one, {"demands-1": "2", "control-1": "5", "change-one-thing": "Quiet rooms"})
        assert sent.url == reverse("survey-thanks")  # type: ignore[attr-defined]
        assert client.get(sent.url).status_code == 200  # type: ignore[attr-defined]
        assert not client.cookies
        assert SurveyAnswer.objects.get().values == {"demands-1": 2, "control-1": 5}
        assert SurveyAnswer.objects.get().day == timezone.localdate()

    def test_is_the_same_for_whoever_is_signed_in(self, cast: Cast, client: Client) -> None:
        cycle = cycle_of(cast)
        asked(cast, cycle)
        one = token(cast, cycle, cast.team)
        anybody = client.get(address(one)).content
        client.force_login(cast.asha)
        assert client.get(address(one)).content == anybody

    def test_leaves_no_copy_and_passes_no_address_on(self, cast: Cast, client: Client) -> None:
        cycle = cycle_of(cast)
        asked(cast, cycle)
        one = token(cast, cycle, cast.team)
        for page in (client.get(address(one)), send(client, one, {"role-1": "3"}), client.get(address(one))):
            assert "no-store" in page["Cache-Control"]
            assert page["Referrer-Policy"] == "no-referrer"
            assert page["X-Robots-Tag"] == "noindex"

    def test_tells_the_second_kindly(self, cast: Cast, client: Client) -> None:
        cycle = cycle_of(cast)
        asked(cast, cycle)
        one = token(cast, cycle, cast.team)
        said = {"csrfmiddlewaretoken": token_of(client.get(address(one))), "role-1": "3"}
        client.post(address(one), said)
        for page in (client.get(address(one)), client.post(address(one), said)):
            assert page.status_code == 410
            assert "your answers are kept: thank you" in page.content.decode()
        assert SurveyAnswer.objects.count() == 1

    def test_keeps_answers_when_something_is_wrong(self, cast: Cast, client: Client) -> None:
        cycle = cycle_of(cast)
        asked(cast, cycle)
        one = token(cast, cycle, cast.team)
        page = send(client, one, {"role-1": "3", "change-one-thing": "He was born on 01/02/2019"})
        text = page.content.decode()
        assert "looks like a date of birth" in text
        assert re.search(r'name="role-1"[^>]*value="3"[^>]*checked', text)
        assert "01/02/2019" in text
        assert SurveyLink.objects.exists()

    def test_an_empty_one_does_not_use_the_link_up(self, cast: Cast, client: Client) -> None:
        cycle = cycle_of(cast)
        asked(cast, cycle)
        one = token(cast, cycle, cast.team)
        for sent in ({}, {"change-one-thing": "More staff"}, {"role-1": "9"}):
            page = send(client, one, sent)
            assert page.status_code == 200
            assert "There is a problem" in page.content.decode()
        assert SurveyLink.objects.exists()

    def test_says_when_it_is_closed(self, cast: Cast, client: Client) -> None:
        cycle = cycle_of(cast)
        asked(cast, cycle)
        one = token(cast, cycle, cast.team)
        Survey.objects.update(closed_on=TODAY)
        page = client.get(address(one))
        assert page.status_code == 410
        assert "This survey was closed on" in page.content.decode()

    def test_a_poll_is_answered_like_any_other(self, cast: Cast, client: Client) -> None:
        cycle = cycle_of(cast)
        asked(cast, cycle, POLL, WORKING)
        [slips] = links(cast, cycle, {cast.team: 1})
        titles = [title for title, _ in slips.slips[0].links]
        assert titles == [POLL.title, WORKING.title]
        send(client, slips.slips[0].links[0][1], {"study-time": "4", "supervision": "1"})
        stored = SurveyAnswer.objects.get()
        assert stored.values == {"study-time": 4, "supervision": 1}
        assert stored.team_survey.survey.instrument.code == "priorities"
        assert SurveyLink.objects.get().team_survey == TeamSurvey.objects.get(
            survey__instrument__code="working-conditions", team=cast.team
        )

    def test_one_who_is_quicker_uses_the_link_up(
        self, cast: Cast, client: Client, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """Between looking at the link and storing the answer somebody else has used it, or the survey was closed."""
        cycle = cycle_of(cast)
        [survey] = asked(cast, cycle)
        one, another = token(cast, cycle, cast.team), token(cast, cycle, cast.team)
        from checks.views import answering  # noqa: PLC0415 - only here

        look = answering.find_sheet
        tokens = {slip: token_of(client.get(address(slip))) for slip in (one, another)}

        def used_after(looked: str, **day: object) -> object:
            found = look(looked, **day)  # type: ignore[arg-type]
            if looked == one:
                say(one)
            else:
                Survey.objects.filter(pk=survey.pk).update(closed_on=TODAY)
            return found

        monkeypatch.setattr(answering, "find_sheet", used_after)
        for slip, told in ((one, "has been used"), (another, "This survey is closed")):
            said = {"csrfmiddlewaretoken": tokens[slip], "role-1": "3"}
            assert told in client.post(address(slip), said).text


def test_no_line_of_the_log_has_the_token(caplog: pytest.LogCaptureFixture, client: Client) -> None:
    """What Django would write of a page that was not found, or that failed."""
    secret = "a-secret-token-of-somebody"
    with caplog.at_level(logging.WARNING, logger="django.request"):
        client.get(f"/s/{secret}/there-is-nothing-here/")
        client.get(f"/s/{secret}/")
    assert len(caplog.records) == 2
    for record in caplog.records:
        assert secret not in record.getMessage()
        assert "/s/(token)/" in record.getMessage()


def test_the_log_of_the_site_hides_tokens(settings: object) -> None:
    logging_of = settings.LOGGING  # type: ignore[attr-defined]
    handlers = logging_of["loggers"]["django.request"]["handlers"]
    assert all("tokens" in logging_of["handlers"][name]["filters"] for name in handlers)
    assert logging_of["filters"]["tokens"]["()"] == "healthcheck.logs.HideTokens"
