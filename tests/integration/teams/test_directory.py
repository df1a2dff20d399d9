"""Signing in by the employer's directory: a real provider on loopback, and tokens that it never gave out."""

import time
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import parse_qs, urljoin, urlsplit
from uuid import uuid4

import jwt
import pytest
import requests
import time_machine
from allauth.socialaccount.models import SocialAccount
from cryptography.hazmat.primitives.asymmetric import rsa
from django.test import Client
from django.urls import reverse

from teams.actions.roles import NewRole, give_role
from teams.id_tokens import LOGGED_OUT
from teams.models import AuditEntry, RoleAssignment, SignIn, User
from teams.roles import Role
from tests.cast import AT, PASSWORD, Cast
from tests.integration.directory.running import CLIENT, SECRET, TENANT, Directory, directory, hint
from tests.integration.teams.test_signing_in import give, later

BACK = "http://localhost:8000/sign-in/directory/back/"
DORA: dict[str, Any] = {
    "sub": "pairwise-dora",
    "oid": "0d0ra000-0000-4000-8000-000000000001",
    "tid": TENANT,
    "name": "Dora Directory",
    "email": "Dora@Testshire.example",
    "roles": ["Director"],
}
Change = Callable[[Directory, str], str]


@pytest.fixture(scope="module")
def provider() -> Iterator[Directory]:
    with directory(BACK) as running:
        yield running


@pytest.fixture(autouse=True)
def entra(provider: Directory, cast: Cast, settings: Any) -> Directory:
    """The employer's directory is set up, and tells the truth."""
    provider.change, provider.leads_on = (lambda token: token), set()
    settings.SSO_ISSUER, settings.SSO_CLIENT_ID, settings.SSO_CLIENT_SECRET = provider.issuer, CLIENT, SECRET
    settings.SSO_TENANT, settings.SSO_EMPLOYER, settings.SSO_NAME = TENANT, cast.employer.slug, "Testshire"
    settings.SSO_STAFF_REFERENCE_CLAIM = "staff"
    return provider


def way_back(browser: Client, claims: dict[str, Any], *, wanted: str = "") -> str:
    """Where the directory leads back to, after somebody signed in there."""
    address = browser.get(reverse("directory"), {"next": wanted} if wanted else {}).headers["Location"]
    place = f"{address}&login_hint={hint(claims)}"
    with requests.Session() as session:
        while not place.startswith(BACK):
            answer = session.get(place, allow_redirects=False, timeout=20)
            assert answer.is_redirect, answer.text
            place = urljoin(place, answer.headers["Location"])
    return place.removeprefix("http://localhost:8000")


def sign_in(browser: Client, claims: dict[str, Any], *, wanted: str = "") -> Any:
    return browser.get(way_back(browser, claims, wanted=wanted))


def roles_of(user: User) -> list[tuple[str, str]]:
    rows = RoleAssignment.objects.filter(user=user).select_related("team", "service_area", "employer")
    return sorted((row.role, str(row.team or row.service_area or row.employer)) for row in rows)


def test_first_sign_in_opens_an_account_with_the_roles_of_the_directory(cast: Cast) -> None:
    browser = Client()
    assert sign_in(browser, DORA, wanted="/my-hours/").headers["Location"] == "/my-hours/"
    assert browser.get("/my-hours/").status_code == 200
    user = User.objects.get(email="dora@testshire.example")
    assert (user.get_full_name(), user.has_usable_password()) == ("Dora Directory", False)
    assert roles_of(user) == [("DIRECTOR", "Testshire Council")]
    account = SocialAccount.objects.get(user=user)
    assert (account.uid, account.extra_data) == (f"{TENANT}/{DORA['oid']}", {"subject": DORA["sub"]})
    events = set(AuditEntry.objects.filter(target=f"teams.User:{user.pk}").values_list("event", flat=True))
    assert events == {"ACCOUNT_OPENED", "ROLE_GIVEN", "SIGNED_IN"}


def test_an_address_that_is_somebody_elses_here_is_not_taken_from_the_directory(cast: Cast) -> None:
    sign_in(Client(), DORA)
    User.objects.filter(pk=cast.ben.pk).update(email="ben@testshire.example")
    sign_in(Client(), DORA | {"email": "Ben@testshire.example"})
    account = SocialAccount.objects.get(uid=f"{TENANT}/{DORA['oid']}")
    assert account.user.email == "dora@testshire.example"


