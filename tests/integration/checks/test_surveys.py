"""Surveys as the principal social worker runs them, and their results as anybody may see them."""

from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, InternalError, transaction
from django.http import Http404
from pytest_django import DjangoAssertNumQueries

from checks.actions.instruments import load_benchmarks, load_instrument, load_shipped_instruments, shipped_row
from checks.actions.surveys import (
    MOST_LINKS,
    Mailing,
    close_survey,
    decide_words,
    make_links,
    open_surveys,
)
from checks.instrument_csv import Heading, read_instrument
from checks.models import (
    HealthCheck,
    Instrument,
    InstrumentBenchmark,
    Survey,
    SurveyAnswer,
    SurveyLink,
    SurveyWords,
    TeamSurvey,
)
from checks.queries.instruments import find_instrument, instrument_page, usable_instruments
from checks.queries.survey_links import to_invite
from checks.queries.survey_pages import cycle_surveys, employer_results, result_lines, surveys_of, team_surveys
from checks.queries.survey_words import words_to_decide
from checks.queries.surveys import closed_results, find_closed, scale_results
from checks.suppression import EMPLOYER, Group, Level
from checks.survey_results import ScaleResult
from checks.surveys import Band
from checks.surveys import Instrument as Definition
from teams.models import AuditEntry
from teams.refusals import AlreadyDone, NotAllowed
from teams.roles import Permission
from tests.cast import AT, TODAY, Cast
from tests.integration.checks.surveying import (
    POLL,
    WORKING,
    asked,
    big_team,
    cycle_of,
    doing,
    links,
    put,
    token,
)

pytestmark = pytest.mark.django_db
AFTER = TODAY + timedelta(days=15)
CSV = """item,scale,reversed,response set
I am asked to do more than I can,Pressure,yes,Never|Sometimes|Always
I can ask for help,Support,no,
"""


def own_instrument(title: str = "Our own", version: str = "1") -> Definition:
    heading = Heading(title.lower().replace(" ", "-"), version, title, "a test", "ours")
    return read_instrument(CSV, heading)


class TestOpening:
    def test_every_team_of_the_cycle_is_asked(self, cast: Cast) -> None:
        cycle = cycle_of(cast)
        surveys = asked(cast, cycle, WORKING, POLL)
        assert {survey.instrument.code for survey in surveys} == {"working-conditions", "priorities"}
        assert {(part.survey_id, part.team) for part in TeamSurvey.objects.all()} == {
            (survey.pk, team) for survey in surveys for team in (cast.team, cast.other_team)
        }
        assert AuditEntry.objects.filter(event="SURVEY_OPENED").count() == 2

    def test_the_product_s_questions_are_kept_once(self, cast: Cast) -> None:
        asked(cast, cycle_of(cast))
        asked(cast, cycle_of(cast, name="Spring"))
        assert Instrument.objects.get(surveys__cycle__name="Spring").employer is None
        assert Instrument.objects.count() == 2

    def test_they_are_loaded_before_anybody_asks_them(self, cast: Cast) -> None:
        cycle = cycle_of(cast)
        Instrument.objects.all().delete()
        with pytest.raises(NotAllowed, match="“Working conditions survey” is not loaded yet"):
            asked(cast, cycle)

    def test_only_the_principal_social_worker_may(self, cast: Cast) -> None:
        cycle = cycle_of(cast)
        for user in (cast.ben, cast.dev, cast.femi, cast.gil):
            with pytest.raises(PermissionDenied):
                open_surveys(cycle=cycle, shipped=[WORKING], own=[], closes_on=AFTER, doing=doing(user))

    @pytest.mark.parametrize(("days", "said"), [(-1, "from today on"), (121, "120 days at most")])
    def test_the_last_day_must_make_sense(self, cast: Cast, days: int, said: str) -> None:
        with pytest.raises(NotAllowed, match=said):
            asked(cast, cycle_of(cast), days=days)

    def test_a_cycle_without_teams_is_refused(self, cast: Cast) -> None:
        with pytest.raises(NotAllowed, match="has no teams"):
            asked(cast, cycle_of(cast, empty=True))

    def test_the_same_survey_is_not_asked_twice(self, cast: Cast) -> None:
        cycle = cycle_of(cast)
        asked(cast, cycle)
        with pytest.raises(NotAllowed, match="already: Working conditions survey"):
            asked(cast, cycle, POLL, WORKING)
        assert Survey.objects.count() == 1

    def test_a_closed_one_stays_closed(self, cast: Cast) -> None:
        [survey] = asked(cast, cycle_of(cast))
        close_survey(survey=survey, doing=doing(cast.cora))
        with pytest.raises(InternalError, match="Cannot update"), transaction.atomic():
            Survey.objects.update(closed_on=None)


