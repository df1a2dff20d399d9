"""People at their work, for locust: each signs in, reads and saves as their role does, and thinks in between.

Run by bench/load.py in an environment of its own (requirements/load.txt); knows nothing of the project but its pages.
"""

import json
import os
import re
import uuid
from html.parser import HTMLParser
from itertools import count
from pathlib import Path
from random import choice
from typing import Any

from locust import FastHttpUser, between, events
from locust import task as sometimes

PASSWORD = "weigh-it-in-the-open"  # noqa: S105 - of made-up people
SAVED = 302
TODAY = os.environ.get("LOAD_DAY", "")
ROLES = json.loads(os.environ.get("LOAD_PEOPLE", "{}"))
_numbers = count(1)


class Form(HTMLParser):
    """What a page's own form would send if nobody changed anything, and what each choice could be."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.sent: dict[str, str] = {}
        self.choices: dict[str, list[str]] = {}
        self._inside, self._select = False, ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        told = {name: value or "" for name, value in attrs}
        if tag == "form":
            self._inside = told.get("method") == "post" and "sign-out" not in told.get("action", "")
        name, value = told.get("name", ""), told.get("value", "")
        if self._inside and tag == "input" and told.get("type") in {"radio", "checkbox"}:
            self.choices.setdefault(name, []).append(value)
            if "checked" in told:
                self.sent[name] = value
        elif self._inside and tag in {"input", "textarea"} and name:
            self.sent[name] = value
        elif self._inside and tag == "select":
            self._select = name
        elif self._inside and tag == "option":
            self.choices.setdefault(self._select, []).append(value)
            if "selected" in told:
                self.sent[self._select] = value

    def handle_endtag(self, tag: str) -> None:
        self._inside = self._inside and tag != "form"

    def one_of(self, name: str) -> str:
        return choice([value for value in self.choices.get(name, [""]) if value] or [""])  # noqa: S311 - who is drawn


class Person(FastHttpUser):
    """Somebody signed in. `role` names whose accounts they take, one after the other."""

    abstract = True
    role = ""
    wait_time = between(5, 15)
    _taken: dict[str, Any] = {}  # shared on purpose: nobody takes an account twice

    def on_start(self) -> None:
        accounts = ROLES[self.role]
        number = next(self._taken.setdefault(self.role, count()))
        self.address = f"10.0.{next(_numbers) // 250}.{number % 250 + 1}"
        form = Form(self.read("/sign-in/", "sign-in"))
        self.save("/sign-in/", "sign in", form.sent | {"login": accounts[number % len(accounts)], "password": PASSWORD})

    def read(self, path: str, name: str) -> str:
        with self.client.get(path, name=f"page: {name}", headers=self._headers, catch_response=True) as answer:
            if answer.status_code != 200:  # noqa: PLR2004
                answer.failure(f"{answer.status_code} for {path}")
            return str(answer.text or "")

    def save(self, path: str, name: str, data: dict[str, str]) -> str:
        """Where the saved form leads; a form that comes back is a failure."""
        with self.client.post(
            path, data, name=f"save: {name}", headers=self._headers, allow_redirects=False, catch_response=True
        ) as answer:
            if answer.status_code != SAVED:
                said = re.search(r"(?s)error-summary.*?<a [^>]*>(.*?)</a>", str(answer.text or ""))
                answer.failure(f"{answer.status_code}: {said[1].strip() if said else path}")
            return str(answer.headers.get("Location") or "")

    @property
    def _headers(self) -> dict[str, str]:
        return {"X-Forwarded-For": self.address}

    def link(self, page: str, pattern: str) -> str:
        found = re.findall(rf'href="({pattern})"', page)
        return choice(found) if found else "/"  # noqa: S311 - what is clicked

    def any_team(self) -> str:
        return self.link(self.read("/", "home"), r"/teams/[0-9a-f-]+/")


class SocialWorker(Person):
    weight, role = 60, "workers"

    @sometimes(4)
    def look_at_own_workload(self) -> None:
        page = self.read("/my-workload/", "my workload")
        self.wait()
        self.read(self.link(page, r"/cases/[0-9a-f-]+/"), "one case")

    @sometimes(1)
    def look_at_own_supervision(self) -> None:
        self.read("/my-supervision/", "my supervision")

    @sometimes(1)
    def record_hours(self) -> None:
        week = self.link(self.read("/my-hours/", "my hours"), r"/my-hours/[0-9-]+/")
        form = Form(self.read(week, "hours of a week"))
        self.wait()
        self.save(week, "hours", form.sent | {"hours": choice(["1", "2.5", "4"])})  # noqa: S311


class Manager(Person):
    weight, role = 28, "managers"

    def on_start(self) -> None:
        super().on_start()
        self.team, self.supervised = self.any_team(), set[str]()

    @sometimes(5)
    def look_at_the_team(self) -> None:
        page = self.read(self.team, "team")
        self.wait()
        self.read(self.link(page, r"/workers/[0-9a-f-]+/"), "a worker")

    @sometimes(4)
    def look_at_cases(self) -> None:
        page = self.read(f"{self.team}cases/", "list of cases")
        self.wait()
        self.read(self.link(page, r"/cases/[0-9a-f-]+/"), "one case")

    @sometimes(2)
    def take_a_case_in(self) -> None:
        form = Form(self.read(f"{self.team}cases/new/", "new case"))
        self.wait()
        new = {"reference": f"L-{uuid.uuid4().hex[:12]}", "opened_on": TODAY, "priority": "2"}
        category = next((code for code in form.choices["category"] if code), "")
        case = self.save(f"{self.team}cases/new/", "new case", form.sent | new | {"category": category})
        if not case.startswith("/cases/"):
            return
        self.wait()
        form = Form(self.read(f"{case}allocate/", "allocate"))
        self.wait()
        given = {"worker": form.one_of("worker"), "share": "100", "limit_reason": "Agreed in supervision"}
        self.save(f"{case}allocate/", "allocate", form.sent | given)

    @sometimes(2)
    def rate_a_case(self) -> None:
        case = self.link(self.read(f"{self.team}cases/", "list of cases"), r"/cases/[0-9a-f-]+/")
        form = Form(self.read(f"{case}rate/", "rate"))
        self.wait()
        category = form.sent.get("category") or form.one_of("category")
        self.save(f"{case}rate/", "rate", form.sent | {"category": category, "reason": "Looked at in supervision"})

    @sometimes(1)
    def hold_supervision(self) -> None:
        page = self.read(f"{self.team}supervision/", "supervision")
        where = self.link(page, rf"{self.team}supervision/[0-9a-f-]+/new/")
        if where == "/" or where in self.supervised:
            return
        self.supervised.add(where)
        form = Form(self.read(where, "new session"))
        self.wait()
        held = {"held_on": TODAY, "minutes": "90", "interrupted": "no", "reflective": "yes"}
        told = {name: value for name, value in held.items() if name not in form.choices}
        told |= {name: form.choices[name][0] for name in held if name in form.choices}
        by = {"supervisor_name": "Hana Fictworth"} if not form.sent.get("supervisor") else {}
        self.save(where, "supervision", form.sent | told | by)

    @sometimes(3)
    def answer_the_health_check(self) -> None:
        check = self.link(self.read(f"{self.team}checks/", "health checks"), r"/checks/[0-9a-f-]+/")
        standard = self.link(self.read(check, "health check"), rf"{check}standards/[0-9]+/")
        self.wait()
        where = self.link(self.read(standard, "standard of it"), rf"{check}indicators/[a-z0-9-]+/")
        form = Form(self.read(where, "indicator"))
        self.wait()
        said = {"judgement": form.one_of("judgement"), "commentary": "Looked at with the whole team"}
        self.save(where, "answer", form.sent | said)

    @sometimes(1)
    def look_around(self) -> None:
        for name in ("history", "people", "duties"):
            self.read(f"{self.team}{name}/", name)
            self.wait()


class Leader(Person):
    """Directors and principal social workers."""

    weight, role = 8, "leaders"

    @sometimes(2)
    def look_at_the_employer(self) -> None:
        home = self.read("/", "home")
        self.read(self.link(home, r"/employers/[a-z0-9-]+/overview/"), "overview")
        self.wait()
        self.read(self.link(home, r"/teams/[0-9a-f-]+/"), "team")

    @sometimes(1)
    def look_at_a_history(self) -> None:
        self.read(f"{self.any_team()}history/", "history")


class Administrator(Person):
    weight, role = 4, "administrators"

    @sometimes
    def look_at_accounts(self) -> None:
        employer = os.environ["LOAD_EMPLOYER"]
        for name in ("accounts", "audit"):
            self.read(f"/employers/{employer}/{name}/", name)
            self.wait()


@events.quitting.add_listener
def tell(environment: Any, **_: Any) -> None:
    """Write how long each thing took, and all pages and all saving together, for bench/load.py to read."""
    told = []
    together: dict[str, dict[int, int]] = {"page": {}, "save": {}}
    for entry in environment.stats.entries.values():
        kind = entry.name.partition(":")[0]
        for milliseconds, many in entry.response_times.items():
            times = together.setdefault(kind, {})
            times[int(milliseconds)] = times.get(int(milliseconds), 0) + many
        told.append(
            [
                entry.name,
                entry.num_requests,
                entry.num_failures,
                _at(entry.response_times, 50),
                _at(entry.response_times, 95),
            ]
        )
    for kind, times in together.items():
        told.append([f"all: {kind}", sum(times.values()), 0, _at(times, 50), _at(times, 95)])
    errors = [f"{error.occurrences} × {error.name}: {error.error}" for error in environment.stats.errors.values()]
    Path(os.environ["LOAD_RESULT"]).write_text(json.dumps({"rows": told, "errors": errors}))


def _at(times: dict[int, int], percent: int) -> int:
    """The shortest time within which so many per cent were answered."""
    left = sum(times.values()) * percent / 100
    for milliseconds, many in sorted(times.items()):
        left -= many
        if left <= 0:
            return int(milliseconds)
    return 0
