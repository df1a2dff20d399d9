"""`manage.py import_caseload`, as whoever runs the server types it."""

import json
from datetime import UTC, datetime
from decimal import Decimal
from io import StringIO
from pathlib import Path

import pytest
import time_machine
from django.core.management import CommandError, call_command

from caseloads.models import Allocation, Case, ImportRun
from teams.actions.setting_up import add_service_area, found_employer
from teams.models import Contract, Employer, ServiceArea
from tests.unit.caseloads.intake.books import HEADINGS, OPEN, changed, workbook
from tests.unit.caseloads.intake.test_ssd import COLUMNS, PEOPLE, TEAMS, involvement

pytestmark = pytest.mark.django_db

AT = datetime(2026, 3, 31, 12, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def employer() -> Employer:
    employer = found_employer(name="Testshire", slug="testshire", by=None, at=AT)
    children = ServiceArea.ClientGroup.CHILDREN
    add_service_area(
        employer=employer, name="Children", client_group=children, full_time_hours=Decimal(37), by=None, at=AT
    )
    return employer


@pytest.fixture
def book(tmp_path: Path) -> Path:
    sheets = {f"List {number}": [HEADINGS[number], OPEN[number]] for number in OPEN}
    sheets["List 7"] += [
        changed(7, Child="2", Worker="#N/A"),
        changed(7, Child="3", Start="soon"),
        changed(7, End="1/1/26"),
    ]
    path = tmp_path / "annex.xlsx"
    path.write_bytes(workbook(sheets))
    return path


def run(*words: object) -> str:
    said = StringIO()
    call_command("import_caseload", *map(str, words), "--employer", "testshire", stdout=said)
    return said.getvalue()


def test_json_has_the_counts_that_add_up(book: Path) -> None:
    said = json.loads(run(book, "--preset", "annex_a", "--as-of", "2026-03-31", "--json"))
    assert {name: said[name] for name in ("rows", "cases", "merged", "closed", "quarantined")} == {
        "rows": 10,
        "cases": 2,
        "merged": 6,
        "closed": 1,
        "quarantined": 1,
    }
    assert (said["unallocated"], said["workers"], said["teams"]) == (1, 1, 1)
    assert said["problems"] == [
        {
            "sheet": "List 7",
            "row": 4,
            "column": "Child Protection Plan Start Date",
            "value": "soon",
            "reason": "“soon” is not a date we can read.",
        }
    ]
    assert said["changes"]["new_cases"] == 2


def test_text_is_short_and_says_when_nothing_changed(book: Path) -> None:
    first = run(book, "--preset", "annex_a", "--as-of", "2026-03-31")
    assert "annex.xlsx: 10 rows = 2 cases + 6 merged + 1 closed + 1 set aside" in first
    assert "workers: 1, teams: 1, cases unallocated: 1" in first
    assert "List 7, row 4, Child Protection Plan Start Date: “soon” is not a date we can read." in first
    assert "Changed: new cases 2" in first
    assert "Nothing: everything in the file is recorded already." in run(
        book, "--preset", "annex_a", "--as-of", "2026-03-31"
    )


def test_a_dry_run_changes_nothing(book: Path) -> None:
    assert "Would change: new cases 2" in run(book, "--preset", "annex_a", "--as-of", "2026-03-31", "--dry-run")
    assert Case.objects.count() == ImportRun.objects.count() == 0


def test_today_is_the_day_when_none_is_given(tmp_path: Path) -> None:
    cases, staff = tmp_path / "cases.csv", tmp_path / "staff.csv"
    cases.write_text("case_reference,worker,team\nC1,Ann Able,North\n")
    staff.write_text("worker,team,weekly_hours\nAnn Able,North,30\n")
    with time_machine.travel(AT):
        run(cases, "--staff", staff)
    assert Case.objects.get().opened_on == AT.date()
    assert Contract.objects.get().weekly_hours == 30


def test_a_staff_list_may_come_alone(tmp_path: Path) -> None:
    staff = tmp_path / "staff.csv"
    staff.write_text("worker,team,weekly_hours\nAnn Able,North,30\n")
    assert "Changed: new workers 1" in run("--staff", staff)


@pytest.fixture
def extract(tmp_path: Path) -> Path:
    """A Standard Safeguarding Dataset extract: a folder with a file for each table, and something else."""
    folder = tmp_path / "extract"
    folder.mkdir()
    for name, rows in EXTRACT.items():
        text = "\n".join(",".join(f'"{cell}"' for cell in row) for row in (COLUMNS[name], *rows))
        (folder / f"{name}.csv").write_text(text)
    (folder / "notes.docx").write_bytes(b"no table")
    return folder


EXTRACT: dict[str, tuple[tuple[str, ...], ...]] = {
    "ssd_involvements": (
        involvement("900"),
        involvement("900", "2", role="Co-worker", team="T2"),
        involvement("901", end="2026-02-01"),
        involvement("902", start="soon"),
    ),
    "ssd_professionals": PEOPLE,
    "ssd_department": TEAMS,
    "ssd_cin_plans": (("900", "2026-01-20", ""),),
}


def test_an_extract_is_imported_from_a_folder_or_from_its_files_or_from_one_workbook(extract: Path) -> None:
    ssd = ("--preset", "ssd", "--as-of", "2026-03-31")
    said = json.loads(run(extract, *ssd, "--json"))
    assert [said[name] for name in ("rows", "cases", "merged", "closed", "quarantined")] == [4, 1, 1, 1, 1]
    assert sorted(Allocation.objects.values_list("worker__name", "team__name", "role", "share")) == [
        ("Ann Able", "North", "LEAD", 50),
        ("Bo Busy", "South", "CO_WORKER", 50),
    ]
    assert Contract.objects.get(worker__name="Ann Able").weekly_hours == Decimal("18.5")
    assert Case.objects.get().category == "child_in_need"
    book = extract.parent / "extract.xlsx"
    book.write_bytes(workbook({name: [COLUMNS[name], *rows] for name, rows in EXTRACT.items()}))
    for files in ([extract], sorted(extract.glob("*.csv")), [book]):
        assert "Nothing: everything in the file is recorded already." in run(*files, *ssd)


def test_many_problems_are_counted(tmp_path: Path) -> None:
    cases = tmp_path / "cases.csv"
    cases.write_text("case_reference,share\n" + "C1,x\n" * 12)
    assert "… and 2 more rows set aside" in run(cases)


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["nowhere.csv"], "“nowhere.csv” cannot be opened: No such file or directory."),
        (["book", "--as-of", "yesterday"], "“yesterday” is not a day written like 2026-03-31."),
        (["book", "--preset", "plain"], "“annex.xlsx” looks like an Annex A workbook."),
        (["book", "book"], "Give one case list; only --preset ssd comes in several files."),
        (["book", "--preset", "ssd"], "“annex.xlsx” has no table ssd_involvements and no table ssd_professionals"),
        ([], "Choose a case list, a staff list or both."),
        (["book", "--employer", "nobody"], "There is no employer “nobody”."),
    ],
)
def test_every_refusal_is_a_sentence(book: Path, words: list[str], sentence: str) -> None:
    with pytest.raises(CommandError) as refusal:
        call_command(
            "import_caseload", "--employer", "testshire", *[str(book) if word == "book" else word for word in words]
        )
    assert sentence in str(refusal.value)
    assert ImportRun.objects.count() == 0