class TestLinks:
    def test_as_many_as_asked_and_nothing_says_whose(self, cast: Cast) -> None:
        cycle = cycle_of(cast)
        asked(cast, cycle, WORKING, POLL)
        made = links(cast, cycle, {cast.team: 3, cast.other_team: 1})
        assert [(team.team, len(team.slips), team.sent) for team in made] == [
            (cast.team, 3, 0),
            (cast.other_team, 1, 0),
        ]
        assert len({address for team in made for slip in team.slips for _, address in slip.links}) == 8
        assert SurveyLink.objects.count() == 8
        assert set(TeamSurvey.objects.values_list("team", "invited")) == {(cast.team.pk, 3), (cast.other_team.pk, 1)}
        [entry] = AuditEntry.objects.filter(event="SURVEY_LINKS_MADE")
        assert entry.detail == {"links": {"Heron Team": 3, "Kestrel Team": 1}, "by_email": False}

    def test_by_email_to_those_with_an_address_and_slips_for_the_others(self, cast: Cast) -> None:
        cycle = cycle_of(cast)
        asked(cast, cycle, WORKING, POLL)
        for name in ("ben", "asha"):
            user = cast.users[name]
            user.email = f"{name}@example.org"
            user.save()
        invite = to_invite(cycle, as_of=TODAY)
        assert [(row.team, row.members, len(row.addresses), row.suggested) for row in invite.rows] == [
            (cast.team, 4, 2, 4),
            (cast.other_team, 1, 0, 1),
        ]
        mailing = Mailing(lambda one: f"https://example.org/s/{one}/", invite.recipients)
        [team] = make_links(cycle=cycle, counts={cast.team.pk: 4}, mailing=mailing, doing=doing(cast.cora))
        assert (len(team.slips), team.sent) == (2, 2)
        assert sorted(message.to[0] for message in mail.outbox) == ["asha@example.org", "ben@example.org"]
        for message in mail.outbox:
            assert message.body.count("https://example.org/s/") == 2
            assert "nobody can tell which answers are yours" in " ".join(message.body.split())
        assert to_invite(cycle, as_of=TODAY).rows[0].suggested == 0

    def test_when_the_mail_server_refuses_nothing_is_kept(self, cast: Cast, settings: Any) -> None:
        cycle = cycle_of(cast)
        asked(cast, cycle)
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_TIMEOUT = "127.0.0.1", 9, 1
        mailing = Mailing(str, {cast.team.pk: ["asha@example.org"]})
        with pytest.raises(NotAllowed, match="did not take the messages"):
            make_links(cycle=cycle, counts={cast.team.pk: 1}, mailing=mailing, doing=doing(cast.cora))
        assert not SurveyLink.objects.exists()

    def test_numbers_that_make_no_sense_are_refused(self, cast: Cast) -> None:
        cycle = cycle_of(cast)
        with pytest.raises(NotAllowed, match="No survey is open"):
            links(cast, cycle, {cast.team: 1})
        asked(cast, cycle)
        with pytest.raises(NotAllowed, match="at least one team"):
            links(cast, cycle, {cast.team: 0})
        with pytest.raises(NotAllowed, match=f"more than {MOST_LINKS} links"):
            links(cast, cycle, {cast.team: MOST_LINKS + 1})
        many = Mailing(str, {team.pk: ["somebody@example.org"] * 150 for team in (cast.team, cast.other_team)})
        with pytest.raises(NotAllowed, match="At most 200 e-mails"):
            make_links(
                cycle=cycle,
                counts={cast.team.pk: 150, cast.other_team.pk: 150},
                mailing=many,
                doing=doing(cast.cora),
            )

    def test_only_the_principal_social_worker_makes_them(self, cast: Cast) -> None:
        cycle = cycle_of(cast)
        asked(cast, cycle)
        with pytest.raises(PermissionDenied):
            make_links(cycle=cycle, counts={cast.team.pk: 1}, mailing=Mailing(str, {}), doing=doing(cast.ben))


