"""What the environment may say, and what is wrong with what it says, a sentence for each. Needs no Django.

docs/reference/settings.md tells what each of them means; a test holds the two against each other.
"""

import difflib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from urllib.parse import quote, urlsplit, urlunsplit

from healthcheck import logs

FILE = "_FILE"
ALIKE = 0.9
"""How alike a name must be to one of ours to be taken for a slip of the pen."""
FAMILIES = ("SSO_", "EMAIL_", "RETENTION_", "SENTRY_")
"""Whatever else begins so was meant for us."""


class Kind(StrEnum):
    TEXT = "text"
    SECRET = "secret"  # noqa: S105 - what it is, not one
    FLAG = "flag"
    WHOLE = "number"
    LIST = "list"
    ADDRESS = "address"
    CHOICE = "choice"


@dataclass(frozen=True)
class Variable:
    """One variable. `among`: the schemes of an address, or the choices. A number lies between `least` and `most`."""

    kind: Kind = Kind.TEXT
    default: str = ""
    among: tuple[str, ...] = ()
    least: int = 0
    most: int = 0


WEB = ("https", "http")
KNOWN: Mapping[str, Variable] = {
    "DATABASE_URL": Variable(Kind.ADDRESS, among=("postgresql", "postgres")),
    "DATABASE_PASSWORD": Variable(Kind.SECRET),
    "APPLICATION_PASSWORD": Variable(Kind.SECRET),
    "REDIS_URL": Variable(Kind.ADDRESS, among=("redis", "rediss", "unix")),
    "REDIS_PASSWORD": Variable(Kind.SECRET),
    "SECRET_KEY": Variable(Kind.SECRET),
    "SECRET_KEY_FALLBACKS": Variable(Kind.SECRET),
    "ALLOWED_HOSTS": Variable(Kind.LIST, "localhost,127.0.0.1,[::1]"),
    "CSRF_TRUSTED_ORIGINS": Variable(Kind.LIST),
    "HTTPS": Variable(Kind.FLAG),
    "SITE_ADDRESS": Variable(Kind.ADDRESS, "http://localhost:8000", among=WEB),
    "TRUSTED_PROXIES": Variable(Kind.WHOLE, "0", most=10),
    "SECOND_FACTOR_FOR_SOCIAL_WORKERS": Variable(Kind.FLAG),
    "SSO_ISSUER": Variable(Kind.ADDRESS, among=WEB),
    "SSO_CLIENT_ID": Variable(),
    "SSO_CLIENT_SECRET": Variable(Kind.SECRET),
    "SSO_TENANT": Variable(),
    "SSO_EMPLOYER": Variable(),
    "SSO_NAME": Variable(default="your work account"),
    "SSO_ROLES_CLAIM": Variable(default="roles"),
    "SSO_STAFF_REFERENCE_CLAIM": Variable(),
    "SSO_LOCAL_ACCOUNTS": Variable(Kind.LIST),
    "SSO_SESSION_MINUTES": Variable(Kind.WHOLE, "60", least=1, most=1440),
    "EMAIL_HOST": Variable(),
    "EMAIL_PORT": Variable(Kind.WHOLE, "587", least=1, most=65535),
    "EMAIL_USE_TLS": Variable(Kind.FLAG, "1"),
    "EMAIL_HOST_USER": Variable(),
    "EMAIL_HOST_PASSWORD": Variable(Kind.SECRET),
    "EMAIL_FROM": Variable(default="Team Health Check <noreply@localhost>"),
    "RETENTION_DAYS": Variable(),
    "RETENTION_NIGHTLY": Variable(Kind.FLAG),
    "HASH_CASE_REFERENCES": Variable(Kind.FLAG),
    "CASE_REFERENCE_KEY": Variable(Kind.SECRET),
    "LOG_FORMAT": Variable(Kind.CHOICE, logs.PLAIN, among=logs.FORMATS),
    "METRICS_TOKEN": Variable(Kind.SECRET),
    "SENTRY_DSN": Variable(Kind.SECRET),
    "OTEL_EXPORTER_OTLP_ENDPOINT": Variable(Kind.ADDRESS, among=WEB),
    "DEBUG": Variable(Kind.FLAG),
    "HEALTHCHECK_VAR": Variable(),
    "HEALTHCHECK_PG_BIN": Variable(),
    "HEALTHCHECK_NO_NAMESPACE": Variable(),
    "HEALTHCHECK_DEMONSTRATION": Variable(Kind.FLAG),
    "HEALTHCHECK_DEVELOPMENT": Variable(Kind.FLAG),
}
SECRETS = frozenset(name for name, one in KNOWN.items() if one.kind == Kind.SECRET)
WITH_FILE = frozenset(f"{name}{FILE}" for name in SECRETS)


