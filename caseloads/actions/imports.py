"""What people do with caseload files: bring them, say what they mean, import them, put them away, undo them."""

from collections.abc import Mapping
from datetime import date, datetime
from functools import partial
from uuid import UUID

from django.core.files.base import File
from django.db import transaction

from caseloads import import_running, import_states, import_undoing, importing, tasks
from caseloads.import_writing import ToScore, carry_out, look
from caseloads.importing import Files, Outcome
from caseloads.intake.mapping import Said
from caseloads.intake.reading import check_upload
from caseloads.intake.records import Refused
from caseloads.models import ImportFile, ImportMapping, ImportRun
from teams import audit, submissions
from teams.access import holds_employer_wide, require_somewhere
from teams.audit import Event
from teams.handing_over import after_commit
from teams.models import Employer, User
from teams.refusals import NotAllowed
from teams.roles import Permission

_TOO_LATE = "This file has already been imported, or its import cancelled."
_NOBODY = "Choose a case list, a staff list or both."
_NOT_YOURS = "Only whoever began an import, or an administrator of the whole employer, can undo it."
Status = ImportRun.Status


def preview_caseload(
    *, employer: Employer, preset: ImportRun.Preset, files: Files, as_of: date, by: User | None
) -> Outcome:
    """What importing the files would change. Writes nothing. Raises Refused or NotAllowed, each a sentence."""
    require_somewhere(by, Permission.CASELOAD_IMPORT, employer=employer)
    reading = importing.read_files(employer=employer, preset=preset, files=files, as_of=as_of)
    return look(employer=employer, reading=reading, by=by)


def import_caseload(
    *, employer: Employer, preset: ImportRun.Preset, files: Files, as_of: date, by: User | None, at: datetime
) -> Outcome:
    """Import the files in one transaction. Raises Refused or NotAllowed, each a sentence; then nothing has changed."""
    require_somewhere(by, Permission.CASELOAD_IMPORT, employer=employer)
    reading = importing.read_files(employer=employer, preset=preset, files=files, as_of=as_of)
    with transaction.atomic():
        outcome, written = carry_out(employer=employer, reading=reading, by=by, at=at)
        run = ImportRun.objects.create(
            employer=employer,
            preset=preset,
            status=Status.APPLIED,
            file_name=reading.name[:255],
            as_of=as_of,
            changed_something=not outcome.summary.nothing(),
            created_at=at,
            created_by=by,
            confirmed_at=at,
            confirmed_by=by,
            applied_at=at,
            **import_running.described(outcome),
        )
        import_running.finish(run, outcome, written, by=by, at=at)
        _score_later(written.score)
    return outcome


def offer_import(
    *,
    employer: Employer,
    preset: ImportRun.Preset,
    files: Files,
    as_of: date,
    by: User,
    at: datetime,
    once: UUID | None = None,
) -> ImportRun:
    """Keep the files and have them read; the person then sees what they would change. Raises Refused, a sentence."""
    require_somewhere(by, Permission.CASELOAD_IMPORT, employer=employer)
    if not files.all:
        raise Refused(_NOBODY)
    for upload in files.all:
        check_upload(upload.content, name=upload.name)
    with transaction.atomic():
        submissions.claim(once, by=by, at=at)
        for waiting in ImportRun.objects.filter(employer=employer, created_by=by, status__in=import_states.LEAVABLE):
            import_running.put_away(waiting)
        run = ImportRun.objects.create(
            employer=employer,
            preset=preset,
            status=Status.PENDING,
            file_name=files.name[:255],
            as_of=as_of,
            created_at=at,
            created_by=by,
            heard_at=at,
        )
        _keep_files(run, files)
        _read_later(run)
    return run


def _keep_files(run: ImportRun, files: Files) -> None:
    for upload in files.all:
        kind = ImportFile.Kind.STAFF if upload is files.staff else ImportFile.Kind.CASES
        upload.content.seek(0)
        kept = ImportFile(run=run, kind=kind, name=upload.name[:255])
        kept.file.save(upload.name, File(upload.content), save=False)
        kept.save(force_insert=True)


