"""The overview of an employer: every section, filter and order, who may read it, and how little it asks."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from caseloads.actions.schemes import publish_scheme
from caseloads.models import TeamSnapshot
from caseloads.snapshots import score_employer, score_team
from checks import duty_keeping, finding_keeping
from checks.actions.standards import load_shipped_standards
from healthcheck.demo import schemes
from reports.overview.asking import Sort, Wanted
from reports.queries.overview import DRAWN, Overview, overview
from standards.actions.choosing import choose_standards
from teams.actions.setting_up import add_service_area, add_team, add_workers, found_employer
from teams.models import CapacityReduction, RoleAssignment, ServiceArea, Team
from tests.cast import AT, BEGUN, TODAY, WALL, Cast, case, holds, new_worker, record
from tests.integration.checks import rounds
from tests.integration.checks.test_duties import concern
from tests.integration.standards.cases import approved

ADDRESS = "/employers/testshire/overview/"


@pytest.fixture(autouse=True)
def on_the_day(time_machine: Any) -> None:
    time_machine.move_to(AT, tick=False)


@pytest.fixture
def standards(cast: Cast) -> None:
    load_shipped_standards(at=AT)


@pytest.fixture
def dev(client: Client, cast: Cast) -> Client:
    client.force_login(cast.dev)
    return client


def score(cast: Cast, days_ago: int = 0) -> None:
    """A day's scoring and everything that follows from it."""
    at = AT - timedelta(days=days_ago)
    score_employer(employer_id=cast.employer.pk, as_of=at.date(), at=at)
    duty_keeping.keep_duties(employer_id=cast.employer.pk, as_of=at.date(), at=at)
    finding_keeping.keep_findings(employer_id=cast.employer.pk, as_of=at.date(), at=at)


def adults(cast: Cast) -> Team:
    """A team of another service area, whose scheme counts in hours a month."""
    area = add_service_area(
        employer=cast.employer,
        name="Adults",
        client_group=ServiceArea.ClientGroup.ADULTS,
        full_time_hours=Decimal(37),
        by=None,
        at=AT,
    )
    publish_scheme(service_area=area, draft=schemes.adults(BEGUN), by=None, at=AT)
    team = add_team(service_area=area, name="Oak Team", by=None, at=AT)
    (ada,) = add_workers(employer=cast.employer, workers=[new_worker("Ada Test", team)], by=None, at=AT)
    record(cast, case("O-1", holds(ada, team), category="care_act_assessment"), case("O-2"), team=team)
    return team


def shown(cast: Cast, **asked: Any) -> Overview:
    return overview(cast.employer, Wanted(**asked), as_of=TODAY)


def body(client: Client, query: str = "") -> str:
    page = client.get(ADDRESS + query)
    assert page.status_code == 200
    return " ".join(page.content.decode().replace("&nbsp;", " ").replace("\u00a0", " ").split())


def section(text: str, key: str) -> str:
    return text.partition(f'id="{key}"')[2].partition("<h2")[0]


class TestFigures:
    def test_they_are_sums_of_the_teams(self, cast: Cast) -> None:
        score(cast)
        rows = TeamSnapshot.objects.filter(employer=cast.employer)
        load, capacity = (sum(getattr(row, name) for row in rows) for name in ("load", "capacity"))
        found = shown(cast).total
        assert found.load_pct == (100 * load / capacity).quantize(Decimal("0.1"))
        assert (found.teams, found.over, found.known, found.unallocated) == (2, 0, 4, 1)

    def test_areas_of_different_units_are_added_in_full_time_workers(self, cast: Cast) -> None:
        team = adults(cast)
        score(cast)
        page = shown(cast)
        own = TeamSnapshot.objects.get(team=team)
        by_area = {row.name: row.total for row in page.areas}
        assert by_area["Adults"].load_pct == own.load_pct
        assert by_area["Adults"].demand_pct == own.demand_pct
        assert page.total.load == sum(row.load or 0 for row in by_area.values())
        assert page.total.capacity is not None
        assert page.total.capacity < 6

    def test_the_page_says_them(self, cast: Cast, dev: Client) -> None:
        score(cast)
        text = body(dev)
        assert "Figures of <strong>2 November 2026</strong>, the newest scoring." in text
        assert "0 of 4" in text
        assert "Work for" in text
        assert "Duties past their day" in text
        for name in cast.workers:
            assert name not in text

    def test_after_midnight_the_teams_not_scored_yet_count_with_the_day_before(self, cast: Cast) -> None:
        score(cast, days_ago=2)
        score_team(team_id=cast.team.pk, as_of=TODAY - timedelta(days=1), at=AT - timedelta(days=1))
        page = shown(cast)
        assert (page.day, page.unscored, page.total.teams) == (TODAY - timedelta(days=1), 0, 2)
        assert page.months[-1].teams == 2
        score_team(team_id=cast.team.pk, as_of=TODAY, at=AT)
        assert (shown(cast).unscored, shown(cast).months[-1].teams) == (1, 1)

    @pytest.mark.usefixtures("standards")
    def test_a_team_that_was_not_scored_is_in_no_sum(self, cast: Cast, dev: Client) -> None:
        score(cast)
        add_team(service_area=cast.area, name="New Team", by=None, at=AT)
        text = body(dev)
        assert "1 of 3 teams was not scored then and is in no sum." in text
        assert "Not measured yet" in text


