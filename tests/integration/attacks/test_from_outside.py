"""What comes from outside: host names, file names, workbooks that call home, names with line breaks in them."""

import socket
import threading
from io import BytesIO
from pathlib import Path

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.mail import EmailMessage
from django.test import Client
from django.urls import get_resolver, reverse
from django.utils import timezone

from caseloads.intake.reading import read_tables
from checks import reminding
from checks.models import Evidence
from reports import pdf
from teams.models import Team, User
from tests.cast import Cast
from tests.integration.attacks.walking import status_of
from tests.integration.checks import rounds

TRAVERSING = (
    "../../../../tmp/out.pdf",
    "..\\..\\out.pdf",
    "/etc/cron.d/out.pdf",
    "a\x00.pdf",
    "…/".join("ab") + ".pdf",
)


@pytest.mark.parametrize(
    "host", ["evil.example", "localhost.evil.example", "evil.example:80", "localhost@evil.example"]
)
def test_no_other_host_name_is_answered(cast: Cast, client: Client, host: str) -> None:
    assert client.get("/sign-in/", headers={"host": host}).status_code == 400


def test_a_forwarded_host_changes_no_link(cast: Cast, client: Client, mailoutbox: list[EmailMessage]) -> None:
    client.force_login(cast.ben)
    said = client.get("/", headers={"x-forwarded-host": "evil.example", "forwarded": "host=evil.example"})
    assert b"evil.example" not in said.content


@pytest.mark.parametrize("name", TRAVERSING)
def test_the_name_of_a_file_is_no_path(cast: Cast, client: Client, settings: object, tmp_path: Path, name: str) -> None:
    media = settings.MEDIA_ROOT = tmp_path / "media"  # type: ignore[attr-defined]
    check = rounds.check_of(rounds.opened(cast), cast.team)
    client.force_login(cast.ben)
    address = reverse("evidence-new", args=[check.public_id, "fair"])
    file = SimpleUploadedFile("x.pdf", b"%PDF-1.7 words", content_type="text/html")
    file._name = name
    form = client.get(address).context["form"]
    sent = {"once": form["once"].value(), "title": "Notes", "file": file}
    client.post(address, {key: value for key, value in sent.items() if key in form.fields})
    assert [path for path in tmp_path.rglob("*") if path.is_file() and media not in path.parents] == []
    for evidence in Evidence.objects.all():
        assert Path(evidence.file.path).resolve().is_relative_to(media.resolve())
        response = client.get(reverse("evidence", args=[evidence.public_id]))
        assert status_of(response) == 200
        assert response.headers["Content-Disposition"].startswith("attachment")
        assert response.headers["Content-Type"] == "application/pdf"
        assert "/" not in response.headers["Content-Disposition"].partition("filename")[2]


def test_files_are_not_served_by_their_place() -> None:
    assert not [pattern for pattern in get_resolver().reverse_dict if "media" in str(pattern)]


def test_a_workbook_that_calls_home_is_not_answered() -> None:
    heard: list[object] = []
    with socket.create_server(("127.0.0.1", 0)) as home:
        home.settimeout(0.5)
        address = f"http://127.0.0.1:{home.getsockname()[1]}/"

        def listen() -> None:
            try:
                heard.append(home.accept())
            except TimeoutError:
                return

        listening = threading.Thread(target=listen)
        listening.start()
        book = openpyxl.Workbook()
        sheet = book.active
        sheet.append(["Case", f'=WEBSERVICE("{address}")', f'=HYPERLINK("{address}")', f"=[{address}book.xlsx]A!A1"])
        sheet.append(["T-1", "a", "b", "c"])
        written = BytesIO()
        book.save(written)
        written.seek(0)
        assert read_tables(written, name="cases.xlsx")
        listening.join()
    assert heard == []


@pytest.mark.parametrize(
    "words",
    [
        '<img src="http://127.0.0.1:1/a.png">',
        '<link rel="stylesheet" href="file:///etc/passwd">',
        '<object data="file:///etc/passwd"></object>',
        '<a rel="attachment" href="file:///etc/passwd">x</a>',
        "<style>@import url(http://127.0.0.1:1/a.css)</style>",
    ],
)
def test_a_document_fetches_nothing(words: str) -> None:
    with pytest.raises(pdf.NotDrawnError, match="static files only"):
        pdf.drawn(f'<html lang="en"><head><title>T</title></head><body>{words}</body></html>')


def test_a_name_with_a_line_break_adds_no_line_to_an_e_mail(cast: Cast, mailoutbox: list[EmailMessage]) -> None:
    Team.objects.filter(pk=cast.team.pk).update(name="Heron\nBcc: everybody@example.org")
    User.objects.filter(pk=cast.ben.pk).update(email="ben@example.org")
    rounds.opened(cast)
    reminding.remind(as_of=rounds.TODAY, at=timezone.now())
    assert mailoutbox
    for message in mailoutbox:
        assert "\n" not in str(message.subject)
        assert message.message()["Bcc"] is None
