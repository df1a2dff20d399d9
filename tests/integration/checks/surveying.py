"""Cycles, surveys and people to answer them, for tests."""

import re
from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from checks.actions.answering import answer
from checks.actions.doing import Doing
from checks.actions.instruments import load_shipped_instruments
from checks.actions.surveys import Mailing, TeamSlips, make_links, open_surveys
from checks.models import Cycle, HealthCheck, Survey, SurveyAnswer, SurveyWords, TeamSurvey
from checks.shipped_instruments import shipped_instruments
from checks.surveys import Instrument
from standards.models import StandardSet
from teams.actions.setting_up import add_team, add_workers
from teams.models import Team, User
from tests.cast import AT, TODAY, Cast, new_worker, noon

POLL, WORKING = shipped_instruments()


def doing(user: User, day: date = TODAY) -> Doing:
    return Doing(user, noon(day))


def cycle_of(cast: Cast, *teams: Team, name: str = "Autumn 2026", empty: bool = False) -> Cycle:
    load_shipped_instruments(at=AT)
    standards, _ = StandardSet.objects.get_or_create(
        pack="made-up",
        version="1",
        defaults={
            "title": "Made-up standards",
            "publisher": "a test",
            "jurisdiction": "nowhere",
            "source": "a test",
            "licence": "none",
            "effective": "from now on",
            "effective_on": date(2020, 1, 1),
            "completeness": "complete",
            "published_at": AT,
        },
    )
    cycle = Cycle.objects.create(
        employer=cast.employer,
        name=name,
        standard_set=standards,
        period_from=TODAY - timedelta(days=90),
        period_to=TODAY,
        measured_on=TODAY,
        due_on=TODAY + timedelta(days=30),
        state=Cycle.State.OPEN,
        opened_at=AT,
    )
    teams = () if empty else teams or (cast.team, cast.other_team)
    HealthCheck.objects.bulk_create(HealthCheck(employer=cast.employer, cycle=cycle, team=team) for team in teams)
    return cycle


def asked(cast: Cast, cycle: Cycle, *instruments: Instrument, day: date = TODAY, days: int = 14) -> list[Survey]:
    return open_surveys(
        cycle=cycle,
        shipped=instruments or (WORKING,),
        own=[],
        closes_on=day + timedelta(days=days),
        doing=doing(cast.cora, day),
    )


def links(cast: Cast, cycle: Cycle, counts: Mapping[Team, int], *, day: date = TODAY) -> list[TeamSlips]:
    mailing = Mailing(lambda token: token, {})
    wanted = {team.pk: count for team, count in counts.items()}
    return make_links(cycle=cycle, counts=wanted, mailing=mailing, doing=doing(cast.cora, day))


def token(cast: Cast, cycle: Cycle, team: Team, *, day: date = TODAY) -> str:
    """One link's token: the first survey's."""
    [slips] = links(cast, cycle, {team: 1}, day=day)
    return slips.slips[0].links[0][1]


def put(survey: Survey, team: Team, count: int, *, point: int = 4, words: str = "", day: date = TODAY) -> None:
    """Answers as if so many people had answered, all alike."""
    part = TeamSurvey.objects.get(survey=survey, team=team)
    instrument = next(one for one in (POLL, WORKING) if one.code == survey.instrument.code)
    values = {item.code: min(point, instrument.points[item.code]) for item in instrument.items}
    SurveyAnswer.objects.bulk_create(SurveyAnswer(team_survey=part, day=day, values=values) for _ in range(count))
    TeamSurvey.objects.filter(pk=part.pk).update(invited=count + 1)
    if words:
        SurveyWords.objects.create(team_survey=part, question=instrument.questions[0].code, words=words)


def big_team(cast: Cast, name: str, members: int) -> Team:
    team = add_team(service_area=cast.area, name=name, by=None, at=AT)
    new = [new_worker(f"Member{number} {name.split(maxsplit=1)[0]}", team) for number in range(members)]
    add_workers(employer=cast.employer, workers=new, by=None, at=AT)
    return team


def say(token: str, *, day: date = TODAY, words: str = "", **values: int) -> None:
    given = values or {"demands-1": 2}
    answer(token=token, values=given, words={"change-one-thing": words} if words else {}, day=day)


def address(one: str) -> str:
    return reverse("survey", args=[one])


def token_of(page: HttpResponse) -> str:
    """The token against other sites that a page carries."""
    [found] = re.findall(r'name="csrfmiddlewaretoken" value="([^"]+)"', page.text)
    return str(found)


def send(client: Client, one: str, said: Mapping[str, str]) -> HttpResponse:
    """Open the page of a link, and send what it asks for from there."""
    return client.post(address(one), {"csrfmiddlewaretoken": token_of(client.get(address(one)))} | said)


def survey_keys(cast: Cast) -> dict[str, Any]:
    """A survey that closed yesterday and one whose link can be used today, as the clock on the wall says."""
    today = timezone.localdate()
    [survey] = asked(cast, cycle_of(cast, name="Closed"), POLL, day=today - timedelta(days=20), days=19)
    cycle = cycle_of(cast, name="Open")
    asked(cast, cycle, day=today)
    [slips] = links(cast, cycle, {cast.team: 1}, day=today)
    return {
        "survey": survey.public_id,
        "surveyed": cycle.public_id,
        "token": slips.slips[0].links[0][1],
        "instrument": survey.instrument.code,
        "version": survey.instrument.version,
    }
