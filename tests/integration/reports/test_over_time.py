"""A team month by month: every figure from what was stored, and every change of the rules marked and told."""

import re
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from caseloads.actions.schemes import publish_scheme
from caseloads.models import TeamSnapshot
from caseloads.snapshots import score_employer
from checks import finding_keeping
from checks.actions.standards import load_shipped_standards
from healthcheck.demo import schemes
from reports.queries.over_time import OverTime, months_asked, over_time
from standards.actions.choosing import choose_standards
from standards.actions.variations import end_variation
from teams.actions.hours import take_over_hours
from teams.actions.setting_up import add_workers
from teams.extra_hours import periods
from tests.cast import AT, TODAY, Cast, new_worker, supervise
from tests.integration.standards.cases import approved


@pytest.fixture(autouse=True)
def on_the_day(time_machine: Any) -> None:
    time_machine.move_to(AT, tick=False)


@pytest.fixture
def standards(cast: Cast) -> None:
    load_shipped_standards(at=AT)


def score(cast: Cast, days_ago: int = 0) -> None:
    at = AT - timedelta(days=days_ago)
    score_employer(employer_id=cast.employer.pk, as_of=at.date(), at=at)
    finding_keeping.keep_findings(employer_id=cast.employer.pk, as_of=at.date(), at=at)


def page_of(cast: Cast, months: int = 12) -> OverTime:
    return over_time(cast.team, months=months, as_of=TODAY, sees_hours=True)


def changes(cast: Cast, months: int = 12) -> list[str]:
    return [one.change.words.replace("\u00a0", " ") for one in page_of(cast, months).changes]


def body(client: Client, cast: Cast, query: str = "") -> str:
    page = client.get(f"/teams/{cast.team.public_id}/over-time/{query}")
    assert page.status_code == 200
    return " ".join(page.content.decode().replace("&nbsp;", " ").replace("\u00a0", " ").split())


@pytest.fixture
def ben(cast: Cast, client: Client) -> Client:
    client.force_login(cast.ben)
    return client


def test_each_month_stands_for_its_last_scored_day(cast: Cast, ben: Client) -> None:
    for days_ago in (100, 40, 35, 0):
        score(cast, days_ago)
    rows = {row.month: row for row in page_of(cast).rows}
    assert len(rows) == 12
    found = [row.figures.day for row in rows.values() if row.figures]
    assert found == [TODAY - timedelta(days) for days in (100, 35, 0)]
    newest = TeamSnapshot.objects.get(team=cast.team, day=TODAY)
    assert rows["November\u00a02026"].figures == newest
    text = body(ben, cast)
    assert f"/teams/{cast.team.public_id}/history/2026-11-02/" in text
    assert text.count("Not scored") == 2 * 9
    assert 'id="load-line-title"' in text


def test_every_line_ends_with_the_newest_scoring(cast: Cast) -> None:
    score(cast, 35)
    score(cast)
    lines, newest = page_of(cast).lines, TeamSnapshot.objects.get(team=cast.team, day=TODAY)
    ends = [line[-1].pct for line in (lines.load, lines.demand, lines.cases, lines.over, lines.unallocated, lines.wait)]
    assert ends == [newest.load_pct, newest.demand_pct, newest.cases, newest.over, newest.unallocated, 4]
    assert {line[-1].day for line in (lines.load, lines.sessions)} == {TODAY}


def test_how_many_months_is_chosen_from_three(cast: Cast, ben: Client) -> None:
    assert [months_asked(asked) for asked in (None, "3", "24", "7", "²")] == [12, 3, 24, 12, 12]
    score(cast)
    assert len(page_of(cast, 3).rows) == 3
    text = body(ben, cast, "?months=24")
    assert "<strong>24 months</strong>" in text
    assert 'href="?months=3"' in text


def test_a_new_version_of_the_scheme_is_marked_on_the_first_day_scored_by_it(cast: Cast, ben: Client) -> None:
    score(cast, 40)
    effective = TODAY - timedelta(days=20)
    publish_scheme(service_area=cast.area, draft=schemes.childrens(effective), by=None, at=AT)
    score(cast)
    (change,) = page_of(cast).changes
    assert (change.number, change.change.day, change.change.kind) == (1, TODAY, "Weighting scheme")
    assert "Scored by version 2 of" in change.change.words
    assert "in force since 13\u00a0October\u00a02026" in change.change.words
    text = body(ben, cast)
    assert "1 change marked on the line" in text
    assert "A line may move because work changed" in text


def test_nothing_changed_is_said(cast: Cast, ben: Client) -> None:
    score(cast)
    assert "Neither the weighting scheme nor the standards changed" in body(ben, cast)


def test_standards_that_are_chosen_or_take_effect_are_marked(cast: Cast, standards: None) -> None:
    score(cast)
    assert changes(cast) == ["Version 2020.3 of “Employer standards for social workers in England 2020” took effect."]
    choose_standards(employer=cast.employer, packs=["england-2020"], by=cast.cora, at=AT - timedelta(days=10))
    assert changes(cast) == ["“Employer standards for social workers in England 2020” was chosen."]


