"""Findings are stored once a day for each team that was scored, and never change afterwards."""

from datetime import datetime, timedelta
from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from caseloads.queries.workloads import team_workload
from caseloads.snapshots import score_employer, score_team
from checks import finding_keeping, tasks
from checks.actions.standards import load_shipped_standards
from checks.models import TeamFindings
from checks.queries.findings import team_findings
from teams.actions.setting_up import add_team
from teams.models import CapacityReduction
from tests.cast import AT, TODAY, Cast
from tests.integration.standards.cases import approved


@pytest.fixture
def standards(cast: Cast) -> None:
    load_shipped_standards(at=AT)


def score(cast: Cast, hours: int = 0) -> None:
    at = AT + timedelta(hours=hours)
    score_employer(employer_id=cast.employer.pk, as_of=at.date(), at=at)


def keep(cast: Cast, hours: int = 0) -> int:
    at: datetime = AT + timedelta(hours=hours)
    return finding_keeping.keep_findings(employer_id=cast.employer.pk, as_of=at.date(), at=at)


def stored(cast: Cast) -> TeamFindings:
    return TeamFindings.objects.get(team=cast.team)


def test_every_team_is_stored_as_it_is_measured(cast: Cast, standards: None) -> None:
    score(cast)
    assert finding_keeping.employers_to_measure(as_of=TODAY) == [cast.employer.pk]
    assert keep(cast) == 2
    row = stored(cast)
    assert (row.day, row.employer, str(row)) == (TODAY, cast.employer, "Heron Team on 2026-11-02")
    assert row.versions == {"england-2020": "2020.3"}
    live = {one.standard.code: one for one in team_findings(team_workload(cast.team, as_of=TODAY))}
    told = {code: one.finding for code, one in live.items() if any(row.measure for row in one.indicators)}
    assert {code: found for code, (found, _) in row.standards["england-2020"].items()} == told
    assert row.standards["england-2020"]["3"][1] == ""
    assert row.indicators["england-2020"]["3-unallocated"] == ["1\u00a0case", "PARTLY_MET", "", "1"]
    assert row.indicators["england-2020"]["5-on-time"][0] == "not known"
    assert finding_keeping.employers_to_measure(as_of=TODAY) == []


def test_a_local_variation_is_stored_beside_the_national_finding(cast: Cast, standards: None) -> None:
    approved(cast)
    score(cast)
    keep(cast)
    assert stored(cast).indicators["england-2020"]["3-unallocated"][1:3] == ["PARTLY_MET", "MET"]
    assert stored(cast).standards["england-2020"]["3"][1] != ""


def test_only_what_was_scored_since_is_measured_again(cast: Cast, standards: None) -> None:
    assert keep(cast) == 0
    score(cast)
    assert (keep(cast), keep(cast, hours=1)) == (2, 0)
    CapacityReduction.objects.update(amount=90)
    score_team(team_id=cast.team.pk, as_of=TODAY, at=AT + timedelta(hours=2))
    assert keep(cast, hours=3) == 1
    assert stored(cast).scored_at == AT + timedelta(hours=3)
    assert stored(cast).follows == AT + timedelta(hours=2)
    assert TeamFindings.objects.get(team=cast.other_team).scored_at == AT


def test_without_standards_a_team_is_stored_with_none(cast: Cast) -> None:
    score(cast)
    assert keep(cast) == 2
    assert (stored(cast).versions, stored(cast).standards) == ({}, {})


def test_an_earlier_day_never_changes(cast: Cast, standards: None) -> None:
    score(cast)
    keep(cast)
    row = stored(cast)
    row.scored_at = AT + timedelta(days=1)
    for change in (row.save, row.delete):
        with pytest.raises(IntegrityError, match="finding"), transaction.atomic():
            change()
    with pytest.raises(IntegrityError), transaction.atomic():
        TeamFindings.objects.create(
            employer=cast.employer, team=cast.team, day=TODAY, scored_at=AT, follows=AT, standards={}
        )


def test_statements_do_not_grow_with_teams(cast: Cast, standards: None) -> None:
    counts = []
    for number in (0, 3):
        for one in range(number):
            add_team(service_area=cast.area, name=f"Team {one}", by=None, at=AT)
        score(cast, hours=24 * (number + 1))
        with CaptureQueriesContext(connection) as said:
            assert keep(cast, hours=24 * (number + 1)) == 2 + number
        counts.append(len(said))
    assert counts[1] <= counts[0]


def test_the_sweep_hands_over_what_is_left(cast: Cast, time_machine: Any) -> None:
    time_machine.move_to(AT)
    score(cast)
    tasks.sweep_findings()
    tasks.keep_findings(employer_id=cast.employer.pk)
    assert TeamFindings.objects.count() == 2


def test_the_command_stores_what_was_scored_today(cast: Cast, time_machine: Any) -> None:
    time_machine.move_to(AT)
    score(cast)
    for said in ("Findings stored for 2 teams.\n", "Findings stored for 0 teams.\n"):
        out = StringIO()
        call_command("store_findings", stdout=out)
        assert out.getvalue() == said
