"""Imports on their way: claims a run, reads it or applies it. Twice, late or half does no harm."""

import logging
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from pathlib import PurePath
from typing import BinaryIO, cast

from django.db import transaction
from django.db.models import F, Q

from caseloads import import_states, importing
from caseloads.import_lines import fingerprint
from caseloads.import_writing import LooksDifferent, ToScore, Written, carry_out, keep, keep_lines, look
from caseloads.importing import Files, Outcome, Reading, Unmapped, Upload
from caseloads.intake.records import Refused
from caseloads.intake.watching import Tell, quietly
from caseloads.models import ImportFile, ImportLine, ImportRun
from teams import audit
from teams.audit import Event
from teams.models import User
from teams.refusals import NotAllowed

PATIENCE = timedelta(minutes=3)
KEPT_WAITING = timedelta(days=1)  # files hold more than we keep, so they are not kept longer than this for an answer
MOST_ATTEMPTS = 3
SORRY = "Something went wrong each time. Choose the file again; if that fails too, tell your system administrator."
GONE = "The uploaded file is no longer there. Upload it again."
CHANGED = (
    "Something that is recorded has changed since you looked at this preview, so nothing was imported. "
    "It is brought up to date below: look at it again, and import it if it is still right."
)

log = logging.getLogger(__name__)
Status = ImportRun.Status
Clock = Callable[[], datetime]


@dataclass(frozen=True)
class LeftUndone:
    """Keys of runs that wait with nobody working on them."""

    to_read: list[int]
    to_apply: list[int]


@dataclass(frozen=True)
class _Mine:
    """A run that this worker has claimed. Whoever is overtaken finds that it has it no more."""

    run: ImportRun
    begun: datetime
    clock: Clock

    def update(self, **fields: object) -> bool:
        """Change the run, unless somebody else has taken it or it was cancelled."""
        rows = ImportRun.objects.filter(pk=self.run.pk, status=self.run.status, claimed_at=self.begun)
        return bool(rows.update(heard_at=self.clock(), **fields))

    def tell(self, number: int) -> None:
        self.update(rows_done=number)

    def failed(self, back_to: ImportRun.Status) -> None:
        """Give the run back for another attempt, or up."""
        if self.run.attempts >= MOST_ATTEMPTS:
            with transaction.atomic():
                if self.update(status=Status.FAILED, error=SORRY):
                    forget_files(self.run)
        else:
            self.update(status=back_to)


def read(*, run_id: int, clock: Clock) -> None:
    """Read a run's files and find out what they would change, unless that is done or somebody else is doing it."""
    mine = _claim(run_id, Status.PENDING, Status.READING, clock)
    if mine is None:
        return
    try:
        _find_out(mine)
    except (Refused, NotAllowed) as sentence:
        with transaction.atomic():
            if mine.update(status=Status.FAILED, error=str(sentence)):
                forget_files(mine.run)
    except Exception:
        log.exception("Import %s could not be read", run_id)
        mine.failed(Status.PENDING)
        raise


def _find_out(mine: _Mine) -> None:
    run = mine.run
    try:
        reading = read_again(run, mine.tell)
    except Unmapped as unmapped:
        mine.update(status=Status.MAPPING, questions=unmapped.questions.as_json())
        return
    rows = reading.intake.counts.rows
    if reading.questions.open:
        mine.update(
            status=Status.MAPPING, questions=reading.questions.as_json(), rows_done=rows, file_sha256=reading.sha256
        )
        return
    outcome = look(employer=run.employer, reading=reading, by=run.created_by)
    with transaction.atomic():
        if mine.update(status=Status.PREVIEW, error="", attempts=0, **_previewed(outcome)):
            keep_lines(run, outcome.lines, {})


def _previewed(outcome: Outcome) -> dict[str, object]:
    reading = outcome.reading
    return described(outcome) | {
        "rows_done": reading.intake.counts.rows,
        "rows_total": reading.intake.counts.rows,
        "questions": reading.questions.as_json(),
        "preview_sha256": fingerprint(outcome.lines),
    }


def described(outcome: Outcome) -> dict[str, object]:
    """What a run keeps of an outcome."""
    return {
        "counts": importing.stored_counts(outcome),
        "problems": outcome.problems[: importing.MOST_PROBLEMS_KEPT],
        "file_sha256": outcome.reading.sha256,
    }


def apply(*, run_id: int, clock: Clock) -> ToScore:
    """Carry out a run that somebody has confirmed, unless that is done or somebody else is doing it."""
    mine = _claim(run_id, Status.CONFIRMED, Status.APPLYING, clock)
    if mine is None:
        return ToScore()
    try:
        return _apply(mine)
    except LooksDifferent as different:
        with transaction.atomic():
            if mine.update(status=Status.PREVIEW, error=CHANGED, attempts=0, **_previewed(different.outcome)):
                keep_lines(mine.run, different.outcome.lines, {})
    except (Refused, NotAllowed) as sentence:
        mine.update(status=Status.PREVIEW, error=str(sentence), attempts=0)
    except Exception:
        log.exception("Import %s could not be applied", run_id)
        mine.failed(Status.CONFIRMED)
        raise
    return ToScore()


