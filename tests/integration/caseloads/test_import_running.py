"""Imports on their way: claimed once, told how far, found again when lost; and what happens when two come at once."""

import io
import re
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import InternalError, connection, transaction

from caseloads import import_running, import_states, import_writing
from caseloads.actions.case_changes import Correction, Doing, correct
from caseloads.actions.changing import ChangedMeanwhile
from caseloads.actions.imports import abandon_import, confirm_import, import_caseload, offer_import
from caseloads.importing import Files, Upload
from caseloads.intake.records import Refused
from caseloads.models import Allocation, Case, CaseChange, ImportFile, ImportLine, ImportRun
from teams.models import AuditEntry
from teams.refusals import NotAllowed
from tests.cast import AT, TODAY, Cast, assemble

HEADINGS = "case_reference,category,opened_on,team,worker,family_reference\n"
GOOD = f"{HEADINGS}N-1,child_in_need,01/10/2026,Heron Team,Asha Test,\nT-003,child_in_need,,Heron Team,Nia Test,\n"
DOCUMENT = Path(__file__).resolve().parents[3] / "docs" / "explanation" / "architecture.md"


@pytest.fixture(autouse=True)
def files(settings: Any, tmp_path: Path) -> Path:
    settings.MEDIA_ROOT = tmp_path
    return tmp_path


def kept(folder: Path) -> list[str]:
    return [path.name for path in folder.rglob("*") if path.is_file()]


def clock(after: timedelta = timedelta()) -> Callable[[], datetime]:
    return lambda: AT + after


def offer(cast: Cast, text: str = GOOD, *, by: Any = None, at: datetime = AT) -> ImportRun:
    return offer_import(
        employer=cast.employer,
        preset=ImportRun.Preset.PLAIN,
        files=Files([Upload("cases.csv", io.BytesIO(text.encode()))]),
        as_of=TODAY,
        by=by or cast.ben,
        at=at,
    )


def looked_at(cast: Cast, text: str = GOOD, *, by: Any = None) -> ImportRun:
    run = offer(cast, text, by=by)
    import_running.read(run_id=run.pk, clock=clock())
    run.refresh_from_db()
    assert run.status == "PREVIEW", run.error
    return run


def confirmed(cast: Cast, text: str = GOOD, *, by: Any = None) -> ImportRun:
    run = looked_at(cast, text, by=by)
    confirm_import(run=run, by=by or cast.ben, at=AT)
    return run


def status(run: ImportRun) -> str:
    run.refresh_from_db()
    return run.status


# States


@pytest.mark.parametrize("before", import_states.MOVES)
def test_the_database_allows_the_moves_of_the_table_and_no_other(cast: Cast, before: str) -> None:
    for after in import_states.MOVES:
        run = ImportRun.objects.create(
            employer=cast.employer, preset="plain", status=before, as_of=TODAY, created_at=AT, applied_at=AT, error="x"
        )
        with suppress(InternalError), transaction.atomic():
            ImportRun.objects.filter(pk=run.pk).update(status=after)
        assert (status(run) == after) == (after == before or after in import_states.MOVES[before])


def test_every_state_is_in_the_table_and_the_documentation_draws_it() -> None:
    assert set(import_states.MOVES) == set(ImportRun.Status.values)
    drawn = set(re.findall(r"^    (\w+) --> (\w+)$", DOCUMENT.read_text(), re.MULTILINE))
    assert drawn == set(import_states.pairs())


# Reading


def test_reading_makes_a_preview_with_its_lines(cast: Cast) -> None:
    run = looked_at(cast)
    assert (run.rows_done, run.rows_total, run.attempts, run.error) == (2, 2, 0, "")
    assert list(run.lines.values_list("section", "number", "subject", "team")) == [
        ("ALLOCATIONS", 1, "T-003", cast.team.pk),
        ("CASES_ADDED", 1, "N-1", cast.team.pk),
        ("CASES_CHANGED", 1, "T-003", cast.team.pk),
    ]