def answer_questions(*, run: ImportRun, columns: Said, values: Said, by: User, at: datetime) -> None:
    """Remember for the employer which column and which word means what, and have the files read again."""
    require_somewhere(by, Permission.CASELOAD_IMPORT, employer=run.employer)
    with transaction.atomic():
        Employer.objects.select_for_update(no_key=True).get(pk=run.employer_id)
        waiting = ImportRun.objects.filter(pk=run.pk, status__in=[Status.MAPPING, Status.PREVIEW])
        if not waiting.update(status=Status.PENDING, heard_at=at, attempts=0, rows_done=0, error=""):
            raise NotAllowed(_TOO_LATE)
        preset = ImportRun.Preset(run.preset)
        mapped = importing.mapped_by(run.employer, preset).with_more(columns, values)
        _remember(run.employer, preset, mapped.as_json(), by=by, at=at)
        _read_later(run)


def forget_answers(*, employer: Employer, preset: ImportRun.Preset, by: User, at: datetime) -> None:
    """Forget what was said about files of one kind; the next of them is recognised by itself, or asks again."""
    require_somewhere(by, Permission.CASELOAD_IMPORT, employer=employer)
    with transaction.atomic():
        Employer.objects.select_for_update(no_key=True).get(pk=employer.pk)
        _remember(employer, preset, {"columns": {}, "values": {}}, by=by, at=at)


def _remember(
    employer: Employer, preset: ImportRun.Preset, said: Mapping[str, object], *, by: User, at: datetime
) -> None:
    before = ImportMapping.objects.filter(employer=employer, preset=preset).values("columns", "values").first()
    mapping, _ = ImportMapping.objects.update_or_create(
        employer=employer, preset=preset, defaults={**said, "changed_at": at, "changed_by": by}
    )
    changes = audit.difference(before or {}, said)
    detail = {"preset": preset.value, "fields": sorted(mapping.columns), "changes": changes}
    audit.record(Event.CASELOAD_MAPPING_CHANGED, employer=employer, target=mapping, by=by, at=at, detail=detail)


def confirm_import(*, run: ImportRun, by: User, at: datetime) -> None:
    """Have an import that was looked at applied, once, however often it is asked for."""
    require_somewhere(by, Permission.CASELOAD_IMPORT, employer=run.employer)
    with transaction.atomic():
        waiting = ImportRun.objects.filter(pk=run.pk, status=Status.PREVIEW)
        confirmed = {"confirmed_by": by, "confirmed_at": at, "heard_at": at}
        if not waiting.update(status=Status.CONFIRMED, attempts=0, rows_done=0, error="", **confirmed):
            raise NotAllowed(_TOO_LATE)
        after_commit(tasks.apply_import, run_id=run.pk)


@transaction.atomic
def abandon_import(*, run: ImportRun, by: User, at: datetime) -> None:
    """Put an import away that nobody wants to apply, and delete its files."""
    require_somewhere(by, Permission.CASELOAD_IMPORT, employer=run.employer)
    if not import_running.put_away(run):
        raise NotAllowed(_TOO_LATE)
    detail = {"file": run.file_name, "state": {"before": run.status, "after": Status.ABANDONED.value}}
    audit.record(Event.CASELOAD_IMPORT_DROPPED, employer=run.employer, target=run, by=by, at=at, detail=detail)


def undo_import(*, run: ImportRun, by: User | None, at: datetime, once: UUID | None = None) -> None:
    """Put back what the last import of an employer changed. Raises NotAllowed with what stands in the way."""
    require_somewhere(by, Permission.CASELOAD_IMPORT, employer=run.employer)
    if not may_undo(run, by):
        raise NotAllowed(_NOT_YOURS)
    with transaction.atomic():
        submissions.claim(once, by=by, at=at)
        score = import_undoing.put_back(run=run, by=by, at=at)
        detail = {"file": run.file_name, "sha256": run.file_sha256, "changes": run.counts["changes"]}
        audit.record(Event.CASELOAD_IMPORT_UNDONE, employer=run.employer, target=run, by=by, at=at, detail=detail)
        _score_later(score)


def may_undo(run: ImportRun, by: User | None) -> bool:
    """Whether the person may undo this import: their own, or any when they may import for the whole employer."""
    own = by is None or run.created_by_id == by.pk
    return own or holds_employer_wide(by, Permission.CASELOAD_IMPORT, employer=run.employer)  # type: ignore[arg-type]


def _read_later(run: ImportRun) -> None:
    after_commit(tasks.read_import, run_id=run.pk)


def _score_later(score: ToScore) -> None:
    """Once the change is saved."""
    transaction.on_commit(partial(tasks.score_what_changed, score), robust=True)