def test_asks_the_directory_with_everything_that_binds_its_answer(entra: Directory) -> None:
    browser = Client()
    address = browser.get(f"{reverse('directory')}?scope=offline_access&auth_params=prompt%3Dnone").headers["Location"]
    asked = {name: value[0] for name, value in parse_qs(urlsplit(address).query).items()}
    assert address.startswith(f"{entra.issuer}/auth?")
    assert asked["redirect_uri"] == BACK
    assert asked["code_challenge_method"] == "S256"
    assert asked["nonce"] == asked["code_challenge"]
    assert len(asked["state"]) >= 16
    assert set(asked["scope"].split()) == {"openid", "profile", "email"}
    assert "prompt" not in asked


def test_people_are_known_by_their_key_and_never_by_their_address(cast: Cast) -> None:
    sign_in(Client(), DORA)
    married = DORA | {"name": "Dora Married", "email": "married@testshire.example", "sub": "another-pairwise"}
    sign_in(Client(), married)
    user = SocialAccount.objects.get().user
    assert (user.get_full_name(), user.email) == ("Dora Married", "married@testshire.example")
    stranger = DORA | {"oid": str(uuid4()), "sub": "stranger", "email": "married@testshire.example"}
    sign_in(Client(), stranger)
    other = SocialAccount.objects.exclude(user=user).get().user
    assert other.email == ""
    assert other.username.startswith("directory-")


def test_local_account_of_the_same_address_is_not_taken_over(cast: Cast) -> None:
    User.objects.filter(pk=cast.ewa.pk).update(email="dora@testshire.example")
    sign_in(Client(), DORA)
    assert SocialAccount.objects.get().user != cast.ewa
    assert not SignIn.objects.filter(user=cast.ewa).exists()


def test_roles_are_brought_in_line_at_every_sign_in(cast: Cast) -> None:
    browser = Client()
    sign_in(browser, DORA)
    user = SocialAccount.objects.get().user
    give_role(employer=cast.employer, user=user, new=NewRole(Role.ADMINISTRATOR), by=None, at=AT)
    sign_in(browser, DORA | {"roles": ["Manager:heron-team", "service_manager:childrens-social-work", "Unknown"]})
    assert roles_of(user) == [("MANAGER", "Heron Team"), ("SERVICE_MANAGER", "Children’s social work")]
    assert browser.get(reverse("overview", args=["testshire"])).status_code == 403
    sign_in(Client(), DORA | {"roles": ["Manager:heron-team", "Service_Manager:childrens-social-work"]})
    assert len(RoleAssignment.every.filter(user=user)) == 4  # nothing is given twice


@pytest.mark.parametrize("roles", [[], None, ["Manager"], ["Manager:nowhere"], ["Director:heron-team"], ["Chef"]])
def test_nobody_without_a_role_of_ours_gets_in(cast: Cast, roles: Any) -> None:
    browser = Client()
    answer = sign_in(browser, DORA | {"roles": roles})
    assert (answer.status_code, "no access here" in answer.text) == (403, True)
    assert not SocialAccount.objects.exists()
    assert browser.get("/").status_code == 302


def test_last_role_taken_away_ends_it(cast: Cast) -> None:
    browser = Client()
    sign_in(browser, DORA)
    assert browser.get("/").status_code == 200
    assert sign_in(Client(), DORA | {"roles": []}).status_code == 403
    assert roles_of(SocialAccount.objects.get().user) == []
    assert browser.get("/").status_code == 302


def test_closed_account_does_not_get_in(cast: Cast) -> None:
    sign_in(Client(), DORA)
    User.objects.filter(email="dora@testshire.example").update(is_active=False)
    browser = Client()
    assert sign_in(browser, DORA).status_code == 403
    assert browser.get("/").status_code == 302


def test_staff_reference_joins_the_worker(cast: Cast) -> None:
    nia = cast.workers["Nia Test"]
    nia.staff_reference = "S-77"
    nia.save()
    sign_in(Client(), DORA | {"roles": ["Social worker:heron-team"], "staff": "S-77"})
    nia.refresh_from_db()
    assert nia.user == SocialAccount.objects.get().user
    sign_in(Client(), DORA | {"oid": str(uuid4()), "sub": "x", "email": "x@y.example", "staff": "S-77"})
    nia.refresh_from_db()
    assert nia.user == SocialAccount.objects.get(extra_data__subject=DORA["sub"]).user


def test_directory_is_asked_again_after_an_hour(cast: Cast) -> None:
    browser = Client()
    sign_in(browser, DORA)
    for minutes in (20, 40, 59):
        with time_machine.travel(later(minutes=minutes), tick=True):
            assert browser.get("/").status_code == 200
    with time_machine.travel(later(minutes=61), tick=True):
        assert browser.get("/").status_code == 302