class TestClosing:
    def test_unused_links_go_with_it(self, cast: Cast) -> None:
        cycle = cycle_of(cast)
        [survey] = asked(cast, cycle)
        token(cast, cycle, cast.team)
        close_survey(survey=survey, doing=doing(cast.cora))
        assert not SurveyLink.objects.exists()
        with pytest.raises(NotAllowed, match="closed already"):
            close_survey(survey=survey, doing=doing(cast.cora))
        with pytest.raises(PermissionDenied):
            close_survey(survey=survey, doing=doing(cast.dev))

    def test_results_are_found_only_then(self, cast: Cast) -> None:
        [survey] = asked(cast, cycle_of(cast))
        with pytest.raises(Http404):
            find_closed(cast.cora, survey.public_id, Permission.CYCLE_RUN, as_of=TODAY)
        assert find_closed(cast.cora, survey.public_id, Permission.CYCLE_RUN, as_of=AFTER) == survey
        with pytest.raises(Http404):
            find_closed(cast.gil, survey.public_id, Permission.CYCLE_RUN, as_of=AFTER)
        with pytest.raises(PermissionDenied):
            find_closed(cast.ben, survey.public_id, Permission.CYCLE_RUN, as_of=AFTER)


class TestResults:
    def test_a_cycle_s_scores_are_by_team_and_scale(
        self, cast: Cast, django_assert_num_queries: DjangoAssertNumQueries
    ) -> None:
        big = big_team(cast, "Osprey Team", 3)
        cycle = cycle_of(cast, cast.team, cast.other_team, big)
        working, poll = asked(cast, cycle, WORKING, POLL)
        for team, count in ((cast.team, 6), (cast.other_team, 3), (big, 9)):
            put(working, team, count)
        put(poll, big, 5, point=3)
        assert scale_results(cycle, as_of=TODAY) == {}
        with django_assert_num_queries(3):
            found = scale_results(cycle, as_of=AFTER)
        assert found[big.pk, "working-conditions/control"] == ScaleResult(75, 9, hidden=False, band=Band.HIGH)
        assert found[big.pk, "working-conditions/demands"] == ScaleResult(25, 9, hidden=False, band=Band.LOW)
        assert found[big.pk, "priorities/study-time"] == ScaleResult(67, 5, hidden=False, band=Band.MODERATE)
        assert found[cast.other_team.pk, "working-conditions/control"].hidden  # three people
        assert found[cast.team.pk, "working-conditions/control"].hidden  # or the three could be worked out
        assert len(found) == 3 * (8 + 12)

    def test_one_that_is_closed_early_has_results_at_once(self, cast: Cast) -> None:
        cycle = cycle_of(cast)
        [survey] = asked(cast, cycle)
        put(survey, cast.team, 6)
        close_survey(survey=survey, doing=doing(cast.cora))
        assert not scale_results(cycle, as_of=TODAY)[cast.team.pk, "working-conditions/role"].hidden

    def test_a_raised_limit_holds(self, cast: Cast) -> None:
        cycle = cycle_of(cast)
        cycle.fewest = 8
        cycle.save()
        [survey] = asked(cast, cycle)
        put(survey, cast.team, 7)
        assert scale_results(cycle, as_of=AFTER)[cast.team.pk, "working-conditions/role"].hidden

    def test_groups_stay_as_they_were_when_it_opened(self, cast: Cast) -> None:
        """A team that moves to another service area afterwards changes no past figure."""
        cycle = cycle_of(cast)
        [survey] = asked(cast, cycle)
        put(survey, cast.team, 6)
        put(survey, cast.other_team, 6)
        rows = Survey.objects.select_related("employer", "cycle", "instrument")
        before = closed_results(list(rows))[0].results
        type(cast.team).objects.filter(pk=cast.team.pk).update(service_area=cast.elsewhere.service_area)
        assert closed_results(list(rows))[0].results == before

    def test_page_and_file_say_the_same(self, cast: Cast) -> None:
        big = big_team(cast, "Osprey Team", 1)
        cycle = cycle_of(cast, cast.team, cast.other_team, big)
        [survey] = asked(cast, cycle)
        for team, count in ((cast.team, 6), (cast.other_team, 3), (big, 12)):
            put(survey, team, count)
        page = employer_results(survey, cast.cora)
        shown = {row.name: None if row.result.hidden else row.result.respondents for row in page.rows}
        assert shown == {
            "Testshire Council": 21,
            "Children’s social work": 21,
            "Heron Team": None,
            "Kestrel Team": None,
            "Osprey Team": 12,
        }
        lines = {(line[1], line[5]): line for line in result_lines(survey, cast.cora)}
        assert len(lines) == 5 * 8
        assert lines["Osprey Team", "Role"] == ("team", "Osprey Team", 13, 12, 92, "Role", 12, 75, "high")
        assert lines["Heron Team", "Role"] == (
            "team",
            "Heron Team",
            7,
            "suppressed",
            "",
            "Role",
            "suppressed",
            "suppressed",
            "",
        )

    def test_a_team_s_page_compares_with_the_survey_before(self, cast: Cast) -> None:
        earlier = TODAY - timedelta(days=200)
        first, second = cycle_of(cast, name="Spring"), cycle_of(cast)
        [before] = asked(cast, first, day=earlier)
        [now] = asked(cast, second)
        put(before, cast.team, 6, point=3)
        put(now, cast.team, 5)
        put(now, cast.other_team, 5)
        put(before, cast.other_team, 7)
        load_benchmarks(
            employer=cast.employer,
            definition=WORKING,
            benchmarks={"role": 70},
            label="40 councils",
            doing=doing(cast.cora),
        )
        found = team_surveys(cast.team, cycle=None, as_of=AFTER)
        [result] = found.results
        rows = {row.name: row for row in result.rows}
        assert (found.cycle, [cycle.name for cycle in found.cycles]) == (second, ["Autumn 2026", "Spring"])
        assert (rows["Role"].result.score, rows["Role"].moved, rows["Role"].benchmark) == (75, "+25", 70)
        assert (rows["Demands"].moved, rows["Demands"].benchmark) == ("−25", None)
        assert (result.compared, result.benchmark) == (True, "40 councils")
        then = team_surveys(cast.team, cycle=str(first.public_id), as_of=AFTER)
        assert (then.cycle, then.results[0].rows[0].moved, then.results[0].compared) == (first, "–", False)

    def test_nothing_is_compared_with_what_is_hidden(self, cast: Cast) -> None:
        first, second = cycle_of(cast, name="Spring"), cycle_of(cast)
        [before] = asked(cast, first, day=TODAY - timedelta(days=200))
        [now] = asked(cast, second)
        put(before, cast.team, 4)
        put(now, cast.team, 6)
        [result] = team_surveys(cast.team, cycle=None, as_of=AFTER).results
        assert {row.moved for row in result.rows} == {"–"}

    def test_a_survey_that_is_open_is_named_and_not_shown(self, cast: Cast) -> None:
        [survey] = asked(cast, cycle_of(cast))
        put(survey, cast.team, 9)
        found = team_surveys(cast.team, cycle=None, as_of=TODAY)
        assert (list(found.results), list(found.asked_now), found.cycle) == ([], [survey], None)

    def test_the_day_s_answers_are_counted_tomorrow(self, cast: Cast) -> None:
        cycle = cycle_of(cast)
        [survey] = asked(cast, cycle)
        put(survey, cast.team, 6, day=TODAY)
        put(survey, cast.team, 7, day=TODAY - timedelta(days=1))
        group = Group(Level.TEAM, cast.team.pk)
        [watched] = cycle_surveys(cycle, as_of=TODAY).watched
        assert {row[0]: row[2].respondents for row in watched.rows}[group] == 7
        [watched] = cycle_surveys(cycle, as_of=TODAY + timedelta(days=1)).watched
        assert {row[0]: row[2].respondents for row in watched.rows}[group] == 13
        assert {row[0]: row[2].rate for row in watched.rows}[EMPLOYER] is not None
        close_survey(survey=survey, doing=doing(cast.cora))
        [watched] = cycle_surveys(cycle, as_of=TODAY).watched
        assert {row[0]: row[2].respondents for row in watched.rows}[group] == 13

    def test_every_member_reads_what_is_asked(self, cast: Cast) -> None:
        asked(cast, cycle_of(cast))
        for user, may_run, sees in ((cast.cora, True, True), (cast.femi, False, True), (cast.asha, False, False)):
            found = surveys_of(user, "testshire", as_of=TODAY)
            assert (found.may_run, found.sees_results, len(found.asked)) == (may_run, sees, 1)
        with pytest.raises(Http404):
            surveys_of(cast.gil, "testshire", as_of=TODAY)


