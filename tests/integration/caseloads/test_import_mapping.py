"""Columns and words that are not recognised: asked for once, remembered for the employer, changed and forgotten."""

from dataclasses import replace
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from caseloads import import_running
from caseloads.actions.imports import answer_questions, forget_answers
from caseloads.actions.schemes import publish_scheme
from caseloads.models import ImportMapping, ImportRun
from healthcheck.demo import schemes
from teams.models import AuditEntry
from teams.refusals import NotAllowed
from tests.cast import AT, TODAY, Cast
from tests.unit.caseloads.intake.books import HEADINGS, changed, workbook
from tests.unit.caseloads.intake.test_ssd import COLUMNS, PEOPLE, TEAMS, involvement

ODD = "Our number,Kind of case,Team name,Held by\nN-1,CIN plan,Heron Team,Asha Test\nN-2,child_protection,Heron Team,\n"


@pytest.fixture(autouse=True)
def media(settings: Any, tmp_path: Path) -> Any:
    settings.MEDIA_ROOT = tmp_path
    with time_machine.travel(AT, tick=False):
        yield tmp_path


def work() -> None:
    for run in ImportRun.objects.filter(status="PENDING"):
        import_running.read(run_id=run.pk, clock=lambda: AT)


def send(client: Client, *files: tuple[str, bytes], preset: str = "plain", **more: Any) -> ImportRun:
    uploads = [SimpleUploadedFile(name, data) for name, data in files]
    fields = {"preset": preset, "as_of": "02/11/2026", "file": uploads, "once": str(uuid4())} | more
    response = client.post(reverse("import-new"), fields)
    assert response.status_code == 302, response.content.decode()
    work()
    return ImportRun.objects.latest("pk")


def words(response: Any) -> str:
    return " ".join(response.content.decode().split())


def page(client: Client, run: ImportRun, **answers: str) -> str:
    address = reverse("import-mapping", args=[run.public_id])
    said = words(client.post(address, answers, follow=True) if answers else client.get(address))
    work()
    run.refresh_from_db()
    return said


COLUMN = {"column-0-case_reference": "Our number", "column-0-category": "Kind of case", "column-0-team": "Team name"}


def test_a_needed_column_is_asked_for_then_the_words_then_it_is_remembered(cast: Cast, client: Client) -> None:
    client.force_login(cast.ewa)
    run = send(client, ("cases.csv", ODD.encode()))
    assert run.status == "MAPPING"
    assert client.get(reverse("import", args=[run.public_id]))["Location"] == reverse(
        "import-mapping", args=[run.public_id]
    )
    said = page(client, run)
    assert "Case list: which column is which" in said
    assert "Our number" in said
    assert "Nothing has been imported yet." in said
    # nothing chosen: it is said, and nothing is lost
    said = page(client, run, **{"column-0-team": "Team name"})
    assert "Say which column is “Case reference”" in said
    assert run.status == "MAPPING"
    # one heading cannot be two fields
    said = page(client, run, **COLUMN, **{"column-0-family_reference": "Our number"})
    assert "“Our number” is already Case reference" in said
    page(client, run, **COLUMN, **{"column-0-worker": "Held by"})
    assert run.status == "MAPPING"
    said = page(client, run)
    assert "Category “CIN plan” (1 row)" in said
    # a word has to be answered
    kept = {**COLUMN, "column-0-worker": "Held by"}
    assert "Choose what this word means" in page(client, run, **kept, **{"word-0-0": "?"})
    page(client, run, **kept, **{"word-0-0": "child_in_need"})
    assert run.status == "PREVIEW"
    lines = {line.subject: line.text for line in run.lines.filter(section="CASES_ADDED")}
    assert "child_in_need" in lines["N-1"]
    assert "Asha Test" in lines["N-1"]
    # the next file needs no answer
    again = send(client, ("cases.csv", ODD.replace("N-", "M-").encode()))
    assert again.status == "PREVIEW"
    assert again.counts["changes"]["new_cases"] == 2


