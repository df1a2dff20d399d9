"""The pages about surveys: what they say, to whom, and in how many statements."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from checks.actions.instruments import load_benchmarks
from checks.models import Cycle, Survey, SurveyLink, SurveyWords, TeamSurvey
from tests.cast import Cast
from tests.integration.checks.surveying import POLL, WORKING, asked, big_team, cycle_of, doing, put

pytestmark = pytest.mark.django_db
MOST = 15
ONCE = "0b9c1b0e-2f6e-4b8e-9f8e-333333333333"
LINKS = "0b9c1b0e-2f6e-4b8e-9f8e-444444444444"


@pytest.fixture
def held(cast: Cast) -> Cycle:
    """Two closed surveys of five teams, one too small, after two of the cycle before; with words and benchmarks."""
    today = timezone.localdate()
    teams = [cast.team, cast.other_team, *(big_team(cast, f"Big{number} Team", 2) for number in range(3))]
    for name, ago in (("Spring", 200), ("Autumn", 20)):
        cycle = cycle_of(cast, *teams, name=name)
        for survey in asked(cast, cycle, WORKING, POLL, day=today - timedelta(days=ago)):
            for number, team in enumerate(teams):
                day = today - timedelta(days=ago)
                put(survey, team, 3 + 4 * number, point=2 + number % 3, words=f"From {team} to Asha", day=day)
    SurveyWords.objects.update(state="RELEASED")
    load_benchmarks(
        employer=cast.employer,
        definition=WORKING,
        benchmarks={"role": 70},
        label="Ten councils",
        doing=doing(cast.cora),
    )
    return cycle


def page(client: Client, name: str, *args: object) -> str:
    response = client.get(reverse(name, args=args))
    assert response.status_code == 200
    return str(response.content.decode())


def said_in(text: str) -> str:
    return text.partition("<main")[2]


def test_every_page_has_a_fixed_number_of_statements(
    cast: Cast, client: Client, held: Cycle, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    client.force_login(cast.cora)
    [poll, working] = held.surveys.order_by("instrument__code")
    for name, args in (
        ("surveys", ["testshire"]),
        ("instrument", ["testshire", "working-conditions", "1"]),
        ("cycle-surveys", [held.public_id]),
        ("surveys-open", [held.public_id]),
        ("survey-links", [held.public_id]),
        ("survey-results", [working.public_id]),
        ("survey-results", [poll.public_id]),
        ("survey-results-file", [working.public_id]),
        ("survey-words", [working.public_id]),
        ("survey-close", [working.public_id]),
        ("team-surveys", [TeamSurvey.objects.filter(survey=working).last().team.public_id]),  # type: ignore[union-attr]
    ):
        with django_assert_max_num_queries(MOST):
            page(client, name, *args)


def test_a_team_reads_its_own_with_what_it_is_compared_to(cast: Cast, client: Client, held: Cycle) -> None:
    client.force_login(cast.cora)
    team = next(check.team for check in held.checks.all() if check.team.name == "Big1 Team")
    text = page(client, "team-surveys", team.public_id)
    for said in (
        "Ten councils",
        "Since last time",
        "From Big1 Team to Asha",
        "15 answered of 16 invited",
        "What would help most",
    ):
        assert said in text
    assert "Big2" not in text


def test_a_suppressed_team_reads_that_and_nothing_else(cast: Cast, client: Client, held: Cycle) -> None:
    client.force_login(cast.hana)
    text = page(client, "team-surveys", cast.team.public_id)
    assert "The results are suppressed: fewer than 5 answered, or hidden so" in text
    assert "answered of" not in text
    assert "govuk-table" not in text


def test_all_groups_are_in_the_page_and_in_the_file(cast: Cast, client: Client, held: Cycle) -> None:
    client.force_login(cast.dev)
    survey = held.surveys.get(instrument__code="working-conditions")
    text = page(client, "survey-results", survey.public_id)
    assert text.count("suppressed</span>") == 2
    assert "What people wrote" in text
    assert reverse("survey-words", args=[survey.public_id]) not in text
    file = client.get(reverse("survey-results-file", args=[survey.public_id]))
    lines = file.content.decode("utf-8-sig").splitlines()
    assert lines[0] == "level,group,invited,answered,response rate %,scale,people,score,band"
    assert len(lines) == 1 + 7 * 8
    assert sum("suppressed,,Role,suppressed,suppressed," in line for line in lines) == 2
    assert "survey-working-conditions.csv" in file["Content-Disposition"]
    poll = held.surveys.get(instrument__code="priorities")
    assert "Each option’s points" in page(client, "survey-results", poll.public_id)


@pytest.mark.parametrize("code", ["working-conditions", "priorities"])
def test_an_observer_reads_of_no_team_and_no_words(cast: Cast, client: Client, held: Cycle, code: str) -> None:
    survey = held.surveys.get(instrument__code=code)
    client.force_login(cast.femi)
    address = reverse("survey-results", args=[survey.public_id])
    assert address in page(client, "surveys", "testshire")
    text = said_in(page(client, "survey-results", survey.public_id))
    file = page(client, "survey-results-file", survey.public_id)
    for shown in (text, file):
        assert "Testshire Council" in shown
        assert cast.area.name in shown
        assert "Big1 Team" not in shown
        assert cast.team.name not in shown
    assert "What people wrote" not in text
    assert "page of its surveys" not in text
    client.force_login(cast.dev)
    whole = page(client, "survey-results-file", survey.public_id).splitlines()
    assert file.splitlines() == [line for line in whole if not line.startswith("team,")]


def test_results_of_an_open_survey_are_not_there(cast: Cast, client: Client) -> None:
    [survey] = asked(cast, cycle_of(cast), day=timezone.localdate())
    client.force_login(cast.cora)
    for name in ("survey-results", "survey-results-file", "survey-words"):
        assert client.get(reverse(name, args=[survey.public_id])).status_code == 404
    assert "takes answers until" in page(client, "team-surveys", cast.team.public_id)


def test_a_survey_is_opened_handed_out_and_closed(cast: Cast, client: Client) -> None:
    cycle = cycle_of(cast)
    client.force_login(cast.cora)
    assert "No survey was opened for this cycle yet" in page(client, "cycle-surveys", cycle.public_id)
    assert "No survey of this cycle is open" in page(client, "survey-links", cycle.public_id)
    opening = reverse("surveys-open", args=[cycle.public_id])
    assert "Choose at least one survey" in client.post(opening, {"once": ONCE}).content.decode()
    last = f"{timezone.localdate() + timedelta(days=7):%d/%m/%Y}"
    sent = {"once": ONCE, "instruments": ["working-conditions/1", "priorities/1"], "closes_on": last}
    assert "Now hand out links" in client.post(opening, sent, follow=True).content.decode()

    assert "has been opened for this cycle" in page(client, "surveys-open", cycle.public_id)
    assert opening not in page(client, "cycle-surveys", cycle.public_id)

    making = reverse("survey-links", args=[cycle.public_id])
    counts = {f"team-{cast.team.pk}": "2", f"team-{cast.other_team.pk}": "1", "how": "paper"}
    wrong = client.post(making, {"once": LINKS} | counts | {f"team-{cast.team.pk}": "many"}).content.decode()
    assert f"Enter a whole number from 0 to 200 for {cast.team}" in wrong
    assert f"from 0 to 200 for {cast.other_team}" not in wrong
    none = client.post(making, {"once": LINKS, "how": "email"} | dict.fromkeys(list(counts)[:2], "0")).content.decode()
    assert "Enter a number of links for at least one team" in none
    slips = client.post(making, {"once": LINKS} | counts)
    assert slips.content.decode().count("/s/") == 6
    assert "no-store" in slips["Cache-Control"]
    again = client.post(making, {"once": LINKS} | counts).content.decode()
    assert "These links were made before" in again
    assert SurveyLink.objects.count() == 6

    survey = cycle.surveys.get(instrument__code="working-conditions")
    closing = reverse("survey-close", args=[survey.public_id])
    assert (
        "Its results can be seen"
        in client.post(closing, {"once": ONCE.replace("3", "5")}, follow=True).content.decode()
    )
    refused = client.post(closing, {"once": ONCE.replace("3", "6")}).content.decode()
    assert "closed already" in refused
    assert Survey.objects.get(pk=survey.pk).closed_on == timezone.localdate()


def test_words_are_released_on_a_page(cast: Cast, client: Client, held: Cycle) -> None:
    client.force_login(cast.cora)
    survey = held.surveys.get(instrument__code="working-conditions")
    SurveyWords.objects.update(state="HELD")
    address = reverse("survey-words", args=[survey.public_id])
    shown = client.get(address)
    assert "<mark>Asha</mark>" in shown.content.decode()
    fields = [name for name in shown.context["form"].fields if name.startswith("words-")]
    assert "Choose what becomes of comment 1" in client.post(address, {"once": ONCE}).content.decode()
    said = {"once": ONCE} | dict.fromkeys(fields, "WITHHELD") | {fields[0]: "RELEASED"}
    assert "What you decided is kept" in client.post(address, said, follow=True).content.decode()
    states = SurveyWords.objects.filter(team_survey__survey=survey).values_list("state", flat=True)
    assert sorted(states).count("RELEASED") == 1
    assert "HELD" not in states


def test_words_of_too_few_are_held_back_and_nobody_s_are_none(cast: Cast, client: Client) -> None:
    day = timezone.localdate() - timedelta(days=30)
    [survey] = asked(cast, cycle_of(cast), day=day)
    client.force_login(cast.cora)
    empty = page(client, "survey-words", survey.public_id)
    assert "too few people answered, or nobody wrote anything" in empty
    put(survey, cast.team, 9, words="We are nine", day=day)
    text = page(client, "survey-words", survey.public_id)
    assert said_in(text) == said_in(empty)  # the same, so that nobody can tell whether somebody answered
    assert "We are nine" not in text


def test_an_employer_without_surveys_says_so(cast: Cast, client: Client) -> None:
    client.force_login(cast.femi)
    assert "There was no survey yet" in page(client, "surveys", "testshire")
    client.force_login(cast.cora)
    assert "There are no results of a survey yet" in page(client, "team-surveys", cast.team.public_id)
