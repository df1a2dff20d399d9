"""What people do with caseload files: look at what one would change, import it, or put it away again."""

from collections.abc import Iterable
from contextlib import ExitStack, suppress
from datetime import date, datetime, timedelta
from functools import partial
from pathlib import PurePath
from typing import BinaryIO, cast

from django.core.files.base import File
from django.db import transaction
from django.db.models import Q

from caseloads import importing, policies, snapshots, tasks
from caseloads.actions.scoring import score_soon
from caseloads.comparing import Changes
from caseloads.importing import Files, Outcome, Reading, Upload
from caseloads.intake.records import Refused
from caseloads.models import ImportRun
from teams import audit
from teams.access import holds_employer_wide, require_somewhere
from teams.audit import Event
from teams.models import Employer, Team, User, Worker
from teams.refusals import NotAllowed
from teams.roles import Permission

FEW_TEAMS = 5
PATIENCE = timedelta(days=1)


def preview_caseload(
    *, employer: Employer, preset: ImportRun.Preset, files: Files, as_of: date, by: User | None
) -> Outcome:
    """What importing the files would change. Writes nothing. Raises Refused or NotAllowed, each a sentence."""
    require_somewhere(by, Permission.CASELOAD_IMPORT, employer=employer)
    reading = importing.read_files(employer=employer, preset=preset, files=files, as_of=as_of)
    changes = importing.compare_with_records(employer=employer, reading=reading)
    _check_teams(employer, changes, by=by)
    return Outcome(reading, changes)


def import_caseload(
    *, employer: Employer, preset: ImportRun.Preset, files: Files, as_of: date, by: User | None, at: datetime
) -> Outcome:
    """Import the files in one transaction. Raises Refused or NotAllowed, each a sentence; then nothing has changed."""
    require_somewhere(by, Permission.CASELOAD_IMPORT, employer=employer)
    reading = importing.read_files(employer=employer, preset=preset, files=files, as_of=as_of)
    with transaction.atomic():
        outcome = _write(employer, reading, by=by, at=at)
        run = ImportRun(status=ImportRun.Status.APPLIED, applied_at=at, **_described(employer, outcome, by=by, at=at))
        run.save(force_insert=True)
        _audit(run, by=by, at=at)
    return outcome


def offer_import(
    *, employer: Employer, preset: ImportRun.Preset, files: Files, as_of: date, by: User, at: datetime
) -> ImportRun:
    """Keep the files until the person confirms or abandons what was found in them."""
    outcome = preview_caseload(employer=employer, preset=preset, files=files, as_of=as_of, by=by)
    _clear_away(employer, by=by, at=at)
    run = ImportRun(status=ImportRun.Status.PREVIEW, **_described(employer, outcome, by=by, at=at))
    for kept, upload in ((run.file, files.cases), (run.staff_file, files.staff)):
        if upload is not None:
            upload.content.seek(0)
            kept.save(upload.name, File(upload.content), save=False)
    run.save(force_insert=True)
    return run


def confirm_import(*, run: ImportRun, by: User, at: datetime) -> None:
    """Apply an import that was looked at, once, however often it is asked for. Its files are then deleted."""
    employer = run.employer
    require_somewhere(by, Permission.CASELOAD_IMPORT, employer=employer)
    with transaction.atomic():
        _claim(run, ImportRun.Status.APPLIED, applied_at=at)
        outcome = _write(employer, _read_again(run), by=by, at=at)
        ImportRun.objects.filter(pk=run.pk).update(counts=importing.stored_counts(outcome))
        _audit(run, by=by, at=at)
        _delete_files_later(run)


def abandon_import(*, run: ImportRun, by: User) -> None:
    """Put an import away that nobody wants to apply, and delete its files."""
    require_somewhere(by, Permission.CASELOAD_IMPORT, employer=run.employer)
    with transaction.atomic():
        _claim(run, ImportRun.Status.ABANDONED)
        _delete_files_later(run)


def _write(employer: Employer, reading: Reading, *, by: User | None, at: datetime) -> Outcome:
    Employer.objects.select_for_update().get(pk=employer.pk)
    changes = importing.compare_with_records(employer=employer, reading=reading)
    _check_teams(employer, changes, by=by)
    teams = importing.write_changes(employer=employer, changes=changes)
    _score(employer, teams, at=at)
    return Outcome(reading, changes)