class TestWords:
    def test_are_read_where_ten_answered_and_of_all_other_teams_together(self, cast: Cast) -> None:
        big = big_team(cast, "Osprey Team", 1)
        cycle = cycle_of(cast, cast.team, cast.other_team, big)
        [survey] = asked(cast, cycle)
        put(survey, big, 10, words="From the big team")
        put(survey, cast.team, 6, words="From the small team")
        put(survey, cast.other_team, 3)
        found = words_to_decide(survey)
        assert [heard.team for heard in found.heard] == [big]
        put(survey, cast.other_team, 1, words="From the smallest")
        found = words_to_decide(survey)
        assert [heard.team for heard in found.heard] == [big, None]
        assert {said.words for said in found.heard[1].said} == {"From the small team", "From the smallest"}

    def test_are_held_back_where_too_few_answered(self, cast: Cast) -> None:
        [survey] = asked(cast, cycle_of(cast))
        put(survey, cast.team, 9, words="We are nine")
        found = words_to_decide(survey)
        assert list(found.heard) == []
        with pytest.raises(NotAllowed, match="too few people"):
            decide_words(
                survey=survey,
                decisions={SurveyWords.objects.get().pk: "RELEASED"},
                among=[],
                doing=doing(cast.cora),
            )

    def test_names_of_staff_are_marked(self, cast: Cast) -> None:
        [survey] = asked(cast, cycle_of(cast))
        put(survey, cast.team, 10, words="Asha and DEV never answer; Hera does")
        [said] = words_to_decide(survey).said
        assert [piece.text for piece in said.pieces if piece.marked] == ["Asha", "DEV"]
        assert said.marked

    def test_only_what_is_released_is_shown(self, cast: Cast) -> None:
        [survey] = asked(cast, cycle_of(cast))
        put(survey, cast.team, 10, words="A second desk")
        assert list(team_surveys(cast.team, cycle=None, as_of=AFTER).results[0].words) == []
        [said] = words_to_decide(survey).said
        decide_words(survey=survey, decisions={said.key: "RELEASED"}, among=[said.key], doing=doing(cast.cora))
        [heard] = team_surveys(cast.team, cycle=None, as_of=AFTER).results[0].words
        assert [one.words for one in heard.said] == ["A second desk"]
        assert [one.team for one in employer_results(survey, cast.dev).words] == [cast.team]
        assert list(team_surveys(cast.other_team, cycle=None, as_of=AFTER).results[0].words) == []
        entry = AuditEntry.objects.get(event="SURVEY_WORDS_DECIDED")
        assert entry.detail == {"held": 0, "released": 1, "withheld": 0}

    def test_only_the_principal_social_worker_decides(self, cast: Cast) -> None:
        [survey] = asked(cast, cycle_of(cast))
        with pytest.raises(PermissionDenied):
            decide_words(survey=survey, decisions={}, among=[], doing=doing(cast.dev))


