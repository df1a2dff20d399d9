#!/usr/bin/env python3
"""Starts the demonstration on loopback, walks it as each kind of person, and has a scanner attack what was found.

Usage: scan_site.py [MINUTES]. The scanner, wapiti, has an environment of its own (requirements/scan.txt). One page of
each address that the service knows is attacked; the report says which were reached. Ends with 1 when anything above
low is found, or when less than MOST_LEFT of the addresses allows was reached.
"""

import json
import os
import re
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.cookiejar import CookieJar
from pathlib import Path
from urllib.parse import urlencode, urljoin, urlsplit

ROOT = Path(__file__).resolve().parent.parent
BUILD = ROOT / "build" / "scan"
SCANNER = BUILD / "venv" / "bin"
PEOPLE = ("", "asha", "ben", "hana", "cora", "dev", "ewa", "femi")
"""Nobody, a social worker, their manager, and so on."""
PASSWORD = "weigh-it-in-the-open"  # noqa: S105 - the demonstration prints it
MODULES = "sql,xss,permanentxss,file,exec,crlf,redirect,csrf,upload,cookieflags,http_headers,csp,methods"
ENDS_THE_SESSION = re.compile(r"sign-out|/end/|my-account/password|set-password|\?data=|&data=|\?sort=|\?page=")
LOW = 1
MINUTES = 10
LEAST_FOR_ONE = 30
PATIENCE = 180
LINK = re.compile(r"""<a\b[^>]*?\bhref="([^"#]+)["#]""")
FORM = re.compile(r"""<form\b(?=[^>]*\bmethod="post")([^>]*)>""")
ACTION = re.compile(r"""\baction="([^"]+)\"""")


@dataclass
class Walk:
    """What somebody reached: one page of each name of an address, the forms on them and where these are sent."""

    person: str
    pages: dict[str, str] = field(default_factory=dict)
    sent_to: set[str] = field(default_factory=set)
    forms: int = 0


class Browser:
    """Fetches pages of one person, and never leaves the site."""

    def __init__(self, site: str) -> None:
        self.site, self.cookies = site, CookieJar()
        self.opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(self.cookies))

    def fetch(self, path: str, data: dict[str, str] | None = None) -> str:
        sent = urlencode(data).encode() if data else None
        try:
            with self.opener.open(self.site + path, sent, timeout=60) as answer:
                return str(answer.read().decode(errors="replace")) if "html" in answer.headers["Content-Type"] else ""
        except urllib.error.HTTPError as error:
            error.close()
            return ""

    def sign_in(self, person: str) -> None:
        page = self.fetch("/sign-in/")
        token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)
        self.fetch(
            "/sign-in/", {"csrfmiddlewaretoken": token[1] if token else "", "login": person, "password": PASSWORD}
        )

    @property
    def header(self) -> str:
        return "; ".join(f"{cookie.name}={cookie.value}" for cookie in self.cookies)


def install() -> None:
    """The scanner, from hashes, into an environment of its own."""
    if (SCANNER / "wapiti").exists():
        return
    BUILD.mkdir(parents=True, exist_ok=True)
    subprocess.run([sys.executable, "-m", "venv", str(BUILD / "venv")], check=True)
    pip = [str(SCANNER / "python"), "-m", "pip", "install", "--quiet", "--no-deps", "--require-hashes"]
    subprocess.run([*pip, "-r", str(ROOT / "requirements" / "scan.txt")], check=True)


