"""What is answered when the database is not there: asked for by a client, over a line that is broken on purpose."""

import json
from typing import Any

import pytest
from django.db import OperationalError, connection
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory
from lxml import html

from teams.middleware import AsksAgain
from teams.views.faults import not_answered

WRITTEN = "Line one\nLine two & <b>more</b>"


def away(request: HttpRequest, error: Exception | None = None) -> HttpResponse:
    """What comes of a request whose line broke, or that went wrong otherwise."""

    def page() -> None:
        raise error or OperationalError("server closed the connection unexpectedly")

    try:
        page()
    except Exception:  # noqa: BLE001 - as Django does
        return not_answered(request)
    raise AssertionError


@pytest.fixture
def sent() -> RequestFactory:
    return RequestFactory()


def form_of(answer: HttpResponse) -> Any:
    page = html.fromstring(answer.content.decode())
    return next((form for form in page.forms if form.method == "POST"), None)


def test_what_was_written_is_given_back(sent: RequestFactory) -> None:
    said = {"csrfmiddlewaretoken": "theirs", "words": WRITTEN, "factors": ["a", "b"]}
    answer = away(sent.post("/teams/1/?page=2", said))
    assert (answer.status_code, answer["Retry-After"], answer["Cache-Control"]) == (503, "15", "no-store")
    form = form_of(answer)
    assert form.action == "/teams/1/?page=2"
    assert form.form_values() == [
        ("csrfmiddlewaretoken", "theirs"),
        ("words", WRITTEN),
        ("factors", "a"),
        ("factors", "b"),
    ]


def test_no_secret_is_given_back(sent: RequestFactory) -> None:
    for name in ("password", "oldpassword", "password1", "code", "credential"):
        answer = away(sent.post("/sign-in/", {"login": "ben", name: "the-secret"}))
        assert form_of(answer) is None
        assert "the-secret" not in answer.content.decode()
        assert "is not repeated here" in answer.content.decode()


def test_files_are_to_be_chosen_again(sent: RequestFactory, tmp_path: Any) -> None:
    file = tmp_path / "cases.csv"
    file.write_text("reference\nC-1\n")
    with file.open("rb") as opened:
        answer = away(sent.post("/imports/", {"preset": "plain", "cases": opened}))
    form = form_of(answer)
    assert form.get("enctype") == "multipart/form-data"
    assert form.inputs["cases"].type == "file"
    assert "Choose the file again: cases.csv" in answer.content.decode()
    assert "C-1" not in answer.content.decode()


def test_a_form_of_another_site_gets_no_token(sent: RequestFactory) -> None:
    """The page is made before the token was looked at: it has none but the one that came."""
    answer = away(sent.post("/teams/1/", {"words": "sent from elsewhere"}, HTTP_REFERER="https://elsewhere.example/"))
    form = form_of(answer)
    assert "csrfmiddlewaretoken" not in form.fields
    assert "elsewhere.example" not in answer.content.decode()


def test_the_page_before_is_named(sent: RequestFactory) -> None:
    headers = {"HTTP_REFERER": "http://testserver/teams/1/?tab=2", "HTTP_HOST": "testserver"}
    assert 'href="/teams/1/?tab=2"' in away(sent.post("/teams/2/", {"words": "x"}, **headers)).content.decode()


def test_a_page_says_how_to_come_back(sent: RequestFactory) -> None:
    assert 'href="/teams/1/?page=2"' in away(sent.get("/teams/1/?page=2")).content.decode()


def test_other_systems_are_told_in_their_own_words(sent: RequestFactory) -> None:
    answer = away(sent.post("/api/v1/cases/", {"reference": "C-1"}, content_type="application/json"))
    assert (answer.status_code, answer["Retry-After"]) == (503, "15")
    assert answer["Content-Type"] == "application/problem+json"
    assert json.loads(answer.content)["detail"] == "The database does not answer. Send it again later."


def test_anything_else_is_an_error_of_ours(sent: RequestFactory) -> None:
    assert away(sent.get("/"), ValueError("something else")).status_code == 500


class Site:
    """Answers the first time that the line broke, and then a page."""

    def __init__(self, *, broke: bool) -> None:
        self.asked, self.broke = 0, broke

    def __call__(self, _: HttpRequest) -> HttpResponse:
        self.asked += 1
        response = HttpResponse(status=503 if self.asked == 1 else 200)
        response.line_broke = self.broke and self.asked == 1  # type: ignore[attr-defined]
        return response


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(AsksAgain, "PAUSE", 0.0)
    monkeypatch.setattr(connection, "close", lambda: None)  # no test here has one


def test_a_page_is_asked_for_once_more(quick: None, sent: RequestFactory) -> None:
    site = Site(broke=True)
    assert AsksAgain(site)(sent.get("/")).status_code == 200
    assert site.asked == 2


def test_a_page_whose_line_is_whole_is_not(quick: None, sent: RequestFactory) -> None:
    site = Site(broke=False)
    assert AsksAgain(site)(sent.get("/")).status_code == 503
    assert site.asked == 1


def test_a_form_is_not_sent_again_by_itself(quick: None, sent: RequestFactory) -> None:
    site = Site(broke=True)
    assert AsksAgain(site)(sent.post("/", {"words": "x"})).status_code == 503
    assert site.asked == 1
