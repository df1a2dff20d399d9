"""Signing in as it happens: real passwords, a real Valkey, sessions in the database."""

import socket
import subprocess
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from healthcheck import embedded
from teams import attempts
from teams.actions.roles import NewRole, end_role, give_role
from teams.adapters import SIGN_IN_FROM_ADDRESS, SIGN_IN_OF_ACCOUNT
from teams.forms.second_factor import CODES_OF_ACCOUNT
from teams.models import AuditEntry, RoleAssignment, SignIn, User
from teams.roles import Role
from tests.cast import PASSWORD, Cast, assemble, give_second_factor
from tests.clients import SignedInClient

pytestmark = pytest.mark.usefixtures("no_attempts_yet")

WRONG = "The name or the password is not right"
FIREFOX = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:145.0) Gecko/20100101 Firefox/145.0"


@pytest.fixture
def cast(db: None) -> Cast:
    """Everybody has a password; asha needs no second factor, the others have one."""
    return assemble(PASSWORD)


@pytest.fixture
def browser() -> Client:
    """A browser that has not signed in."""
    return Client(headers={"User-Agent": FIREFOX})


def give(browser: Client, name: str, password: str = PASSWORD, **more: str) -> Any:
    return browser.post(reverse("sign-in"), {"login": name, "password": password, **more})


