"""Workers and teams as councils write them: one person spelt several ways is one worker; a tray is nobody."""

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from functools import lru_cache

from caseloads.intake.cells import clean, is_empty, key
from caseloads.intake.records import NO_TEAM

_BRACKETS_AT_END = re.compile(r"\s*[(\[{][^)\]}]*[)\]}]?\s*$")
_COURTESY = re.compile(r"^(mr|mrs|ms|miss|mx|dr|prof)\.? ", re.IGNORECASE)
_JOB = re.compile(
    r"\b(worker|practitioner|manager|officer|agency|asye|nqsw|sw|ssw|student|locum|leader|consultant|registered)\b"
)
_UNALLOCATED = re.compile(
    r"\bun ?(allocated|assigned|named)\b|\b(not|never|no) (yet )?(been )?(allocated|assigned|worker|allocation)\b"
    r"|\b(awaiting|pending|to be|needs?) (re ?)?(allocat|assign)|\bvaca(nt|ncy)\b|\bno (social |case |key )?worker\b"
)
_NOBODY = re.compile(r"^(allocations?|awaiting|pending|duty|admin|default|system|test|worker|social worker|x+)$")
_TRAY = re.compile(
    r"\b(teams?|duty|tray|inbox|in box|mailbox|workflow|unit|hub|locality|mash|queue|rota|services?|department"
    r"|front door|intake|waiting list|holding list|allocations?|business support)\b"
)


@lru_cache(maxsize=65_536)
def tidy_person(text: str) -> str:
    """A name to show: "Surname, First" turned round, courtesy titles and bracketed notes at the end left out."""
    name = clean(text)
    while (shorter := _BRACKETS_AT_END.sub("", name)) not in ("", name):
        name = shorter
    front, dash, after = name.partition(" - ")
    if dash and _JOB.search(key(after)):
        name = front
    surname, comma, first = (part.strip() for part in name.partition(","))
    if comma and first:
        name = surname if _JOB.search(key(first)) else f"{first} {surname}"
    elif comma:
        name = surname
    return clean(_COURTESY.sub("", name))


@lru_cache(maxsize=65_536)
def person_key(text: str) -> str:
    """The same for every spelling of one person's name."""
    return key(tidy_person(text))


@lru_cache(maxsize=65_536)
def place_key(text: str) -> str:
    """The same for every spelling of one team's name."""
    return key(text)


@lru_cache(maxsize=65_536)
def is_nobody(text: str) -> bool:
    """Whether a worker's cell names nobody: empty, "unallocated" and the like, or a team's or duty tray."""
    word = key(text)
    return is_empty(text) or word.isdigit() or any(said.search(word) for said in (_UNALLOCATED, _NOBODY, _TRAY))


@lru_cache(maxsize=65_536)
def tidy_team(text: str) -> str:
    """A team's name to show; where none is recorded, the placeholder's."""
    name = clean(text)
    return NO_TEAM if is_empty(name) or _UNALLOCATED.search(key(name)) or name == "0" else name


def one_spelling(names: Iterable[str], same: Callable[[str], str]) -> dict[str, str]:
    """For each spelling the one to show: the commonest of those with the same key, ties by alphabet."""
    counted = Counter(names)
    groups: defaultdict[str, list[str]] = defaultdict(list)
    for name in counted:
        groups[same(name)].append(name)
    best = {group: min(spellings, key=lambda name: (-counted[name], name)) for group, spellings in groups.items()}
    return {name: best[same(name)] for name in counted}