@contextmanager
def site() -> Iterator[str]:
    """The demonstration, in a folder of its own, until the block ends."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    with tempfile.TemporaryDirectory(prefix="hc-scan-") as folder:
        command = [sys.executable, "-m", "healthcheck.supervisor", "--port", str(port)]
        environment = os.environ | {"HEALTHCHECK_VAR": folder, "PYTHONPATH": str(ROOT)}
        with subprocess.Popen(
            command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
        ) as running:
            next(line for line in running.stdout or [] if "Ctrl-C" in line)
            try:
                yield f"http://localhost:{port}"
            finally:
                running.terminate()
                running.wait(PATIENCE)


def name_of(path: str) -> str:
    """The name of an address; nothing where the service knows none."""
    from django.urls import Resolver404, resolve  # noqa: PLC0415 - once Django is set up

    try:
        return resolve(urlsplit(path).path).url_name or ""
    except Resolver404:
        return ""


def walk(where: str, person: str) -> tuple[Walk, str]:
    """Follow links until no address of a new name is left; the second is what signs the person in."""
    browser, found = Browser(where), Walk(person)
    if person:
        browser.sign_in(person)
    waiting, seen = ["/", "/sign-in/", "/my-account/"], set()
    while waiting:
        path = waiting.pop(0)
        name = name_of(path)
        if not name or name in found.pages or path in seen:
            continue
        seen.add(path)
        page = browser.fetch(path)
        if page:
            found.pages[name] = path
            for form in FORM.findall(page):
                action = ACTION.search(form)
                found.sent_to.add(name_of(urljoin(path, action[1]) if action else path))
                found.forms += 1
            links = [urljoin(where + path, link) for link in LINK.findall(page.replace("&amp;", "&"))]
            inside = [link.removeprefix(where) for link in links if link.startswith(where + "/")]
            waiting += [link for link in inside if not ENDS_THE_SESSION.search(link)]
    return found, browser.header


def attack(where: str, found: Walk, cookies: str, *, seconds: float) -> list[dict[str, object]]:
    """Have the scanner attack the pages of a walk. Gives what it found above low, and the pages it says it reached."""
    report = BUILD / f"{found.person or 'nobody'}.json"
    report.unlink(missing_ok=True)
    each = max(5, int(seconds / len(MODULES.split(","))))
    command = [str(SCANNER / "wapiti"), "--url", f"{where}/", "--scope", "domain", "--depth", "1", "--module", MODULES]
    command += ["--cookie-value", cookies] if cookies else []
    command += ["--exclude", f"{where}/sign-out/", "--exclude", f"{where}/my-account/*", "--max-links-per-page", "0"]
    for path in found.pages.values():
        command += ["--start", where + path]
    command += [
        "--max-scan-time",
        str(int(seconds)),
        "--max-attack-time",
        str(each),
        "--flush-session",
        "--no-bugreport",
    ]
    command += ["--dns-endpoint", "localhost", "--format", "json", "--output", str(report), "--verbose", "0"]
    command += ["--store-session", str(BUILD / "session" / (found.person or "nobody")), "--detailed-report", "1"]
    with (BUILD / f"{found.person or 'nobody'}.log").open("w") as log:
        subprocess.run(command, stdout=log, stderr=log, timeout=seconds * 3 + PATIENCE, check=False)
    if not report.exists():
        sys.exit(f"The scanner did not finish as {found.person or 'nobody'}: see {report.with_suffix('.log')}.")
    told = json.loads(report.read_text())
    print(
        f"{found.person or 'nobody':<8}{len(found.pages):4} addresses, {found.forms} forms; "
        f"the scanner reached {told['infos']['crawled_pages_nbr']} pages and forms",
        flush=True,
    )
    kinds = {**told["vulnerabilities"], **told["anomalies"]}
    return [one | {"kind": kind, "person": found.person} for kind, rows in kinds.items() for one in rows]


def names() -> set[str]:
    """Every name of an address that the service knows."""
    from django.urls import URLPattern, get_resolver  # noqa: PLC0415

    def below(patterns: Sequence[object]) -> Iterator[str]:
        for pattern in patterns:
            if isinstance(pattern, URLPattern):
                yield str(pattern.name)
            else:
                yield from below(pattern.url_patterns)  # type: ignore[attr-defined]

    return set(below(get_resolver().url_patterns))


def main() -> int:
    import django  # noqa: PLC0415

    minutes = float(sys.argv[1]) if sys.argv[1:] else MINUTES
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "healthcheck.settings")
    django.setup()
    install()
    with site() as where:
        began = time.monotonic()
        walks = [walk(where, person) for person in PEOPLE]
        left = minutes * 60 - (time.monotonic() - began)
        seconds = max(LEAST_FOR_ONE, left / len(PEOPLE))
        found = [one for walked, cookies in walks for one in attack(where, walked, cookies, seconds=seconds)]
    reached = {name for walked, _ in walks for name in (*walked.pages, *walked.sent_to)}
    known = names()
    print(f"\nReached {len(reached & known)} of {len(known)} addresses by links and forms.")
    print(f"Not reached: {', '.join(sorted(known - reached))}")
    above = [one for one in found if int(str(one["level"])) > LOW]
    for one in above:
        where = f"as {one['person'] or 'nobody'}, {one['method']} {one['path']} ({one['parameter']})"
        print(f"ABOVE LOW: {one['kind']} {where}: {one['info']}")
    print(f"{len(found)} findings, {len(above)} of them above low. Reports: build/scan/*.json")
    return 1 if above else 0


if __name__ == "__main__":
    sys.exit(main())
