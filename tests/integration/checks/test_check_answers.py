"""Answers: saved by those who may, never over somebody else's, with evidence, and only while the check is open."""

import threading
from typing import Any
from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import IntegrityError, connection, transaction

from caseloads.actions.case_changes import Doing as CaseDoing
from caseloads.actions.case_changes import close
from caseloads.models import Case
from checks.actions import answers, moves
from checks.actions.answers import MOST_EVIDENCE, Attached, Said
from checks.checking import Judgement, Priority
from checks.models import Answer, Evidence
from checks.queries.answers import check_page
from teams.models import AuditEntry
from teams.refusals import NotAllowed
from tests.cast import AT, TODAY, Cast
from tests.integration.checks.rounds import answer_of, check_of, complete, doing, opened, say, submitted

MET = Said(Judgement.MET, "Everybody says so", "", Priority.LOW)


@pytest.fixture(autouse=True)
def media(settings: Any, tmp_path: Any) -> None:
    settings.MEDIA_ROOT = tmp_path


def pdf(name: str = "notes.pdf") -> Attached:
    return Attached("Notes", file=ContentFile(b"%PDF-1.7", name=name), media_type="application/pdf")


def test_an_answer_is_saved_with_who_and_when(cast: Cast) -> None:
    answer = answer_of(check_of(opened(cast), cast.team), "fair")
    saved = answers.save_answer(answer=answer, said=MET, doing=doing(cast.ben, seen=0))
    assert (saved.judgement, saved.priority, saved.revision) == ("MET", "LOW", 1)
    assert (saved.changed_by, saved.changed_at) == (cast.ben, AT)
    entry = AuditEntry.objects.get(event="CHECK_ANSWERED")
    assert set(entry.detail["before"].values()) == {""}
    assert entry.detail["after"]["judgement"] == "MET"


def test_saving_the_same_again_changes_nothing(cast: Cast) -> None:
    answer = answer_of(check_of(opened(cast), cast.team), "fair")
    for _ in range(2):
        saved = answers.save_answer(answer=answer, said=MET, doing=doing(cast.ben))
    assert saved.revision == 1
    assert AuditEntry.objects.filter(event="CHECK_ANSWERED").count() == 1


def test_the_second_of_two_reads_what_the_first_wrote(cast: Cast) -> None:
    answer = answer_of(check_of(opened(cast), cast.team), "fair")
    answers.save_answer(answer=answer, said=MET, doing=doing(cast.ben, seen=0))
    mine = Said(Judgement.NOT_MET, "I see it otherwise", "", None)
    with pytest.raises(NotAllowed, match=r"Ben Test changed this answer.*met.*Everybody says so"):
        answers.save_answer(answer=answer, said=mine, doing=doing(cast.hana, seen=0))
    answer.refresh_from_db()
    assert answer.commentary == "Everybody says so"
    answers.save_answer(answer=answer, said=mine, doing=doing(cast.hana, seen=1))
    answer.refresh_from_db()
    assert answer.judgement == "NOT_MET"


def test_two_people_work_on_different_answers(cast: Cast) -> None:
    check = check_of(opened(cast), cast.team)
    answers.save_answer(answer=answer_of(check, "fair"), said=MET, doing=doing(cast.ben, seen=0))
    answers.save_answer(answer=answer_of(check, "space"), said=MET, doing=doing(cast.hana, seen=0))
    assert check.answers.filter(judgement="MET").count() == 2


def test_only_those_who_answer_for_the_team_answer(cast: Cast) -> None:
    answer = answer_of(check_of(opened(cast), cast.team), "fair")
    for user in (cast.asha, cast.cora, cast.dev, cast.ewa, cast.gil):
        with pytest.raises(PermissionDenied):
            answers.save_answer(answer=answer, said=MET, doing=doing(user))


def test_a_submitted_check_is_kept_by_the_database_itself(cast: Cast) -> None:
    check = submitted(cast)
    answer = answer_of(check, "fair")
    with pytest.raises(NotAllowed, match="has been submitted"):
        answers.save_answer(answer=answer, said=MET, doing=doing(cast.ben))
    with pytest.raises(IntegrityError, match="answers cannot change"), transaction.atomic():
        Answer.objects.filter(pk=answer.pk).update(judgement="NOT_MET")
    with pytest.raises(IntegrityError, match="answers cannot change"), transaction.atomic():
        answer.delete()
    with pytest.raises(IntegrityError, match="answers cannot change"), transaction.atomic():
        Evidence.objects.create(answer=answer, title="Late", url="https://example.org/", added_at=AT)


