"""Reports from being asked for to being ready, and what is in them."""

from datetime import timedelta
from decimal import Decimal
from io import BytesIO, StringIO
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from django.core.exceptions import PermissionDenied
from django.core.management import CommandError, call_command
from django.db import IntegrityError

from caseloads.models import Allocation, LimitException
from checks.actions.doing import Doing
from checks.actions.duties import raise_concern
from checks.actions.standards import load_shipped_standards
from reports import pdf, rendering
from reports.actions import request_report
from reports.content import as_json
from reports.models import ReportRun
from reports.queries.teams import team_report
from teams.actions.setting_up import add_workers
from teams.models import AuditEntry, Worker
from tests.cast import AT, TODAY, Cast, case, holds, new_worker, record
from tests.integration.reports.reading import text

HOSTILE = '<img src="file:///etc/passwd"><script>alert(1)</script> \u202eright to left\u202c 🦔 ' + "x" * 10_000


@pytest.fixture(autouse=True)
def media(settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path


def ask(cast: Cast) -> ReportRun:
    return request_report(team=cast.team, as_of=TODAY, by=cast.ben, at=AT)


def make(run: ReportRun, *, after: timedelta = timedelta(seconds=1)) -> ReportRun:
    rendering.render(run_id=run.pk, clock=lambda: AT + after)
    run.refresh_from_db()
    return run


def content(cast: Cast) -> dict[str, Any]:
    return as_json(team_report(cast.team, as_of=TODAY))


def test_report_is_made_once(cast: Cast) -> None:
    run = make(ask(cast))
    assert (run.status, run.attempts, run.error) == ("READY", 1, "")
    assert run.content["cover"]["subject"] == "Heron Team"
    first = run.finished_at
    assert make(run, after=timedelta(hours=1)).finished_at == first


def test_asking_twice_gives_the_one_on_its_way(cast: Cast) -> None:
    assert ask(cast) == ask(cast)
    make(ask(cast))
    assert ReportRun.objects.count() == 1
    assert ask(cast) != ReportRun.objects.earliest("pk")


def test_asking_needs_the_right_and_leaves_a_trail(cast: Cast) -> None:
    run = ask(cast)
    assert AuditEntry.objects.get(event="REPORT_REQUESTED").target == f"reports.ReportRun:{run.pk}"
    with pytest.raises(PermissionDenied):
        request_report(team=cast.team, as_of=TODAY, by=cast.asha, at=AT)


def test_report_says_its_figures(cast: Cast) -> None:
    load_shipped_standards(at=AT)
    printed = text(pdf.draw("team", content(cast)))
    for words in ("Heron Team", "Testshire Council", "Asha Test", "30.50", "Partly met", "T-005", "Page 1 of"):
        assert words in printed


def test_report_prints_what_waits_and_what_was_decided_by_hand(cast: Cast) -> None:
    asha, past = cast.workers["Asha Test"], {"words": "Far too much", "doing": Doing(cast.asha, AT - timedelta(days=9))}
    for past_manager in (False, True):
        raise_concern(worker=asha_of(cast), team=cast.team, past_manager=past_manager, **past)
    record(cast, case("T-050", holds(asha, cast.team), override=Decimal(9), override_reason="Daily visits"))
    held = Allocation.objects.get(case__reference="T-001")
    LimitException.objects.create(
        employer=cast.employer,
        allocation=held,
        limit="OVER",
        detail="from 98.0 % to 104.0 %",
        reason="The family knows her",
        approved_by=cast.hana,
        at=AT,
        by=cast.ben,
    )
    said = content(cast)
    assert [(row["name"], row["open_for"]) for row in said["workload"]["duties"]] == [
        ("Workload concern", "9\u00a0days")
    ]
    printed = " ".join(text(pdf.draw("team", said)).split())
    for words in ("late", "Daily visits", "9.00, set on", "The family knows her", "approved by Hana Test"):
        assert words in printed
    assert "Far too much" not in printed


def asha_of(cast: Cast) -> Worker:
    return Worker.objects.get(user=cast.asha)


def test_empty_team_has_a_report(cast: Cast) -> None:
    printed = text(pdf.draw("team", as_json(team_report(cast.elsewhere, as_of=TODAY))))
    assert "No case-holding workers are recorded" in printed
    assert "None is published for this service area" in printed


def test_report_of_whom_nothing_is_known_says_so(cast: Cast) -> None:
    load_shipped_standards(at=AT)
    new = [new_worker("Noor Test", cast.elsewhere, None)]
    add_workers(employer=cast.elsewhere.employer, workers=new, by=None, at=AT)
    said = as_json(team_report(cast.elsewhere, as_of=TODAY))
    assert said["summary"][1] == "Not known: the figures of 1 of 1 workers. The table says why for each."
    assert {figure["label"]: figure["value"] for figure in said["workload"]["figures"]}[
        "Workers over their limit"
    ] == "not known"


def test_same_content_gives_the_same_bytes(cast: Cast) -> None:
    assert pdf.draw("team", content(cast)) == pdf.draw("team", content(cast))


def test_everything_tagged_has_its_place_in_the_structure(cast: Cast) -> None:
    with pikepdf.open(BytesIO(pdf.draw("team", content(cast)))) as document:
        owned = [mark for element in pdf._elements(document.Root.StructTreeRoot.K) for mark in pdf._marked(element)]
        for sheet in document.pages:
            drawn = [one for one in pikepdf.parse_content_stream(sheet) if str(one.operator) == "BDC"]
            numbers = {int(one.operands[1].MCID) for one in drawn if "/MCID" in one.operands[1]}
            assert numbers == {number for page, number in owned if page.objgen == sheet.obj.objgen}


def test_links_are_printed_too(cast: Cast) -> None:
    load_shipped_standards(at=AT)
    with pikepdf.open(BytesIO(pdf.draw("team", content(cast)))) as document:
        links = [link for sheet in document.pages for link in sheet.obj.get("/Annots", [])]
        assert links
        assert all(int(link.F) & 4 for link in links)


def test_hostile_words_print_as_words(cast: Cast) -> None:
    add_workers(employer=cast.employer, workers=[new_worker("Eve " + HOSTILE[:190], cast.team)], by=None, at=AT)
    report = content(cast)
    report["summary"] = [HOSTILE]
    printed = text(pdf.draw("team", report))
    assert "<script>alert(1)</script>" in printed
    assert "file:///etc/passwd" in printed
    assert printed.count("x") > 9_000


def test_only_static_files_are_fetched() -> None:
    with pytest.raises(BaseException, match="static files only"):
        pdf.StaticFilesOnly().fetch("http://169.254.169.254/latest/")
    with pytest.raises(BaseException, match="static files only"):
        pdf.StaticFilesOnly().fetch("static:../pyproject.toml")
    assert pdf.StaticFilesOnly().fetch("static:report.css").read()


def test_stylesheet_that_asks_elsewhere_stops_the_drawing(monkeypatch: pytest.MonkeyPatch, cast: Cast) -> None:
    html = '<html><head><title>t</title></head><body><img src="file:///etc/passwd" alt="x"></body></html>'
    monkeypatch.setattr(pdf, "render_to_string", lambda *_: html)
    with pytest.raises(pdf.NotDrawnError, match="static files only"):
        pdf.draw("team", content(cast))


def test_failing_report_is_tried_three_times_and_then_says_so(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> bytes:
        raise ValueError("no ink")

    run = ask(cast)
    monkeypatch.setattr(pdf, "draw", broken)
    for attempt in range(1, 4):
        with pytest.raises(ValueError, match="no ink"):
            make(run, after=timedelta(minutes=attempt))
    run.refresh_from_db()
    assert (run.status, run.attempts) == ("FAILED", 3)
    assert "Ask for a new report" in run.error
    make(run, after=timedelta(minutes=9))
    assert run.status == "FAILED"


def test_dead_workers_report_is_taken_over(cast: Cast) -> None:
    run = ask(cast)
    ReportRun.objects.update(status="RUNNING", started_at=AT, attempts=1)
    make(run, after=timedelta(minutes=1))
    assert run.status == "RUNNING"
    assert rendering.left_undone(at=AT + timedelta(minutes=3)) == [run.pk]
    assert make(run, after=timedelta(minutes=3)).status == "READY"


def test_report_whose_maker_died_too_often_is_given_up(cast: Cast) -> None:
    run = ask(cast)
    ReportRun.objects.update(status="RUNNING", started_at=AT, attempts=3)
    make(run, after=timedelta(minutes=3))
    assert run.attempts == 3
    assert rendering.left_undone(at=AT + timedelta(minutes=3)) == []
    run.refresh_from_db()
    assert (run.status, bool(run.error)) == ("FAILED", True)


def test_slow_maker_that_lost_its_run_leaves_nothing(
    cast: Cast, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    run = ask(cast)
    drawn = rendering._made

    def slowly(run: ReportRun) -> object:
        found = drawn(run)
        ReportRun.objects.filter(pk=run.pk).update(started_at=AT + timedelta(minutes=5))
        return found

    monkeypatch.setattr(rendering, "_made", slowly)
    make(run)
    assert run.status == "RUNNING"
    assert list(tmp_path.rglob("*.pdf")) == []


def test_rows_that_say_nothing_useful_are_refused(cast: Cast) -> None:
    run = ask(cast)
    with pytest.raises(IntegrityError, match="report_ready_has_a_file"):
        ReportRun.objects.filter(pk=run.pk).update(status="READY")


def test_command_names_what_is_missing(cast: Cast) -> None:
    with pytest.raises(CommandError, match="There is no such team"):
        call_command("render_report", "--employer", "testshire", "--team", "No such team")


def test_command_makes_the_report_itself(cast: Cast, tmp_path: Path) -> None:
    said, wanted = StringIO(), tmp_path / "wanted.pdf"
    call_command("render_report", "--employer", "testshire", "--team", "heron team", "--output", wanted, stdout=said)
    assert said.getvalue().strip() == str(wanted)
    assert "Asha Test" in text(wanted.read_bytes())
    assert ReportRun.objects.get().status == "READY"


def test_command_says_why_there_is_no_report(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> bytes:
        raise OSError("cannot load library 'libpango-1.0-0'")

    monkeypatch.setattr(pdf, "draw", broken)
    with pytest.raises(CommandError, match="could not be made: cannot load library"):
        call_command("render_report", "--employer", "testshire")


def test_statements_of_a_report_do_not_grow(cast: Cast, django_assert_num_queries: Any) -> None:
    load_shipped_standards(at=AT)
    content(cast)
    with django_assert_num_queries(23):
        content(cast)
    record(cast, *(case(f"N-{number}", holds(cast.workers["Asha Test"], cast.team)) for number in range(30)))
    with django_assert_num_queries(23):
        content(cast)
