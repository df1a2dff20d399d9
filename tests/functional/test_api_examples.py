"""The examples of the guide run as they are printed, against a real server, with a token."""

import os
import re
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest
from django.utils import timezone

from caseloads.models import Case
from reports.models import ReportRun
from teams.actions.integrations import add_integration, make_token
from teams.scopes import Scope
from tests.cast import AT, Cast, assemble

GUIDE = Path(__file__).resolve().parents[2] / "docs" / "how-to" / "connect-another-system.md"
SH, PYTHON = (re.findall(rf"```{kind}\n(.*?)```", GUIDE.read_text(), re.DOTALL) for kind in ("sh", "python"))


@pytest.fixture
def cast(transactional_db: None) -> Cast:
    return assemble()


@pytest.fixture
def given(cast: Cast, site: str) -> dict[str, str]:
    """What the guide says is in the environment."""
    row = add_integration(employer=cast.employer, name="Case system", scopes=list(Scope), by=None, at=AT)
    now = timezone.now()
    token = make_token(integration=row, expires_on=now.date() + timedelta(days=30), by=None, at=now)
    return os.environ | {"SITE": site, "TOKEN": token}


def run(command: list[str], environment: dict[str, str]) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=False, timeout=60)


def test_guide_has_its_examples() -> None:
    assert (len(SH), len(PYTHON)) == (3, 1)


@pytest.mark.parametrize("number", range(3))
def test_commands_run(given: dict[str, str], number: int) -> None:
    answer = run(["sh", "-euc", SH[number]], given)
    assert answer.returncode == 0, answer.stdout + answer.stderr
    assert ['"results"', '"unallocated"', '"status":"PENDING"'][number] in answer.stdout
    assert ReportRun.objects.count() == (number == 2)


def test_script_keeps_cases_up_to_date(cast: Cast, given: dict[str, str], tmp_path: Path) -> None:
    file, script = tmp_path / "cases.csv", tmp_path / "sync.py"
    script.write_text(PYTHON[0])
    file.write_text(
        "reference,team,category,staff_reference,opened_on,closed_on\n"
        "N-1,Heron Team,child_in_need,,2026-10-01,\n"
        "T-001,Heron Team,child_in_need,nobody,2026-09-01,\n"
        "T-002,,,,2026-09-01,2026-10-30\n"
    )
    answer = run([sys.executable, str(script), str(file)], given)
    assert answer.returncode == 0, answer.stdout + answer.stderr
    assert answer.stdout.splitlines() == ["{'created': 1, 'changed': 0, 'closed': 1, 'unchanged': 0, 'refused': 1}"]
    assert answer.stderr.startswith("T-001 holders There is no such worker.")
    assert Case.objects.get(reference="N-1").team == cast.team
    again = run([sys.executable, str(script), str(file)], given)
    assert again.stdout == answer.stdout
