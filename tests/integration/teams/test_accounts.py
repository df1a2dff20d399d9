"""Accounts: inviting, setting a password by a link that works once, and what administrators do about them."""

import re
import smtplib
import threading
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.core.mail import EmailMessage
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.urls import reverse

from teams import letter_sending, session_clearing, tasks
from teams.actions import accounts, letters, passwords
from teams.actions.accounts import NewAccount
from teams.actions.roles import NewRole
from teams.actions.setting_up import open_account
from teams.letter_sending import hash_of
from teams.models import AccountLetter, AuditEntry, RoleAssignment, SignIn, User
from teams.queries.accounts import PAGE
from teams.refusals import NotAllowed
from teams.roles import Role
from tests.cast import AT, PASSWORD, Cast, assemble, give_second_factor
from tests.clients import SignedInClient
from tests.integration.teams.test_signing_in import give

NEW = "correct horse battery staple"
LINK = re.compile(r"http://localhost:8000(/set-password/([\w-]+)/)")


@pytest.fixture
def queued(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Asks for the letters to be sent, which would go to the workers."""
    asked: list[str] = []
    monkeypatch.setattr(tasks.send_letters, "apply_async", lambda **_: asked.append("send"))
    return asked


def invited(cast: Cast, **changes: Any) -> User:
    new = NewAccount("Ida van der Test", "Ida@Testshire.example")
    fields = {"employer": cast.employer, "new": new, "roles": [NewRole(Role.MANAGER, cast.team)], "by": cast.ewa}
    return accounts.invite(**(fields | changes), at=AT)


def link_of(mail: EmailMessage) -> str:
    found = LINK.search(mail.body)
    assert found, mail.body
    return found[2]


def sent(mailoutbox: list[EmailMessage], *, at: datetime = AT) -> str:
    letter_sending.send_letters(at=at)
    return link_of(mailoutbox[-1])


# Inviting


def test_invitation_opens_an_account_with_a_role_and_a_letter(cast: Cast, mailoutbox: list[EmailMessage]) -> None:
    worker = cast.workers["Nia Test"]
    user = invited(cast, new=NewAccount("Nia Test", "nia@testshire.example", worker))
    token = sent(mailoutbox)
    assert (user.username, str(user), user.worker) == ("nia@testshire.example", "Nia Test", worker)
    assert not user.has_usable_password()
    assert RoleAssignment.objects.get(user=user).team == cast.team
    assert mailoutbox[0].to == ["nia@testshire.example"]
    letter = AccountLetter.objects.get()
    assert (letter.token_hash, letter.expires_at) == (hash_of(token), AT + timedelta(days=7))
    assert token not in str(AccountLetter.objects.values().get())
    events = AuditEntry.objects.filter(target=f"teams.User:{user.pk}").values_list("event", flat=True)
    assert set(events) == {"ACCOUNT_INVITED", "ROLE_GIVEN"}


def test_one_account_an_address_whatever_its_case(cast: Cast) -> None:
    invited(cast)
    with pytest.raises(NotAllowed, match="already"):
        invited(cast, new=NewAccount("Another", "IDA@testshire.example"))
    with pytest.raises(IntegrityError), transaction.atomic():
        User.objects.create_user(username="else", email="IDA@TESTSHIRE.EXAMPLE")


def test_worker_has_one_account(cast: Cast) -> None:
    with pytest.raises(NotAllowed, match="Asha Test has an account already"):
        invited(cast, new=NewAccount("Ida", "ida@testshire.example", cast.workers["Asha Test"]))
    assert not User.objects.filter(email="ida@testshire.example").exists()


@pytest.mark.parametrize("name", ["ben", "cora", "dev", "femi", "gil"])
def test_only_administrators_invite(cast: Cast, name: str) -> None:
    with pytest.raises(PermissionDenied):
        invited(cast, by=cast.users[name])


def test_newer_invitation_takes_the_place_of_the_older(cast: Cast, mailoutbox: list[EmailMessage]) -> None:
    user = invited(cast)
    first = sent(mailoutbox)
    accounts.invite_again(employer=cast.employer, account=user, by=cast.ewa, at=AT)
    second = sent(mailoutbox)
    with pytest.raises(NotAllowed, match="not valid"):
        passwords.set_password(token=first, password=NEW, at=AT)
    passwords.set_password(token=second, password=NEW, at=AT)
    with pytest.raises(NotAllowed, match="set a password already"):
        accounts.invite_again(employer=cast.employer, account=user, by=cast.ewa, at=AT)


def test_withdrawn_invitation_does_not_work(cast: Cast, mailoutbox: list[EmailMessage]) -> None:
    user = invited(cast)
    token = sent(mailoutbox)
    accounts.withdraw_invitation(employer=cast.employer, account=user, by=cast.ewa, at=AT)
    with pytest.raises(NotAllowed, match="not valid"):
        passwords.find_link(token, at=AT)
    with pytest.raises(NotAllowed, match="no invitation"):
        accounts.withdraw_invitation(employer=cast.employer, account=user, by=cast.ewa, at=AT)


def test_withdrawn_before_it_was_sent_is_not_sent(cast: Cast, mailoutbox: list[EmailMessage]) -> None:
    accounts.withdraw_invitation(employer=cast.employer, account=invited(cast), by=cast.ewa, at=AT)
    letter_sending.send_letters(at=AT)
    assert mailoutbox == []


def test_nobody_without_an_address_is_invited_again(cast: Cast) -> None:
    user = open_account(
        employer=cast.employer, username="kay", name="Kay", password=None, roles=[(Role.OBSERVER, None)], by=None, at=AT
    )
    with pytest.raises(NotAllowed, match="no e-mail address"):
        accounts.invite_again(employer=cast.employer, account=user, by=cast.ewa, at=AT)


# Links


def test_link_sets_a_password_once_and_signs_out_everywhere(cast: Cast, mailoutbox: list[EmailMessage]) -> None:
    user = invited(cast)
    token = sent(mailoutbox)
    SignedInClient().force_login(user)
    assert passwords.set_password(token=token, password=NEW, at=AT) == user
    user.refresh_from_db()
    assert user.check_password(NEW)
    assert not SignIn.objects.filter(user=user).exists()
    with pytest.raises(NotAllowed, match="used already"):
        passwords.set_password(token=token, password="another one of mine", at=AT)
    letter_sending.send_letters(at=AT)
    assert "a password was set" in mailoutbox[-1].body


def test_link_runs_out(cast: Cast, mailoutbox: list[EmailMessage]) -> None:
    invited(cast)
    token = sent(mailoutbox)
    passwords.find_link(token, at=AT + timedelta(days=6, hours=23))
    with pytest.raises(NotAllowed, match="run out"):
        passwords.set_password(token=token, password=NEW, at=AT + timedelta(days=7))


def test_link_of_a_closed_account_does_not_work(cast: Cast, mailoutbox: list[EmailMessage]) -> None:
    user = invited(cast)
    token = sent(mailoutbox)
    User.objects.filter(pk=user.pk).update(is_active=False)
    with pytest.raises(NotAllowed, match="not valid"):
        passwords.find_link(token, at=AT)


@pytest.mark.django_db(transaction=True)
def test_a_letter_that_another_worker_has_taken_is_not_sent_again(
    mailoutbox: list[EmailMessage], queued: list[str]
) -> None:
    """The first has not committed yet when the second has already found that the letter waits."""
    invited(assemble())

    def second() -> None:
        letter_sending.send_letters(at=AT)
        connection.close()

    thread = threading.Thread(target=second)
    with transaction.atomic():
        AccountLetter.objects.update(sent_at=AT, attempts=1)
        thread.start()
        thread.join(1)
        assert thread.is_alive()
    thread.join(20)
    assert mailoutbox == []
    assert queued == ["send"]


@pytest.mark.django_db(transaction=True)
def test_of_two_who_use_a_link_at_once_one_sets_the_password(mailoutbox: list[EmailMessage], queued: list[str]) -> None:
    cast = assemble()
    user = invited(cast)
    token = sent(mailoutbox)
    together, outcomes = threading.Barrier(2), []

    def use(password: str) -> None:
        try:
            together.wait(10)
            passwords.set_password(token=token, password=password, at=AT)
            outcomes.append(password)
        except NotAllowed as reason:
            outcomes.append(str(reason))
        finally:
            connection.close()

    chosen = ["the password of one", "the password of two"]
    threads = [threading.Thread(target=use, args=[one]) for one in chosen]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    [winner] = [one for one in outcomes if one in chosen]
    assert sorted(outcomes) == sorted([winner, "This link was used already"])
    user.refresh_from_db()
    assert user.check_password(winner)


def test_page_behind_a_link(cast: Cast, mailoutbox: list[EmailMessage], queued: list[str]) -> None:
    invited(cast)
    token = sent(mailoutbox, at=datetime.now(UTC))  # noqa: TID251
    browser, page = Client(), reverse("set-password", args=[token])
    assert [browser.get(page).status_code for _ in range(2)] == [200, 200]  # looking does not use it up
    short = browser.post(page, {"password": "short"})
    assert "too short" in short.text
    known = browser.post(page, {"password": "passwordpassword"})
    assert "known from breaches" in known.text
    assert browser.post(page, {"password": NEW}).headers["Location"] == "/sign-in/"
    over = browser.get(page)
    assert (over.status_code, "used already" in over.text) == (410, True)
    answer = give(browser, "ida@testshire.example", NEW)
    assert browser.get(answer.url).headers["Location"] == "/second-factor/"


# Forgotten passwords


def asked(browser: Client, name: str) -> Any:
    return browser.post(reverse("forgotten-password"), {"name": name})


def test_asking_for_a_password_says_the_same_to_all(
    cast: Cast, mailoutbox: list[EmailMessage], django_capture_on_commit_callbacks: Any, queued: list[str]
) -> None:
    cast.asha.set_password(PASSWORD)
    cast.asha.email = "asha@testshire.example"
    cast.asha.save()
    with django_capture_on_commit_callbacks(execute=True):
        answers = [asked(Client(), name) for name in ("asha", "Asha@Testshire.example", "nobody", "ben", "femi")]
    assert {re.sub(r"nonce.*|csrf.*", "", answer.text) for answer in answers} == {answers[0].text}
    assert queued == ["send"] * 5
    letter_sending.send_letters(at=AT)
    assert [mail.to for mail in mailoutbox] == [["asha@testshire.example"]]  # the newer one only


def test_forgotten_password_runs_out_after_an_hour(cast: Cast, mailoutbox: list[EmailMessage]) -> None:
    User.objects.filter(pk=cast.asha.pk).update(email="asha@testshire.example")
    cast.asha.set_password(PASSWORD)
    cast.asha.save(update_fields=["password"])
    letters.ask_for_password(name="asha", at=AT)
    token = sent(mailoutbox)
    with pytest.raises(NotAllowed, match="run out"):
        passwords.find_link(token, at=AT + timedelta(hours=1))


def test_closed_and_never_invited_accounts_get_no_link(cast: Cast, mailoutbox: list[EmailMessage]) -> None:
    User.objects.filter(pk=cast.asha.pk).update(email="asha@testshire.example")
    letters.ask_for_password(name="asha", at=AT)  # signs in elsewhere: no password, never invited
    User.objects.filter(pk=cast.ben.pk).update(email="ben@testshire.example", is_active=False, password="x")
    letters.ask_for_password(name="ben", at=AT)
    letter_sending.send_letters(at=AT)
    assert mailoutbox == []


def test_few_letters_an_hour_to_one_name(cast: Cast, queued: list[str]) -> None:
    browser = Client()
    assert [asked(browser, "someone").status_code for _ in range(4)] == [200, 200, 200, 429]


# Sending


def test_letter_that_cannot_be_sent_is_tried_again(
    cast: Cast, mailoutbox: list[EmailMessage], monkeypatch: pytest.MonkeyPatch
) -> None:
    invited(cast)

    def refuse(*_: object) -> None:
        raise smtplib.SMTPServerDisconnected

    with monkeypatch.context() as broken:
        broken.setattr(EmailMessage, "send", refuse)
        letter_sending.send_letters(at=AT)
    letter = AccountLetter.objects.get()
    assert (letter.sent_at, letter.token_hash, letter.attempts) == (None, "", 1)
    tasks.send_letters()
    tasks.send_letters()
    assert len(mailoutbox) == 1


def test_sessions_that_have_run_out_leave_nothing(cast: Cast) -> None:
    client = SignedInClient()
    client.force_login(cast.asha)
    tasks.clear_sessions()
    assert SignIn.objects.count() == 1
    session_clearing.clear_sessions(at=datetime.now(UTC) + timedelta(minutes=31))  # noqa: TID251
    assert SignIn.objects.count() == 0


# What administrators do


def test_account_is_put_right(cast: Cast, client: Client) -> None:
    client.force_login(cast.ewa)
    page = reverse("account-change", args=["testshire", cast.asha.public_id])
    form = client.get(page).context["form"]
    assert form.initial["worker"] == cast.workers["Asha Test"].public_id
    nia = cast.workers["Nia Test"]
    data = {"once": form["once"].value(), "name": "Asha de Test", "email": "Asha@Testshire.example"}
    User.objects.filter(pk=cast.dev.pk).update(email="asha@testshire.example")
    assert "already" in client.post(page, data).text
    User.objects.filter(pk=cast.dev.pk).update(email="")
    assert "is changed" in client.post(page, data | {"worker": str(nia.public_id)}, follow=True).text
    cast.asha.refresh_from_db()
    assert (str(cast.asha), cast.asha.email, cast.asha.worker) == ("Asha de Test", "asha@testshire.example", nia)
    detail = AuditEntry.objects.get(event="ACCOUNT_CHANGED").detail
    assert (detail["before"]["email"], detail["after"]["name"]) == ("", "Asha de Test")


def test_new_address_ends_the_links_that_went_to_the_old_one(cast: Cast, mailoutbox: list[EmailMessage]) -> None:
    user = invited(cast)
    token = sent(mailoutbox)
    new = NewAccount("Ida", "other@testshire.example")
    accounts.change_account(employer=cast.employer, account=user, new=new, by=cast.ewa, at=AT)
    with pytest.raises(NotAllowed, match="not valid"):
        passwords.find_link(token, at=AT)


def test_a_name_is_put_right_and_the_address_stays(cast: Cast) -> None:
    User.objects.filter(pk=cast.asha.pk).update(email="asha@testshire.example")
    new = NewAccount(name="Asha Other", email="asha@testshire.example", worker=cast.workers["Asha Test"])
    accounts.change_account(employer=cast.employer, account=cast.asha, new=new, by=cast.ewa, at=AT)
    cast.asha.refresh_from_db()
    assert (str(cast.asha), cast.asha.email) == ("Asha Other", "asha@testshire.example")


def step(cast: Cast, name: str, account: User, *, by: User | None = None) -> Any:
    client = SignedInClient()
    client.force_login(by or cast.ewa)
    page = reverse("account-step", args=[cast.employer.slug, account.public_id, name])
    form = client.get(page).context["form"]
    return client.post(page, {"once": form["once"].value()}, follow=True)


def test_second_factor_is_reset_and_said(cast: Cast, mailoutbox: list[EmailMessage]) -> None:
    User.objects.filter(pk=cast.ben.pk).update(email="ben@testshire.example")
    give_second_factor(cast.ben)
    browser = SignedInClient()
    browser.force_login(cast.ben)
    assert "The second factor is reset" in step(cast, "reset-second-factor", cast.ben).text
    assert browser.get("/").status_code == 302
    assert not cast.ben.authenticator_set.exists()  # type: ignore[attr-defined]
    assert AuditEntry.objects.get(event="SECOND_FACTOR_RESET").by == cast.ewa
    letter_sending.send_letters(at=AT)
    assert "an administrator reset its second factor" in mailoutbox[0].body
    assert "no second factor" in step(cast, "reset-second-factor", cast.ben).text


def test_account_is_closed_and_opened_again(cast: Cast) -> None:
    browser = SignedInClient()
    browser.force_login(cast.asha)
    assert "The account is closed" in step(cast, "close", cast.asha).text
    assert browser.get("/my-hours/").status_code == 302
    assert "closed already" in step(cast, "close", cast.asha).text
    assert "The account is open" in step(cast, "reopen", cast.asha).text
    assert "open already" in step(cast, "reopen", cast.asha).text
    events = AuditEntry.objects.filter(target=f"teams.User:{cast.asha.pk}").values_list("event", flat=True)
    assert list(events)[-2:] == ["ACCOUNT_CLOSED", "ACCOUNT_REOPENED"]


def test_somebody_is_signed_out_everywhere(cast: Cast) -> None:
    browser = SignedInClient()
    browser.force_login(cast.asha)
    step(cast, "sign-out", cast.asha)
    assert browser.get("/my-hours/").status_code == 302
    assert AuditEntry.objects.get(event="SIGN_INS_ENDED").detail == {"ended": 1}


def test_nobody_acts_on_their_own_account_or_on_one_with_roles_elsewhere(cast: Cast) -> None:
    assert "your own account" in step(cast, "close", cast.ewa).text
    accounts.give_role(employer=cast.elsewhere.employer, user=cast.asha, new=NewRole(Role.OBSERVER), by=None, at=AT)
    assert "another employer" in step(cast, "close", cast.asha).text
    cast.asha.refresh_from_db()
    assert cast.asha.is_active


def test_unknown_step_is_not_there(cast: Cast, client: Client) -> None:
    client.force_login(cast.ewa)
    assert client.get(reverse("account-step", args=["testshire", cast.asha.public_id, "promote"])).status_code == 404


# Pages


def test_role_is_given_and_ended_on_pages(cast: Cast, client: Client) -> None:
    client.force_login(cast.ewa)
    new = reverse("account-role-new", args=["testshire", cast.asha.public_id])
    once = client.get(new).context["form"]["once"].value()
    data = {"once": once, "role": "MANAGER", "scope": "employer"}
    assert "one team at a time" in client.post(new, data).text
    data |= {"scope": f"team-{cast.team.pk}", "starts_on": "1/12/2026", "ends_on": "1/11/2026"}
    assert "after the first day" in client.post(new, data).text
    assert "The role is given" in client.post(new, data | {"ends_on": "1/2/2027"}, follow=True).text
    assert "saved twice" in client.post(new, data | {"ends_on": "1/2/2027"}, follow=True).text
    row = RoleAssignment.every.get(user=cast.asha, role="MANAGER")
    end = reverse("account-role-end", args=["testshire", cast.asha.public_id, row.pk])
    once = client.get(end).context["form"]["once"].value()
    assert "ends on that day" in client.post(end, {"once": once, "on": "15/12/2026"}, follow=True).text
    row.refresh_from_db()
    assert str(row.ends_on) == "2026-12-15"


def test_roles_of_others_cannot_be_ended_by_their_number(cast: Cast, client: Client) -> None:
    client.force_login(cast.ewa)
    row = RoleAssignment.objects.get(user=cast.ben)
    assert client.get(reverse("account-role-end", args=["testshire", cast.asha.public_id, row.pk])).status_code == 404


def test_invitation_on_the_page(cast: Cast, client: Client) -> None:
    client.force_login(cast.ewa)
    page = reverse("account-new", args=["testshire"])
    form = client.get(page).context["form"]
    data = {"once": form["once"].value(), "name": " Ida  Test ", "email": "not an address", "role": "DIRECTOR"}
    refused = client.post(page, data | {"scope": "employer"})
    assert "in the usual form" in refused.text
    assert 'value=" Ida  Test "' in refused.text or "Ida" in refused.text
    nia = str(cast.workers["Nia Test"].public_id)
    data |= {"email": "ida@testshire.example", "scope": "employer", "worker": nia}
    assert "on its way" in client.post(page, data, follow=True).text
    user = User.objects.get(email="ida@testshire.example")
    assert (str(user), user.worker.name) == ("Ida Test", "Nia Test")


def test_list_is_paged_and_narrowed_down_in_few_statements(
    cast: Cast, client: Client, django_assert_max_num_queries: Any
) -> None:
    client.force_login(cast.ewa)
    for number in range(PAGE):
        email = f"person{number:03}@testshire.example"
        user = User.objects.create_user(username=email, email=email, first_name="Person", last_name=f"No {number:03}")
        RoleAssignment.objects.create(user=user, role="OBSERVER", employer=cast.employer)
    page = reverse("accounts", args=["testshire"])
    with django_assert_max_num_queries(15):
        whole = client.get(page)
    assert "Page 1 of 2" in whole.text
    found = client.get(page, {"name": "person 017"}).text
    assert "No 017" in found
    assert "No 018" not in found
    assert "No account matches" in client.get(page, {"name": "zzz"}).text
    User.objects.filter(pk=cast.asha.pk).update(is_active=False)
    assert [row.user for row in client.get(page, {"state": "closed"}).context["rows"]] == [cast.asha]
    assert len(client.get(page, {"state": "no-password-yet", "page": "all"}).context["rows"]) > PAGE


# One's own account


def test_what_is_held_about_ones_own_account(cast: Cast, mailoutbox: list[EmailMessage]) -> None:
    User.objects.filter(pk=cast.asha.pk).update(email="asha@testshire.example", password="x")
    letters.ask_for_password(name="asha", at=AT)
    letter_sending.send_letters(at=AT)
    give_second_factor(cast.asha)
    cast.asha.refresh_from_db()
    client = SignedInClient()
    client.force_login(cast.asha)
    for held, words in {"sign-ins": "2026", "second-factors": "TOTP", "account-letters": "Forgotten password"}.items():
        assert words in client.get(reverse("own-data-rows", args=[held])).text


def test_own_sign_ins_are_listed_and_ended(cast: Cast) -> None:
    here, there, elsewhere = SignedInClient(), SignedInClient(), SignedInClient()
    for client in (here, there, elsewhere):
        client.force_login(cast.asha)
    page = here.get(reverse("own-account"))
    assert page.text.count("(this one)") == 1
    [mark] = [row.mark for row, _ in page.context["sign_ins"] if row.session_key == there.session.session_key]
    here.post(reverse("own-sign-in-end", args=[mark]))
    assert there.get("/my-hours/").status_code == 302
    assert elsewhere.get("/my-hours/").status_code == 200
    here.post(reverse("own-sign-ins-end"))
    assert elsewhere.get("/my-hours/").status_code == 302
    assert here.get("/my-hours/").status_code == 200


def test_nobody_ends_the_sign_in_of_somebody_else(cast: Cast, client: Client) -> None:
    theirs = SignedInClient()
    theirs.force_login(cast.ben)
    client.force_login(cast.asha)
    client.post(reverse("own-sign-in-end", args=[SignIn.objects.get(user=cast.ben).mark]))
    assert theirs.get("/my-hours/").status_code == 200


def test_own_password_is_changed_by_whoever_knows_it(cast: Cast, queued: list[str]) -> None:
    cast.asha.set_password(PASSWORD)
    cast.asha.save()
    here, there = SignedInClient(), SignedInClient()
    for client in (here, there):
        client.force_login(cast.asha)
    page = reverse("own-password")
    assert "not the password you have now" in here.post(page, {"now": "wrong", "password": NEW}).text
    assert "little more than a name" in here.post(page, {"now": PASSWORD, "password": "Testshire Council 26"}).text
    assert here.post(page, {"now": PASSWORD, "password": NEW}).headers["Location"] == reverse("own-account")
    assert here.get("/my-hours/").status_code == 200
    assert there.get("/my-hours/").status_code == 302
    cast.asha.refresh_from_db()
    assert cast.asha.check_password(NEW)