class TestInstruments:
    def test_an_employer_loads_and_asks_its_own(self, cast: Cast) -> None:
        row = load_instrument(
            employer=cast.employer,
            definition=own_instrument(),
            benchmarks={"pressure": 40},
            label="Ten councils",
            doing=doing(cast.cora),
        )
        cycle = cycle_of(cast)
        [survey] = open_surveys(cycle=cycle, shipped=[], own=[row], closes_on=AFTER, doing=doing(cast.cora))
        part = TeamSurvey.objects.get(survey=survey, team=cast.team)
        SurveyAnswer.objects.bulk_create(
            SurveyAnswer(team_survey=part, day=TODAY, values={"item-1": 1, "item-2": 2}) for _ in range(5)
        )
        found = scale_results(cycle, as_of=AFTER + timedelta(days=1))
        assert found[cast.team.pk, "our-own/pressure"].score == 100
        assert found[cast.team.pk, "our-own/support"].score == 50
        assert employer_results(survey, cast.cora).benchmarks == [40, None]
        assert [one.key for one in usable_instruments(cast.employer)] == [
            "working-conditions/1",
            "priorities/1",
            "our-own/1",
        ]
        assert instrument_page(cast.employer, "our-own", "1", user=cast.asha).benchmark is not None
        with pytest.raises(Http404):
            find_instrument(cast.elsewhere.employer, "our-own", "1")
        assert find_instrument(cast.elsewhere.employer, "priorities", "1") == POLL

    def test_a_version_is_loaded_once_and_another_follows(self, cast: Cast) -> None:
        for version in ("1", "2"):
            load_instrument(
                employer=cast.employer,
                definition=own_instrument(version=version),
                benchmarks={},
                label="",
                doing=doing(cast.cora, TODAY + timedelta(days=int(version))),
            )
        assert [one.key for one in usable_instruments(cast.employer)][-1] == "our-own/2"
        with pytest.raises(NotAllowed, match="never changes"):
            load_instrument(
                employer=cast.employer, definition=own_instrument(), benchmarks={}, label="", doing=doing(cast.cora)
            )

    def test_none_takes_the_name_of_one_of_the_product_s(self, cast: Cast) -> None:
        with pytest.raises(NotAllowed, match="another name"):
            load_instrument(
                employer=cast.employer,
                definition=own_instrument("Priorities", "9"),
                benchmarks={},
                label="",
                doing=doing(cast.cora),
            )

    @pytest.fixture
    def shipped(self, db: None) -> None:  # noqa: ARG002 -- it asks for the database
        load_shipped_instruments(at=AT)

    @pytest.mark.usefixtures("shipped")
    def test_one_form_loads_once(self, cast: Cast) -> None:
        from uuid import uuid4  # noqa: PLC0415

        from checks.actions.doing import Doing  # noqa: PLC0415

        once = Doing(cast.cora, AT, uuid4())
        given = {"employer": cast.employer, "definition": WORKING, "benchmarks": {"role": 1}, "label": "us"}
        load_benchmarks(**given, doing=once)
        with pytest.raises(AlreadyDone):
            load_benchmarks(**given, doing=once)

    @pytest.mark.usefixtures("shipped")
    def test_benchmarks_are_replaced(self, cast: Cast) -> None:
        for score in (60, 65):
            load_benchmarks(
                employer=cast.employer,
                definition=WORKING,
                benchmarks={"role": score},
                label="us",
                doing=doing(cast.cora),
            )
        assert InstrumentBenchmark.objects.get().scores == {"role": 65}
        own = load_instrument(
            employer=cast.employer, definition=own_instrument(), benchmarks={}, label="", doing=doing(cast.cora)
        )
        load_benchmarks(
            employer=cast.employer,
            definition=own_instrument(),
            benchmarks={"pressure": 1},
            label="us",
            doing=doing(cast.cora),
        )
        assert own.benchmarks.get().scores == {"pressure": 1}

    def test_only_the_principal_social_worker_loads(self, cast: Cast) -> None:
        for load in (load_instrument, load_benchmarks):
            with pytest.raises(PermissionDenied):
                load(
                    employer=cast.employer, definition=own_instrument(), benchmarks={}, label="", doing=doing(cast.dev)
                )


