"""Serves the site with a row of everything by real processes, made anew for each person who walks it.

Needs Django set up, on any database: it makes engines of its own.
"""

import json
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

import redis
from allauth.account.internal.flows.login import record_authentication
from django.core.management import call_command
from django.http import HttpRequest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django.utils.crypto import get_random_string

from caseloads.snapshots import score_employer
from healthcheck import embedded
from teams.actions.integrations import make_token
from teams.models import Integration, User
from tests.addresses import OF_API, PEOPLE, TABLE
from tests.cast import PASSWORD, Cast, assemble
from tests.clients import SignedInClient
from tests.examples import Keys, keys_of
from tests.faults.house import PATIENCE, TEMPLATE, House
from tests.integration.scanned.more_rows import Place, more_rows

NOBODY, INTEGRATION, HALFWAY, WATCHER = "nobody", "integration", "halfway", "watcher"
"""Who is none of the cast: another system, somebody who has given their password only, what reads the figures."""
METRICS_TOKEN = "a-long-token-that-nobody-guesses-1234567890"
SECOND_FACTORS = ("mfa_deactivate_totp", "mfa_view_recovery_codes", "mfa_remove_webauthn", "account_reauthenticate")
"""What only somebody who has one gets: Asha, who may be without."""
FOR_NOBODY = {"set-password"}
"""What is asked without being signed in: it ends everybody's sessions of that account."""
ENDS = re.compile(
    r"-(end|drop|remove|close|leave|withdraw|give-up|erase|publish|step|undo|decline|approve|put-off|forget|sign|return|choose"
    r"|accept|submit|transfer|reopen)$|^import-new$"
)
"""What moves or ends the row that it is about comes last, so that the other pages about it are still there."""


@dataclass(frozen=True)
class Person:
    """Who walks the site, by which headers, and the paths that they begin from. `calls`: a description of the API."""

    name: str
    headers: dict[str, str]
    starts: list[str]
    calls: dict[str, Any] = field(default_factory=dict)


@dataclass
class Stand:
    """A site that can be made anew, and who walks it."""

    house: House
    people: list[Person]

    def renew(self) -> str:
        """Database, files, limits and sessions as they were at the beginning; the address of the site."""
        for name in ("web", "worker"):
            if child := self.house.children.pop(name, None):
                child.terminate()
                child.wait(PATIENCE)
        redis.Redis.from_url(f"unix://{self.house.run}/valkey.sock").flushall()
        self.house.fresh()
        media = self.house.var / "media"
        shutil.rmtree(media, ignore_errors=True)
        shutil.copytree(self.house.var / "media.template", media)
        self.house.start_what_is_missing("web", "worker")
        return self.house.address


@contextmanager
def stand(folder: Path) -> Iterator[Stand]:
    """The site, until the block ends."""
    settings = {"DJANGO_SETTINGS_MODULE": "tests.integration.scanned.settings", "METRICS_TOKEN": METRICS_TOKEN}
    house = House(folder, more=settings)
    try:
        house.start_engine("postgres")
        house.start_engine("valkey")
        house.run_command("migrate", "--no-input", "--verbosity=0", database=TEMPLATE)
        house.run_command("collectstatic", "--no-input", "--verbosity=0", database=TEMPLATE)
        with house.ours(TEMPLATE):
            people = _found(folder / "media")
        shutil.copytree(folder / "media", folder / "media.template")
        yield Stand(house, people)
    finally:
        house.stop()
        shutil.rmtree(embedded.run_dir(folder), ignore_errors=True)


def _found(media: Path) -> list[Person]:
    media.mkdir(exist_ok=True)
    call_command("load_standards", verbosity=0)
    call_command("load_benchmarks", verbosity=0)
    cast = assemble()
    keys = keys_of(cast, files=media)
    more = more_rows(cast, keys)
    now = timezone.now()
    score_employer(employer_id=cast.employer.pk, as_of=timezone.localdate(now), at=now)
    places = [(name, [keys[key] for key in row.of.split()]) for name, row in TABLE.items() if row.method == "get"]
    return [*people_of(cast, [*places, *more], keys)]


def people_of(cast: Cast, places: list[Place], keys: Keys) -> Iterator[Person]:
    yield Person(NOBODY, {}, _starts(NOBODY, places))
    for name in PEOPLE:
        yield Person(name, _signed_in(cast.users[name]), _starts(name, places))
    row = Integration.objects.get(public_id=keys["integration"])
    token = make_token(
        integration=row, expires_on=timezone.localdate() + timedelta(days=30), by=None, at=timezone.now()
    )
    called = [reverse(name, args=[keys[key] for key in of.split()]) for name, of in OF_API.items()]
    once = {"Authorization": f"Bearer {token}", "Idempotency-Key": get_random_string(32)}
    yield Person(INTEGRATION, once, called, _calls(keys))
    yield Person(HALFWAY, _half_signed_in(), [reverse("mfa_authenticate")])
    yield Person(WATCHER, {"Authorization": f"Bearer {METRICS_TOKEN}"}, [reverse("metrics")])


def _starts(person: str, places: list[Place]) -> list[str]:
    mine = [(name, args) for name, args in places if _may_get(person, name)]
    mine.sort(key=lambda place: bool(ENDS.search(place[0])))
    return list(dict.fromkeys(reverse(name, args=args) for name, args in mine))


def _may_get(person: str, name: str) -> bool:
    if person == NOBODY:
        return TABLE[name].without_account == 200
    if name in FOR_NOBODY:
        return False
    return TABLE[name].answers[person] in {200, 302} or (person == "asha" and name in SECOND_FACTORS)


def _signed_in(user: User) -> dict[str, str]:
    client = SignedInClient()
    client.force_login(user)
    request = HttpRequest()
    request.session = client.session
    record_authentication(request, user, "password")
    request.session.save()
    return _cookies(client)


def _half_signed_in() -> dict[str, str]:
    """Asha has given her password, and is asked for a code."""
    client = Client(SERVER_NAME="localhost")
    client.post(reverse("sign-in"), {"login": "asha", "password": PASSWORD})
    return _cookies(client)


def _cookies(client: Client) -> dict[str, str]:
    """A session, and the secret that forms are checked against, which may be any of this length."""
    return {"Cookie": f"session={client.cookies['session'].value}; csrftoken={get_random_string(32)}"}


def _calls(keys: Keys) -> dict[str, Any]:
    """The API's own description, with rows that are there in the place of what stands for them."""
    described: dict[str, Any] = json.loads(Client(SERVER_NAME="localhost").get(reverse("api-description-file")).content)
    paths = {}
    for name, of in OF_API.items():
        there = reverse(name, args=[keys[key] for key in of.split()])
        template = _template(there, of, described["paths"])
        methods = described["paths"][template]
        paths[there] = {
            method: operation
            | {"parameters": [one for one in operation.get("parameters", []) if one.get("in") == "query"]}
            for method, operation in methods.items()
            if isinstance(operation, dict)
        }
    return described | {"paths": paths}


def _template(there: str, of: str, templates: dict[str, Any]) -> str:
    """The description's way to say an address: the one with as many places to fill as the address has keys."""
    wanted = len(of.split())
    fitting = [
        one for one in templates if one.count("{") == wanted and re.fullmatch(re.sub(r"\{[^}]+\}", "[^/]+", one), there)
    ]
    return fitting[0]
