"""Every kind of document: what it says, whom it names, that it is accessible, and that it says the same for ever."""

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pypdfium2
import pytest
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, transaction
from django.http import Http404
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from caseloads.models import Case
from checks import figure_taking
from checks.actions import follow_up
from checks.actions.doing import Doing as Step
from checks.actions.duties import raise_concern
from checks.actions.standards import load_shipped_standards
from checks.models import Action, Duty, KeptWorkload
from checks.queries.explained import open_duties
from reports import actions, pdf, rendering
from reports.content import as_json
from reports.models import ReportRun
from reports.queries import documents, employers, runs, sheets, teams
from teams.actions.setting_up import add_workers
from teams.models import Team, User, Worker
from tests.cast import AT, TODAY, Cast, case, holds, new_worker, record
from tests.integration.checks import rounds
from tests.integration.reports.reading import faults, words
from tests.integration.reports.test_rendering import HOSTILE
from tests.unit.reports.test_compliance import rows_of


@pytest.fixture(autouse=True)
def media(settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path


def made(run: ReportRun) -> ReportRun:
    rendering.render(run_id=run.pk, clock=lambda: AT + timedelta(seconds=1))
    run.refresh_from_db()
    assert run.status == "READY", run.error
    return run


def bytes_of(run: ReportRun) -> bytes:
    with run.file.open() as file:
        return bytes(file.read())


def grown(cast: Cast) -> Team:
    """Both teams big enough for their figures to be given."""
    for team in (cast.team, cast.other_team):
        new = [new_worker(f"{name} {team.name}", team) for name in ("Ada", "Bob", "Cat", "Dee", "Eli")]
        add_workers(employer=cast.employer, workers=new, by=None, at=AT)
    return cast.other_team


def check_run(cast: Cast, check: Any) -> ReportRun:
    return actions.request_check_report(check=check, by=cast.cora, at=AT)


def asha(cast: Cast) -> Worker:
    """Asha as she is stored: the cast made her before her account."""
    return Worker.objects.select_related("employer").get(user=cast.asha)


# The report of a health check


def test_report_of_a_check_says_what_was_measured_judged_asked_and_planned(cast: Cast) -> None:
    check = rounds.check_of(rounds.opened(cast), cast.team)
    follow_up.plan(
        answer=rounds.answer_of(check, "unallocated"),
        about="It",
        planned=rounds.an_action(cast),
        doing=rounds.doing(cast.ben),
    )
    rounds.finish(cast, check)
    printed = words(bytes_of(made(check_run(cast, check))))
    for said in (
        "Health check of Autumn 2026, published.",
        "We see it",
        "Cases go to Kestrel Team. Ben Test, by",
        "It worked when: Nobody is well over.",
        "Asha Test",
        "Published: 2 November 2026, by Dev Test",
    ):
        assert said in printed


def move_on(cast: Cast, check: Any) -> None:
    """Everything that a report could say of today changes."""
    record(cast, *(case(f"M-{number}", holds(cast.workers["Asha Test"], cast.team)) for number in range(9)))
    Case.objects.filter(reference="T-005").update(closed_on=TODAY)
    Worker.objects.filter(name="Asha Test").update(name="Asha Married")
    Team.objects.filter(pk=cast.team.pk).update(name="Goshawk Team")
    for action in Action.objects.filter(check_of=check, acts=True):
        follow_up.finish(action=action, words="Done", doing=rounds.doing(cast.ben))


def test_past_check_is_printed_again_to_the_byte_after_everything_has_moved_on(cast: Cast) -> None:
    check = rounds.published(cast)
    run = made(check_run(cast, check))
    before = bytes_of(run)
    move_on(cast, check)
    assert rendering.drawn(run, documents.content_of(run)) == before
    # and whoever asks for it again is given the same
    assert check_run(cast, check) == run


def test_figures_of_a_check_are_those_of_its_day_even_when_it_is_printed_late(cast: Cast) -> None:
    check = rounds.published(cast)
    early = as_json(teams.check_report(check, as_of=TODAY))
    move_on(cast, check)
    late = as_json(teams.check_report(check, as_of=TODAY + timedelta(days=400)))
    assert late["workload"] == early["workload"]
    assert late["chapters"] == early["chapters"]
    assert late["summary"] == early["summary"]


def test_check_that_moves_on_is_printed_anew(cast: Cast) -> None:
    check = rounds.check_of(rounds.opened(cast), cast.team)
    first = made(check_run(cast, check))
    assert check_run(cast, check) != first
    assert "being answered" in words(bytes_of(first))


def test_kept_workload_is_the_database_s_to_guard_once_submitted(cast: Cast) -> None:
    check = rounds.submitted(cast)
    for change in (lambda kept: kept.update(content={}), lambda kept: kept.delete()):
        with pytest.raises(DatabaseError, match="has been submitted"), transaction.atomic():
            change(KeptWorkload.objects.filter(check_of=check))


def test_taking_figures_again_keeps_the_new_workload(cast: Cast) -> None:
    check = rounds.check_of(rounds.opened(cast), cast.team)
    before = check.kept.content["sums"]["cases"]
    record(cast, case("N-1", holds(cast.workers["Asha Test"], cast.team)))
    figure_taking.take_again(check, at=AT)
    assert KeptWorkload.objects.get(check_of=check).content["sums"]["cases"] == before + 1


def test_check_older_than_kept_workloads_has_a_report_without_them(cast: Cast) -> None:
    check = rounds.check_of(rounds.opened(cast), cast.team)
    KeptWorkload.objects.all().delete()
    content = as_json(teams.check_report(check, as_of=TODAY))
    assert content["workload"] is None
    assert "was not kept" in content["summary"][1]
    printed = words(pdf.draw("team", content))
    assert "How the workload is spread" not in printed


def test_action_that_was_stopped_is_printed_as_it_was_planned(cast: Cast) -> None:
    check = rounds.check_of(rounds.opened(cast), cast.team)
    answer = rounds.answer_of(check, "unallocated")
    planned = rounds.an_action(cast)
    action = follow_up.plan(answer=answer, about="It", planned=planned, doing=rounds.doing(cast.ben))
    rounds.finish(cast, check)
    before = as_json(teams.check_report(check, as_of=TODAY))
    follow_up.stop(action=action, words="The council does it", doing=rounds.doing(cast.ben))
    assert as_json(teams.check_report(check, as_of=TODAY)) == before
    assert "Cases go to Kestrel Team" in str(before)


def test_signed_check_that_was_given_an_action_is_printed_anew(cast: Cast) -> None:
    check = rounds.signed(cast)
    first = made(check_run(cast, check))
    assert check_run(cast, check) == first
    answer = rounds.answer_of(check, "unallocated")
    follow_up.plan(answer=answer, about="It", planned=rounds.an_action(cast), doing=rounds.doing(cast.ben))
    assert check_run(cast, check) != first


def test_report_whose_file_is_gone_is_made_again_and_says_the_same(cast: Cast, client: Client) -> None:
    check = rounds.published(cast)
    run = made(check_run(cast, check))
    before = bytes_of(run)
    run.file.storage.delete(run.file.name)
    client.force_login(cast.cora)
    page = client.get(reverse("report-run", args=[run.public_id]))
    assert "The file of this report is gone" in page.content.decode()
    assert client.get(reverse("report-file", args=[run.public_id])).status_code == 404
    again = check_run(cast, check)
    assert again != run
    assert bytes_of(made(again)) == before


def test_duties_of_a_past_day_are_those_that_were_open_then(cast: Cast) -> None:
    day = TODAY - timedelta(days=3)
    duty = raise_concern(
        worker=asha(cast),
        team=cast.team,
        words="Too much",
        past_manager=False,
        doing=Step(cast.asha, AT - timedelta(9)),
    )
    Duty.objects.filter(pk=duty.pk).update(state="CLOSED", closed_on=TODAY - timedelta(days=1), due_on=day)
    (line,) = open_duties([cast.team.pk], as_of=day)[cast.team.pk]
    assert (line.days, line.late, line.stands) == (6, False, "Closed since")
    assert open_duties([cast.team.pk], as_of=TODAY)[cast.team.pk] == []


# The compliance report


def test_compliance_report_adds_up_and_names_nobody(cast: Cast) -> None:
    load_shipped_standards(at=AT)
    grown(cast)
    content = as_json(employers.report_of_day(cast.employer, as_of=TODAY))
    area, whole = rows_of(content["areas"])
    teams_told = rows_of(content["teams"])
    for column in ("Load", "Capacity"):
        parts = sum(Decimal(team[column].replace(",", "")) for team in teams_told)
        assert parts == Decimal(area[column].replace(",", "")) == Decimal(whole[column].replace(",", ""))
    assert sum(int(team["Unallocated"]) for team in teams_told) == int(whole["Unallocated"])
    for chapter in content["chapters"]:
        assert not chapter["counts"] or sum(number for *_, number in chapter["counts"]) == 2
    printed = words(pdf.draw("employer", content))
    assert "Heron Team" in printed
    assert not [name for name in Worker.objects.values_list("name", flat=True) if name in printed]


def test_compliance_report_of_a_cycle_is_what_its_checks_kept(cast: Cast) -> None:
    other = grown(cast)
    cycle = rounds.opened(cast, teams=(cast.team, other))
    before = as_json(employers.report_of_cycle(cycle, as_of=TODAY))
    record(cast, *(case(f"M-{number}", holds(cast.workers["Asha Test"], cast.team)) for number in range(9)))
    cycle.refresh_from_db()
    assert as_json(employers.report_of_cycle(cycle, as_of=TODAY)) == before
    assert {row["state"] for row in before["grid"]} == {"being answered"}
    run = made(actions.request_cycle_report(cycle=cycle, by=cast.cora, at=AT))
    assert run.content["teams"] == before["teams"]
    assert runs.file_name(run) == "compliance-testshire-council-2026-11-02.pdf"


def test_compliance_report_of_small_teams_suppresses_them(cast: Cast) -> None:
    load_shipped_standards(at=AT)
    content = as_json(employers.report_of_day(cast.employer, as_of=TODAY))
    assert {team["Load %"] for team in rows_of(content["teams"])} == {"suppressed"}
    assert "suppressed here" in words(pdf.draw("employer", content))


def test_employer_without_teams_has_a_compliance_report(cast: Cast) -> None:
    content = as_json(employers.report_of_day(cast.elsewhere.employer, as_of=TODAY))
    assert pdf.draw("employer", content).startswith(b"%PDF")


def test_statements_of_a_compliance_report_do_not_grow(cast: Cast, django_assert_max_num_queries: Any) -> None:
    load_shipped_standards(at=AT)
    grown(cast)
    employers.report_of_day(cast.employer, as_of=TODAY)
    with django_assert_max_num_queries(24):
        employers.report_of_day(cast.employer, as_of=TODAY)
    cycle = rounds.opened(cast, teams=(cast.team, cast.other_team))
    with django_assert_max_num_queries(16):
        employers.report_of_cycle(cycle, as_of=TODAY)


# The supervision sheet


def add_hours(cast: Cast) -> None:
    asha(cast).additional_hours.create(week=TODAY - timedelta(days=7 + TODAY.weekday()), hours=Decimal("3.50"))


def test_own_sheet_has_the_whole_sum_and_her_hours(cast: Cast) -> None:
    add_hours(cast)
    sheet = sheets.own_sheet(asha(cast), as_of=TODAY)
    (post,) = sheet.posts
    assert sum(Decimal(line.line) for line in post.lines) + Decimal(post.stable) == Decimal(post.load)
    assert sum(Decimal(amount.replace("−", "-")) for _, amount in post.steps) == Decimal(post.capacity)
    assert (sheet.hours_total, [hours.hours for hours in sheet.hours or ()]) == ("3.50", ["3.50"])
    printed = words(pdf.draw("sheet", as_json(sheet)))
    for said in ("Practice educator", "3.50 in twelve months", "T-001", "Contested weights"):
        assert said in printed


def test_sheet_that_a_manager_makes_leaves_her_hours_out(cast: Cast) -> None:
    add_hours(cast)
    run = made(actions.request_sheet(worker=asha(cast), as_of=TODAY, by=cast.ben, at=AT))
    assert run.content["hours"] is None
    assert "3.50 in twelve months" not in words(bytes_of(run))
    assert "their own sheet shows them" in words(bytes_of(run))


def test_own_sheet_is_made_as_her_own(cast: Cast) -> None:
    add_hours(cast)
    run = made(actions.request_sheet(worker=asha(cast), as_of=TODAY, by=cast.asha, at=AT))
    assert run.content["hours_total"] == "3.50"
    assert "own sheet" not in words(bytes_of(run))


def test_sheet_of_somebody_who_holds_no_cases_says_so(cast: Cast) -> None:
    sheet = sheets.own_sheet(cast.workers["Ben Test"], as_of=TODAY)
    assert "There is no team in which cases were held" in words(pdf.draw("sheet", as_json(sheet)))


# Who may ask for what, and see it


def check_by(cast: Cast, by: User) -> ReportRun:
    check = rounds.check_of(rounds.opened(cast), cast.team)
    return actions.request_check_report(check=check, by=by, at=AT)


@pytest.mark.parametrize(
    ("ask", "refused"),
    [
        (lambda cast, by: actions.request_employer_report(employer=cast.employer, as_of=TODAY, by=by, at=AT), "ben"),
        (lambda cast, by: actions.request_cycle_report(cycle=rounds.opened(cast), by=by, at=AT), "ben"),
        (lambda cast, by: actions.request_pack(cycle=rounds.opened(cast), by=by, at=AT), "hana"),
        (check_by, "asha"),
    ],
)
def test_asking_needs_the_right(cast: Cast, ask: Callable[[Cast, User], ReportRun], refused: str) -> None:
    with pytest.raises(PermissionDenied):
        ask(cast, cast.users[refused])
    assert not ReportRun.objects.exists()


def test_nobody_makes_the_sheet_of_somebody_they_do_not_answer_for(cast: Cast) -> None:
    for by in (cast.asha, cast.ewa, cast.gil):
        with pytest.raises(Http404):
            actions.request_sheet(worker=cast.workers["Nia Test"], as_of=TODAY, by=by, at=AT)


def test_sheet_is_seen_by_its_maker_alone(cast: Cast) -> None:
    run = made(actions.request_sheet(worker=asha(cast), as_of=TODAY, by=cast.asha, at=AT))
    assert runs.find_ready_run(cast.asha, run.public_id) == run
    for name in ("ben", "cora", "dev", "hana", "gil"):
        with pytest.raises(Http404):
            runs.find_run(cast.users[name], run.public_id)


def test_former_manager_makes_no_sheet_of_a_worker_who_has_gone(cast: Cast) -> None:
    worker = asha(cast)
    mine = made(actions.request_sheet(worker=worker, as_of=TODAY, by=cast.ben, at=AT))
    contract = worker.contracts.get()
    contract.ends_on = TODAY + timedelta(days=1)
    contract.save()
    worker.contracts.create(team=cast.other_team, weekly_hours=Decimal(37), starts_on=TODAY + timedelta(days=1))
    with pytest.raises(Http404):
        actions.request_sheet(worker=worker, as_of=TODAY + timedelta(days=2), by=cast.ben, at=AT)
    with pytest.raises(Http404):
        sheets.worker_sheet(worker, cast.ben, as_of=TODAY + timedelta(days=2))
    # the one of a day on which she was his is still his
    assert runs.find_run(cast.ben, mine.public_id) == mine


def test_whoever_lost_the_role_sees_the_sheet_no_more(cast: Cast) -> None:
    run = made(actions.request_sheet(worker=asha(cast), as_of=TODAY, by=cast.ben, at=AT))
    cast.ben.role_assignments.all().delete()
    with pytest.raises(Http404):
        runs.find_run(cast.ben, run.public_id)


# Every kind


def every_kind(cast: Cast) -> dict[str, dict[str, Any]]:
    load_shipped_standards(at=AT)
    grown(cast)
    check = rounds.published(cast)
    made_of = {
        "team": teams.team_report(cast.team, as_of=TODAY),
        "check": teams.check_report(check, as_of=TODAY),
        "employer": employers.report_of_day(cast.employer, as_of=TODAY),
        "cycle": employers.report_of_cycle(check.cycle, as_of=TODAY),
        "sheet": sheets.own_sheet(asha(cast), as_of=TODAY),
    }
    return {kind: as_json(report) for kind, report in made_of.items()}


DRAWN_BY = {"team": "team", "check": "team", "employer": "employer", "cycle": "employer", "sheet": "sheet"}


def test_both_checkers_find_no_fault_in_any_kind(cast: Cast, tmp_path: Path) -> None:
    for kind, content in every_kind(cast).items():
        assert faults(pdf.draw(DRAWN_BY[kind], content), tmp_path) == "", kind


def test_empty_documents_have_no_fault_either(cast: Cast, tmp_path: Path) -> None:
    for name, report in (
        ("team", teams.team_report(cast.elsewhere, as_of=TODAY)),
        ("employer", employers.report_of_day(cast.elsewhere.employer, as_of=TODAY)),
        ("sheet", sheets.own_sheet(cast.workers["Ben Test"], as_of=TODAY)),
    ):
        assert faults(pdf.draw(name, as_json(report)), tmp_path) == "", name


def hostile(content: Any) -> Any:
    """The same content with every free text replaced by the worst there is; figures and codes stay."""
    match content:
        case dict():
            return {key: hostile(value) if key not in KEPT_WORDS else value for key, value in content.items()}
        case list() | tuple():
            return [hostile(value) for value in content]
        case str():
            return HOSTILE[:90]
        case _:
            return content


KEPT_WORDS = {"day", "anchor", "pct", "level", "band", "finding", "local_finding", "sums", "pack"}


def test_hostile_words_in_every_text_print_as_text(cast: Cast) -> None:
    for kind, content in every_kind(cast).items():
        printed = words(pdf.draw(DRAWN_BY[kind], hostile(content)))
        assert printed.count("<script>alert(1)</script>") > 5, kind


def test_words_without_end_hide_nothing_beside_them(cast: Cast) -> None:
    load_shipped_standards(at=AT)
    grown(cast)
    content = as_json(employers.report_of_day(cast.employer, as_of=TODAY))
    content["teams"]["rows"][0] |= {"name": "Heron" * 60, "cells": ["8", "321.99", "456.99", "z", "z", "z", "z", "z"]}
    content["summary"] = ["x" * 10_000]
    document = pypdfium2.PdfDocument(pdf.draw("employer", content))
    inside = "".join(page.get_textpage().get_text_bounded(0, 0, *page.get_size()) for page in document)
    assert "321.99" in inside
    assert "456.99" in inside
    assert inside.count("x") >= 10_000
    assert "".join(inside.split()).count("Heron" * 60) == 1


def test_same_content_gives_the_same_bytes(cast: Cast) -> None:
    for kind, content in every_kind(cast).items():
        name = DRAWN_BY[kind]
        assert pdf.draw(name, content) == pdf.draw(name, content), kind


@pytest.mark.parametrize("kind", ["TEAM", "CHECK", "CYCLE", "PACK", "SHEET"])
def test_run_about_nothing_is_refused(cast: Cast, kind: str) -> None:
    with pytest.raises(DatabaseError, match="report_is_about_something"):
        ReportRun.objects.create(kind=kind, employer=cast.employer, as_of=TODAY, requested_at=timezone.now())