class TestGrid:
    @pytest.mark.usefixtures("standards")
    def test_each_finding_leads_to_the_evidence(self, cast: Cast, dev: Client) -> None:
        score(cast)
        text = section(body(dev), "findings")
        address = f"/teams/{cast.team.public_id}/report/#standard-england-2020-3"
        assert f'href="{address}"><span aria-hidden="true">◐</span> Partly met</a>' in text
        assert "Nothing is measured of standards 1, 6, 7, 8" in text
        assert "Employer standards for social workers in England 2020, version 2020.3. Measured on 2 November" in text
        assert 'id="grid-title"' in text
        report = dev.get(address).content.decode()
        assert 'id="standard-england-2020-3"' in report

    @pytest.mark.usefixtures("standards")
    def test_both_findings_stand_where_a_variation_counts(self, cast: Cast, dev: Client) -> None:
        assert "Local" not in section(body(dev), "findings")
        approved(cast)
        score(cast)
        text = section(body(dev, "?standard=england-2020:3"), "findings")
        assert "“Local” is the finding by a" in text
        assert "Met, local" in text
        assert "1 case</span>" in text
        assert "Unallocated cases" in text
        assert 'id="grid-title"' not in text

    @pytest.mark.usefixtures("standards")
    def test_an_unknown_standard_or_set_is_all_of_the_first(self, cast: Cast) -> None:
        score(cast)
        for asked in ({"pack": "england-2020", "standard": "99"}, {"pack": "no-such", "standard": "3"}):
            assert [one.code for one in shown(cast, **asked).grid.columns] == ["2", "3", "4", "5"]

    @pytest.mark.usefixtures("standards")
    def test_one_of_several_sets_is_chosen(self, cast: Cast, dev: Client) -> None:
        packs = ["england-2020", "adult-services"]
        choose_standards(employer=cast.employer, packs=packs, by=cast.cora, at=AT)
        score(cast)
        assert shown(cast).grid.title != shown(cast, pack="england-2020").grid.title
        text = body(dev, "?standard=england-2020")
        assert "England 2020: all standards" in text
        assert '<option value="england-2020" selected>' in text

    @pytest.mark.usefixtures("standards")
    @pytest.mark.parametrize("sort", list(Sort))
    def test_the_server_sorts(self, cast: Cast, dev: Client, sort: Sort) -> None:
        score(cast)
        text = body(dev, f"?sort={sort}&area={cast.area.pk}")
        assert f'aria-sort="{sort.direction}"' in text
        assert text.count("aria-sort") == 1
        assert f'name="sort" value="{sort}"' in text
        first = "Heron Team" if sort in {Sort.NAME, Sort.UNALLOCATED, Sort.DEMAND} else None
        if first:
            assert shown(cast, sort=sort).grid.rows[0].name == first
        assert f"?sort=load&amp;area={cast.area.pk}" in text

    @pytest.mark.usefixtures("standards")
    def test_findings_of_a_past_month_are_those_of_its_version(self, cast: Cast) -> None:
        score(cast, days_ago=90)
        score(cast)
        august = shown(cast, month=date(2026, 8, 1))
        assert august.grid.day == date(2026, 8, 4)
        assert "2020.2" in august.grid.title
        assert "2020.3" in shown(cast).grid.title


