"""What the environment says is understood, or refused with a sentence that says what to write."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from healthcheck import environment
from healthcheck.environment import KNOWN, SECRETS, read, unknown, with_password

ROOT = Path(__file__).resolve().parents[3]
OF_TESTS = {"HEALTHCHECK_DEVELOPMENT", "DEBUG"}


def test_what_is_not_said_is_as_the_table_has_it() -> None:
    found = read({"EMAIL_PORT": "", "UNRELATED": "x"})
    assert found.faults == []
    assert found.whole("EMAIL_PORT") == 587
    assert found.flag("EMAIL_USE_TLS")
    assert not found.flag("HTTPS")
    assert found.words("ALLOWED_HOSTS") == ["localhost", "127.0.0.1", "[::1]"]
    assert found.text("SECRET_KEY") == ""
    assert "UNRELATED" not in found.values


def test_what_is_said_is_understood() -> None:
    found = read({"HTTPS": " 1 ", "TRUSTED_PROXIES": "2", "ALLOWED_HOSTS": "a.example.org, b.example.org,"})
    assert (found.flag("HTTPS"), found.whole("TRUSTED_PROXIES")) == (True, 2)
    assert found.words("ALLOWED_HOSTS") == ["a.example.org", "b.example.org"]


@pytest.mark.parametrize(
    ("name", "text", "sentence"),
    [
        ("HTTPS", "yes", "HTTPS is 'yes': write 1 or 0."),
        ("EMAIL_PORT", "smtp", "EMAIL_PORT is 'smtp': write a whole number from 1 to 65535."),
        ("EMAIL_PORT", "70000", "EMAIL_PORT is '70000': write a whole number from 1 to 65535."),
        ("TRUSTED_PROXIES", "-1", "TRUSTED_PROXIES is '-1': write a whole number from 0 to 10."),
        ("TRUSTED_PROXIES", "²", "TRUSTED_PROXIES is '²': write a whole number from 0 to 10."),
        ("LOG_FORMAT", "xml", "LOG_FORMAT is 'xml': write lines or json."),
        (
            "SITE_ADDRESS",
            "health.example.org",
            "SITE_ADDRESS is no address that can be used here. It begins with https:// or http://.",
        ),
        (
            "SITE_ADDRESS",
            "https://",
            "SITE_ADDRESS is no address: it names no host. It begins with https:// or http://, then a host.",
        ),
        (
            "REDIS_URL",
            "redis://valkey:port/0",
            (
                "REDIS_URL is no address: its host or port cannot be read. "
                "It begins with redis:// or rediss:// or unix://."
            ),
        ),
    ],
)
def test_what_cannot_be_used_is_told_in_a_sentence(name: str, text: str, sentence: str) -> None:
    [fault] = read({name: text}).faults
    assert fault.rstrip(".") == sentence.rstrip(".")


def test_password_in_an_address_is_not_repeated() -> None:
    [fault] = read({"DATABASE_URL": "mysql://healthcheck:a-password@host/healthcheck"}).faults
    assert fault.startswith("DATABASE_URL is no address that can be used here")
    assert "a-password" not in fault


@pytest.mark.parametrize("name", sorted(SECRETS))
def test_every_secret_may_be_in_a_file(tmp_path: Path, name: str) -> None:
    (tmp_path / "secret").write_text("of-the-file\n")
    found = read({f"{name}_FILE": str(tmp_path / "secret")})
    assert (found.faults, found.text(name)) == ([], "of-the-file")


def test_files_that_cannot_be_used_are_told(tmp_path: Path) -> None:
    (tmp_path / "empty").write_text("\n")
    (tmp_path / "bytes").write_bytes(b"\xff\xfe")
    kept = {"SECRET_KEY": "empty", "METRICS_TOKEN": "missing", "APPLICATION_PASSWORD": "bytes"}
    said = read({f"{name}_FILE": str(tmp_path / file) for name, file in kept.items()}).faults
    for words in (
        "empty, which is empty.",
        "missing, which cannot be read: No such file",
        "cannot be read: it is no text",
    ):
        assert any(words in fault for fault in said), words


def test_secret_is_said_once(tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("of-the-file")
    [fault] = read({"SECRET_KEY": "x", "SECRET_KEY_FILE": str(tmp_path / "secret")}).faults
    assert fault == "SECRET_KEY and SECRET_KEY_FILE are both set: leave one of them out."


def test_passwords_join_their_addresses() -> None:
    found = read(
        {
            "DATABASE_URL": "postgresql://healthcheck_app@postgres:5432/healthcheck",
            "DATABASE_PASSWORD": "p@ss/word",
            "REDIS_URL": "redis://valkey:6379/0",
            "REDIS_PASSWORD": "secret",
        }
    )
    assert found.text("DATABASE_URL") == "postgresql://healthcheck_app:p%40ss%2Fword@postgres:5432/healthcheck"
    assert found.text("REDIS_URL") == "redis://:secret@valkey:6379/0"
    assert with_password("postgresql://one:two@host/db", "three") == "postgresql://one:three@host/db"


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("EMAIL_PASSWORD", "EMAIL_PASSWORD is no setting. Did you mean EMAIL_HOST_PASSWORD?"),
        ("SSO_CLIENTID", "SSO_CLIENTID is no setting. Did you mean SSO_CLIENT_ID?"),
        ("ALOWED_HOSTS", "ALOWED_HOSTS is no setting. Did you mean ALLOWED_HOSTS?"),
        ("SSO_ZZZZZZ", "SSO_ZZZZZZ is no setting. Leave it out."),
    ],
)
def test_slips_of_the_pen_are_told(name: str, sentence: str) -> None:
    assert list(unknown({name: "x"})) == [sentence]


@pytest.mark.parametrize(
    "name", ["PATH", "HTTPS_PROXY", "HEALTHCHECK_PORT", "WEB_SERVICE_HOST", "HOSTNAME", "SECRET_KEY_FILE"]
)
def test_names_of_others_are_left_alone(name: str) -> None:
    assert list(unknown({name: "x"})) == []


def test_defaults_can_be_used() -> None:
    defaults = {name: one.default for name, one in KNOWN.items() if one.default}
    assert read(defaults).faults == []
    assert {f"{name}_FILE" for name in SECRETS} == environment.WITH_FILE


def test_service_does_not_start_with_what_cannot_be_used_and_says_everything() -> None:
    known = {name: value for name, value in os.environ.items() if name not in OF_TESTS}
    wrong = {"EMAIL_PORT": "smtp", "HTTPS": "on", "SECRET_KEY_FILE": "/nowhere"}
    answer = subprocess.run(
        [sys.executable, "manage.py", "check"], cwd=ROOT, env=known | wrong, capture_output=True, text=True, check=False
    )
    assert answer.returncode != 0
    for sentence in ("EMAIL_PORT is 'smtp'", "HTTPS is 'on'", "SECRET_KEY_FILE names /nowhere, which cannot be read"):
        assert sentence in answer.stderr