def code_now(secret: str) -> str:
    return str(format_hotp_value(hotp_value(secret, int(time.time()) // 30)))


def give_code(browser: Client, code: str) -> Any:
    return browser.post(reverse("mfa_authenticate"), {"code": code})


# Names and passwords


@pytest.mark.parametrize("name", ["asha", "ASHA", "asha@testshire.example", "Asha@Testshire.Example", " asha "])
def test_name_or_address_in_any_case(cast: Cast, browser: Client, name: str) -> None:
    User.objects.filter(pk=cast.asha.pk).update(email="asha@testshire.example")
    assert give(browser, name).url == reverse("home")
    assert browser.get(reverse("own-workload")).status_code == 200


def test_wrong_unknown_and_closed_are_answered_alike(cast: Cast, browser: Client) -> None:
    User.objects.filter(pk=cast.ben.pk).update(is_active=False)
    answers = [give(browser, "asha", "wrong"), give(browser, "nobody"), give(browser, "ben"), give(browser, "a@b.cd")]
    assert [WRONG in answer.text for answer in answers] == [True] * 4
    assert SignIn.objects.filter(user__isnull=False).count() == 0


def test_key_of_the_session_is_another_after_signing_in(cast: Cast, browser: Client, settings: Any) -> None:
    browser.session.save()
    planted = SignIn.objects.create(session_key="planted" * 5, session_data="", expire_date=later(), seen_at=later())
    browser.cookies[settings.SESSION_COOKIE_NAME] = planted.session_key
    give(browser, "asha")
    assert browser.cookies[settings.SESSION_COOKIE_NAME].value != planted.session_key
    assert not SignIn.objects.filter(session_key=planted.session_key, user__isnull=False).exists()


@pytest.mark.parametrize(
    ("wanted", "led_to"),
    [
        ("/my-hours/", "/my-hours/"),
        ("https://elsewhere.example/", "/"),
        ("//elsewhere.example/", "/"),
        ("/\\elsewhere.example", "/"),
        ("javascript:alert(1)", "/"),
        ("http://testserver/my-hours/", "/"),
    ],
)
def test_only_places_of_this_site_are_led_back_to(cast: Cast, browser: Client, wanted: str, led_to: str) -> None:
    assert give(browser, "asha", next=wanted).url == led_to


def test_session_says_from_when_where_and_what(cast: Cast, browser: Client) -> None:
    give(browser, "asha")
    row = SignIn.objects.get(user=cast.asha)
    assert (row.device, row.address) == ("Firefox on Windows", "127.0.0.1")
    assert row.begun_at is not None
    assert datetime.now(UTC) - row.begun_at < timedelta(minutes=1)  # noqa: TID251


def test_address_is_the_one_before_our_own_proxies(cast: Cast, browser: Client, settings: Any) -> None:
    settings.TRUSTED_PROXIES = 1
    data = {"login": "asha", "password": PASSWORD}
    browser.post(reverse("sign-in"), data, headers={"X-Forwarded-For": "6.6.6.6, 10.1.2.3"})
    assert SignIn.objects.get(user=cast.asha).address == "10.1.2.3"


# The second factor


@pytest.mark.parametrize(
    "address",
    ["/", "/my-hours/", "/?data=ods", "/teams/{team}/", "/teams/{team}/cases/file/", "/nowhere/", "/standing-in/"],
)
def test_nothing_answers_before_the_second_factor_is_set_up(cast: Cast, browser: Client, address: str) -> None:
    Authenticator.objects.filter(user=cast.ben).delete()
    give(browser, "ben")
    answer = browser.get(address.format(team=cast.team.public_id))
    assert (answer.status_code, answer.headers.get("Location")) in {(302, "/second-factor/"), (404, None)}
    assert answer.status_code == 302 or address in {"/nowhere/", "/teams/{team}/cases/file/"}


def test_social_workers_are_asked_where_the_settings_say_so(cast: Cast, browser: Client, settings: Any) -> None:
    settings.SECOND_FACTOR_FOR_SOCIAL_WORKERS = True
    give(browser, "asha")
    assert browser.get("/my-hours/").headers["Location"] == "/second-factor/"


def test_demonstration_asks_nobody(cast: Cast, browser: Client, settings: Any) -> None:
    settings.DEMONSTRATION = True
    Authenticator.objects.filter(user=cast.ben).delete()
    give(browser, "ben")
    assert browser.get("/").status_code == 200


def test_role_that_begins_later_asks_already(cast: Cast, browser: Client) -> None:
    tomorrow = datetime.now(UTC).date() + timedelta(days=1)  # noqa: TID251
    new = NewRole(Role.MANAGER, cast.team, starts_on=tomorrow)
    give_role(employer=cast.employer, user=cast.asha, new=new, by=None, at=later())
    give(browser, "asha")
    assert browser.get("/my-hours/").headers["Location"] == "/second-factor/"


def test_code_of_the_app_is_asked_for_and_works_once(cast: Cast, browser: Client) -> None:
    Authenticator.objects.filter(user=cast.ben).delete()
    secret = give_second_factor(cast.ben)
    assert give(browser, "ben").url == reverse("mfa_authenticate")
    assert browser.get("/").headers["Location"] == "/sign-in/?next=%2F"
    code = code_now(secret)
    assert give_code(browser, code).url == "/"
    assert browser.get("/").status_code == 200
    other = Client()
    give(other, "ben")
    assert "That did not work" in give_code(other, code).text
    # even after the library has forgotten that it was used, as long as the clocks of some device may show it
    cache.delete(f"allauth.mfa.totp.used?user={cast.ben.pk}&code={code}")
    assert "That did not work" in give_code(other, code).text
    assert other.get("/").status_code == 302


def test_recovery_code_works_once(cast: Cast, browser: Client) -> None:
    code = Authenticator.objects.get(user=cast.ben, type="recovery_codes").wrap().get_unused_codes()[0]
    give(browser, "ben")
    assert give_code(browser, code).url == "/"
    other = Client()
    give(other, "ben")
    with time_machine.travel(datetime.now(UTC) + timedelta(hours=1), tick=True):  # noqa: TID251
        give(other, "ben")
        assert "That did not work" in give_code(other, code).text


def test_secrets_are_not_readable_in_the_database(cast: Cast) -> None:
    secret = give_second_factor(cast.asha)
    assert secret not in str(list(Authenticator.objects.values_list("data", flat=True)))


def test_setting_up_ends_the_other_sessions_and_is_recorded(cast: Cast, browser: Client) -> None:
    Authenticator.objects.filter(user=cast.ben).delete()
    other = Client()
    give(other, "ben")
    give(browser, "ben")
    secret = browser.get(reverse("mfa_activate_totp")).context["form"].secret
    browser.post(reverse("mfa_activate_totp"), {"code": code_now(secret)})
    assert browser.get("/").status_code == 200
    assert other.get("/").headers["Location"].startswith("/sign-in/")
    entry = AuditEntry.objects.get(event="SECOND_FACTOR_CHANGED")
    assert (entry.by, entry.detail) == (cast.ben, {"change": "The app is set up"})


def test_session_that_passed_the_second_factor_by_is_ended(cast: Cast, browser: Client) -> None:
    browser.force_login(cast.ben)
    assert browser.get("/").headers["Location"] == reverse("sign-in")
    assert not SignIn.objects.filter(user=cast.ben).exists()


def test_removing_the_only_factor_leads_to_setting_one_up(cast: Cast, browser: Client) -> None:
    code = Authenticator.objects.get(user=cast.ben, type="recovery_codes").wrap().get_unused_codes()[0]
    give(browser, "ben")
    give_code(browser, code)
    browser.post(reverse("mfa_deactivate_totp"))
    assert browser.get("/").headers["Location"] == "/second-factor/"


def test_password_is_asked_again_after_a_while(cast: Cast, browser: Client) -> None:
    give(browser, "asha")
    assert browser.get(reverse("mfa_activate_totp")).status_code == 200
    with time_machine.travel(datetime.now(UTC) + timedelta(minutes=11), tick=True):  # noqa: TID251
        again = browser.get(reverse("mfa_activate_totp"))
        assert again.headers["Location"] == "/sign-in/again/?next=%2Fsecond-factor%2Fapp%2F"
        assert "password is not right" in browser.post(again.url, {"password": "wrong"}).text
        assert browser.post(again.url, {"password": PASSWORD}).url == "/second-factor/app/"
        assert browser.get(reverse("mfa_activate_totp")).status_code == 200


def test_second_factor_that_is_reset_while_it_is_looked_for_leads_to_beginning_again(
    cast: Cast, browser: Client
) -> None:
    give(browser, "ben")
    Authenticator.objects.filter(user=cast.ben).delete()
    again = browser.get(reverse("mfa_authenticate"), follow=True)
    assert "Your second factor was reset" in again.text
    give(browser, "ben")
    assert browser.get("/").headers["Location"] == "/second-factor/"


def test_whoever_gave_a_password_may_sign_in_as_somebody_else(cast: Cast, browser: Client) -> None:
    give(browser, "ben")
    assert browser.post(reverse("sign-out")).headers["Location"] == "/sign-in/"
    assert browser.get(reverse("sign-in")).status_code == 200


@pytest.mark.parametrize(
    "credential", ["", "{}", "[]", "null", '{"id": "x", "response": {"userHandle": "MQ"}}', "nonsense"]
)
def test_odd_passkeys_are_refused_with_a_sentence(cast: Cast, browser: Client, credential: str) -> None:
    browser.get(reverse("mfa_login_webauthn"), headers={"Accept": "application/json"})
    answer = browser.post(reverse("mfa_login_webauthn"), {"credential": credential}, follow=True)
    assert "The passkey was not accepted" in answer.text
    give(browser, "ben")
    assert "The passkey was not accepted" in browser.post(reverse("mfa_authenticate"), {"credential": credential}).text
    signed_in = SignedInClient()
    signed_in.force_login(cast.femi)
    again = signed_in.get(reverse("mfa_add_webauthn")).headers["Location"]
    signed_in.post(again, {"password": PASSWORD})
    adding = signed_in.post(reverse("mfa_add_webauthn"), {"name": "x", "credential": credential, "passwordless": "on"})
    assert "There is a problem" in adding.text
    assert not cast.femi.authenticator_set.filter(type="webauthn").exists()  # type: ignore[attr-defined]


# The end of a session


def later(**by: int) -> datetime:
    return datetime.now(UTC) + timedelta(**by)  # noqa: TID251


def test_session_ends_after_half_an_hour_without_a_page(cast: Cast, browser: Client) -> None:
    give(browser, "asha")
    for minutes in (25, 50, 75):
        with time_machine.travel(later(minutes=minutes), tick=True):
            assert browser.get("/my-hours/").status_code == 200
    with time_machine.travel(later(minutes=106), tick=True):
        assert browser.get("/my-hours/").headers["Location"] == "/sign-in/?next=%2Fmy-hours%2F"


def test_session_ends_after_twelve_hours_however_busy(cast: Cast, browser: Client) -> None:
    give(browser, "asha")
    for minutes in range(20, 12 * 60, 20):
        with time_machine.travel(later(minutes=minutes), tick=True):
            assert browser.get("/my-hours/").status_code == 200
    with time_machine.travel(later(hours=12, minutes=1), tick=True):
        assert browser.get("/my-hours/").status_code == 302


def test_form_that_was_sent_too_late_is_said_to_be_lost(cast: Cast, browser: Client) -> None:
    page = f"/teams/{cast.team.public_id}/posts/"
    answer = browser.post(page, {"posts": "7"}, headers={"Referer": f"http://testserver{page}?from=1"})
    assert answer.headers["Location"].startswith("/sign-in/?next=%2Fteams%2F")
    assert "%3Ffrom%3D1&unsaved=1" in answer.headers["Location"]
    assert "was not saved" in browser.get(answer.url).text
    elsewhere = browser.post(page, headers={"Referer": "https://elsewhere.example/x"})
    assert "elsewhere" not in elsewhere.headers["Location"]


def test_role_change_signs_out_everywhere(cast: Cast, browser: Client) -> None:
    give(browser, "asha")
    new = NewRole(Role.OBSERVER)
    give_role(employer=cast.employer, user=cast.asha, new=new, by=None, at=later())
    assert browser.get("/my-hours/").status_code == 302
    assert give(browser, "asha").status_code == 302
    assert SignIn.objects.filter(user=cast.asha).exists()
    row = RoleAssignment.objects.get(user=cast.asha, role=Role.OBSERVER)
    end_role(row=row, on=later().date(), by=None, at=later())
    assert not SignIn.objects.filter(user=cast.asha).exists()


# Limits


def test_account_is_locked_after_ten_wrong_passwords(
    cast: Cast, browser: Client, caplog: pytest.LogCaptureFixture
) -> None:
    for _ in range(SIGN_IN_OF_ACCOUNT.most):
        assert give(browser, "asha", "wrong").status_code == 200
    assert "A limit was passed" not in caplog.text
    refused = give(browser, "asha")
    assert "A limit was passed: sign-in-account" in caplog.text
    assert "asha" not in caplog.text
    assert refused.status_code == 429
    assert 0 < int(refused.headers["Retry-After"]) <= SIGN_IN_OF_ACCOUNT.seconds
    assert "Wait 15 minutes" in refused.text
    assert give(browser, "cora").status_code == 302  # others still get in from there


def test_address_is_locked_after_many_names(cast: Cast, browser: Client) -> None:
    for number in range(SIGN_IN_FROM_ADDRESS.most):
        attempts.count(SIGN_IN_FROM_ADDRESS.of("127.0.0.1"), SIGN_IN_OF_ACCOUNT.of(f"name {number}"))
    assert give(browser, "asha").status_code == 429
    answer = browser.post(reverse("sign-in"), {"login": "asha", "password": PASSWORD}, REMOTE_ADDR="10.0.0.9")
    assert answer.status_code == 302


def test_right_passwords_do_not_count(cast: Cast, browser: Client) -> None:
    for _ in range(SIGN_IN_OF_ACCOUNT.most + 1):
        assert give(browser, "asha").status_code == 302
        browser.post(reverse("sign-out"))


def test_wrong_codes_are_limited_too(cast: Cast, browser: Client) -> None:
    give(browser, "ben")
    for _ in range(CODES_OF_ACCOUNT.most):
        assert give_code(browser, "000000").status_code == 200
    assert give_code(browser, "000000").status_code == 429


def test_pages_are_limited_generously(cast: Cast, client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("teams.guarding.PAGES", attempts.Limit("pages", most=3, seconds=60))
    client.force_login(cast.asha)
    assert [client.get("/my-hours/").status_code for _ in range(4)] == [200, 200, 200, 429]


def test_window_slides() -> None:
    limit = attempts.Limit("slides", most=2, seconds=1).of("x")
    attempts.count(limit)
    time.sleep(0.6)
    attempts.count(limit)
    with pytest.raises(attempts.TooManyError):
        attempts.count(limit)
    time.sleep(0.5)
    attempts.count(limit)
    with pytest.raises(attempts.TooManyError) as refused:
        attempts.count(limit)
    assert refused.value.seconds == 1


def test_attempt_counts_in_all_windows_or_in_none() -> None:
    narrow, wide = attempts.Limit("narrow", most=1, seconds=60), attempts.Limit("wide", most=3, seconds=60)
    attempts.count(narrow.of("x"), wide.of("x"))
    for _ in range(5):
        with pytest.raises(attempts.TooManyError):
            attempts.count(narrow.of("x"), wide.of("x"))
    attempts.count(wide.of("x"))
    attempts.count(wide.of("x"))


# When Valkey is away


@pytest.fixture
def valkey(settings: Any, tmp_path: Path) -> Iterator["subprocess.Popen[bytes]"]:
    """A Valkey of this test's own, which it may stop."""
    place = Path(f"/tmp/hc-{tmp_path.name[-12:]}.sock")
    program = [embedded.valkey_server(), "--port", "0", "--unixsocket", place, "--save", ""]
    with subprocess.Popen(program, stdout=subprocess.DEVNULL, cwd=tmp_path) as running:
        until_it_answers(place)
        settings.REDIS_URL = f"unix://{place}?db=0"
        settings.CACHES = {"default": settings.CACHES["default"] | {"LOCATION": settings.REDIS_URL}}
        yield running
        running.kill()
    place.unlink(missing_ok=True)


def until_it_answers(place: Path) -> None:
    for _ in range(200):
        with socket.socket(socket.AF_UNIX) as line:
            try:
                line.connect(str(place))
            except OSError:
                time.sleep(0.02)
            else:
                return
    pytest.fail("Valkey did not start")


def test_without_valkey_nobody_signs_in_and_pages_stay_open(
    cast: Cast, browser: Client, client: Client, valkey: "subprocess.Popen[bytes]"
) -> None:
    waiting = Client()
    give(waiting, "ben")
    give(browser, "asha")
    assert browser.get("/my-hours/").status_code == 200
    valkey.kill()
    valkey.wait()
    assert browser.get("/my-hours/").status_code == 200
    refused = give(Client(), "asha")
    assert refused.status_code == 503
    assert "nobody can sign in for the moment" in refused.text
    code = Authenticator.objects.get(user=cast.ben, type="recovery_codes").wrap().get_unused_codes()[0]
    assert give_code(waiting, code).status_code == 503
