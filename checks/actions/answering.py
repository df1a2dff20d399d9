"""Answering a survey. Nobody is signed in, and nothing is written that leads from an answer to whoever gave it.

No audit entry, no submission, no session; the link is gone in the transaction that stores the answer. A database keeps
with each row which transaction wrote it: so all answers and words of the team are written anew each time, in the order
of their random keys, and neither that mark nor their place on disk pairs them or tells who came when.
"""

import uuid
from collections.abc import Mapping
from datetime import date

from django.db import transaction

from checks.models import Survey, SurveyAnswer, SurveyLink, SurveyWords, TeamSurvey
from checks.queries.answering import hash_of, why_not_answer
from teams.refusals import AlreadyDone, NotAllowed


@transaction.atomic
def answer(*, token: str, values: Mapping[str, int], words: Mapping[str, str], day: date) -> None:
    """Store what somebody answered, once. Raises AlreadyDone when the link has been used, NotAllowed out of time."""
    link = SurveyLink.objects.filter(token_hash=hash_of(token)).first()
    if link is None:
        raise AlreadyDone
    part = TeamSurvey.objects.select_for_update().get(pk=link.team_survey_id)
    survey = Survey.objects.get(pk=part.survey_id)  # as it is once the team's part is held: it may have been closed
    if reason := why_not_answer(survey, on=day):
        raise NotAllowed(reason)
    used, _ = SurveyLink.objects.filter(pk=link.pk).delete()
    if not used:
        raise AlreadyDone
    _store_among(part, SurveyAnswer(team_survey=part, day=day, values=dict(values)))
    _store_words(part, words)


def _store_among(part: TeamSurvey, new: SurveyAnswer) -> None:
    rows = [*SurveyAnswer.objects.filter(team_survey=part), new]
    SurveyAnswer.objects.filter(team_survey=part).delete()
    SurveyAnswer.objects.bulk_create(sorted(rows, key=lambda row: row.pk))


def _store_words(part: TeamSurvey, words: Mapping[str, str]) -> None:
    new = [
        SurveyWords(id=uuid.uuid4(), team_survey=part, question=question, words=said)
        for question, said in words.items()
        if said
    ]
    rows = [*SurveyWords.objects.filter(team_survey=part), *new]
    SurveyWords.objects.filter(team_survey=part).delete()
    SurveyWords.objects.bulk_create(sorted(rows, key=lambda row: row.pk))
