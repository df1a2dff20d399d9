"""What the director does with a cycle and the public: publish it, publish it again, withdraw it with a reason."""

import json
from collections.abc import Collection

from django.db import transaction
from django.utils.text import slugify

from checks.actions.doing import Doing
from checks.checking import why_not_publish_cycle
from checks.models import Cycle, Publication
from checks.queries.to_publish import ToPublish, newest_of, what_to_publish
from teams import audit, submissions
from teams.access import require_employer_wide
from teams.audit import Event
from teams.refusals import NotAllowed
from teams.roles import Permission

ANOTHER = "What would be published is not what you were shown. It is shown below now: read it again, then publish it."


@transaction.atomic
def publish_cycle(*, cycle: Cycle, words: str, chosen: Collection[str], shown: str, doing: Doing) -> Publication:
    """Let the public read a cycle. `shown` is the fingerprint of what the director has read."""
    cycle = _take(cycle, doing)
    found = what_to_publish(cycle, words=words, chosen=chosen)
    if reason := why_not_publish_cycle(
        published=found.published, shown=found.content["teams_shown"], fewest=cycle.fewest, chosen=len(chosen)
    ):
        raise NotAllowed(reason)
    if found.fingerprint != shown:
        raise NotAllowed(ANOTHER)
    before = newest_of(cycle)
    publication = Publication.objects.create(
        employer=cycle.employer,
        cycle=cycle,
        number=before.number + 1 if before else 1,
        slug=before.slug if before else _address(cycle),
        document=json.dumps(found.content, ensure_ascii=False),
        published_at=doing.at,
        published_by=doing.by,
    )
    _record(Event.CYCLE_PUBLISHED, publication, doing, _detail(found))
    return publication


@transaction.atomic
def withdraw(*, cycle: Cycle, reason: str, doing: Doing) -> None:
    """Take the newest publication of a cycle back. Its address says so, and when, from then on."""
    cycle = _take(cycle, doing)
    publication = newest_of(cycle)
    if publication is None or publication.withdrawn_at is not None:
        raise NotAllowed("Nothing of this cycle is published now.")
    publication.withdrawn_at, publication.withdrawn_by = doing.at, doing.by
    publication.withdrawn_because = reason
    publication.save(update_fields=["withdrawn_at", "withdrawn_by", "withdrawn_because"])
    _record(Event.PUBLICATION_WITHDRAWN, publication, doing, {"reason": reason})


def _take(cycle: Cycle, doing: Doing) -> Cycle:
    """Lock a cycle, so that its publications are counted one after the other."""
    require_employer_wide(doing.by, Permission.CHECK_SIGN, employer=cycle.employer)
    submissions.claim(doing.once, by=doing.by, at=doing.at)
    rows = Cycle.objects.select_for_update(of=("self",)).select_related("employer", "standard_set")
    return rows.get(pk=cycle.pk)


def _address(cycle: Cycle) -> str:
    """The cycle's name as a part of an address, unlike that of any other cycle of the employer."""
    name = slugify(cycle.name) or "cycle"
    others = Publication.objects.filter(employer=cycle.employer, slug__startswith=name)
    taken = set(others.values_list("slug", flat=True))
    tries = (name, *(f"{name}-{number}" for number in range(2, len(taken) + 3)))
    return next(one for one in tries if one not in taken)


def _detail(found: ToPublish) -> dict[str, object]:
    left_out = [one["code"] for one in found.content["not_published"]]
    return {"teams": found.content["teams_shown"], "left_out": left_out, "fingerprint": found.fingerprint}


def _record(event: Event, publication: Publication, doing: Doing, detail: dict[str, object]) -> None:
    detail |= {"cycle": publication.cycle.name, "publication": publication.number}
    audit.record(event, employer=publication.employer, target=publication, by=doing.by, at=doing.at, detail=detail)