# Tokens that the directory did not give out


def altered(**changes: Any) -> Change:
    return lambda found, token: found.sign(found.claims_of(token) | changes)


def without(name: str) -> Change:
    return lambda found, token: found.sign({key: value for key, value in found.claims_of(token).items() if key != name})


def unsigned(found: Directory, token: str) -> str:
    return jwt.encode(found.claims_of(token), key=None, algorithm="none", headers={"kid": "of-the-test"})


def of_another_key(found: Directory, token: str) -> str:
    other = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    return found.sign(found.claims_of(token), key=other)


def signed_with_what_everybody_knows(found: Directory, token: str) -> str:
    """HS256, the secret being the directory's public key; the library would refuse to make it, so made by hand."""
    head, body, _ = jwt.encode(
        found.claims_of(token), key="x" * 32, algorithm="HS256", headers={"kid": "of-the-test"}
    ).split(".")
    algorithm = jwt.algorithms.HMACAlgorithm(jwt.algorithms.HMACAlgorithm.SHA256)
    signature = algorithm.sign(f"{head}.{body}".encode(), found.public_pem)
    return f"{head}.{body}.{jwt.utils.base64url_encode(signature).decode()}"


def with_another_end(found: Directory, token: str) -> str:
    head, body, signature = token.split(".")
    return f"{head}.{body}.{signature[:-8]}AAAAAAAA"


def replayed(found: Directory, token: str) -> str:
    """A token of an earlier sign-in of the same person, in every way right but for its nonce."""
    return found.seen[0]


HOSTILE: dict[str, Change] = {
    "for somebody else": altered(aud="another-service"),
    "for somebody else too": altered(aud=[CLIENT, "another-service"]),
    "run out": altered(exp=int(time.time()) - 300),
    "of the future": altered(iat=int(time.time()) + 3600),
    "not yet": altered(nbf=int(time.time()) + 3600),
    "without an end": without("exp"),
    "without a nonce": without("nonce"),
    "without a subject": without("sub"),
    "of another nonce": altered(nonce="another"),
    "replayed": replayed,
    "of another issuer": altered(iss="https://login.elsewhere.example/"),
    "of another tenant": altered(tid="00000000-0000-4000-8000-000000000bad"),
    "of no tenant": without("tid"),
    "unsigned": unsigned,
    "of another key": of_another_key,
    "of the public key": signed_with_what_everybody_knows,
    "of an unknown key": lambda found, token: found.sign(found.claims_of(token), headers={"kid": "unknown"}),
    "of no key": lambda found, token: found.sign(found.claims_of(token), headers={"kid": None}),
    "tampered with": with_another_end,
    "no token": lambda *_: "not a token",
    "nothing": lambda *_: "",
}


@pytest.mark.parametrize("kind", HOSTILE)
def test_hostile_token_lets_nobody_in(cast: Cast, entra: Directory, kind: str) -> None:
    entra.seen.clear()
    sign_in(Client(), DORA)
    SignIn.objects.all().delete()
    entra.change = lambda token: HOSTILE[kind](entra, token)
    browser = Client()
    answer = sign_in(browser, DORA)
    assert (answer.status_code, "You are not signed in" in answer.text) == (403, True)
    assert not SignIn.objects.filter(user__isnull=False).exists()
    assert browser.get("/").status_code == 302


def test_token_made_anew_as_it_was_lets_in(cast: Cast, entra: Directory) -> None:
    """What the hostile ones are made by does work where nothing is altered."""
    entra.change = lambda token: entra.sign(entra.claims_of(token))
    assert sign_in(Client(), DORA).headers["Location"] == "/"


def test_answer_for_another_browser_is_refused(cast: Cast) -> None:
    place = way_back(Client(), DORA)
    victim = Client()
    assert victim.get(place).status_code == 403
    assert victim.get("/").status_code == 302


def test_answer_is_taken_once(cast: Cast) -> None:
    browser = Client()
    place = way_back(browser, DORA)
    assert browser.get(place).status_code == 302
    browser.post(reverse("sign-out"))
    assert browser.get(place).status_code == 403


@pytest.mark.parametrize("query", ["", "state=x&code=y", "error=access_denied", "error=server_error&state=x"])
def test_odd_answers_are_told_what_to_do(cast: Cast, query: str) -> None:
    answer = Client().get(f"{reverse('directory-back')}?{query}")
    assert (answer.status_code, "begin again" in answer.text) == (403, True)