class _Overtaken(Exception):  # noqa: N818 - it says what happened
    """Another worker has this run by now; nothing of ours is saved."""


def _apply(mine: _Mine) -> ToScore:
    run = mine.run
    reading = read_again(run, mine.tell)
    with suppress(_Overtaken), transaction.atomic():
        at = mine.clock()
        outcome, written = carry_out(
            employer=run.employer, reading=reading, by=run.confirmed_by, at=at, looked_at=run.preview_sha256
        )
        run.changed_something = not outcome.summary.nothing()
        fields = {"applied_at": at, "changed_something": run.changed_something, "questions": {}, "error": ""}
        if not mine.update(status=Status.APPLIED, **fields, **described(outcome)):
            raise _Overtaken
        finish(run, outcome, written, by=run.confirmed_by, at=at)
        forget_files(run)
        return written.score
    return ToScore()


def finish(run: ImportRun, outcome: Outcome, written: Written, *, by: User | None, at: datetime) -> None:
    """What every import that was applied leaves: its lines, its image and its entry in the audit trail."""
    keep(run, outcome, written)
    reading = outcome.reading
    detail = {"file": run.file_name, "sha256": reading.sha256, "preset": run.preset}
    counted = importing.stored_counts(outcome)["counts"]
    audit.record(
        Event.CASELOAD_IMPORTED,
        employer=run.employer,
        target=run,
        by=by,
        at=at,
        detail=detail | cast("dict[str, object]", counted),
    )


def _claim(run_id: int, waiting: ImportRun.Status, taken: ImportRun.Status, clock: Clock) -> _Mine | None:
    """Take a run that waits, or one whose worker has not been heard of for long. One taker wins."""
    at = clock()
    run = ImportRun.objects.filter(pk=run_id, attempts__lt=MOST_ATTEMPTS)
    free = run.filter(Q(status=waiting) | Q(status=taken, heard_at__lt=at - PATIENCE))
    if not free.update(status=taken, claimed_at=at, heard_at=at, rows_done=0, attempts=F("attempts") + 1):
        return None
    return _Mine(ImportRun.objects.select_related("employer", "confirmed_by", "created_by").get(pk=run_id), at, clock)


def left_undone(*, at: datetime) -> LeftUndone:
    """What a lost message or a dead worker left; runs tried often enough are given up, with a reason."""
    stuck = ImportRun.objects.stuck(before=at - PATIENCE)
    for run in stuck.filter(attempts__gte=MOST_ATTEMPTS):
        with transaction.atomic():
            if stuck.filter(pk=run.pk, status=run.status).update(status=Status.FAILED, error=SORRY):
                forget_files(run)
    reading, applying = (Status.PENDING, Status.READING), (Status.CONFIRMED, Status.APPLYING)
    return LeftUndone(
        to_read=list(stuck.filter(status__in=reading).values_list("pk", flat=True)),
        to_apply=list(stuck.filter(status__in=applying).values_list("pk", flat=True)),
    )


def clear_away(*, at: datetime) -> int:
    """Put away what has waited too long for an answer; return how many."""
    waiting = ImportRun.objects.filter(status__in=import_states.LEAVABLE, created_at__lt=at - KEPT_WAITING)
    return sum(put_away(run) for run in waiting)


def put_away(run: ImportRun) -> bool:
    """Cancel a run that has not been confirmed, and delete what was kept of it. False: it is too late."""
    with transaction.atomic():
        waiting = ImportRun.objects.filter(pk=run.pk, status__in=import_states.LEAVABLE)
        if not waiting.update(status=Status.ABANDONED, questions={}, problems=[], error=""):
            return False
        ImportLine.objects.filter(run=run).delete()
        forget_files(run)
        return True


def forget_files(run: ImportRun) -> None:
    """Delete the kept files once the change is saved."""
    for kept in ImportFile.objects.filter(run=run):
        transaction.on_commit(partial(kept.file.storage.delete, str(kept.file.name)), robust=True)
    ImportFile.objects.filter(run=run).delete()


def read_again(run: ImportRun, tell: Tell = quietly) -> Reading:
    """Understand the kept files, each under the name it came with."""
    with _opened(run) as files:
        return importing.read_files(
            employer=run.employer, preset=ImportRun.Preset(run.preset), files=files, as_of=run.as_of, tell=tell
        )


@contextmanager
def _opened(run: ImportRun) -> Iterator[Files]:
    with ExitStack() as stack:
        try:
            kept = [(one, cast("BinaryIO", stack.enter_context(one.file.open()))) for one in run.files.all()]
        except FileNotFoundError as error:
            raise Refused(GONE) from error
        uploads = [(one.kind, Upload(PurePath(one.name).name, content)) for one, content in kept]
        yield Files(
            cases=[upload for kind, upload in uploads if kind == ImportFile.Kind.CASES],
            staff=next((upload for kind, upload in uploads if kind == ImportFile.Kind.STAFF), None),
        )