def test_it_tells_how_far_it_is(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("caseloads.intake.watching.STEP", 2)
    told: list[int] = []
    real = import_running._Mine.update
    monkeypatch.setattr(
        import_running._Mine,
        "update",
        lambda mine, **fields: told.append(fields.get("rows_done", 0)) or real(mine, **fields),
    )
    offered = offer(cast, HEADINGS + "".join(f"N-{at},,,Heron Team,,\n" for at in range(5)))
    import_running.read(run_id=offered.pk, clock=clock())
    assert told == [2, 4, 5]


def test_reading_twice_does_no_harm(cast: Cast) -> None:
    run = looked_at(cast)
    lines = list(run.lines.values_list("pk", flat=True))
    import_running.read(run_id=run.pk, clock=clock(timedelta(hours=1)))
    assert list(run.lines.values_list("pk", flat=True)) == lines


def test_a_run_that_was_cancelled_while_it_was_read_stays_cancelled(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = offer(cast)
    real = import_running.read_again

    def and_then(*of: Any) -> Any:
        reading = real(*of)
        abandon_import(run=run, by=cast.ben, at=AT)
        return reading

    monkeypatch.setattr(import_running, "read_again", and_then)
    import_running.read(run_id=run.pk, clock=clock())
    assert status(run) == "ABANDONED"
    assert not run.lines.exists()


def test_a_worker_that_died_is_taken_over_after_a_while_and_cannot_come_back(cast: Cast) -> None:
    run = offer(cast)
    dead = import_running._claim(run.pk, ImportRun.Status.PENDING, ImportRun.Status.READING, clock())
    assert dead is not None
    import_running.read(run_id=run.pk, clock=clock(timedelta(minutes=2)))
    assert status(run) == "READING"
    assert import_running.left_undone(at=AT + timedelta(minutes=2)).to_read == []
    late = timedelta(minutes=4)
    assert import_running.left_undone(at=AT + late).to_read == [run.pk]
    import_running.read(run_id=run.pk, clock=clock(late))
    assert status(run) == "PREVIEW"
    assert not dead.update(status="FAILED", error="late")
    assert status(run) == "PREVIEW"


def test_what_fails_three_times_is_given_up_with_a_sentence(
    cast: Cast, files: Path, monkeypatch: pytest.MonkeyPatch, django_capture_on_commit_callbacks: Any
) -> None:
    run = offer(cast)
    monkeypatch.setattr(import_running, "look", lambda **_: 1 / 0)
    for left in ("PENDING", "PENDING", "FAILED"):
        with pytest.raises(ZeroDivisionError), django_capture_on_commit_callbacks(execute=True):
            import_running.read(run_id=run.pk, clock=clock())
        assert status(run) == left
    assert run.error == import_running.SORRY
    assert kept(files) == []
    import_running.read(run_id=run.pk, clock=clock())
    assert run.attempts == 3


def test_a_worker_that_dies_each_time_is_given_up_by_the_sweeper(
    cast: Cast, files: Path, django_capture_on_commit_callbacks: Any
) -> None:
    run = offer(cast)
    for attempt in range(3):
        assert import_running._claim(
            run.pk, ImportRun.Status.PENDING, ImportRun.Status.READING, clock(timedelta(minutes=4 * attempt))
        )
    with django_capture_on_commit_callbacks(execute=True):
        assert import_running.left_undone(at=AT + timedelta(minutes=12)).to_read == []
    assert (status(run), run.error) == ("FAILED", import_running.SORRY)
    assert kept(files) == []


def test_a_message_that_was_lost_is_found(cast: Cast) -> None:
    run, other = offer(cast), confirmed(cast, by=cast.ewa)
    assert import_running.left_undone(at=AT + timedelta(minutes=2)) == import_running.LeftUndone([], [])
    lost = import_running.left_undone(at=AT + timedelta(minutes=4))
    assert lost == import_running.LeftUndone(to_read=[run.pk], to_apply=[other.pk])


def test_what_nobody_answers_is_put_away_after_a_day(
    cast: Cast, files: Path, django_capture_on_commit_callbacks: Any
) -> None:
    old, new = looked_at(cast, by=cast.ewa), offer(cast, at=AT + timedelta(hours=5))
    assert import_running.clear_away(at=AT + timedelta(hours=23)) == 0
    with django_capture_on_commit_callbacks(execute=True):
        assert import_running.clear_away(at=AT + timedelta(hours=25)) == 1
    assert (status(old), status(new)) == ("ABANDONED", "PENDING")
    assert ImportFile.objects.count() == len(kept(files)) == 1
    assert (old.problems, old.questions) == ([], {})


def test_nothing_is_no_import(cast: Cast) -> None:
    with pytest.raises(Refused, match="Choose a case list, a staff list or both"):
        offer_import(
            employer=cast.employer, preset=ImportRun.Preset.PLAIN, files=Files(), as_of=TODAY, by=cast.ben, at=AT
        )
    assert not ImportRun.objects.exists()


# Applying


def test_applying_happens_once_however_often_it_is_asked(cast: Cast) -> None:
    run = confirmed(cast)
    score = import_running.apply(run_id=run.pk, clock=clock())
    assert list(score.teams) == [cast.team.pk]
    assert import_running.apply(run_id=run.pk, clock=clock(timedelta(hours=1))) == import_writing.ToScore()
    assert status(run) == "APPLIED"
    assert run.changed_something
    assert AuditEntry.objects.get(event="CASELOAD_IMPORTED").by == cast.ben
    assert Allocation.objects.filter(case__reference="T-003").count() == 2


def test_a_failure_half_way_leaves_nothing_and_another_attempt_succeeds(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = confirmed(cast)
    before = list(Allocation.objects.order_by("pk").values())
    with monkeypatch.context() as patch:
        patch.setattr(import_running, "keep", lambda *_: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            import_running.apply(run_id=run.pk, clock=clock())
    assert status(run) == "CONFIRMED"
    assert list(Allocation.objects.order_by("pk").values()) == before
    assert not CaseChange.objects.filter(kind="IMPORTED").exists()
    import_running.apply(run_id=run.pk, clock=clock())
    assert status(run) == "APPLIED"


def test_a_worker_that_was_overtaken_saves_nothing(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    run = confirmed(cast)
    real = import_running.read_again

    def overtaken(*of: Any) -> Any:
        reading = real(*of)
        ImportRun.objects.filter(pk=run.pk).update(claimed_at=AT + timedelta(minutes=9))
        return reading

    monkeypatch.setattr(import_running, "read_again", overtaken)
    assert import_running.apply(run_id=run.pk, clock=clock()) == import_writing.ToScore()
    assert status(run) == "APPLYING"
    assert not Case.objects.filter(reference="N-1").exists()


def test_what_changed_after_the_preview_is_shown_before_anything_is_imported(cast: Cast) -> None:
    run = confirmed(cast)
    case = Case.objects.get(reference="T-003")
    correct_family(cast, case)
    Allocation.objects.filter(case=case).update(ended_on=TODAY)
    import_running.apply(run_id=run.pk, clock=clock())
    assert (status(run), run.error) == ("PREVIEW", import_running.CHANGED)
    assert not Case.objects.filter(reference="N-1").exists()
    assert run.lines.get(subject="T-003", section="ALLOCATIONS").text == "held by nobody → Nia Test"
    confirm_import(run=run, by=cast.ben, at=AT)
    import_running.apply(run_id=run.pk, clock=clock())
    assert (status(run), run.error) == ("APPLIED", "")


def test_whoever_may_not_import_cannot_confirm_or_cancel(cast: Cast) -> None:
    run = looked_at(cast)
    with pytest.raises(PermissionDenied):
        confirm_import(run=run, by=cast.dev, at=AT)
    with pytest.raises(PermissionDenied):
        abandon_import(run=run, by=cast.dev, at=AT)
    with pytest.raises(PermissionDenied):
        offer(cast, by=cast.asha)
    confirm_import(run=run, by=cast.ben, at=AT)
    with pytest.raises(NotAllowed, match="already been imported"):
        confirm_import(run=run, by=cast.ben, at=AT)
    with pytest.raises(NotAllowed, match="already been imported"):
        abandon_import(run=run, by=cast.ben, at=AT)


# At once


def correct_family(cast: Cast, case: Case, *, seen: int | None = None) -> None:
    """A change that somebody makes to a case, by the action of its page."""
    to = Correction(case.reference, "F-7", case.category, Case.Priority(case.priority), case.opened_on, case.closed_on)
    correct(case=case, to=to, reason="It was mistyped", doing=Doing(by=cast.ben, at=AT, seen=seen))


def at_once(*acts: Callable[[], object]) -> list[str]:
    """What came of each act, in order; each has a connection of its own, and all begin together."""
    together = threading.Barrier(len(acts))

    def attempt(act: Callable[[], object]) -> str:
        try:
            together.wait()
            act()
        except NotAllowed as sentence:
            return str(sentence)
        finally:
            connection.close()
        return "done"

    with ThreadPoolExecutor(len(acts)) as threads:
        return list(threads.map(attempt, acts))


@pytest.mark.django_db(transaction=True)
def test_the_second_of_two_workers_waits_and_leaves_a_run_to_the_first(files: Path) -> None:
    """The first has not committed yet when the second has already found that the run waits."""
    run = offer(assemble())
    first = AT + timedelta(seconds=1)

    def second() -> None:
        import_running.read(run_id=run.pk, clock=clock(timedelta(seconds=2)))
        connection.close()

    thread = threading.Thread(target=second)
    with transaction.atomic():
        ImportRun.objects.filter(pk=run.pk).update(status="READING", claimed_at=first, heard_at=first, attempts=1)
        thread.start()
        thread.join(1)
        assert thread.is_alive()
    thread.join(20)
    run.refresh_from_db()
    assert (run.status, run.claimed_at, run.attempts) == ("READING", first, 1)


@pytest.mark.django_db(transaction=True)
def test_two_confirmations_at_once_import_once(files: Path) -> None:
    cast = assemble()
    run = looked_at(cast)

    def confirm() -> None:
        confirm_import(run=ImportRun.objects.get(pk=run.pk), by=cast.ben, at=AT)

    said = sorted(at_once(confirm, confirm, confirm))
    assert said == ["This file has already been imported, or its import cancelled."] * 2 + ["done"]
    at_once(*[lambda: import_running.apply(run_id=run.pk, clock=clock())] * 3)
    assert status(run) == "APPLIED"
    assert Allocation.objects.filter(case__reference="T-003").count() == 2
    assert AuditEntry.objects.filter(event="CASELOAD_IMPORTED").count() == 1
    assert kept(files) == []


@pytest.mark.django_db(transaction=True)
def test_two_imports_at_once_the_second_is_shown_what_is_different() -> None:
    cast = assemble()
    one = confirmed(cast)
    other = confirmed(cast, f"{HEADINGS}T-003,assessment,,Heron Team,Una Test,\n", by=cast.ewa)
    at_once(*[lambda run=run: import_running.apply(run_id=run.pk, clock=clock()) for run in (one, other)])  # type: ignore[misc]
    assert sorted([status(one), status(other)]) == ["APPLIED", "PREVIEW"]
    second = one if one.status == "PREVIEW" else other
    assert second.error == import_running.CHANGED
    revisions = list(CaseChange.objects.filter(case__reference="T-003").values_list("revision", flat=True))
    assert revisions == list(range(1, Case.objects.get(reference="T-003").revision + 1))
    assert Allocation.objects.filter(case__reference="T-003", ended_on=None).count() == 1


@pytest.mark.django_db(transaction=True)
def test_commands_at_once_wait_for_each_other_and_double_nothing() -> None:
    cast = assemble()

    def bring() -> None:
        import_caseload(
            employer=cast.employer,
            preset=ImportRun.Preset.PLAIN,
            files=Files([Upload("cases.csv", io.BytesIO(GOOD.encode()))]),
            as_of=TODAY,
            by=None,
            at=AT,
        )

    assert at_once(bring, bring, bring) == ["done"] * 3
    assert sorted(ImportRun.objects.values_list("changed_something", flat=True)) == [False, False, True]
    assert Case.objects.filter(reference="N-1").count() == 1
    assert Case.objects.get(reference="N-1").revision == 1


@pytest.mark.django_db(transaction=True)
def test_first_imports_of_an_employer_at_once_wait_for_each_other_too() -> None:
    cast = assemble()

    def bring() -> None:
        import_caseload(
            employer=cast.elsewhere.employer,
            preset=ImportRun.Preset.PLAIN,
            files=Files([Upload("cases.csv", io.BytesIO(f"{HEADINGS}E-1,,,New Team,New Person,\n".encode()))]),
            as_of=TODAY,
            by=None,
            at=AT,
        )

    assert at_once(bring, bring, bring) == ["done"] * 3
    assert Allocation.objects.filter(case__reference="E-1").count() == 1
    assert cast.elsewhere.employer.workers.count() == 1


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("_", range(3))
def test_an_import_and_an_edit_of_the_same_case_at_once_lose_nothing(_: int) -> None:
    cast = assemble()
    run = confirmed(cast, f"{HEADINGS}T-003,assessment,,Heron Team,Nia Test,F-5\n")
    case = Case.objects.get(reference="T-003")
    seen = case.revision
    _, edited = at_once(
        lambda: import_running.apply(run_id=run.pk, clock=clock()),
        lambda: correct_family(cast, Case.objects.get(pk=case.pk), seen=seen),
    )
    case.refresh_from_db()
    if edited == "done":
        assert (status(run), run.error, case.family_reference) == ("PREVIEW", import_running.CHANGED, "F-7")
        assert "family F-7 → F-5" in run.lines.get(section="CASES_CHANGED").text
    else:
        assert "This case has changed since you opened the page. Changed by the import of cases.csv" in edited
        assert (status(run), case.family_reference) == ("APPLIED", "F-5")
    assert list(case.changes.values_list("revision", flat=True)) == list(range(1, case.revision + 1))


def test_a_form_that_was_filled_in_before_an_import_is_told_what_it_changed(cast: Cast) -> None:
    case = Case.objects.get(reference="T-003")
    run = confirmed(cast, f"{HEADINGS}T-003,assessment,,Heron Team,Nia Test,\n")
    import_running.apply(run_id=run.pk, clock=clock())
    with pytest.raises(ChangedMeanwhile, match="category child_in_need → assessment"):
        correct_family(cast, case, seen=case.revision)


def test_lines_are_kept_for_the_history(cast: Cast) -> None:
    run = confirmed(cast, f"{HEADINGS}N-7,,,New Team,New Person,\n", by=cast.ewa)
    assert run.lines.get(section="TEAMS_ADDED").team is None
    import_running.apply(run_id=run.pk, clock=clock())
    assert status(run) == "APPLIED", run.error
    assert {line.team.name for line in ImportLine.objects.filter(run=run) if line.team} == {"New Team"}