class TestRows:
    def test_questions_and_answers_never_change(self, cast: Cast) -> None:
        [survey] = asked(cast, cycle_of(cast))
        put(survey, cast.team, 1)
        for rows, change in (
            (Instrument.objects, {"title": "Another"}),
            (SurveyAnswer.objects, {"values": {}}),
        ):
            with pytest.raises(InternalError, match="Cannot update"), transaction.atomic():
                rows.update(**change)  # type: ignore[attr-defined]

    def test_the_database_refuses_what_makes_no_sense(self, cast: Cast) -> None:
        cycle = cycle_of(cast)
        [survey] = asked(cast, cycle)
        part = TeamSurvey.objects.get(survey=survey, team=cast.team)
        row = shipped_row(WORKING)
        faulty = {
            "survey_words_not_empty": SurveyWords(team_survey=part, question="q", words=""),
            "survey_words_in_a_state": SurveyWords(team_survey=part, question="q", words="w", state="LOST"),
            "survey_team_unique": TeamSurvey(survey=survey, team=cast.team, service_area=cast.area),
            "survey_one_for_each_instrument": Survey(
                employer=cast.employer, cycle=cycle, instrument=row, opens_on=TODAY, closes_on=TODAY
            ),
            "survey_days_in_order": Survey(
                employer=cast.employer,
                cycle=cycle,
                instrument=shipped_row(POLL),
                opens_on=TODAY,
                closes_on=TODAY - timedelta(days=1),
            ),
            "instrument_version_unique": Instrument(
                code=row.code, version=row.version, document={}, loaded_at=AT, title="t", kind="SCALES"
            ),
        }
        for name, one in faulty.items():
            with pytest.raises(IntegrityError, match=name), transaction.atomic():
                one.save(force_insert=True)
        benchmark = {"employer": cast.employer, "instrument": row, "scores": {}}
        InstrumentBenchmark.objects.create(**benchmark)
        with pytest.raises(IntegrityError, match="benchmark_unique"), transaction.atomic():
            InstrumentBenchmark.objects.create(**benchmark)

    def test_each_says_what_it_is(self, cast: Cast) -> None:
        cycle = cycle_of(cast)
        [survey] = asked(cast, cycle)
        put(survey, cast.team, 1, words="w")
        token(cast, cycle, cast.team)
        said = {str(row) for model in (SurveyLink, SurveyAnswer, SurveyWords) for row in model.objects.all()}
        assert len(said) == 3
        assert all("Heron Team: Working conditions survey, Autumn 2026" in one for one in said)
        assert str(InstrumentBenchmark(label="us")) == "us"
        assert str(Instrument.objects.get(code="working-conditions")) == "Working conditions survey, version 1"
        assert HealthCheck.objects.filter(cycle=cycle).count() == 2
