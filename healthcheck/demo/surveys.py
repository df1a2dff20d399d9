"""What the demo's staff answered: most teams enough of them, one too few, and so another one hidden beside it."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from random import Random

from checks.actions.doing import Doing
from checks.actions.surveys import Mailing, decide_words, make_links, open_surveys
from checks.models import Cycle, Survey, SurveyAnswer, SurveyLink, SurveyWords, TeamSurvey
from checks.queries.survey_links import to_invite
from checks.queries.survey_words import words_to_decide
from checks.shipped_instruments import shipped_instruments
from checks.surveys import Instrument
from teams.models import User

DAYS_OPEN = 14
TOO_FEW = "Willow Hospital Team"
FEW = "Yew Mental Health Team"
EVERYBODY = "Otter Safeguarding Team"
HARD = ("Otter Safeguarding Team", "Badger Safeguarding Team", "Hare Safeguarding Team")
ANSWERED = {TOO_FEW: 3, FEW: 5}
LEFT_OUT = 0.04
WORDS = (
    "Two hours of business support a day would give me back two visits",
    "A room where I can telephone a family without the whole corridor listening",
    "Please stop moving supervision when a strategy meeting comes in",
    "Tell Ben that the duty rota needs a third person on Mondays",
    "Somebody to go with on first visits where the police have been called",
    "Study days that are not cancelled in the week before",
    "Parking near the office; I walk twenty minutes with a car seat",
    "Cora promised new laptops a year ago and mine still does not start",
    "Fewer forms that ask for the same thing three times",
    "A week in which nothing new is allocated after a case goes to court",
    "Joint visits should count for both of us",
    "A phone that works in the villages",
    "Exit interviews that somebody reads",
    "A career path for those of us who are not registered",
    "Less agency turnover: families tell their story to a new person every two months",
    "Say what became of what we said last time",
)


def load_surveys(cycle: Cycle, *, by: User, at: datetime, random: Random, under_way: bool = False) -> None:
    """Hold both surveys of the product in a cycle: they have closed by `at`; under way, the poll goes on for weeks."""
    opened = Doing(by, at - timedelta(days=DAYS_OPEN + 1))
    poll, working = shipped_instruments()
    surveys = open_surveys(
        cycle=cycle,
        shipped=[working],
        own=[],
        closes_on=(at - timedelta(days=1)).date(),
        doing=opened,
    )
    last = at + timedelta(days=2 * DAYS_OPEN) if under_way else at - timedelta(days=1)
    surveys += open_surveys(cycle=cycle, shipped=[poll], own=[], closes_on=last.date(), doing=opened)
    invite = to_invite(cycle, as_of=opened.day)
    counts = {row.team.pk: row.members for row in invite.rows}
    make_links(cycle=cycle, counts=counts, mailing=Mailing(str, {}), doing=opened)
    for survey, instrument in zip(surveys, (working, poll), strict=True):
        _answer(survey, instrument, random)
        if survey.closes_on < at.date():
            SurveyLink.objects.filter(team_survey__survey=survey).delete()
    _decide(surveys[0], Doing(by, at), undecided=3 if under_way else 0)


def _answer(survey: Survey, instrument: Instrument, random: Random) -> None:
    """Answers of every team in the order of their random keys, and what some people wrote."""
    left = random.sample(WORDS[5:], len(WORDS) - 5)
    answers: list[SurveyAnswer] = []
    words: list[SurveyWords] = []
    for part in TeamSurvey.objects.filter(survey=survey).select_related("team").order_by("team__name"):
        mood = random.uniform(-0.6, -0.1) if part.team.name in HARD else random.uniform(-0.2, 0.6)
        moods = {scale.code: mood + random.uniform(-0.35, 0.35) for scale in instrument.scales}
        for _ in range(_how_many(part, random)):
            day = survey.opens_on + timedelta(days=random.randrange(DAYS_OPEN))
            answers.append(SurveyAnswer(team_survey=part, day=day, values=dict(_values(instrument, moods, random))))
        said = (
            WORDS[:5]
            if part.team.name == EVERYBODY
            else [left.pop() for _ in range(random.randint(0, min(2, len(left))))]
        )
        words += _words(part, instrument, said)
    SurveyAnswer.objects.bulk_create(sorted(answers, key=lambda row: row.pk))
    SurveyWords.objects.bulk_create(sorted(words, key=lambda row: row.pk))


def _how_many(part: TeamSurvey, random: Random) -> int:
    if part.team.name == EVERYBODY:
        return part.invited
    return min(part.invited, ANSWERED.get(part.team.name, max(6, part.invited - random.randint(1, 3))))


def _values(instrument: Instrument, moods: Mapping[str, float], random: Random) -> Iterator[tuple[str, int]]:
    """One person's points: about the mood of the team on each scale, some left out."""
    for item in instrument.items:
        points = instrument.points[item.code]
        middle = (points + 1) / 2 + moods[item.scale] * (points - 1) / 2
        point = min(points, max(1, round(random.gauss(middle, points / 5))))
        if random.random() > LEFT_OUT:
            yield item.code, points + 1 - point if item.reversed else point


def _words(part: TeamSurvey, instrument: Instrument, said: Sequence[str]) -> Sequence[SurveyWords]:
    """Half of Ben's team has something to say; elsewhere one or two, or nobody."""
    if not instrument.code.startswith("working"):
        return []
    return [SurveyWords(team_survey=part, question=instrument.questions[0].code, words=words) for words in said]


def _decide(survey: Survey, doing: Doing, *, undecided: int) -> None:
    """What names nobody is released, what names somebody withheld; the last few wait for a decision."""
    said = words_to_decide(survey).said
    decided = said[: len(said) - undecided]
    decisions = {one.key: "WITHHELD" if one.marked else "RELEASED" for one in decided}
    decide_words(survey=survey, decisions=decisions, among=[one.key for one in said], doing=doing)
