"""What a one-time link leads to. Nobody is signed in here, and nothing is asked about whoever holds the link."""

from dataclasses import dataclass
from datetime import date
from hashlib import sha256

from checks.instrument_files import from_stored
from checks.models import Survey, SurveyLink
from checks.surveys import Instrument
from design import figures
from teams.models import Team

# easily typed from paper
LETTERS, GROUP = "abcdefghjkmnpqrstuvwxyz23456789", 4


def hash_of(token: str) -> str:
    """What is kept of a token, in whatever letters it was typed, with its hyphens, without them or with spaces."""
    letters = [letter for letter in token.lower() if letter.isalnum()]
    groups = ("".join(letters[at : at + GROUP]) for at in range(0, len(letters), GROUP))
    return sha256("-".join(groups).encode()).hexdigest()


def why_not_answer(survey: Survey, *, on: date) -> str | None:
    """Why a survey takes no answer on a day, in a sentence; None: it does."""
    if survey.closed_on is not None:
        return f"This survey was closed on {figures.day(survey.closed_on)}. Thank you for wanting to answer."
    if on > survey.closes_on:
        return f"This survey closed after {figures.day(survey.closes_on)}. Thank you for wanting to answer."
    return None


@dataclass(frozen=True)
class Sheet:
    """The survey behind a link that has not been used."""

    instrument: Instrument
    team: Team
    survey: Survey
    closed: str | None


def find_sheet(token: str, *, on: date) -> Sheet | None:
    """The survey that an unused link leads to; None: it was used, or was never one of ours. One statement."""
    rows = SurveyLink.objects.select_related(
        "team_survey__survey__instrument", "team_survey__survey__cycle", "team_survey__team"
    )
    link = rows.filter(token_hash=hash_of(token)).first()
    if link is None:
        return None
    survey = link.team_survey.survey
    return Sheet(from_stored(survey.instrument.document), link.team_survey.team, survey, why_not_answer(survey, on=on))
