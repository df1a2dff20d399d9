"""The chain of the audit trail: walked link by link, and the first that does not hold is named.

Each link's hash is of its entry and of the hash before, so that whoever changes, removes, adds or moves an entry has
to make every later link anew; against that, a council notes the newest number and hash elsewhere.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256
from itertools import chain

from django.db import connection

from teams.models import AuditEntry, AuditLink, Employer
from teams.refusals import NotAllowed

BATCH = 2_000
TEXT = (
    "jsonb_build_array(e.id, e.employer_id, extract(epoch FROM e.at), e.by_id, e.event, e.target, e.detail, "
    "host(e.address), e.request)::text"
)
"""What is hashed of an entry. It is read as text, and hashed here and not in the database that is being checked."""
_LINKS = f"""
SELECT l.number, l.entry_id, l.hash, e.id, {TEXT}
  FROM {AuditLink._meta.db_table} l LEFT JOIN {AuditEntry._meta.db_table} e ON e.id = l.entry_id
 WHERE {{employer}} AND l.number > %(after)s ORDER BY l.number LIMIT %(batch)s
"""  # noqa: S608, SLF001 - names of our own tables
_ELSEWHERE = f"""
SELECT e.id FROM {AuditEntry._meta.db_table} e
 WHERE {{employer}} AND sha256(%(before)s::bytea || convert_to({TEXT}, 'UTF8')) = %(hash)s::bytea LIMIT 1
"""  # noqa: S608, SLF001


@dataclass(frozen=True)
class Link:
    """A link as it is stored. text: what its entry says, None where there is no such entry."""

    number: int
    entry: int | None
    hash: bytes
    text: str | None


@dataclass(frozen=True)
class Chain:
    """What a walk found. fault: a sentence about the first link that does not hold, None where all do."""

    employer: Employer | None
    links: int
    number: int
    hash: bytes
    fault: str | None

    @property
    def head(self) -> str:
        return f"{self.number}:{self.hash.hex()}"

    @property
    def whose(self) -> str:
        return self.employer.slug if self.employer else "the service itself"


def verify(employer: Employer | None, *, noted: str = "") -> Chain:
    """Walk an employer's chain (None: the service's own) in batches. `noted`: a head that was written down before."""
    key = employer.pk if employer else None
    links, walked, number, newest = _links(key), 0, 0, b""
    for link in links:
        if fault := _fault(link, number, newest, key):
            return Chain(employer, walked, number, newest, fault)
        walked, number, newest = walked + 1, link.number, link.hash
        if noted and noted.startswith(f"{number}:") and noted != f"{number}:{newest.hex()}":
            fault = f"number {number} has another hash than the one that was noted: the chain was made anew"
            return Chain(employer, walked, number, newest, fault)
    return Chain(employer, walked, number, newest, _unlinked(employer) or _cut_off(noted, number))


def _links(employer: int | None) -> Iterator[Link]:
    sql, after = _LINKS.format(employer=_of(employer, "l")), 0
    while True:
        with connection.cursor() as cursor:
            cursor.execute(sql, {"employer": employer, "after": after, "batch": BATCH})
            rows = cursor.fetchall()
        if not rows:
            return
        for number, entry, digest, there, text in rows:
            yield Link(number, entry, bytes(digest), None if there is None else text)
        after = rows[-1][0]


def _of(employer: int | None, table: str) -> str:
    return f"{table}.employer_id IS NULL" if employer is None else f"{table}.employer_id = %(employer)s"


def _fault(link: Link, number: int, before: bytes, employer: int | None) -> str | None:
    """What is wrong with a link, given the number and the hash of the one before."""
    if link.entry is None and number == 0:
        return None if _was_pruned(link, employer) else f"number {link.number} has no entry, and no removal says why"
    if link.number != number + 1:
        return f"number {number + 1} is missing: the next is {link.number}"
    if link.text is None:
        return f"number {link.number}: its entry{f' {link.entry}' if link.entry else ''} is missing"
    if sha256(before + link.text.encode()).digest() == link.hash:
        return None
    if belongs := _entry_that_fits(link, before, employer):
        return f"number {link.number} is out of order: it is of entry {belongs}, and names entry {link.entry}"
    return f"number {link.number}: entry {link.entry}, or its link, was changed"


def _entry_that_fits(link: Link, before: bytes, employer: int | None) -> int | None:
    with connection.cursor() as cursor:
        values = {"employer": employer, "before": before, "hash": link.hash}
        cursor.execute(_ELSEWHERE.format(employer=_of(employer, "e")), values)
        found = cursor.fetchone()
    return found[0] if found else None


def _was_pruned(link: Link, employer: int | None) -> bool:
    """Whether a removal by retention left this link, which the entry about that removal says."""
    said = {"chain": {"number": link.number, "hash": link.hash.hex()}}
    return AuditEntry.objects.filter(employer=employer, detail__contains=said).exists()


def _unlinked(employer: Employer | None) -> str | None:
    loose = AuditEntry.objects.filter(employer=employer, link__isnull=True).order_by("pk").first()
    return f"entry {loose.pk} is in no link: it was put in past the chain" if loose else None


def _cut_off(noted: str, number: int) -> str | None:
    """Whether the chain ends before a number that was noted."""
    if noted and int(noted.partition(":")[0]) > number:
        return f"it ends at number {number}, before the one that was noted: its end was cut off"
    return None


def verify_all(slug: str | None = None, *, noted: str = "") -> Iterator[Chain]:
    """Walk the chain of every employer and the service's own; or of one employer. Raises NotAllowed when unknown."""
    if slug is None:
        yield from map(verify, chain(Employer.objects.order_by("slug"), [None]))
        return
    employer = Employer.objects.filter(slug=slug).first()
    if employer is None:
        raise NotAllowed(f"There is no employer {slug}")
    yield verify(employer, noted=noted)