def test_figures_are_taken_again_as_the_records_are_now(cast: Cast) -> None:
    check = check_of(opened(cast), cast.team)
    say(cast, check, "unallocated", Judgement.MET, reason="Given out this morning")
    case = Case.objects.get(reference="T-005")
    close(case=case, closed_on=TODAY, doing=CaseDoing(by=cast.ben, at=AT))
    answers.take_figures_again(check=check, doing=doing(cast.ben))
    row = answer_of(check, "unallocated")
    assert (row.value, row.finding, row.judgement) == (0, "MET", "MET")
    with pytest.raises(PermissionDenied):
        answers.take_figures_again(check=check, doing=doing(cast.cora))


def test_a_file_is_stored_under_a_name_of_ours(cast: Cast) -> None:
    answer = answer_of(check_of(opened(cast), cast.team), "fair")
    row = answers.add_evidence(answer=answer, attached=pdf("../../etc/passwd"), doing=doing(cast.ben))
    assert row.file_name == "passwd"
    assert row.file.name == f"evidence/{row.public_id}.pdf"
    assert default_storage.exists(row.file.name)


def test_a_link_is_evidence_too(cast: Cast) -> None:
    answer = answer_of(check_of(opened(cast), cast.team), "fair")
    answers.add_evidence(answer=answer, attached=Attached("Notes", url="https://example.org/n"), doing=doing(cast.ben))
    page = check_page(answer.check_of, cast.dev, as_of=TODAY)
    assert [one.title for one in page.row("fair").evidence] == ["Notes"]


def test_removed_evidence_is_gone_with_its_file(cast: Cast, django_capture_on_commit_callbacks: Any) -> None:
    answer = answer_of(check_of(opened(cast), cast.team), "fair")
    row = answers.add_evidence(answer=answer, attached=pdf(), doing=doing(cast.ben))
    link = answers.add_evidence(answer=answer, attached=Attached("L", url="https://a.org/"), doing=doing(cast.ben))
    with django_capture_on_commit_callbacks(execute=True):
        answers.remove_evidence(evidence=row, doing=doing(cast.ben))
        answers.remove_evidence(evidence=link, doing=doing(cast.ben))
    assert not default_storage.exists(row.file.name)
    assert check_page(answer.check_of, cast.ben, as_of=TODAY).row("fair").evidence == ()
    with pytest.raises(NotAllowed, match="removed this evidence already"):
        answers.remove_evidence(evidence=row, doing=doing(cast.ben))


def test_there_is_an_end_to_evidence(cast: Cast) -> None:
    answer = answer_of(check_of(opened(cast), cast.team), "fair")
    link = Attached("Notes", url="https://example.org/n")
    for _ in range(MOST_EVIDENCE):
        answers.add_evidence(answer=answer, attached=link, doing=doing(cast.ben))
    with pytest.raises(NotAllowed, match="Remove one"):
        answers.add_evidence(answer=answer, attached=link, doing=doing(cast.ben))


@pytest.mark.django_db(transaction=True)
def test_an_answer_and_a_submission_at_once_leave_one_truth(cast: Cast) -> None:
    """Whichever comes first, what was submitted is what stands."""
    check = check_of(opened(cast), cast.team)
    complete(cast, check)
    failures: list[Exception] = []

    def answer() -> None:
        try:
            said = Said(Judgement.PARTLY_MET, "Changed at the last moment", "", None)
            answers.save_answer(answer=answer_of(check, "fair"), said=said, doing=doing(cast.hana))
        except NotAllowed as refusal:
            failures.append(refusal)
        finally:
            connection.close()

    other = threading.Thread(target=answer)
    other.start()
    moves.submit(check=check, words="", doing=doing(cast.ben, once=uuid4()))
    other.join()
    row = answer_of(check, "fair")
    assert (row.judgement == "MET") == bool(failures)