class TestSections:
    def test_workers_are_counted_by_band(self, cast: Cast, dev: Client) -> None:
        new = [new_worker("Noor Test", cast.team, hours=None), new_worker("Ola Test", cast.team)]
        _, ola = add_workers(employer=cast.employer, workers=new, by=None, at=AT)
        for away in (cast.workers["Nia Test"], ola):
            CapacityReduction.objects.create(
                worker=away, team=cast.team, kind="PERCENT", amount=100, reason="Away", starts_on=BEGUN
            )
        score(cast)
        found = {row.stack.name: row.stack.counts for row in shown(cast).bands}
        assert found["Heron Team"] == {"ROOM": 2, "NO_CAPACITY": 1, "NOT_APPLICABLE": 1, "NOT_KNOWN": 1}
        assert sum(found["Heron Team"].values()) == TeamSnapshot.objects.get(team=cast.team).head_count
        assert "Heron Team: 2 room, 1 no capacity, 1 not applicable, 1 not known." in section(body(dev), "bands")

    @pytest.mark.usefixtures("standards")
    def test_many_teams_are_drawn_by_service_area(self, cast: Cast, dev: Client) -> None:
        for number in range(DRAWN):
            add_team(service_area=cast.area, name=f"Team {number}", by=None, at=AT)
        score(cast)
        text = body(dev)
        assert [row.stack.name for row in shown(cast).bands] == [cast.area.name]
        assert "Service area</th>" in section(text, "bands")
        assert "Workers of each service area by load band" in section(text, "bands")
        assert "Workers of each team" not in text
        assert 'id="grid-title"' not in text
        assert f"Team {DRAWN - 1}" in section(text, "findings")

    def test_months_are_told_one_by_one(self, cast: Cast, dev: Client) -> None:
        for days_ago in (90, 40, 10, 0):
            score(cast, days_ago)
        page = shown(cast)
        assert [row.day for row in page.months if row.day] == [TODAY - timedelta(days) for days in (90, 40, 10, 0)]
        assert page.months[-1].month == "November\u00a02026"
        assert page.months[-1].load == page.total.load_words
        assert page.months[-1].demand == page.total.demand_words
        text = section(body(dev), "months")
        assert "No team was scored" in text
        assert 'id="load-line-title"' in text

    def test_unallocated_work_comes_by_team(self, cast: Cast, dev: Client) -> None:
        score(cast)
        (row,) = shown(cast).waiting
        assert (row.name, row.many, row.longest, row.unit) == ("Heron Team", 1, 4, "points")
        assert "4 days" in section(body(dev), "waiting")

    def test_nothing_unallocated_is_said(self, cast: Cast, dev: Client) -> None:
        found = found_employer(name="Quiet", slug="quiet", by=None, at=AT)
        RoleAssignment.objects.create(user=cast.dev, role="DIRECTOR", employer=found)
        area = add_service_area(
            employer=found, name="A", client_group="ADULTS", full_time_hours=Decimal(37), by=None, at=AT
        )
        add_team(service_area=area, name="Quiet Team", by=None, at=AT)
        for at in (AT - timedelta(days=40), AT):
            score_employer(employer_id=found.pk, as_of=at.date(), at=at)
        past = " ".join(dev.get("/employers/quiet/overview/?month=2026-09").content.decode().split())
        assert "Every open case had somebody who held it." in past
        assert "none was waiting" in past
        text = " ".join(dev.get("/employers/quiet/overview/").content.decode().split())
        assert "Every open case has somebody who holds it." in text
        assert "There is nobody to draw a bar for." in text
        assert "No standards are in use." in text

    def test_duties_and_actions_come_by_age(self, cast: Cast) -> None:
        concern(cast)
        concern(cast, past_manager=True)
        for days, opened in ((8, "8 to 28 days"), (29, "29 to 90 days"), (91, "over 90 days")):
            found = overview(cast.employer, Wanted(), as_of=TODAY + timedelta(days=days))
            assert found.open is not None
            assert {row.age: row.duties for row in found.open if row.duties} == {opened: 1}
            assert found.late == 1
        now = shown(cast)
        assert now.open is not None
        assert (now.open[0].duties, now.late, now.unclosed) == (1, 0, 1)

    def test_actions_are_counted(self, cast: Cast) -> None:
        published = rounds.published(cast)
        answer = rounds.answer_of(published, "fair")
        assert answer is not None
        score(cast)
        open_ones = shown(cast).open
        assert open_ones is not None
        assert sum(row.actions for row in open_ones) == published.actions.unfinished().count()

    @pytest.mark.usefixtures("standards")
    def test_variations_in_force_are_named_with_their_review(self, cast: Cast, dev: Client) -> None:
        assert "None: the national thresholds apply everywhere." in section(body(dev), "variations")
        past = body(dev, "?month=2026-10")
        assert "None: the national thresholds applied everywhere." in section(past, "variations")
        assert "Not measured in this month." in section(past, "findings")
        row = approved(cast)
        score(cast)
        text = section(body(dev), "variations")
        assert "Hardly any case is without a worker." in text
        assert "Met: at most 2 cases. Partly met: at most 8 cases." in text
        assert "1 May 2027" in text
        assert str(row.public_id) in text
        assert not shown(cast, month=date(2026, 10, 1)).variations

    @pytest.mark.usefixtures("standards")
    def test_a_variation_of_a_set_no_longer_used_keeps_its_code(self, cast: Cast) -> None:
        approved(cast)
        choose_standards(employer=cast.employer, packs=["adult-services"], by=cast.cora, at=AT)
        (row,) = shown(cast).variations
        assert (row.name, row.limits) == ("Indicator 3-unallocated", "")

    def test_checks_of_the_newest_cycle_come_by_state(self, cast: Cast, dev: Client) -> None:
        assert "no cycle has been opened yet" in section(body(dev), "checks")
        rounds.opened(cast, teams=[cast.team, cast.other_team])
        text = section(body(dev), "checks")
        assert "2 checks, answers due by" in text
        assert "Being answered" in text