def test_what_was_said_is_shown_and_may_be_changed_on_the_preview_and_forgotten(cast: Cast, client: Client) -> None:
    client.force_login(cast.ewa)
    assert "Nothing yet." in words(client.get(reverse("import-remembered")))
    run = send(client, ("cases.csv", ODD.encode()))
    page(client, run, **COLUMN)
    page(client, run, **COLUMN, **{"word-0-0": "-"})
    assert run.counts["counts"]["quarantined"] == 1
    said = page(client, run)
    assert '<option value="-" selected>' in said
    page(client, run, **COLUMN, **{"word-0-0": ""})
    assert run.counts["counts"]["quarantined"] == 0
    said = words(client.get(reverse("import-remembered")))
    assert "cases, case_reference: the column “Our number”" in said
    assert "category “cin plan” means nothing: left empty" in said
    mapping = ImportMapping.objects.get()
    assert (mapping.changed_by, mapping.changed_at) == (cast.ewa, AT)
    done = client.post(reverse("import-forget", args=[mapping.pk]), follow=True)
    assert "Forgotten: what was said about files of the kind “Plain case list”." in words(done)
    assert "Nothing yet." in words(done)
    assert send(client, ("cases.csv", ODD.encode())).status == "MAPPING"
    detail = AuditEntry.objects.filter(event="CASELOAD_MAPPING_CHANGED").values_list("detail", flat=True)
    told = [kept["changes"].get("values.category") for kept in detail.order_by("pk") if kept["fields"] == ["cases"]]
    assert {"before": None, "after": {"cin plan": "-"}} in told
    assert {"before": {"cin plan": ""}, "after": None} in [kept["changes"].get("values.category") for kept in detail]


def test_a_field_of_the_file_may_be_left_out(cast: Cast, client: Client) -> None:
    client.force_login(cast.ewa)
    rows = b"case_reference,category,team,status\nN-1,child_in_need,Heron Team,Open\n"
    run = send(client, ("cases.csv", rows))
    assert run.status == "PREVIEW"
    page(
        client,
        run,
        **{"column-0-case_reference": "case_reference", "column-0-team": "", "column-0-category": "category"},
    )
    assert run.lines.get(section="CASES_ADDED").text.startswith(
        "child_in_need, opened 2 November 2026, No team recorded"
    )


def test_statuses_of_annex_a_and_categories_without_a_weight_are_asked_for(cast: Cast, client: Client) -> None:
    client.force_login(cast.ewa)
    rows = [changed(6, Child="1", Status="Odd plan"), changed(6, Child="2", Status="CP")]
    book = workbook({"List 6": [HEADINGS[6], *rows]})
    run = send(client, ("annex.xlsx", book), preset="annex_a")
    assert run.status == "MAPPING"
    assert "Case status “Odd plan” (1 row)" in page(client, run)
    known = {f"column-0-{name}": heading for name, heading in ANNEX.items()}
    page(client, run, **known, **{"word-0-0": "looked_after"})
    assert run.status == "PREVIEW"
    assert sorted(line.text.split(",")[0] for line in run.lines.filter(section="CASES_ADDED")) == [
        "child_protection",
        "looked_after",
    ]


ANNEX = {
    "reference": "Child Unique ID",
    "start": "CIN Start Date",
    "status": "Case Status",
    "ended": "CIN Closure Date",
}


def csv_of(name: str, *rows: tuple[str, ...]) -> tuple[str, bytes]:
    cells = [",".join(f'"{cell}"' for cell in row) for row in (COLUMNS[name], *rows)]
    return f"{name}.csv", "\n".join(cells).encode()


def test_an_extract_comes_in_several_files_and_its_roles_are_asked_for(cast: Cast, client: Client) -> None:
    client.force_login(cast.ewa)
    files = [
        csv_of("ssd_involvements", involvement("900", role="R17"), involvement("901", "2", role="IRO", team="T2")),
        csv_of("ssd_professionals", *PEOPLE),
        csv_of("ssd_department", *TEAMS),
        csv_of("ssd_cin_plans", ("900", "2026-01-20", ""), ("901", "2026-01-20", "")),
    ]
    run = send(client, *files, preset="ssd")
    assert run.status == "MAPPING"
    assert "Role “R17” (1 row)" in page(client, run)
    kept = {f"column-{at}-{name}": name for at, (file, _) in enumerate(files) for name in COLUMNS[file[:-4]]}
    page(client, run, **kept, **{"word-0-0": "LEAD"})
    assert (run.status, run.file_name.count(" + ")) == ("PREVIEW", 3)
    lines = {line.subject: line.text for line in run.lines.filter(section="CASES_ADDED")}
    assert lines == {
        "900": "child_in_need, opened 5 January 2026, North, held by Ann Able, rated child_in_need",
        "901": "child_in_need, opened 5 January 2026, South, held by nobody, rated child_in_need",
    }
    worker = run.lines.get(section="WORKERS_ADDED")
    assert worker.text == "experienced, registered, staff reference S-1"
    assert run.lines.get(section="MEMBERSHIPS").text == "joins North, 18.5 hours, from 2 November 2026"


