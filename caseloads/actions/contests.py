"""A worker's objection to what a case of theirs weighs, and the manager's answer. Neither goes away."""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from caseloads import policies
from caseloads.actions.changing import lock_case, note
from caseloads.actions.rating import give_weight, rated_sentence
from caseloads.actions.scoring import score_soon
from caseloads.models import Case, CaseChange, Contest
from caseloads.policies import CaseFacts
from caseloads.queries.cases import Draft, is_open, newest_rating, teams_concerned, weight_of
from caseloads.queries.contests import require_holder
from design import figures
from teams import audit, submissions
from teams.access import require
from teams.audit import Event
from teams.models import User, Worker
from teams.refusals import NotAllowed
from teams.roles import Permission


@transaction.atomic
def contest(
    *, case: Case, reason: str, by: User, at: datetime, seen: int | None = None, once: UUID | None = None
) -> Contest:
    """Object to what a case weighs. It keeps counting at its weight, flagged, until somebody answers."""
    require_holder(by, case)
    submissions.claim(once, by=by, at=at)
    case, day = lock_case(case, seen=seen, leads=False), timezone.localdate(at)
    worker = Worker.objects.get(user=by)
    facts = CaseFacts(
        open=is_open(case, day),
        may_record=False,
        held_by_user=case.allocations.open_on(day).filter(worker=worker).exists(),
        contested_by_user=_open_ones(case, worker),
    )
    if why_not := policies.why_not_contest(facts):
        raise NotAllowed(why_not)
    weight = weight_of(case, as_of=day).weight
    raised = Contest.objects.create(
        employer=case.employer,
        case=case,
        worker=worker,
        rating=newest_rating(case),
        weight=weight,
        reason=reason,
        raised_at=at,
    )
    note(case, CaseChange.Kind.CONTESTED, f"{worker} contested the weight of {figures.amount(weight)}.", by=by, at=at)
    detail = {"workers": [worker.pk], "case": case.pk}
    audit.record(Event.CONTEST_RAISED, employer=case.employer, target=raised, by=by, at=at, detail=detail)
    score_soon(teams_concerned(case, on=day), at=at)
    return raised


@transaction.atomic
def accept(
    *,
    contest: Contest,
    draft: Draft,
    answer: str,
    by: User,
    at: datetime,
    seen: int | None = None,
    once: UUID | None = None,
) -> None:
    """Agree with the worker: the case is rated anew in the same step."""
    contest = _begin(contest, by=by, at=at, seen=seen, once=once)
    rating, old, new = give_weight(contest.case, draft, reason=answer, by=by, at=at)
    if old.weight == new.weight:
        raise NotAllowed("The weight would stay as it is. Change what it is made of, or decline and say why.")
    rated = rated_sentence(rating, old, new)
    _answer(
        contest, Contest.State.ACCEPTED, answer, by=by, at=at, told=f"Contest of {contest.worker} accepted. {rated}"
    )


@transaction.atomic
def decline(
    *, contest: Contest, answer: str, by: User, at: datetime, seen: int | None = None, once: UUID | None = None
) -> None:
    """Keep the weight, and say why."""
    contest = _begin(contest, by=by, at=at, seen=seen, once=once)
    told = f"Contest of {contest.worker} declined: the weight stays. {figures.sentence(answer)}"
    _answer(contest, Contest.State.DECLINED, answer, by=by, at=at, told=told)


def _open_ones(case: Case, worker: Worker) -> bool:
    return case.contests.filter(worker=worker, state=Contest.State.OPEN).exists()


def _begin(contest: Contest, *, by: User, at: datetime, seen: int | None, once: UUID | None) -> Contest:
    """The contest and its case, both locked: of two answers the second is told of the first."""
    require(by, Permission.CASE_RECORD, team=contest.case.team)
    submissions.claim(once, by=by, at=at)
    case = lock_case(contest.case, seen=seen)
    require(by, Permission.CASE_RECORD, team=case.team)
    locked = Contest.objects.select_for_update(of=("self",)).select_related("worker").get(pk=contest.pk)
    locked.case = case
    if why_not := policies.why_not_answer(open=locked.state == Contest.State.OPEN, own=locked.worker.user_id == by.pk):
        raise NotAllowed(why_not)
    return locked


def _answer(contest: Contest, state: Contest.State, answer: str, *, by: User, at: datetime, told: str) -> None:
    Contest.objects.filter(pk=contest.pk).update(state=state, answer=answer, answered_at=at, answered_by=by)
    case = contest.case
    note(case, CaseChange.Kind.ANSWERED, told, by=by, at=at)
    states = {"before": Contest.State.OPEN.value, "after": state.value}
    detail = {"workers": [contest.worker_id], "case": case.pk, "state": states}
    audit.record(Event.CONTEST_ANSWERED, employer=case.employer, target=contest, by=by, at=at, detail=detail)
    score_soon(teams_concerned(case, on=timezone.localdate(at)), at=at)
