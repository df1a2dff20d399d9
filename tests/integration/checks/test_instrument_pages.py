"""Loading a survey of one's own: on a page, with a look at it first, or on the server."""

from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse

from checks.actions.instruments import load_shipped_instruments
from checks.models import Instrument, InstrumentBenchmark
from tests.cast import AT, Cast

pytestmark = pytest.mark.django_db
ITEMS = "item,scale,reversed,response set\nToo much?,Pressure,yes,No|Yes\nHelp?,Support,no,\n"
EXAMPLE = Path(__file__).resolve().parents[3] / "docs" / "examples" / "indicator-tool-structure.csv"
SAID = {
    "once": "0b9c1b0e-2f6e-4b8e-9f8e-111111111111",
    "title": "Our pulse",
    "version": "1",
    "source": "Ourselves",
    "licence": "Ours",
}


def csv(text: str | bytes, name: str = "items.csv") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, text.encode() if isinstance(text, str) else text, content_type="text/csv")


@pytest.fixture
def page(cast: Cast, client: Client) -> str:
    client.force_login(cast.cora)
    return reverse("instrument-new", args=["testshire"])


def carried(client: Client, page: str, **files: SimpleUploadedFile) -> dict[str, str]:
    """What the page before loading carries on."""
    response = client.post(page, SAID | files | ({"label": "Ten councils"} if "benchmarks" in files else {}))
    assert "Not loaded yet" in response.content.decode()
    return dict(response.context["form"].carried)


def test_is_looked_at_before_it_is_kept(cast: Cast, client: Client, page: str) -> None:
    said = carried(client, page, items=csv(ITEMS), benchmarks=csv("scale,score\nPressure,40\n"))
    assert not Instrument.objects.exists()
    done = client.post(page, said | {"load": "yes"}, follow=True)
    assert "can now be asked" in done.content.decode()
    assert done.redirect_chain == [(reverse("instrument", args=["testshire", "our-pulse", "1"]), 302)]
    row = Instrument.objects.get()
    assert (row.employer, row.code, [item["text"] for item in row.document["items"]]) == (
        cast.employer,
        "our-pulse",
        ["Too much?", "Help?"],
    )
    assert InstrumentBenchmark.objects.get().scores == {"pressure": 40}
    again = client.post(page, said | {"load": "yes"}, follow=True)
    assert "nothing was saved twice" in again.content.decode()
    refused = client.post(page, said | {"load": "yes", "once": "0b9c1b0e-2f6e-4b8e-9f8e-222222222222"})
    assert "A survey never changes once it is loaded" in refused.content.decode()


def test_each_faulty_line_is_said_on_the_page(client: Client, page: str) -> None:
    answer = client.post(page, SAID | {"items": csv("item,scale,reversed,response set\n,Load,maybe,No|Yes\n")})
    text = answer.content.decode()
    assert "Line 2: the item is missing" in text
    assert "Line 2: “maybe” does not say" in text


@pytest.mark.parametrize(
    ("files", "said"),
    [
        ({}, "Choose the file with the items"),
        ({"items": csv(ITEMS), "benchmarks": csv("scale,score\nOther,3\n")}, "no scale “Other”"),
        ({"items": csv(ITEMS), "benchmarks": csv("scale,score\nSupport,3\n")}, "Enter whose scores they are"),
        ({"items": csv(ITEMS), "title": ""}, "Enter what the survey is called"),
        ({"items": csv(ITEMS), "title": "…"}, "is no code for the instrument"),
    ],
)
def test_what_is_missing_is_said(client: Client, page: str, files: dict[str, object], said: str) -> None:
    for file in files.values():
        if isinstance(file, SimpleUploadedFile):
            file.seek(0)
    answer = client.post(page, SAID | files)
    assert said in answer.content.decode()
    assert not Instrument.objects.exists()


def test_a_file_of_an_older_spreadsheet_is_read(client: Client, page: str) -> None:
    said = carried(client, page, items=csv(ITEMS.replace("Help?", "Café?").encode("cp1252")))
    assert "Café?" in said["items_text"]


def test_scores_to_compare_with_are_loaded_later(cast: Cast, client: Client, page: str) -> None:
    load_shipped_instruments(at=AT)
    compare = reverse("instrument-benchmarks", args=["testshire", "working-conditions", "1"])
    sent = {"once": SAID["once"], "label": "Ten councils"}
    for text, said in (
        ("scale,score\n", "The file has no scores"),
        ("scale,score\nrole,many\n", "Line 2: the score must be a whole number"),
    ):
        assert said in client.post(compare, sent | {"file": csv(text)}).content.decode()
    done = client.post(compare, sent | {"file": csv("scale,score\nrole,70\n")}, follow=True)
    assert "Ten councils" in done.content.decode()
    assert InstrumentBenchmark.objects.get().scores == {"role": 70}


def test_what_is_asked_can_be_read_by_every_member(cast: Cast, client: Client) -> None:
    client.force_login(cast.femi)
    for code in ("working-conditions", "priorities"):
        text = client.get(reverse("instrument", args=["testshire", code, "1"])).content.decode()
        assert "in one’s own words" in text.lower()
        assert "Load scores to compare with" not in text
    assert client.get(reverse("instrument", args=["testshire", "nothing", "1"])).status_code == 404


class TestCommand:
    given = ("--employer=testshire", "--by=cora", "--title=Indicator tool", "--source=HSE", "--licence=L-1")

    def test_loads_the_structure_of_the_indicator_tool(self, cast: Cast, tmp_path: Path) -> None:
        scores = tmp_path / "scores.csv"
        scores.write_text("scale,score\nDemands,55\n")
        call_command("load_instrument", EXAMPLE, *self.given, benchmarks=scores, label="2025")
        row = Instrument.objects.get(employer=cast.employer)
        assert (row.code, len(row.document["items"]), row.benchmarks.get().scores) == (
            "indicator-tool",
            35,
            {"demands": 55},
        )

    @pytest.mark.usefixtures("cast")
    def test_says_why_it_does_not(self, tmp_path: Path) -> None:
        faulty, scores = tmp_path / "faulty.csv", tmp_path / "scores.csv"
        faulty.write_text("item,scale,reversed,response set\n,Load,no,No|Yes\n")
        scores.write_text("scale,score\nDemands,55\n")
        for words, said in (
            ([faulty, *self.given], "Line 2: the item is missing"),
            ([tmp_path / "none.csv", *self.given], "No such file"),
            ([EXAMPLE, *self.given, "--employer=nowhere"], "no employer “nowhere”"),
            ([EXAMPLE, *self.given, "--by=nobody"], "no user “nobody”"),
            ([EXAMPLE, *self.given, "--by=ben"], "You cannot"),
            ([EXAMPLE, *self.given, f"--benchmarks={scores}"], "--label"),
        ):
            with pytest.raises(CommandError, match=said):
                call_command("load_instrument", *map(str, words))
        assert not Instrument.objects.exists()