def test_a_category_that_the_scheme_does_not_have_is_asked_for(cast: Cast, client: Client) -> None:
    draft = schemes.childrens(TODAY)
    kept = [row for row in draft.categories if row["code"] != "care_leaver"]
    publish_scheme(service_area=cast.area, draft=replace(draft, categories=kept), by=None, at=AT)
    client.force_login(cast.ewa)
    files = [
        csv_of("ssd_involvements", involvement("900")),
        csv_of("ssd_professionals", *PEOPLE),
        csv_of("ssd_care_leavers", ("900", "Relevant")),
    ]
    run = send(client, *files, preset="ssd")
    assert run.status == "MAPPING"
    said = page(client, run)
    assert "Category “care_leaver” (1 row)" in said
    assert "Keep “care_leaver”, without a weight" in said
    known = {f"column-{at}-{name}": name for at, (file, _) in enumerate(files) for name in COLUMNS[file[:-4]]}
    page(client, run, **known, **{"word-0-0": "looked_after"})
    assert run.lines.get(section="CASES_ADDED").text.startswith("looked_after,")


def test_a_staff_list_is_asked_about_too(cast: Cast, client: Client) -> None:
    client.force_login(cast.ewa)
    staff = SimpleUploadedFile("staff.csv", b"Person,Place,Grade\nAsha Test,Heron Team,SW3\n")
    run = send(client, staff_file=staff)
    assert run.status == "MAPPING"
    columns = {"column-0-worker": "Person", "column-0-team": "Place", "column-0-career_stage": "Grade"}
    page(client, run, **columns)
    assert run.status == "MAPPING"
    assert "Career stage “SW3” (1 row)" in page(client, run)
    page(client, run, **columns, **{"word-0-0": "EXPERIENCED"})
    assert run.status == "PREVIEW"
    assert "experienced" in run.lines.get(section="WORKERS_CHANGED").text


def test_an_answer_that_comes_too_late_is_told(cast: Cast, client: Client) -> None:
    client.force_login(cast.ewa)
    run = send(client, ("cases.csv", ODD.encode()))
    stale = ImportRun.objects.get(pk=run.pk)
    client.post(reverse("import-drop", args=[run.public_id]))
    with pytest.raises(NotAllowed, match="already been imported"):
        answer_questions(run=stale, columns={}, values={}, by=cast.ewa, at=AT)
    assert not ImportMapping.objects.exists()
    assert client.get(reverse("import-mapping", args=[run.public_id])).status_code == 302


def test_answers_of_other_employers_are_not_there(cast: Cast, client: Client) -> None:
    forget_answers(employer=cast.employer, preset=ImportRun.Preset.PLAIN, by=cast.ewa, at=AT)
    client.force_login(cast.gil)
    assert client.post(reverse("import-forget", args=[ImportMapping.objects.get().pk])).status_code == 404


def test_a_sheet_without_what_it_needs_may_be_said_to_lack_it(cast: Cast, client: Client) -> None:
    client.force_login(cast.ewa)
    kept = [at for at, heading in enumerate(HEADINGS[7]) if "End" not in heading]
    rows = [[row[at] for at in kept] for row in (HEADINGS[7], changed(7, Child="5"))]
    sheets = {"List 7": rows, "List 6": [HEADINGS[6], changed(6, Child="6")]}
    run = send(client, ("annex.xlsx", workbook(sheets)), preset="annex_a")
    assert run.status == "MAPPING"
    assert "List 7, child protection plans" in page(client, run)
    answers = {f"column-1-{name}": heading for name, heading in ANNEX.items()}
    page(client, run, **{"column-0-reference": "Child Unique ID", "column-0-ended": ""}, **answers)
    assert run.status == "PREVIEW"
    assert run.counts["counts"]["quarantined"] == 1
