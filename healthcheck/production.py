"""Why a service that others reach must not start as it is set up, a sentence for each reason. Needs no Django."""

from collections.abc import Iterator, Mapping
from urllib.parse import urlsplit

SHORTEST_KEY = 50
"""Characters; the framework asks for as many."""
FEWEST_SIGNS = 10
SHORTEST_TOKEN = 24
WELL_KNOWN = ("django-insecure-", "changeme", "change-me", "secret", "of-the-build", "example")


def names_a_server(environment: Mapping[str, str], *, own_database: str) -> bool:
    """Whether a database other than the embedded one is named."""
    named = environment.get("DATABASE_URL", "")
    return bool(named) and _host(named) != _host(own_database)


def is_production(environment: Mapping[str, str], *, own_database: str) -> bool:
    """Whether the service is for others: it names a database server, and no development."""
    return names_a_server(environment, own_database=own_database) and environment.get("HEALTHCHECK_DEVELOPMENT") != "1"


def _host(address: str) -> str:
    return urlsplit(address).netloc.rpartition("@")[2]


def why_not_start(environment: Mapping[str, str]) -> list[str]:
    """Everything that is wrong with the settings of a service for others; none: it may start."""
    return [
        *_about_the_key(environment.get("SECRET_KEY", "")),
        *_about_hosts(environment.get("ALLOWED_HOSTS", "")),
        *_about_tls(environment),
        *_about_references(environment),
        *_about_figures(environment.get("METRICS_TOKEN", "")),
        *_about_single_sign_on(environment),
    ]


def _about_the_key(key: str) -> Iterator[str]:
    make_one = "Make one with: python -c 'import secrets; print(secrets.token_urlsafe(48))'"
    if not key:
        yield f"SECRET_KEY is not set: whoever knows it can sign in as anybody. {make_one}"
    elif key.lower().startswith(WELL_KNOWN) or len(key) < SHORTEST_KEY or len(set(key)) < FEWEST_SIGNS:
        yield f"SECRET_KEY can be guessed: it needs {SHORTEST_KEY} random characters or more. {make_one}"


def _about_hosts(text: str) -> Iterator[str]:
    hosts = [host.strip() for host in text.split(",") if host.strip()]
    if not hosts:
        yield "ALLOWED_HOSTS is not set: name the host names that people use, with commas between."
    for host in hosts:
        if host.startswith((".", "*")):
            yield f"ALLOWED_HOSTS lets any name in by {host!r}: links in e-mails could lead elsewhere. Name each host."


def _about_tls(environment: Mapping[str, str]) -> Iterator[str]:
    if environment.get("DEBUG") == "1":
        yield "DEBUG is 1: error pages would show settings and rows to anybody. Leave it out."
    if environment.get("HTTPS") != "1":
        yield "HTTPS is not 1: passwords and workloads would cross the network in clear. Put a proxy with TLS in front."
    if urlsplit(environment.get("SITE_ADDRESS", "")).scheme != "https":
        yield "SITE_ADDRESS must begin with https:// and be where people find the site; e-mails link to it."
    for origin in filter(None, environment.get("CSRF_TRUSTED_ORIGINS", "").split(",")):
        if urlsplit(origin).scheme != "https" or "*" in origin:
            yield f"CSRF_TRUSTED_ORIGINS holds {origin!r}: name each origin, beginning with https://."


def _about_references(environment: Mapping[str, str]) -> Iterator[str]:
    if environment.get("HASH_CASE_REFERENCES") == "1" and len(environment.get("CASE_REFERENCE_KEY", "")) < SHORTEST_KEY:
        yield f"CASE_REFERENCE_KEY needs {SHORTEST_KEY} random characters or more: it hides children's references."


def _about_figures(token: str) -> Iterator[str]:
    if token and len(token) < SHORTEST_TOKEN:
        yield f"METRICS_TOKEN can be guessed: it needs {SHORTEST_TOKEN} random characters or more, or leave it out."


def _about_single_sign_on(environment: Mapping[str, str]) -> Iterator[str]:
    issuer = environment.get("SSO_ISSUER", "")
    if not issuer:
        return
    if urlsplit(issuer).scheme != "https":
        yield "SSO_ISSUER must begin with https://: whoever stands between could sign in as anybody."
    for name in ("SSO_CLIENT_ID", "SSO_CLIENT_SECRET", "SSO_EMPLOYER"):
        if not environment.get(name):
            yield f"SSO_ISSUER is set, and {name} is not: see docs/how-to/single-sign-on.md."
    if "/common/" in issuer or "/organizations/" in issuer:
        yield "SSO_ISSUER must name your own tenant: accounts of every other organisation could sign in by this one."