def test_cancelled_sign_in_is_told_what_to_do(cast: Cast) -> None:
    browser = Client()
    address = browser.get(reverse("directory")).headers["Location"]
    state = parse_qs(urlsplit(address).query)["state"][0]
    answer = browser.get(reverse("directory-back"), {"error": "access_denied", "state": state})
    assert (answer.status_code, "begin again" in answer.text) == (403, True)


def test_directory_that_calls_itself_otherwise_is_refused(cast: Cast, entra: Directory, settings: Any) -> None:
    browser = Client()
    place = way_back(browser, DORA)
    settings.SSO_ISSUER = f"{entra.issuer}/"
    assert browser.get(place).status_code == 403


def test_directory_that_does_not_answer_is_said_to(cast: Cast, settings: Any) -> None:
    settings.SSO_ISSUER = "http://127.0.0.1:9"
    answer = Client().get(reverse("directory"))
    assert (answer.status_code, "does not answer" in answer.text) == (503, True)


@pytest.mark.parametrize("asked", ["/.well-known/openid-configuration", "/token"])
def test_directory_that_leads_elsewhere_is_not_followed(cast: Cast, entra: Directory, asked: str) -> None:
    """What is asked of it is asked at its own addresses: an answer that leads on is as good as none."""
    browser = Client()
    place = way_back(browser, DORA)
    token = logout_token(entra)
    entra.leads_on = {asked}
    entra.asked.clear()
    expected = 403 if asked == "/token" else 503
    assert browser.get(place).status_code == expected
    assert tell(token) == (200 if asked == "/token" else 503)
    assert browser.get("/").status_code == 302
    assert "/elsewhere" not in entra.asked


def test_only_places_of_this_site_are_led_back_to(cast: Cast) -> None:
    assert sign_in(Client(), DORA, wanted="https://elsewhere.example/").headers["Location"] == "/"


# Break-glass


def test_passwords_are_for_the_accounts_that_the_settings_name(cast: Cast, settings: Any) -> None:
    for user in (cast.asha, cast.ewa):
        user.set_password(PASSWORD)
        user.save()
    settings.SSO_LOCAL_ACCOUNTS = frozenset({"ewa"})
    browser = Client()
    assert "is not right" in give(browser, "asha").text
    assert "Sign in with Testshire" in browser.get(reverse("sign-in")).text
    answer = give(browser, "ewa")
    assert browser.get(answer.headers["Location"]).headers["Location"] == "/second-factor/"  # it is still asked for


# Signed out by the directory


def logout_token(found: Directory, **changes: Any) -> str:
    claims = {
        "iss": found.issuer,
        "aud": CLIENT,
        "iat": int(time.time()),
        "exp": int(time.time()) + 120,
        "jti": uuid4().hex,
        "sub": DORA["sub"],
        "tid": TENANT,
        "events": {LOGGED_OUT: {}},
    }
    how = changes.pop("headers", {"typ": "logout+jwt"})
    return found.sign(claims | changes, headers={"kid": "of-the-test"} | how)


def tell(token: str) -> int:
    return Client(enforce_csrf_checks=True).post(reverse("directory-ended"), {"logout_token": token}).status_code


def test_directory_ends_the_sessions_of_somebody(cast: Cast, entra: Directory) -> None:
    browser = Client()
    sign_in(browser, DORA)
    assert browser.get("/").status_code == 200
    assert tell(logout_token(entra)) == 200
    assert browser.get("/").status_code == 302
    assert AuditEntry.objects.get(event="SIGN_INS_ENDED").detail == {"how": "directory", "ended": 1}
    assert tell(logout_token(entra, sub="unknown")) == 200


def test_logout_of_nobody_the_directory_knows_is_refused(cast: Cast, entra: Directory) -> None:
    browser = Client()
    sign_in(browser, DORA)
    good = logout_token(entra, sub="somebody else")
    assert [tell(good), tell(good)] == [200, 400]  # once
    hostile = [
        logout_token(entra, events={}),
        logout_token(entra, nonce="x"),
        logout_token(entra, aud="another"),
        logout_token(entra, iss="https://elsewhere.example"),
        logout_token(entra, tid="another"),
        logout_token(entra, headers={"typ": "at+jwt"}),
        logout_token(entra, headers={"typ": "JWT"}),
        logout_token(entra, exp=int(time.time()) + 3600),
        logout_token(entra, exp=int(time.time()) - 300),
        jwt.encode({"sub": DORA["sub"]}, key=None, algorithm="none"),
        "",
    ]
    assert [tell(token) for token in hostile] == [400] * len(hostile)
    assert browser.get("/").status_code == 200
