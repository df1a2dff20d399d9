"""Somebody who is signed in, looks at pages and sends forms over a real line."""

import time
from typing import Any

import requests
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from lxml import html

from teams import sessions
from teams.models import User
from tests.faults.house import House

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


class Visitor:
    """One window of one person; every answer's seconds are kept."""

    def __init__(self, house: House, username: str) -> None:
        user = User.objects.get(username=username)
        store = sessions.SessionStore()
        store[SESSION_KEY], store[BACKEND_SESSION_KEY] = str(user.pk), BACKEND
        store[HASH_SESSION_KEY] = user.get_session_auth_hash()
        store[sessions.BEGUN], store[sessions.SECOND_FACTOR] = int(time.time()), sessions.GIVEN
        store.create()
        self.line = requests.Session()
        self.line.cookies.set("session", str(store.session_key), domain="127.0.0.1")
        self.house = house
        self.seconds: list[float] = []

    def get(self, path: str, **more: Any) -> requests.Response:
        return self._timed("get", path, **more)

    def form(self, path: str, **said: Any) -> dict[str, Any]:
        """What the form of a page would send, with this filled in."""
        page = html.fromstring(self.get(path).text)
        form = next(
            form
            for form in page.forms
            if "csrfmiddlewaretoken" in form.fields and "sign-out" not in (form.action or "")
        )
        return {name: value for name, value in form.form_values() if name not in said} | said

    def send(self, path: str, fields: dict[str, Any], **more: Any) -> requests.Response:
        headers = {"Referer": f"{self.house.address}{path}"}
        return self._timed("post", path, data=fields, headers=headers, allow_redirects=False, **more)

    def _timed(self, method: str, path: str, **more: Any) -> requests.Response:
        began = time.monotonic()
        answer = self.line.request(method, f"{self.house.address}{path}", timeout=30, **more)
        self.seconds.append(time.monotonic() - began)
        return answer