def _check_teams(employer: Employer, changes: Changes, *, by: User | None) -> None:
    """A manager imports into their own teams only; whoever may import for the whole employer, into all."""
    if by is None or holds_employer_wide(by, Permission.CASELOAD_IMPORT, employer=employer):
        return
    own = set(Team.objects.where_allowed(by, Permission.CASELOAD_IMPORT).values_list("pk", flat=True))
    others = [key for key in changes.teams | {key for key, _ in changes.new_teams} if key not in own]
    members = Worker.objects.filter(contracts__team__in=own).values_list("pk", flat=True)
    strangers = changes.workers_touched() - set(members)
    names = Worker.objects.filter(pk__in=strangers).values_list("name", flat=True)
    if reason := policies.why_not_import(other_teams=len(others), strangers=list(names)):
        raise NotAllowed(reason)


def _score(employer: Employer, teams: Iterable[int], *, at: datetime) -> None:
    """Few teams are scored one by one; many by scoring the employer once."""
    changed = list(Team.objects.filter(pk__in=list(teams)))
    if len(changed) <= FEW_TEAMS:
        score_soon(changed, at=at)
        return
    snapshots.request_scoring(changed, at=at)
    transaction.on_commit(
        lambda: tasks.score_employer.apply_async(kwargs={"employer_id": employer.pk}, retry=False), robust=True
    )


def _described(employer: Employer, outcome: Outcome, *, by: User | None, at: datetime) -> dict[str, object]:
    reading = outcome.reading
    return {
        "employer": employer,
        "preset": reading.preset,
        "file_name": reading.name[:255],
        "file_sha256": reading.sha256,
        "as_of": reading.as_of,
        "counts": importing.stored_counts(outcome),
        "problems": outcome.problems[: importing.MOST_PROBLEMS_KEPT],
        "created_at": at,
        "created_by": by,
    }


def _read_again(run: ImportRun) -> Reading:
    """Understand the kept files once more. They are named as they are kept, with the ending they came with."""
    with ExitStack() as opened:
        try:
            cases, staff = (
                Upload(PurePath(str(kept.name)).name, cast("BinaryIO", opened.enter_context(kept.open())))
                if kept
                else None
                for kept in (run.file, run.staff_file)
            )
        except FileNotFoundError as error:
            raise Refused("The uploaded file is no longer there. Upload it again.") from error
        return importing.read_files(
            employer=run.employer, preset=ImportRun.Preset(run.preset), files=Files(cases, staff), as_of=run.as_of
        )


def _clear_away(employer: Employer, *, by: User, at: datetime) -> None:
    """Put away what the person looked at before, and what anybody left waiting: files hold more than we keep."""
    waiting = ImportRun.objects.filter(employer=employer, status=ImportRun.Status.PREVIEW)
    for run in waiting.filter(Q(created_by=by) | Q(created_at__lt=at - PATIENCE)):
        with transaction.atomic(), suppress(NotAllowed):
            _claim(run, ImportRun.Status.ABANDONED)
            _delete_files_later(run)


def _claim(run: ImportRun, status: ImportRun.Status, **fields: object) -> None:
    """Take a run that waits for confirmation out of that state. Of several who try at once, one succeeds."""
    waiting = ImportRun.objects.filter(pk=run.pk, status=ImportRun.Status.PREVIEW)
    if not waiting.update(status=status, file="", staff_file="", **fields):
        raise NotAllowed("This file has already been imported, or its import cancelled.")


def _audit(run: ImportRun, *, by: User | None, at: datetime) -> None:
    detail = {"file": run.file_name, "sha256": run.file_sha256, "preset": run.preset} | run.counts["counts"]
    audit.record(Event.CASELOAD_IMPORTED, employer=run.employer, target=run, by=by, at=at, detail=detail)


def _delete_files_later(run: ImportRun) -> None:
    """Delete the kept files once the change is saved."""
    for kept in (run.file, run.staff_file):
        if kept:
            transaction.on_commit(partial(kept.storage.delete, str(kept.name)), robust=True)
