"""What a team's manager answers: judgements, evidence, and taking the figures again. Only while the check is open."""

from dataclasses import dataclass
from pathlib import PurePath
from typing import TYPE_CHECKING

from django.core.files.storage import default_storage
from django.db import transaction

from checks import figure_taking
from checks.actions.doing import Doing
from checks.checking import NOT_TAKEN, CheckState, Judgement, Priority
from checks.evidence import ENDINGS
from checks.findings import FINDING_NAMES, Finding
from checks.models import Answer, Cycle, Evidence, HealthCheck
from design import figures
from teams import audit, submissions
from teams.access import require
from teams.audit import Event
from teams.changing import values_of
from teams.refusals import NotAllowed
from teams.roles import Permission

if TYPE_CHECKING:
    from django.core.files.base import File

MOST_EVIDENCE = 20
CLOSED = "This cycle is closed, so its answers cannot change any more."


@dataclass(frozen=True)
class Said:
    """What a manager says to one indicator. Everything may be left empty until the check is submitted."""

    judgement: Judgement | None
    commentary: str
    reason: str
    priority: Priority | None


@dataclass(frozen=True)
class Attached:
    """A link, or a file with its kind by its content."""

    title: str
    url: str = ""
    file: "File[bytes] | None" = None
    media_type: str = ""


@transaction.atomic
def save_answer(*, answer: Answer, said: Said, doing: Doing) -> Answer:
    """Save what is said to one indicator. Refused, with what somebody else wrote, when it is not what was seen."""
    require_open(answer.check_of, doing)
    locked = Answer.objects.select_for_update(of=("self",)).select_related("changed_by").get(pk=answer.pk)
    if doing.seen is not None and doing.seen != locked.revision:
        raise NotAllowed(_said_meanwhile(locked))
    before = _words_of(locked)
    locked.judgement = said.judgement.value if said.judgement else ""
    locked.priority = said.priority.value if said.priority else ""
    locked.commentary, locked.reason = said.commentary, said.reason
    if _words_of(locked) == before:
        return locked
    locked.revision += 1
    locked.changed_at, locked.changed_by = doing.at, doing.by
    locked.save(update_fields=["judgement", "priority", "commentary", "reason", "revision", "changed_at", "changed_by"])
    detail = {"indicator": locked.indicator} | audit.changed(before, _words_of(locked))
    employer = answer.check_of.employer
    audit.record(Event.CHECK_ANSWERED, employer=employer, target=locked, by=doing.by, at=doing.at, detail=detail)
    return locked


@transaction.atomic
def take_figures_again(*, check: HealthCheck, doing: Doing) -> None:
    """Measure an open check once more, for the same day, as its rows are recorded now."""
    submissions.claim(doing.once, by=doing.by, at=doing.at)
    locked = require_open(check, doing)
    figure_taking.take_again(locked, at=doing.at)
    detail = {"figures": "taken again"}
    audit.record(Event.CHECK_ANSWERED, employer=locked.employer, target=locked, by=doing.by, at=doing.at, detail=detail)


@transaction.atomic
def add_evidence(*, answer: Answer, attached: Attached, doing: Doing) -> Evidence:
    """Attach a link or a file to an answer. The file is stored under a name of ours, never under its owner's."""
    require_open(answer.check_of, doing)
    submissions.claim(doing.once, by=doing.by, at=doing.at)
    if answer.evidence.filter(removed_at__isnull=True).count() >= MOST_EVIDENCE:
        raise NotAllowed(f"An answer can have {MOST_EVIDENCE} pieces of evidence. Remove one before you add another.")
    row = Evidence(answer=answer, title=attached.title, url=attached.url, added_at=doing.at, added_by=doing.by)
    if attached.file is not None:
        row.file_name = PurePath(attached.file.name or "file").name[-200:]
        row.media_type, row.size = attached.media_type, attached.file.size
        row.file.save(f"{row.public_id}{ENDINGS[attached.media_type]}", attached.file, save=False)
    row.save()
    detail = {"indicator": answer.indicator, "size": row.size, "kind": row.media_type or "link"}
    employer = answer.check_of.employer
    audit.record(Event.EVIDENCE_ADDED, employer=employer, target=row, by=doing.by, at=doing.at, detail=detail)
    return row


@transaction.atomic
def remove_evidence(*, evidence: Evidence, doing: Doing) -> None:
    """Remove a piece of evidence. Its file goes too, once that is certain."""
    answer = evidence.answer
    require_open(answer.check_of, doing)
    submissions.claim(doing.once, by=doing.by, at=doing.at)
    if not Evidence.objects.filter(pk=evidence.pk, removed_at__isnull=True).update(removed_at=doing.at):
        raise NotAllowed("Somebody else has removed this evidence already.")
    if evidence.file:
        name = str(evidence.file.name)
        transaction.on_commit(lambda: default_storage.delete(name))
    before = values_of(evidence, "title", "url", "media_type", "size")
    detail = {"indicator": answer.indicator, "before": before}
    employer = answer.check_of.employer
    audit.record(Event.EVIDENCE_REMOVED, employer=employer, target=evidence, by=doing.by, at=doing.at, detail=detail)


def require_open(check: HealthCheck, doing: Doing) -> HealthCheck:
    """Lock a check that may be answered. Refuses whoever has not the right, and one that is not open any more."""
    require(doing.by, Permission.CHECK_ANSWER, team=check.team)
    rows = HealthCheck.objects.select_for_update(of=("self",)).select_related(
        "employer", "cycle__standard_set", "team__employer", "team__service_area"
    )
    locked = rows.get(pk=check.pk)
    if locked.cycle.state == Cycle.State.CLOSED:
        raise NotAllowed(CLOSED)
    if locked.state != CheckState.OPEN:
        raise NotAllowed("This health check has been submitted. It can only change when it is returned.")
    if locked.measured_at is None:
        raise NotAllowed(NOT_TAKEN)
    return locked


def _words_of(answer: Answer) -> dict[str, object]:
    return values_of(answer, "judgement", "priority", "commentary", "reason")


def _said_meanwhile(answer: Answer) -> str:
    """What somebody else has answered, in words, so that both can be read beside each other."""
    who = answer.changed_by or "Somebody"
    judged = FINDING_NAMES[Finding(answer.judgement)].lower() if answer.judgement else "no judgement"
    words = f" Commentary: “{answer.commentary}”" if answer.commentary else ""
    reason = f" Reason: “{answer.reason}”" if answer.reason else ""
    when = figures.moment(answer.changed_at) if answer.changed_at else "just now"
    return (
        f"{who} changed this answer on {when}, after you opened it. It says now: {judged}.{words}{reason} "
        "Yours is still in the boxes and not saved yet: put together what is right, and save again."
    )