def test_local_variations_are_marked_when_they_begin_and_end(cast: Cast, standards: None, ben: Client) -> None:
    ago = AT - timedelta(days=20)
    row = approved(cast, at=ago, starts_on=ago.date())
    began = "Local thresholds began for: Hardly any case is without a worker. Met: at most 2 cases."
    assert any(one.startswith(began) for one in changes(cast))
    end_variation(variation=row, words="The front door is settled", by=cast.dev, at=AT)
    assert "Local thresholds no longer count, ended early: Hardly any case is without a worker." in changes(cast)
    assert re.search(r'<th scope="row"[^>]*><span class="app-mark">2</span></th>', body(ben, cast))


def test_a_variation_of_a_set_no_longer_used_keeps_its_code(cast: Cast, standards: None) -> None:
    approved(cast)
    choose_standards(employer=cast.employer, packs=["adult-services"], by=cast.cora, at=AT)
    assert "Local thresholds began for: Indicator 3-unallocated." in changes(cast)


def test_supervision_is_counted_by_month_and_in_time_as_measured(cast: Cast, standards: None, ben: Client) -> None:
    for name, days_ago in (("Asha Test", 40), ("Asha Test", 35), ("Nia Test", 35), ("Asha Test", 1)):
        supervise(cast, cast.workers[name], TODAY - timedelta(days=days_ago))
    score(cast)
    rows = {row.month: row for row in page_of(cast).rows}
    assert (rows["September\u00a02026"].sessions.held, rows["September\u00a02026"].sessions.workers) == (3, 2)
    assert rows["October\u00a02026"].sessions.held == 0
    assert rows["November\u00a02026"].sessions.held == 1
    assert rows["November\u00a02026"].on_time.endswith("%")
    assert rows["October\u00a02026"].on_time == "–"


def test_findings_come_by_month_with_the_local_ones(cast: Cast, standards: None, ben: Client) -> None:
    assert "No findings are stored for these months yet." in body(ben, cast)
    score(cast, 90)
    approved(cast)
    score(cast)
    page = page_of(cast)
    assert [column.label for column in page.columns] == ["2", "3", "4", "5"]
    august, november = page.findings
    assert august.cells[0].sign.word == "Not measured"
    assert august.cells[1].local_sign is None
    assert november.cells[1].local_sign is not None
    assert ", local</span>" in body(ben, cast)


def test_the_columns_of_several_sets_are_told_apart(cast: Cast, standards: None) -> None:
    choose_standards(employer=cast.employer, packs=["england-2020", "adult-services"], by=cast.cora, at=AT)
    score(cast)
    page = page_of(cast)
    assert len({column.code for column in page.columns}) == len(page.columns)
    assert {column.code.partition(":")[0] for column in page.columns} == {"england-2020", "adult-services"}
    assert all(cell.sign.word != "Not measured" for cell in page.findings[-1].cells)


def test_a_month_by_another_set_says_nothing_of_the_one_in_use(cast: Cast, standards: None) -> None:
    """Standard 2 of another set is another standard, though its code is the same."""
    choose_standards(employer=cast.employer, packs=["adult-services"], by=cast.cora, at=AT)
    score(cast, 90)
    choose_standards(employer=cast.employer, packs=["england-2020"], by=cast.cora, at=AT)
    score(cast)
    page = page_of(cast)
    assert {column.anchor.rpartition("-")[0] for column in page.columns} == {"standard-england-2020"}
    august, november = page.findings
    assert {cell.sign.word for cell in august.cells} == {"Not measured"}
    assert "Not measured" not in {cell.sign.word for cell in november.cells}


def test_additional_hours_are_totals_of_five_or_more_for_those_who_may_see_them(cast: Cast, ben: Client) -> None:
    new = [new_worker(f"More {number}", cast.team) for number in range(5)]
    workers = add_workers(employer=cast.employer, workers=new, by=None, at=AT)
    first, second = periods(TODAY)[:2]
    rows = [(worker, first, Decimal(3)) for worker in workers] + [
        (worker, second, Decimal(3)) for worker in workers[:4]
    ]
    take_over_hours(employer=cast.employer, rows=rows, at=AT)
    score(cast)
    text = body(ben, cast)
    assert "15.00" in text
    assert "Hidden: fewer than five people" in text
    assert over_time(cast.team, months=3, as_of=TODAY, sees_hours=False).hours is None


def test_a_team_never_scored_says_so(cast: Cast, ben: Client) -> None:
    assert "This team was not scored in these months." in body(ben, cast)


def test_statements_do_not_grow(cast: Cast, standards: None, ben: Client) -> None:
    counts = []
    for days in ((0,), (400, 100, 60, 30)):
        for days_ago in days:
            score(cast, days_ago)
            supervise(cast, cast.workers["Asha Test"], TODAY - timedelta(days=days_ago))
        with CaptureQueriesContext(connection) as said:
            body(ben, cast, "?months=24")
        counts.append(len(said))
    assert counts[0] == counts[1] <= 16
