"""Asha's contested weights in the demo: two that wait for an answer, one accepted, one declined."""

from datetime import datetime, timedelta

from caseloads.actions.contests import accept, contest, decline
from caseloads.models import Case, Contest
from caseloads.queries.cases import Draft, newest_rating
from teams.models import Worker

OLDEST = timedelta(days=21)
REASONS = (
    "Two visits a week since the plan changed, and a long drive each time",
    "Court statements are due every fortnight",
    "Contact with five agencies, most of it by me",
    "The school meetings alone take a day a week",
)


def load_contests(worker: Worker, *, manager: Worker, at: datetime) -> None:
    """Raised by the worker and answered by their manager, through the actions that they use themselves."""
    if worker.user is None or manager.user is None:
        return
    for number, (case, reason) in enumerate(zip(_contestable(worker, at=at), REASONS, strict=False)):
        raised_at = at - OLDEST + timedelta(days=5 * number)
        raised = contest(case=case, reason=reason, by=worker.user, at=raised_at)
        answered_at = raised_at + timedelta(days=3)
        if number == 0:
            _accept(raised, manager, at=answered_at)
        elif number == 1:
            answer = "The category already counts the court work. We look at it again in supervision"
            decline(contest=raised, answer=answer, by=manager.user, at=answered_at)


def _contestable(worker: Worker, *, at: datetime) -> list[Case]:
    """Cases rated without a weight set by hand that the worker has held alone since well before."""
    before = (at - 2 * OLDEST).date()
    held = worker.allocations.filter(started_on__lt=before, ended_on=None, share=100).values("case")
    rated = Case.objects.filter(pk__in=held, ratings__rated_on__lt=before, ratings__override=None)
    return list(rated.select_related("employer", "team__service_area", "team__employer").order_by("reference")[:4])


def _accept(raised: Contest, manager: Worker, *, at: datetime) -> None:
    rating = newest_rating(raised.case)
    if rating is None or manager.user is None:
        return
    factors = dict(rating.factors) | {"long_travel": 1, "further_child": rating.factors.get("further_child", 0) + 1}
    draft = Draft(raised.case.category, factors)
    accept(contest=raised, draft=draft, answer="Agreed: the travel was not counted", by=manager.user, at=at)
