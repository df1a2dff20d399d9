"""What people wrote in surveys: read only where enough answered, and screened for names of staff."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from checks.models import Survey, SurveyAnswer, SurveyWords
from checks.queries.surveys import Closed, closed_results
from checks.screening import Piece, name_words, pieces
from checks.suppression import heard_groups
from teams.models import Employer, Team, User, Worker


@dataclass(frozen=True)
class Said:
    """What one person wrote to one question."""

    key: UUID
    words: str
    state: str
    pieces: Sequence[Piece] = ()

    @property
    def marked(self) -> bool:
        return any(piece.marked for piece in self.pieces)


@dataclass(frozen=True)
class Heard:
    """The words of a team to one question; `team` is None for all teams that are too small, taken together."""

    survey: Survey
    team: Team | None
    question: str
    said: Sequence[Said]


def heard_words(surveys: Sequence[Closed], *, released: bool) -> list[Heard]:
    """The words that may be read at all, or of these those that are released. Two statements."""
    rows = SurveyWords.objects.filter(team_survey__survey__in=[closed.survey for closed in surveys]).order_by("pk")
    if released:
        rows = rows.filter(state=SurveyWords.State.RELEASED)
    words = list(rows)
    if not words:
        return []
    answered = Counter(
        SurveyAnswer.objects.filter(team_survey__survey__in=[closed.survey for closed in surveys]).values_list(
            "team_survey", flat=True
        )
    )
    return [heard for closed in surveys for heard in _heard(closed, words, answered)]


def _heard(closed: Closed, words: Sequence[SurveyWords], answered: Counter[int]) -> list[Heard]:
    shown = {group for group, result in closed.results.items() if not result.hidden}
    alone, others = heard_groups(shown, {part.team_id: answered[part.pk] for part in closed.parts})
    places: list[tuple[Team | None, frozenset[int]]] = [
        (part.team, frozenset({part.pk})) for part in closed.parts if part.team_id in alone
    ]
    places.append((None, frozenset(part.pk for part in closed.parts if part.team_id in others)))
    found = []
    for team, parts in places:
        for question in closed.instrument.questions:
            said = [
                Said(row.pk, row.words, row.state)
                for row in words
                if row.team_survey_id in parts and row.question == question.code
            ]
            if said:
                found.append(Heard(closed.survey, team, question.text, said))
    return found


@dataclass(frozen=True)
class WordsToDecide:
    """What people wrote in a survey, marked, for whoever releases or withholds it."""

    survey: Survey
    heard: Sequence[Heard]

    @property
    def said(self) -> list[Said]:
        return [said for heard in self.heard for said in heard.said]


def words_to_decide(survey: Survey) -> WordsToDecide:
    """Every word that may be read, with the names of the employer's staff marked. Five statements."""
    heard = heard_words(closed_results([survey]), released=False)
    names = staff_names(survey.employer) if heard else frozenset()
    marked = [
        Heard(
            one.survey,
            one.team,
            one.question,
            [Said(said.key, said.words, said.state, pieces(said.words, names)) for said in one.said],
        )
        for one in heard
    ]
    return WordsToDecide(survey, marked)


def staff_names(employer: Employer) -> frozenset[str]:
    """Every word of the names of the employer's workers, and of everybody who may sign in there."""
    users = User.objects.filter(role_assignments__employer=employer).distinct()
    workers = Worker.objects.filter(employer=employer).values_list("name", flat=True)
    return name_words([*workers, *(" ".join(names) for names in users.values_list("first_name", "last_name"))])
