"""A check reads the same in three years, whatever has changed underneath it; and keeps what the staff said."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.test import Client

from caseloads.actions.schemes import publish_scheme
from caseloads.models import Case
from checks import measures
from checks.actions import answers, follow_up, moves
from checks.actions.instruments import load_shipped_instruments
from checks.checking import Judgement
from checks.measures.measure import Measured
from checks.models import Answer, HealthCheck
from checks.queries.own_data import HELD
from checks.scales import SCALES
from checks.shipped_instruments import shipped_instruments
from healthcheck.demo import schemes
from standards.actions.publishing import publish_set
from teams.models import Contract, Worker
from tests.cast import AT, TODAY, Cast, case, holds, record
from tests.integration.checks.rounds import (
    SMALL,
    an_action,
    answer_of,
    check_of,
    complete,
    doing,
    opened,
    published,
    say,
    surveyed,
)
from tests.integration.checks.surveying import asked, put


def page_of(client: Client, cast: Cast, check: HealthCheck) -> list[str]:
    """Everything a director reads of a check, and the published part."""
    client.force_login(cast.dev)
    addresses = (f"/checks/{check.public_id}/?show=everything", f"/checks/{check.public_id}/published/")
    return [client.get(address).content.decode().partition("<main")[2] for address in addresses]


def test_a_check_reads_the_same_when_everything_underneath_has_changed(
    cast: Cast, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    check = published(cast)
    before = page_of(client, cast, check)
    # cases, people, hours, the scheme, the standards and the way of measuring change
    record(cast, *(case(f"N-{number}", holds(cast.workers["Asha Test"], cast.team)) for number in range(30)))
    Case.objects.filter(reference="T-005").update(closed_on=TODAY)
    Contract.objects.filter(team=cast.team).update(weekly_hours=10)
    Worker.objects.filter(employer=cast.employer).update(name="Somebody Else")
    publish_scheme(service_area=cast.area, draft=schemes.adults(TODAY), by=None, at=AT)
    other = replace(SMALL, version="2", title="Another set", standards=(replace(SMALL.standards[0], title="New"),))
    publish_set(given=other, at=AT)
    changed = replace(measures.MEASURES["unallocated_cases"], title="Changed", take=lambda _: Measured(None, "Gone"))
    monkeypatch.setitem(measures.MEASURES, "unallocated_cases", changed)
    # three years later
    assert page_of(client, cast, check) == before
    assert "A small set, version 1" in before[0]
    assert "Unallocated cases" in before[0]


@pytest.fixture
def asking(monkeypatch: pytest.MonkeyPatch) -> None:
    """The small set asks the staff about their role."""
    first = SMALL.standards[0]
    said = replace(first, indicators=(*first.indicators, surveyed("role-clear", "working-conditions/role")))
    monkeypatch.setattr("tests.integration.checks.rounds.SMALL", replace(SMALL, standards=(said, *SMALL.standards[1:])))


def filled(cast: Cast, *, answered: int, closed: bool = True) -> Answer:
    """The answer to the surveyed indicator of a check that is submitted after so many people have answered."""
    check = check_of(opened(cast), cast.team)
    complete(cast, check)
    begun = TODAY - timedelta(days=20)
    load_shipped_instruments(at=AT)
    [survey] = asked(cast, check.cycle, day=begun, days=19 if closed else 30)
    put(survey, cast.team, answered, day=begun)
    moves.submit(check=check, words="", doing=doing(cast.ben))
    return check.answers.get(indicator="role-clear")


@pytest.mark.usefixtures("asking")
def test_what_the_staff_said_is_filled_in_when_it_is_submitted(cast: Cast) -> None:
    answer = filled(cast, answered=7)
    assert (answer.value, answer.finding) == (75, "MET")
    assert answer.measured["shown"] == "75\u00a0out\u00a0of\u00a0100: high"
    assert answer.measured["note"] == "7 answered."


@pytest.mark.usefixtures("asking")
def test_a_hidden_score_is_suppressed_and_says_nothing_else(cast: Cast) -> None:
    answer = filled(cast, answered=4)
    assert (answer.value, answer.finding) == (None, "SUPPRESSED")
    assert "Suppressed" in answer.measured["note"]


@pytest.mark.usefixtures("asking")
def test_a_survey_that_is_not_closed_is_not_known(cast: Cast) -> None:
    answer = filled(cast, answered=7, closed=False)
    assert (answer.value, answer.finding) == (None, "NOT_KNOWN")
    assert "not been closed" in answer.measured["note"]


def test_the_shipped_scales_are_those_that_standards_may_name() -> None:
    scales = {f"{one.code}/{scale.code}" for one in shipped_instruments() for scale in one.scales}
    assert scales >= SCALES


def test_a_better_judgement_is_printed_beside_the_figure(cast: Cast, client: Client) -> None:
    check = check_of(opened(cast), cast.team)
    complete(cast, check)
    say(cast, check, "unallocated", Judgement.MET, reason="Given out this morning")
    moves.submit(check=check, words="", doing=doing(cast.ben))
    client.force_login(cast.cora)
    text = client.get(f"/checks/{check.public_id}/standards/1/").content.decode()
    assert "Judged by the manager: met; measured: partly met." in text
    assert "Given out this morning" in text


def test_a_worker_reads_the_rows_that_are_kept_about_them(cast: Cast) -> None:
    cycle = opened(cast)
    record(cast, *(case(f"N-{number}", holds(cast.workers["Asha Test"], cast.team)) for number in range(30)))
    check = check_of(cycle, cast.team)
    answers.take_figures_again(check=check, doing=doing(cast.ben))
    follow_up.plan(answer=answer_of(check, "fair"), about="It", planned=an_action(cast), doing=doing(cast.ben))
    held = {one.code: one for one in HELD}
    (row,) = held["health-check-rows"].rows(cast.workers["Asha Test"])
    assert row[:4] == (cycle, cast.team, AT, "Workers well over their limit")
    assert str(row[4]).startswith("Asha Test, ")
    assert list(held["health-check-rows"].rows(cast.workers["Kit Test"])) == []
    (action,) = held["actions"].rows(Worker.objects.get(name="Ben Test"))
    assert action[3] == "Cases go to Kestrel Team"
    assert list(held["actions"].rows(cast.workers["Kit Test"])) == []
