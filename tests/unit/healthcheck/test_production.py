"""A service for others does not start when it is set up unsafely, and says why."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from healthcheck.production import is_production, why_not_start

ROOT = Path(__file__).resolve().parents[3]
# the last is set by the tests in a browser, which may have run before in the same process
OF_TESTS = {"HEALTHCHECK_DEVELOPMENT", "DEBUG", "DJANGO_ALLOW_ASYNC_UNSAFE"}
OWN = "postgresql://healthcheck@%2Ftmp%2Fvar%2Frun/healthcheck"
SAFE = {
    "DATABASE_URL": "postgresql://healthcheck:word@postgres/healthcheck",
    "REDIS_URL": "redis://valkey:6379/0",
    "SECRET_KEY": "q8Zr1vXn4TfLk7WbYc2MhSdGjP9aUeRoq3Zr5vXn7TfLk2WbYc8Mh",
    "ALLOWED_HOSTS": "health.example.org,localhost",
    "CSRF_TRUSTED_ORIGINS": "",
    "HTTPS": "1",
    "SITE_ADDRESS": "https://health.example.org",
}


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, True),
        ({"DATABASE_URL": ""}, False),
        ({"DATABASE_URL": OWN}, False),
        ({"DATABASE_URL": OWN.rpartition("/")[0] + "/test_healthcheck_gw1"}, False),
        ({"DATABASE_URL": OWN.replace("healthcheck@", "healthcheck_app@")}, False),
        ({"HEALTHCHECK_DEVELOPMENT": "1"}, False),
    ],
)
def test_what_is_a_service_for_others(changes: dict[str, str], expected: object) -> None:
    assert is_production(SAFE | changes, own_database=OWN) is expected


def test_nothing_is_wrong_with_what_is_safe() -> None:
    assert why_not_start(SAFE) == []
    assert why_not_start(SAFE | {"HASH_CASE_REFERENCES": "1", "CASE_REFERENCE_KEY": SAFE["SECRET_KEY"]}) == []
    assert why_not_start(SAFE | {"CSRF_TRUSTED_ORIGINS": "https://other.example.org"}) == []


@pytest.mark.parametrize(
    ("changes", "begins"),
    [
        ({"SECRET_KEY": ""}, "SECRET_KEY is not set"),
        ({"SECRET_KEY": "short"}, "SECRET_KEY can be guessed"),
        ({"SECRET_KEY": "ab" * 40}, "SECRET_KEY can be guessed"),
        ({"SECRET_KEY": "django-insecure-q8Zr1vXn4TfLk7WbYc2MhSdGjP9aUeRoq3Zr5vXn"}, "SECRET_KEY can be guessed"),
        ({"ALLOWED_HOSTS": " "}, "ALLOWED_HOSTS is not set"),
        ({"ALLOWED_HOSTS": "health.example.org,*"}, "ALLOWED_HOSTS lets any name in by '*'"),
        ({"ALLOWED_HOSTS": ".example.org"}, "ALLOWED_HOSTS lets any name in by '.example.org'"),
        ({"DEBUG": "1"}, "DEBUG is 1"),
        ({"HTTPS": "0"}, "HTTPS is not 1"),
        ({"SITE_ADDRESS": "http://health.example.org"}, "SITE_ADDRESS must begin with https://"),
        ({"CSRF_TRUSTED_ORIGINS": "https://*.example.org"}, "CSRF_TRUSTED_ORIGINS holds 'https://*.example.org'"),
        ({"CSRF_TRUSTED_ORIGINS": "http://other.example.org"}, "CSRF_TRUSTED_ORIGINS holds 'http://other"),
        ({"HASH_CASE_REFERENCES": "1"}, "CASE_REFERENCE_KEY needs 50"),
        ({"METRICS_TOKEN": "short"}, "METRICS_TOKEN can be guessed"),
    ],
)
def test_what_is_unsafe_is_named(changes: dict[str, str], begins: str) -> None:
    [reason] = why_not_start(SAFE | changes)
    assert reason.startswith(begins)
    assert reason.endswith((".", "(48))'"))


def manage(*words: str, **environment: str) -> "subprocess.CompletedProcess[str]":
    command = [sys.executable, "manage.py", *words]
    known = {name: value for name, value in os.environ.items() if name not in OF_TESTS}
    return subprocess.run(command, cwd=ROOT, env=known | environment, capture_output=True, text=True, check=False)


def test_the_framework_finds_nothing_to_say_about_a_service_for_others() -> None:
    answer = manage("check", "--deploy", "--fail-level=WARNING", **SAFE)
    assert answer.returncode == 0, answer.stderr
    assert "no issues (0 silenced)" in answer.stdout


COOKIES = """
from django.conf import settings
from teams.said import SaidInCookie
print(settings.SESSION_COOKIE_NAME, settings.CSRF_COOKIE_NAME, SaidInCookie.cookie_name, settings.SESSION_COOKIE_DOMAIN)
print(settings.SESSION_COOKIE_PATH, settings.CSRF_COOKIE_PATH)
print(settings.SESSION_COOKIE_SECURE, settings.CSRF_COOKIE_SECURE)
print(settings.MESSAGE_STORAGE)
"""


def test_every_cookie_is_this_hosts_own_and_for_tls_alone() -> None:
    answer = manage("shell", "--no-imports", "-c", COOKIES, **SAFE)
    names, places, secure, storage = answer.stdout.splitlines()
    assert names == "__Host-session __Host-csrftoken __Host-messages None"
    assert places == "/ /"
    assert secure == "True True"
    assert storage == "teams.said.Said"


def test_an_unsafe_service_does_not_start_and_says_everything_that_is_wrong() -> None:
    answer = manage("check", **(SAFE | {"ALLOWED_HOSTS": "*", "DEBUG": "1", "SECRET_KEY": ""}))
    assert answer.returncode != 0
    for sentence in ("SECRET_KEY is not set", "ALLOWED_HOSTS lets any name in", "DEBUG is 1"):
        assert sentence in answer.stderr


SSO = SAFE | {
    "SSO_ISSUER": "https://login.example.org/tenant/v2.0",
    "SSO_CLIENT_ID": "x",
    "SSO_EMPLOYER": "testshire",
    "SSO_CLIENT_SECRET": "of-the-directory",
}


def test_directory_that_is_set_up_whole_may_start() -> None:
    assert why_not_start(SSO) == []


@pytest.mark.parametrize(
    ("changes", "word"),
    [
        ({"SSO_ISSUER": "http://login.example.org"}, "https"),
        ({"SSO_CLIENT_ID": ""}, "SSO_CLIENT_ID"),
        ({"SSO_EMPLOYER": ""}, "SSO_EMPLOYER"),
        ({"SSO_CLIENT_SECRET": ""}, "SSO_CLIENT_SECRET"),
        ({"SSO_ISSUER": "https://login.microsoftonline.com/common/v2.0"}, "your own tenant"),
    ],
)
def test_directory_that_is_set_up_in_part_does_not_start(changes: dict[str, str], word: str) -> None:
    [reason] = why_not_start(SSO | changes)
    assert word in reason
