#!/usr/bin/env python3
"""Serves a site with a row of everything on loopback, and has a scanner walk and attack it as each kind of person.

Usage: scan_site.py [MINUTES]. The scanner, wapiti, has an environment of its own (requirements/scan.txt). It begins
from every address that a person may open, sends every form that it meets, and attacks both. Ends with 1 when anything
above low is found, an answer is broken, or a page or form is not reached and scan_reach.py does not say why. 0 minutes:
nothing is attacked, only reached.
"""

import json
import os
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections import Counter
from contextlib import closing
from http.client import HTTPConnection
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from scan_reach import FORM, OK, PAGE, Part, Walk, faults, report, walk_of

from healthcheck import embedded

if TYPE_CHECKING:
    from tests.integration.scanned.stand import Person

ROOT = Path(__file__).resolve().parent.parent
BUILD = ROOT / "build" / "scan"
SCANNER = BUILD / "venv" / "bin"
MODULES = "sql,xss,permanentxss,file,exec,crlf,redirect,csrf,upload,cookieflags,http_headers,csp,methods"
STAY_SIGNED_IN = ("/sign-out/", "/my-account/sign-ins/*")
"""What the scanner keeps away from."""
MINUTES = 10
LEAST_FOR_MODULE = 1
AT_ONCE = 4
"""Requests in flight: more of them, and forms would not be sent in the order of the pages they are on."""
PATIENCE = 300


def install() -> None:
    """The scanner, from hashes, into an environment of its own."""
    if (SCANNER / "wapiti").exists():
        return
    BUILD.mkdir(parents=True, exist_ok=True)
    subprocess.run([sys.executable, "-m", "venv", str(BUILD / "venv")], check=True)
    pip = [str(SCANNER / "python"), "-m", "pip", "install", "--quiet", "--no-deps", "--require-hashes"]
    subprocess.run([*pip, "-r", str(ROOT / "requirements" / "scan.txt")], check=True)


def set_up_django(folder: Path) -> None:
    """Django over engines that are not there: the stand makes its own."""
    os.environ |= {
        "HEALTHCHECK_DEVELOPMENT": "1",
        "HEALTHCHECK_VAR": str(folder),
        "DATABASE_URL": embedded.database_url(folder),
        "REDIS_URL": embedded.redis_url(folder),
        "DJANGO_SETTINGS_MODULE": "tests.integration.scanned.settings",
    }
    import django  # noqa: PLC0415

    django.setup()


def name_of(path: str) -> str:
    """The name of an address; nothing where the service knows none."""
    from django.urls import Resolver404, resolve  # noqa: PLC0415 - once Django is set up

    try:
        return resolve(path).url_name or ""
    except Resolver404:
        return ""


def wanted(people: "list[Person]") -> set[Part]:
    """Every page and form that the service has."""
    from tests.addresses import OF_API, TABLE  # noqa: PLC0415

    described = [path for person in people for path in person.calls.get("paths", {}).items()]
    called = {(name_of(path), method) for path, methods in described for method in methods}
    pages = {name for name, row in TABLE.items() if row.method == "get" and name not in OF_API}
    forms = {name for name, row in TABLE.items() if row.form or row.method == "post"}
    pages |= {name for name, method in called if method == "get"}
    forms |= {name for name, method in called if method != "get"}
    return {Part(name, PAGE) for name in pages} | {Part(name, FORM) for name in forms}


def scan(site: str, person: "Person", place: Path, *more: str, patience: float) -> None:
    """Run the scanner once; what it finds out is kept in `place` between runs."""
    command = [str(SCANNER / "wapiti"), "--url", f"{site}/", "--scope", "domain", "--depth", "1", "--verbose", "0"]
    command += ["--tasks", str(AT_ONCE)]
    for path in STAY_SIGNED_IN:
        command += ["--exclude", site + path]
    for name, value in person.headers.items():
        command += ["--header", f"{name}: {value}"]
    command += ["--store-session", str(place), "--no-bugreport", "--dns-endpoint", "localhost"]
    command += ["--format", "json", "--output", str(place / "report.json"), "--detailed-report", "1", *more]
    with (place / "log").open("a") as log:
        subprocess.run(command, stdout=log, stderr=log, timeout=patience, check=False)
    if not (place / "report.json").exists():
        sys.exit(f"The scanner did not finish as {person.name}: see {place / 'log'}.")


def walk(site: str, person: "Person", *, seconds: float) -> Walk:
    """Everything that is reached as one person, and then attacked for as long as is left."""
    place = BUILD / person.name
    place.mkdir(parents=True, exist_ok=True)
    for kept in (place / "report.json", place / "log", *place.glob("*.db")):
        kept.unlink(missing_ok=True)
    (place / "starts").write_text("".join(f"{site}{path}\n" for path in person.starts))
    began = time.monotonic()
    first = ["--start", str(place / "starts"), "--module", "", "--flush-session", "--max-scan-time", str(PATIENCE)]
    (place / "calls.json").write_text(json.dumps(person.calls))
    described = ["--swagger", str(place / "calls.json")] if person.calls else []
    scan(site, person, place, *first, *described, patience=2 * PATIENCE)
    if seconds:
        each = max(LEAST_FOR_MODULE, int((seconds - (time.monotonic() - began)) / len(MODULES.split(","))))
        then = ["--skip-crawl", "--module", MODULES, "--max-attack-time", str(each)]
        scan(site, person, place, *then, patience=2 * PATIENCE)
    found = walk_of(person.name, json.loads((place / "report.json").read_text()), name_of=name_of)
    found.attacked, found.stayed = attacked(place), still_there(site, person)
    print(f"{person.name}: {time.monotonic() - began:.0f} s", flush=True)
    return found


def attacked(place: Path) -> Counter[str]:
    """How many of the requests it had time to attack in each way, by what the scanner keeps."""
    [kept] = place.glob("*.db")
    with closing(sqlite3.connect(kept)) as rows:
        return Counter(dict(rows.execute("SELECT module, count(DISTINCT path_id) FROM attack_logs GROUP BY module")))


def still_there(site: str, person: "Person") -> bool:
    """Whether who was signed in at the beginning still is."""
    if "/my-account/" not in person.starts:
        return True
    line = HTTPConnection(urlsplit(site).netloc, timeout=60)
    line.request("GET", "/my-account/", headers=person.headers)
    status = line.getresponse().status
    line.close()
    return status == OK


def main() -> int:
    signal.signal(signal.SIGTERM, lambda *_: sys.exit("Stopped."))
    minutes = float(sys.argv[1]) if sys.argv[1:] else MINUTES
    install()
    with tempfile.TemporaryDirectory(prefix="hc-scan-") as folder:
        set_up_django(Path(folder))
        from tests.integration.scanned.stand import stand  # noqa: PLC0415 - once Django is set up

        with stand(Path(folder)) as site:
            starts = sum(len(person.starts) for person in site.people)
            walks = [walk(site.renew(), one, seconds=minutes * 60 * len(one.starts) / starts) for one in site.people]
            parts = wanted(site.people)
    print(f"\n{report(parts, walks)}")
    wrong = list(faults(parts, walks))
    print("\n".join(wrong))
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
