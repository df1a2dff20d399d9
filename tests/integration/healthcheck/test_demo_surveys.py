"""The demo's surveys have something of everything, quickly."""

import time
from datetime import timedelta
from random import Random

import pytest

from checks.models import Survey, SurveyLink, SurveyWords
from checks.queries.survey_pages import cycle_surveys, employer_results
from checks.queries.surveys import closed_results
from checks.suppression import Level
from healthcheck.demo import surveys
from healthcheck.demo.surveys import load_surveys
from tests.cast import TODAY, Cast, noon
from tests.integration.checks.surveying import big_team, cycle_of

pytestmark = pytest.mark.django_db
NAMES = (surveys.EVERYBODY, surveys.TOO_FEW, surveys.FEW, "Oak Team", "Elm Team", *(f"Ash{n} Team" for n in range(7)))


def test_shown_suppressed_and_hidden_beside(cast: Cast) -> None:
    teams = [big_team(cast, name, 10) for name in NAMES]
    cycle = cycle_of(cast, *teams)
    began = time.monotonic()
    load_surveys(cycle, by=cast.cora, at=noon(TODAY), random=Random(7), under_way=True)  # noqa: S311
    assert time.monotonic() - began < 2  # a fifth of a second alone
    working, poll = Survey.objects.select_related("cycle", "instrument", "employer").order_by("-instrument__code")
    [closed] = closed_results([working])
    hidden = {closed.name_of(group) for group, result in closed.results.items() if result.hidden}
    assert hidden == {surveys.TOO_FEW, surveys.FEW}
    assert not any(
        result.scales["demands"].hidden for group, result in closed.results.items() if group.level is not Level.TEAM
    )
    assert [one.asked.closed for one in cycle_surveys(cycle, as_of=TODAY).watched] == [True, False]
    states = set(SurveyWords.objects.values_list("state", flat=True))
    assert states == {"HELD", "RELEASED", "WITHHELD"}
    assert {heard.team.name if heard.team else None for heard in employer_results(working, cast.cora).words} == {
        surveys.EVERYBODY,
        None,
    }
    assert not SurveyLink.objects.filter(team_survey__survey=working).exists()
    assert SurveyLink.objects.filter(team_survey__survey=poll).exists()


def test_a_past_cycle_s_are_closed(cast: Cast) -> None:
    cycle = cycle_of(cast, big_team(cast, surveys.EVERYBODY, 10))
    load_surveys(cycle, by=cast.cora, at=noon(TODAY - timedelta(days=180)), random=Random(7))  # noqa: S311
    watched = cycle_surveys(cycle, as_of=TODAY - timedelta(days=180)).watched
    assert [one.asked.closed for one in watched] == [True, True]
    assert not SurveyWords.objects.filter(state="HELD").exists()
