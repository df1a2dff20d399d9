"""Both findings, by the national and by the local thresholds, wherever a report says what was found."""

import subprocess
import sys
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import page as page_validation
import pypdfium2
import pytest
import time_machine
from django.test import Client

from checks.actions.standards import load_shipped_standards
from reports import pdf
from reports.content import as_json
from reports.queries.teams import team_report
from standards.actions.variations import NewVariation, approve_variation, propose_variation
from tests.cast import AT, TODAY, Cast

REVIEW = TODAY + timedelta(days=90)


@pytest.fixture(autouse=True)
def varied(cast: Cast) -> None:
    load_shipped_standards(at=AT)
    new = NewVariation(
        pack="england-2020",
        indicator="3-unallocated",
        met=Decimal(2),
        partly=Decimal(8),
        reason="A new front door sends cases before they are screened",
        evidence="Joint committee",
        starts_on=TODAY,
        review_on=REVIEW,
    )
    row = propose_variation(employer=cast.employer, new=new, by=cast.cora, at=AT)
    approve_variation(variation=row, words="Agreed", by=cast.dev, at=AT)


def content(cast: Cast, after: int = 0) -> dict[str, Any]:
    return as_json(team_report(cast.team, as_of=TODAY + timedelta(days=after)))


def chapter(found: dict[str, Any]) -> dict[str, Any]:
    return next(one for one in found["chapters"] if one["code"] == "3")


def row(found: dict[str, Any]) -> dict[str, Any]:
    return next(one for one in chapter(found)["indicators"] if one["code"] == "3-unallocated")


def test_report_gives_both_thresholds_and_both_findings(cast: Cast) -> None:
    found = content(cast)
    one = row(found)
    assert (one["word"], one["local_word"]) == ("Partly met", "Met")
    assert one["thresholds"] == "Met: at most 0\u00a0cases. Partly met: at most 5\u00a0cases."
    assert one["local_thresholds"] == "Met: at most 2\u00a0cases. Partly met: at most 8\u00a0cases."
    assert one["local_reason"].startswith(
        "A new front door sends cases before they are screened. Approved by Dev Test, from 2\u00a0November\u00a02026"
    )
    assert chapter(found)["local_word"]
    assert any("by local thresholds," in sentence for sentence in found["summary"])
    others = [one for one in chapter(found)["indicators"] if one["code"] != "3-unallocated"]
    assert not any(one["local_finding"] for one in others)


def test_report_says_when_the_local_threshold_lapsed(cast: Cast) -> None:
    found = content(cast, after=91)
    one = row(found)
    assert (one["local_thresholds"], one["local_finding"], chapter(found)["local_finding"]) == ("", "", "")
    assert one["local_reason"] == ("The local threshold lapsed on 31\u00a0January\u00a02027; the national one applies.")


def test_page_prints_both(cast: Cast, client: Client) -> None:
    client.force_login(cast.ben)
    with time_machine.travel(AT, tick=False):
        shown = client.get(f"/teams/{cast.team.public_id}/report/").content.decode()
    assert "Here: Met: at most 2" in shown
    assert "by the national threshold" in shown
    assert "by the local one" in shown


def test_document_with_both_is_accessible(cast: Cast, tmp_path: Path) -> None:
    file = tmp_path / "report.pdf"
    file.write_bytes(pdf.draw("team", content(cast)))
    words = " ".join(sheet.get_textpage().get_text_range() for sheet in pypdfium2.PdfDocument(file))
    assert "by the local one" in " ".join(words.split())
    report = page_validation.validate_pdf(str(file), profile=page_validation.ValidationProfile.PDF_UA_1)
    assert report.is_compliant, str(report)
    outloud = Path(sys.executable).with_name("outloud")
    checked = subprocess.run([outloud, "--no-info", file], capture_output=True, text=True, check=False)
    assert checked.returncode == 0, checked.stdout


def test_report_stored_before_there_were_local_thresholds_still_prints(cast: Cast) -> None:
    found = content(cast)
    for one in found["chapters"]:
        for name in ("gap", "local_finding", "local_word", "judged", "surveyed"):
            del one[name]
        for indicator in one["indicators"]:
            for name in ("local_thresholds", "local_reason", "local_finding", "local_word"):
                del indicator[name]
    assert pdf.draw("team", found)
