"""What a scanner reached of all that the service has, and why not the rest. Knows no framework."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

LOW = 1
OK, WENT_WRONG = 200, 500
NOT_HEARD = frozenset({401, 403, 404, 405, 429})
"""What a form is answered by when nobody read it."""

LEFT_OUT = {
    "account_login": "the sign-in under a second name, for the library: same address",
    "sign-out": "would end the scanner's session",
    "own-sign-ins-end": "would end the scanner's session",
    "own-sign-in-end": "would end the scanner's session",
    "health-checks": "has no page: it leads on to the cycles, which are reached",
    "mfa_login_webauthn": "has no page: it gives a script what it asks the browser for; its form is reached",
    "directory": "no directory is set up where the scanner looks",
    "directory-back": "a call-back of the directory, and none is set up",
    "directory-ended": "a message of the directory, and none is set up",
    "api-elsewhere": "answers what is not there, with 404",
}
"""Names of addresses that the scanner is not led to, each with the reason."""


@dataclass(frozen=True, order=True)
class Part:
    """A page that can be opened, or a form (of the API: a call that writes) that can be sent, by its address's name."""

    name: str
    kind: str

    def __str__(self) -> str:
        return f"{self.name} ({self.kind})"


PAGE, FORM = "page", "form"


@dataclass
class Walk:
    """What the scanner did as one person: requests in all, and how many of them it had time to attack, by the way."""

    person: str
    requests: int = 0
    attacked: Counter[str] = field(default_factory=Counter)
    reached: set[Part] = field(default_factory=set)
    broken: list[str] = field(default_factory=list)
    stayed: bool = True
    findings: list[dict[str, Any]] = field(default_factory=list)

    @property
    def above_low(self) -> list[dict[str, Any]]:
        return [one for one in self.findings if int(one["level"]) > LOW]

    def count(self, kind: str) -> int:
        return sum(part.kind == kind for part in self.reached)


def walk_of(person: str, told: Mapping[str, Any], *, name_of: Callable[[str], str]) -> Walk:
    """What the scanner's own report says that it did: pages that opened, and forms that were read."""
    walk = Walk(person)
    for request in (one["request"] for one in told["infos"]["crawled_pages"]):
        walk.requests += 1
        path, status, method = urlsplit(request["url"]).path, int(request["status_code"]), request["method"]
        kind = PAGE if method == "GET" else FORM
        if status >= WENT_WRONG:
            walk.broken.append(f"{method} {path}: {status}")
        elif status == OK if kind == PAGE else status not in NOT_HEARD:
            walk.reached.add(Part(name_of(path), kind))
    kinds = {**told["vulnerabilities"], **told["anomalies"]}
    walk.findings = [one | {"kind": kind} for kind, rows in kinds.items() for one in rows]
    return walk


def missing(wanted: Iterable[Part], walks: Iterable[Walk]) -> list[Part]:
    """What nobody reached."""
    reached: set[Part] = set().union(*(walk.reached for walk in walks))
    return sorted(set(wanted) - reached)


def unexplained(wanted: Iterable[Part], walks: Iterable[Walk]) -> list[Part]:
    return [part for part in missing(wanted, walks) if part.name not in LEFT_OUT]


def faults(wanted: Iterable[Part], walks: list[Walk]) -> Iterator[str]:
    """Why the scan was not passed; nothing when it was."""
    for walk in walks:
        for one in walk.above_low:
            yield f"ABOVE LOW: {one['kind']} as {walk.person}, {one['method']} {one['path']}: {one['info']}"
        yield from (f"BROKEN: as {walk.person}, {one}" for one in walk.broken)
        if not walk.stayed:
            yield f"SIGNED OUT: {walk.person}, so that what came after was not attacked"
    yield from (f"NOT REACHED: {part}" for part in unexplained(wanted, walks))


def report(wanted: Iterable[Part], walks: list[Walk]) -> str:
    """All that was reached, by person and in total, and each part that was not, with its reason."""
    wanted, not_reached = set(wanted), missing(wanted, walks)
    lines = [f"{'as':<12}{'pages':>6}{'forms':>6}{'requests':>10}{'findings':>10}"]
    for walk in walks:
        counts = f"{walk.count(PAGE):6}{walk.count(FORM):6}{walk.requests:10}{len(walk.findings):10}"
        lines.append(f"{walk.person:<12}{counts}")
    for kind in (PAGE, FORM):
        of_kind = [part for part in wanted if part.kind == kind]
        left = [part for part in not_reached if part.kind == kind]
        lines.append(f"{kind.capitalize()}s: {len(of_kind) - len(left)} of {len(of_kind)} reached.")
    lines += [f"Left out: {part}: {LEFT_OUT[part.name]}." for part in not_reached if part.name in LEFT_OUT]
    tried: Counter[str] = sum((walk.attacked for walk in walks), Counter())
    ways = ", ".join(f"{name} {count}" for name, count in sorted(tried.items()))
    lines.append(f"Of {sum(walk.requests for walk in walks)} requests, attacked in time by: {ways or 'nothing'}.")
    found = [one for walk in walks for one in walk.findings]
    above = [one for walk in walks for one in walk.above_low]
    return "\n".join([*lines, f"{len(found)} findings, {len(above)} of them above low."])
