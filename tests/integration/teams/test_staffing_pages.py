"""Pages about people, supervision and hours: what they show, how forms answer, and how often they ask the database."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from teams.actions.capacity import Away, add_absence
from teams.actions.setting_up import add_workers
from teams.actions.staffing import end_contract
from teams.models import CapacityReduction, SupervisionSession, Worker
from teams.policies import open_weeks
from teams.queries.supervision import rules_of
from teams.shipped import supervision_rules
from tests.cast import AT, BEGUN, TODAY, Cast, new_worker, supervise

SAVED_ONCE = "nothing was saved twice"


@pytest.fixture
def ben(cast: Cast, client: Client) -> Client:
    client.force_login(cast.ben)
    return client


def asha(cast: Cast) -> Worker:
    return cast.workers["Asha Test"]


def address(cast: Cast, name: str, *more: object) -> str:
    return reverse(name, args=[cast.team.public_id, *more])


def member(cast: Cast, name: str, *more: object) -> str:
    return address(cast, name, asha(cast).public_id, *more)


def words(response: Any) -> str:
    return " ".join(response.content.decode().replace("\u00a0", " ").replace("&nbsp;", " ").split())


def filled(client: Client, page: str, **typed: object) -> dict[str, object]:
    """What a browser would send of a form: what was in it, with what was typed."""
    form = client.get(page).context["form"]
    start = {name: form[name].value() for name in form.fields}
    shown = {name: form.fields[name].prepare_value(value) for name, value in start.items()}
    return {name: value for name, value in (shown | typed).items() if value not in (None, False)}


def send(client: Client, page: str, **typed: object) -> Any:
    return client.post(page, filled(client, page, **typed), follow=True)


class TestStaffingPage:
    def test_it_shows_people_and_what_takes_from_their_capacity(self, cast: Cast, ben: Client) -> None:
        add_absence(team=cast.team, worker=asha(cast), new=Away("SICKNESS", BEGUN, None), by=cast.ben, at=AT)
        text = words(ben.get(address(cast, "team-staffing")))
        assert "Practice educator: 10 percent of their own maximum" in text
        assert "Away since 1 January 2024 (sickness)" in text
        assert "The posts of this team are not recorded, so vacancies are not known." in text
        assert "Add somebody new" in text

    def test_another_day_is_shown_as_it_was(self, cast: Cast, ben: Client) -> None:
        page = address(cast, "team-staffing")
        assert "Nobody has a contract in this team on that day." in words(ben.get(page, {"on": "01/01/2020"}))
        assert "Enter a real day" in words(ben.get(page, {"on": "yesterday"}))
        assert "Asha Test" in words(ben.get(page, {"on": ""}))

    def test_those_who_only_look_see_no_reason_of_absence(self, cast: Cast, client: Client) -> None:
        add_absence(team=cast.team, worker=asha(cast), new=Away("SICKNESS", BEGUN, None), by=cast.ben, at=AT)
        client.force_login(cast.dev)
        text = words(client.get(address(cast, "team-staffing")))
        assert "Away since 1 January 2024" in text
        assert "sickness" not in text.lower()
        assert "Add somebody new" not in text
        assert "Hidden: fewer than five people" in text

    def test_administrator_sees_nothing_of_it(self, cast: Cast, client: Client) -> None:
        client.force_login(cast.ewa)
        assert client.get(address(cast, "team-staffing")).status_code == 403

    def test_leavers_and_starters_are_named(self, cast: Cast, ben: Client) -> None:
        today = timezone.localdate()
        (gone,) = add_workers(employer=cast.employer, workers=[new_worker("Gone Test", cast.team)], by=None, at=AT)
        end_contract(team=cast.team, worker=gone, ends_on=today - timedelta(days=3), by=cast.ben, at=AT)
        assert "Gone Test left on" in words(ben.get(address(cast, "team-staffing")))
        assert "They have left this team." in words(ben.get(address(cast, "team-member", gone.public_id)))


class TestForms:
    def test_starter(self, cast: Cast, ben: Client) -> None:
        page = address(cast, "starter-new")
        response = send(
            ben, page, name="Noor Test", registered="yes", case_holding="yes", agency="no", weekly_hours="18.5"
        )
        assert "The worker is added." in words(response)
        assert Worker.objects.get(name="Noor Test").contracts.get().weekly_hours == Decimal("18.5")

    def test_starter_without_answers_is_told_what_is_missing(self, cast: Cast, ben: Client) -> None:
        text = words(ben.post(address(cast, "starter-new"), {"once": uuid4(), "weekly_hours": "200"}))
        for sentence in (
            "Enter the worker’s name",
            "Choose whether they are registered, or not known",
            "Choose whether they hold cases",
            "Enter hours from 0 to 60, such as 18.5",
            "Enter their first day in the team",
        ):
            assert sentence in text

    def test_colleague_nobody_knows(self, cast: Cast, ben: Client) -> None:
        response = send(ben, address(cast, "colleague-new"), staff_reference="X1")
        assert "Nobody of Testshire Council has the staff reference X1" in words(response)

    def test_hours_from_a_day_and_a_form_sent_twice(self, cast: Cast, ben: Client) -> None:
        page = member(cast, "member-hours")
        sent = filled(ben, page, weekly_hours="30", starts_on="02/11/2026")
        assert "The hours of Asha Test are changed." in words(ben.post(page, sent, follow=True))
        assert SAVED_ONCE in words(ben.post(page, sent, follow=True))
        assert asha(cast).contracts.count() == 2

    def test_second_manager_is_told_and_may_save_again(self, cast: Cast, ben: Client) -> None:
        page = member(cast, "member-hours")
        mine = filled(ben, page, weekly_hours="20", starts_on="02/11/2026")
        send(ben, page, weekly_hours="30", starts_on="02/11/2026")
        refused = ben.post(page, mine)
        assert refused.context["form"]["weekly_hours"].value() == "20"
        assert "Somebody else changed this while you had the form open" in words(refused)
        again = mine | {"seen": refused.context["form"]["seen"].value()}
        assert "The hours of Asha Test are changed." in words(ben.post(page, again, follow=True))
        assert asha(cast).contracts.get(ends_on=None).weekly_hours == 20

    def test_first_day_is_corrected(self, cast: Cast, ben: Client, django_assert_max_num_queries: Any) -> None:
        contract = asha(cast).contracts.get()
        with django_assert_max_num_queries(10):
            ben.get(member(cast, "member-first-day", contract.pk))
        text = words(send(ben, member(cast, "member-first-day", contract.pk), starts_on="05/01/2026"))
        assert "The first day is corrected." in text
        assert "from 5 January 2026" in text

    def test_details_start_with_what_is_recorded(self, cast: Cast, ben: Client) -> None:
        Worker.objects.filter(pk=asha(cast).pk).update(registered=None)
        page = member(cast, "member-details")
        assert filled(ben, page)["registered"] == "not known"
        assert "The details are saved." in words(send(ben, page, career_stage="EXPERIENCED"))
        asha(cast).refresh_from_db()
        assert (asha(cast).career_stage, asha(cast).registered, asha(cast).agency) == ("EXPERIENCED", None, False)

    def test_leaver_s_cases_are_counted_first(self, cast: Cast, ben: Client) -> None:
        page = member(cast, "member-leave")
        assert "Asha Test holds 3 open cases here. From the day they leave, they are unallocated." in words(
            ben.get(page)
        )
        assert "Asha Test leaves the team" in words(send(ben, page, ends_on="01/11/2026"))
        assert asha(cast).contracts.get().ends_on is not None

    def test_posts(self, cast: Cast, ben: Client) -> None:
        page = address(cast, "team-posts")
        assert "Now: no posts recorded. A full-time week is 37 hours." in words(ben.get(page))
        assert "The posts of the team are saved." in words(send(ben, page, weekly_hours="185"))
        assert cast.team.establishments.get().weekly_hours == 185

    def test_absence_begins_and_ends(self, cast: Cast, ben: Client) -> None:
        send(ben, member(cast, "absence-new"), reason="SICKNESS", starts_on="02/11/2026")
        row = asha(cast).absences.get()
        send(ben, member(cast, "absence", row.pk), ends_on="09/11/2026")
        row.refresh_from_db()
        assert row.ends_on == TODAY + timedelta(days=7)
        page = member(cast, "absence", row.pk)
        assert "Say why it is removed" in words(send(ben, page, mistake="on"))
        send(ben, page, mistake="on", reason_for_removing="Wrong worker")
        assert not asha(cast).absences.exists()

    def test_session_is_recorded_and_corrected(self, cast: Cast, ben: Client) -> None:
        page = member(cast, "session-new")
        start = filled(ben, page)
        assert start["supervisor"] == cast.workers["Ben Test"].pk
        given = {"held_on": "02/11/2026", "minutes": "60", "interrupted": "no", "reflective": "yes"}
        assert "Supervision of Asha Test is recorded." in words(send(ben, page, **given))
        row = SupervisionSession.objects.get()
        assert (row.supervisor, row.supervisor_registered) == (cast.workers["Ben Test"], True)
        send(ben, member(cast, "session", row.pk), minutes="90")
        row.refresh_from_db()
        assert row.minutes == 90
        send(ben, member(cast, "session", row.pk), mistake="on", reason_for_removing="It was cancelled")
        assert not SupervisionSession.objects.exists()

    @pytest.mark.parametrize(
        ("typed", "sentence"),
        [
            ({"minutes": "long"}, "Enter whole minutes from 1 to 480, such as 90"),
            ({"minutes": "0"}, "Enter whole minutes from 1 to 480, such as 90"),
            ({"supervisor": ""}, "Choose who held it, or enter their name"),
            ({"held_on": "01/01/2099"}, "enter a day that is not in the future"),
        ],
    )
    def test_session_that_cannot_be(self, cast: Cast, ben: Client, typed: dict[str, str], sentence: str) -> None:
        given = {"held_on": "02/11/2026", "minutes": "90", "interrupted": "no", "reflective": "yes"}
        assert sentence in words(send(ben, member(cast, "session-new"), **(given | typed)))


class TestReductionForm:
    GIVEN = {"listed": "Induction into the team", "starts_on": "02/11/2026"}

    def typed(self, cast: Cast, **more: object) -> dict[str, object]:
        return self.GIVEN | {"approved_by": cast.hana.pk} | more

    def test_example_fills_what_is_left_out(self, cast: Cast, ben: Client) -> None:
        send(ben, member(cast, "reduction-new"), **self.typed(cast))
        row = CapacityReduction.objects.get(reason="Induction into the team")
        assert (row.kind, row.amount, row.approved_by) == ("PERCENT", 50, cast.hana)
        assert row.ends_on == TODAY.replace(month=1, year=2027)

    def test_own_words_and_hours(self, cast: Cast, ben: Client) -> None:
        more = {"listed": "own words", "own_reason": "Magistrate", "kind": "HOURS", "amount": "3.75"}
        send(ben, member(cast, "reduction-new"), **self.typed(cast, **more))
        row = CapacityReduction.objects.get(reason="Magistrate")
        assert (row.kind, row.amount, row.ends_on) == ("HOURS", Decimal("3.75"), None)
        page = member(cast, "reduction", row.pk)
        start = filled(ben, page)
        assert (start["listed"], start["own_reason"]) == ("own words", "Magistrate")
        send(ben, page, ends_on="09/11/2026")
        row.refresh_from_db()
        assert row.ends_on == TODAY + timedelta(days=7)
        send(ben, page, mistake="on", reason_for_removing="Wrong worker")
        assert not CapacityReduction.objects.filter(pk=row.pk).exists()

    @pytest.mark.parametrize(
        ("typed", "sentence"),
        [
            ({"listed": "own words"}, "Enter the reason, or choose one from the list"),
            ({"listed": "own words", "own_reason": "Magistrate"}, "Enter how much is taken away"),
            ({"kind": "HOURS"}, "Enter how much is taken away"),
            ({"amount": "some"}, "Enter a number, such as 20"),
            ({"amount": "101"}, "A percentage can be 100 at most"),
            ({"approved_by": ""}, "Choose who approved it"),
            ({"listed": "own words", "own_reason": "born 1.1.2015", "amount": "5"}, "looks like a date of birth"),
        ],
    )
    def test_reduction_that_cannot_be(self, cast: Cast, ben: Client, typed: dict[str, str], sentence: str) -> None:
        response = send(ben, member(cast, "reduction-new"), **self.typed(cast, **typed))
        assert sentence in words(response)
        assert asha(cast).reductions.count() == 1

    def test_correcting_leaves_an_open_end_open(self, cast: Cast, ben: Client) -> None:
        row = CapacityReduction.objects.create(
            worker=asha(cast),
            team=cast.team,
            kind="PERCENT",
            amount=50,
            reason="Induction into the team",
            starts_on=TODAY,
        )
        send(ben, member(cast, "reduction", row.pk), amount="40", approved_by=cast.hana.pk)
        row.refresh_from_db()
        assert (row.amount, row.ends_on) == (40, None)


class TestRules:
    @pytest.fixture
    def cora(self, cast: Cast, client: Client) -> Client:
        client.force_login(cast.cora)
        return client

    def test_what_is_changed_has_its_source_and_the_rest_stays(self, cast: Cast, cora: Client) -> None:
        assert address(cast, "supervision-rules") in words(cora.get(address(cast, "team-supervision")))
        page = address(cast, "supervision-rules")
        assert "Enter where you agreed what you change" in words(send(cora, page, gap_established_always="28"))
        assert "They hold for all teams" in words(send(cora, page, gap_established_always="28", source="Policy 2026"))
        shipped = supervision_rules()
        established = next(rule for rule in shipped if rule.stage == "ESTABLISHED")
        rules = rules_of(cast.employer)
        assert len(rules) == len(shipped)
        assert replace(established, gap_days=28, source="Policy 2026", note="") in rules
        assert set(rules) & set(shipped) == set(shipped) - {established}
        send(cora, page, shipped="on")
        assert rules_of(cast.employer) == shipped

    def test_second_of_two_is_told(self, cast: Cast, cora: Client) -> None:
        page = address(cast, "supervision-rules")
        stale = filled(cora, page, gap_student_always="8", source="Policy")
        send(cora, page, gap_newly_qualified_6weeks="8", source="Policy")
        text = words(cora.post(page, stale))
        assert "Newly qualified, first 6 weeks: 8 days, 90 minutes; " in text
        assert "Student: as agreed, 90 minutes; " in text

    def test_refused_form_keeps_each_number_at_its_stage(self, cast: Cast, cora: Client) -> None:
        page = address(cast, "supervision-rules")
        stale = filled(cora, page, gap_student_always="9", source="Policy")
        send(cora, page, gap_student_always="8", source="Policy")
        refused = cora.post(page, stale).context["form"]
        cora.post(page, refused.data)
        assert {rule.gap_days for rule in rules_of(cast.employer) if rule.stage == "STUDENT"} == {9}
        assert {rule.gap_days for rule in rules_of(cast.employer) if rule.stage == "UNQUALIFIED"} == {31}

    def test_number_that_is_none_is_refused(self, cast: Cast, cora: Client) -> None:
        text = words(
            send(
                cora,
                address(cast, "supervision-rules"),
                gap_student_always="0",
                minutes_student_always="many",
                source="Policy",
            )
        )
        assert "whole number from 1 to 366" in text
        assert "whole number from 1 to 480" in text

    def test_it_asks_little(self, cast: Cast, cora: Client, django_assert_max_num_queries: Any) -> None:
        with django_assert_max_num_queries(10):
            cora.get(address(cast, "supervision-rules"))

    def test_managers_are_not_led_there(self, cast: Cast, ben: Client) -> None:
        assert address(cast, "supervision-rules") not in words(ben.get(address(cast, "team-supervision")))


class TestOwnPages:
    def test_worker_reads_her_log_and_enters_hours(self, cast: Cast, client: Client) -> None:
        supervise(cast, asha(cast), TODAY, interrupted=True)
        client.force_login(cast.asha)
        assert "interrupted" in words(client.get(reverse("own-supervision")))
        week = open_weeks(timezone.localdate())[0]
        page = reverse("own-hours-week", args=[week])
        assert "Your additional hours are saved." in words(send(client, page, hours="2.5", note="Court"))
        assert "2.50 hours" in words(client.get(reverse("own-hours")))
        assert "Enter hours from 0 to 100, such as 18.5" in words(client.post(page, {"once": uuid4(), "hours": "x"}))

    def test_account_without_a_worker_is_told_what_to_do(self, cast: Cast, client: Client) -> None:
        client.force_login(cast.dev)
        for name in ("own-supervision", "own-hours"):
            assert "Your account is not linked to a worker" in words(client.get(reverse(name)))

    def test_week_that_is_no_day_is_nowhere(self, cast: Cast, client: Client) -> None:
        client.force_login(cast.asha)
        assert client.get("/my-hours/2026-13-45/").status_code == 404


def test_rows_of_others_are_not_there(cast: Cast, ben: Client) -> None:
    kit = cast.workers["Kit Test"]
    nia = cast.workers["Nia Test"]
    row = asha(cast).reductions.get()
    absence = asha(cast).absences.create(reason="OTHER", starts_on=TODAY)
    session = supervise(cast, asha(cast), TODAY)
    elsewhere = asha(cast).supervision_sessions.create(
        **{name: getattr(session, name) for name in ("minutes", "interrupted", "reflective", "supervisor_name")},
        team=cast.other_team,
        held_on=BEGUN,
        recorded_at=AT,
    )
    for page in (
        address(cast, "session", asha(cast).public_id, elsewhere.pk),
        address(cast, "team-member", kit.public_id),
        address(cast, "reduction", nia.public_id, row.pk),
        address(cast, "absence", nia.public_id, absence.pk),
        address(cast, "session", nia.public_id, session.pk),
    ):
        assert ben.get(page).status_code == 404


PAGES = [
    ("team-staffing", "team", 12),
    ("team-supervision", "team", 14),
    ("team-member", "worker", 12),
    ("supervision-log", "worker", 13),
    ("member-leave", "worker", 10),
    ("reduction-new", "worker", 10),
    ("session-new", "worker", 12),
    ("own-supervision", "own", 9),
    ("own-hours", "own", 6),
]


@pytest.mark.parametrize("asked", PAGES, ids=lambda asked: asked[0])
def test_pages_ask_no_more_often_the_more_there_is(
    cast: Cast, client: Client, django_assert_max_num_queries: Any, asked: tuple[str, str, int]
) -> None:
    name, of, most = asked
    client.force_login(cast.asha if of == "own" else cast.ben)
    workers = add_workers(
        employer=cast.employer, workers=[new_worker(f"More {n}", cast.team) for n in range(25)], by=None, at=AT
    )
    for number, worker in enumerate([*workers, asha(cast)]):
        supervise(cast, worker, TODAY - timedelta(days=number))
        worker.absences.create(reason="OTHER", starts_on=BEGUN, ends_on=TODAY)
    page = reverse(name) if of == "own" else address(cast, name) if of == "team" else member(cast, name)
    client.get(page)
    with django_assert_max_num_queries(most):
        assert client.get(page).status_code == 200