@dataclass(frozen=True)
class Settings:
    """The environment as it is understood: secrets that files hold are read. `faults`: everything that is wrong."""

    values: Mapping[str, str]
    faults: list[str] = field(default_factory=list)

    def text(self, name: str) -> str:
        return self.values.get(name, "") or KNOWN[name].default

    def flag(self, name: str) -> bool:
        return self.text(name) == "1"

    def whole(self, name: str) -> int:
        return int(self.text(name))

    def words(self, name: str) -> list[str]:
        return [word.strip() for word in self.text(name).split(",") if word.strip()]


def read(environment: Mapping[str, str]) -> Settings:
    """Understand the environment. Whoever uses the values looks at the faults first."""
    faults: list[str] = []
    values = {name: environment[name].strip() for name in KNOWN if name in environment}
    for name in sorted(SECRETS):
        if file := environment.get(f"{name}{FILE}"):
            values[name] = _of_file(name, file, values.get(name, ""), faults)
    faults += [f"{name} {fault}" for name, text in values.items() if text and (fault := _fault(KNOWN[name], text))]
    for address, password in (("DATABASE_URL", "DATABASE_PASSWORD"), ("REDIS_URL", "REDIS_PASSWORD")):
        if values.get(address) and values.get(password):
            values[address] = with_password(values[address], values[password])
    return Settings(values, faults)


def _of_file(name: str, file: str, given: str, faults: list[str]) -> str:
    if given:
        faults.append(f"{name} and {name}{FILE} are both set: leave one of them out.")
    try:
        if text := Path(file).read_text().strip():
            return text
        faults.append(f"{name}{FILE} names {file}, which is empty.")
    except (OSError, ValueError) as error:
        faults.append(f"{name}{FILE} names {file}, which cannot be read: {_why(error)}.")
    return ""


def _why(error: Exception) -> str:
    return error.strerror or "no text" if isinstance(error, OSError) else "it is no text"


def _fault(one: Variable, text: str) -> str:
    """What is wrong with a value, beginning after the name; nothing, if it can be used."""
    match one.kind:
        case Kind.FLAG if text not in {"0", "1"}:
            return f"is {text!r}: write 1 or 0."
        case Kind.WHOLE if not (text.isascii() and text.isdigit() and one.least <= int(text) <= one.most):
            return f"is {text!r}: write a whole number from {one.least} to {one.most}."
        case Kind.CHOICE if text not in one.among:
            return f"is {text!r}: write {' or '.join(one.among)}."
        case Kind.ADDRESS:
            return _fault_of_address(text, one.among)
    return ""


def _fault_of_address(text: str, schemes: tuple[str, ...]) -> str:
    """The address may hold a password, and is not repeated."""
    example = f"It begins with {' or '.join(f'{scheme}://' for scheme in schemes)}"
    try:
        parts = urlsplit(text)
        _ = parts.port
    except ValueError:
        return f"is no address: its host or port cannot be read. {example}."
    if parts.scheme not in schemes:
        return f"is no address that can be used here. {example}."
    return "" if parts.netloc or parts.path.strip("/") else f"is no address: it names no host. {example}, then a host."


def unknown(environment: Mapping[str, str]) -> Iterator[str]:
    """What was meant for us by its name, and is no setting: a sentence for each."""
    known = {*KNOWN, *WITH_FILE}
    for name in sorted(set(environment) - known):
        near = difflib.get_close_matches(name, known, n=1, cutoff=0.6 if name.startswith(FAMILIES) else ALIKE)
        if near or name.startswith(FAMILIES):
            meant = f"Did you mean {near[0]}?" if near else "Leave it out."
            yield f"{name} is no setting. {meant}"


def with_password(address: str, password: str) -> str:
    """An address whose login has that password; one that it holds already is replaced."""
    parts = urlsplit(address)
    login, _, host = parts.netloc.rpartition("@")
    return urlunsplit(parts._replace(netloc=f"{login.split(':')[0]}:{quote(password, safe='')}@{host}"))