class TestPeriods:
    def test_a_past_month_shows_its_last_scored_day_and_says_what_is_not_kept(self, cast: Cast, dev: Client) -> None:
        score(cast, days_ago=40)
        score(cast, days_ago=33)
        score(cast)
        text = body(dev, "?month=2026-09")
        assert "Figures of <strong>30 September 2026</strong>, the last day of the month on which teams" in text
        assert "How these stood in a past month is not kept." in text
        assert "How far they were in a past month is not kept." in text
        assert "not kept for past months" in text
        assert '<option value="2026-09" selected>' in text

    @pytest.mark.usefixtures("standards")
    def test_a_month_without_a_scoring_says_so(self, cast: Cast, dev: Client) -> None:
        score(cast)
        text = body(dev, "?month=2026-03")
        assert "No team was scored in this month. Choose another period." in text
        assert "Not measured in this month" in text

    @pytest.mark.usefixtures("standards")
    def test_before_any_scoring_the_page_says_so(self, dev: Client) -> None:
        text = body(dev)
        assert "No team has been scored yet." in text
        assert "Not measured yet: that follows each scoring within minutes." in text

    def test_an_employer_without_teams_says_so(self, cast: Cast, dev: Client) -> None:
        empty = found_employer(name="Empty", slug="empty", by=None, at=AT)
        RoleAssignment.objects.create(user=cast.dev, role="DIRECTOR", employer=empty)
        assert "This employer has no teams yet." in dev.get("/employers/empty/overview/").content.decode()


def test_a_service_area_narrows_every_section(cast: Cast, standards: None, dev: Client) -> None:
    team = adults(cast)
    score(cast)
    page = shown(cast, area=team.service_area_id)
    assert (page.teams, [row.name for row in page.grid.rows]) == (1, ["Oak Team"])
    assert [row.stack.name for row in page.bands] == ["Oak Team"]
    assert [row.name for row in page.areas] == ["Adults"]
    assert page.months[-1].teams == 1
    assert {row.name for row in page.waiting} == {"Oak Team"}
    assert "Heron Team" not in body(dev, f"?area={team.service_area_id}").partition("<main")[2]
    assert shown(cast, area=10**9).teams == 3


def test_another_employer_is_in_no_figure(cast: Cast) -> None:
    score(cast)
    score_employer(employer_id=cast.elsewhere.employer_id, as_of=TODAY, at=AT)
    page = shown(cast)
    assert {row.name for row in page.grid.rows} == {"Heron Team", "Kestrel Team"}
    assert page.months[-1].teams == 2


def test_leaders_alone_see_the_way_to_it(cast: Cast, client: Client) -> None:
    for name, sees in (("dev", True), ("cora", True), ("ben", False), ("femi", False)):
        client.force_login(cast.users[name])
        for address in ("/", "/employers/testshire/cycles/"):
            assert (ADDRESS in client.get(address).content.decode()) is sees, (name, address)


@pytest.mark.parametrize("asked", ["", "?month=2026-10", "?standard=england-2020:3&sort=load"])
def test_twelve_statements_whatever_the_number_of_teams(cast: Cast, standards: None, dev: Client, asked: str) -> None:
    rounds_of: list[int] = []
    for teams in (0, 5):
        for number in range(teams):
            add_team(service_area=cast.area, name=f"Team {number}", by=None, at=AT)
        if not teams:
            approved(cast)
        score(cast, days_ago=20 if not teams else 0)
        dev.get(ADDRESS)
        with CaptureQueriesContext(connection) as said:
            body(dev, asked)
        rounds_of.append(len(said))
    assert rounds_of[0] == rounds_of[1] <= 12 + WALL


def test_hundreds_of_teams_of_long_names_are_shown(cast: Cast, standards: None, dev: Client) -> None:
    Team.objects.bulk_create(
        Team(employer=cast.employer, service_area=cast.area, name=f"{number} {'Verylongname' * 12}")
        for number in range(200)
    )
    score(cast)
    text = body(dev)
    assert text.count("Verylongname" * 12) >= 200
