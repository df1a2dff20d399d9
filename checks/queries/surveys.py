"""Results of surveys, suppressed over the whole employer before anybody gets them."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.http import Http404

from checks.instrument_files import from_stored
from checks.models import Cycle, Survey, SurveyAnswer, TeamSurvey
from checks.suppression import EMPLOYER, Group, Level, Members, groups_of
from checks.survey_results import GroupResult, ScaleResult, results_of
from checks.surveys import Instrument
from teams.access import holds_employer_wide
from teams.models import User
from teams.roles import Permission


@dataclass(frozen=True)
class Closed:
    """A closed survey with its results: every group of the employer as it may be shown."""

    survey: Survey
    instrument: Instrument
    parts: Sequence[TeamSurvey]
    results: Mapping[Group, GroupResult]

    def name_of(self, group: Group) -> str:
        """What a group is called."""
        if group.level is Level.EMPLOYER:
            return self.survey.employer.name
        if group.level is Level.AREA:
            return next(part.service_area.name for part in self.parts if part.service_area_id == group.key)
        return next(part.team.name for part in self.parts if part.team_id == group.key)


def members(parts: Sequence[TeamSurvey]) -> Members:
    """The groups of a survey's teams, in the service areas they were in when it opened."""
    return groups_of({part.team_id: part.service_area_id for part in parts})


def in_order(parts: Sequence[TeamSurvey]) -> list[Group]:
    """The groups of a survey as a table has them: the employer, then each area followed by its teams."""
    found = [EMPLOYER]
    for area in dict.fromkeys(part.service_area_id for part in sorted(parts, key=lambda part: part.service_area.name)):
        found.append(Group(Level.AREA, area))
        found += [Group(Level.TEAM, part.team_id) for part in parts if part.service_area_id == area]
    return found


def parts_of(surveys: Collection[Survey]) -> dict[int, list[TeamSurvey]]:
    """Survey → its teams by name. One statement."""
    found: dict[int, list[TeamSurvey]] = {survey.pk: [] for survey in surveys}
    rows = TeamSurvey.objects.filter(survey__in=surveys).select_related("team", "service_area")
    for part in rows.order_by("team__name", "pk"):
        found[part.survey_id].append(part)
    return found


def closed_results(surveys: Collection[Survey]) -> list[Closed]:
    """The results of closed surveys, in the order given. Two statements, however many surveys, teams and answers."""
    parts = parts_of(surveys)
    answers: dict[int, list[tuple[int, dict[str, int]]]] = defaultdict(list)
    rows = SurveyAnswer.objects.filter(team_survey__survey__in=surveys).order_by("pk")
    for of_survey, team, values in rows.values_list("team_survey__survey", "team_survey__team", "values"):
        answers[of_survey].append((team, values))
    found = []
    for survey in surveys:
        instrument = from_stored(survey.instrument.document)
        results = results_of(
            instrument,
            members(parts[survey.pk]),
            answers[survey.pk],
            invited={part.team_id: part.invited for part in parts[survey.pk]},
            fewest=survey.cycle.fewest,
        )
        found.append(Closed(survey, instrument, parts[survey.pk], results))
    return found


def scale_results(cycle: Cycle, *, as_of: date) -> dict[tuple[int, str], ScaleResult]:
    """(Team, "instrument/scale") → its result, for every survey of the cycle that takes no more answers by that day.

    Three statements. What was not asked, or is still being asked, is missing; what is suppressed is hidden.
    """
    surveys = cycle.surveys.closed(as_of).select_related("instrument", "cycle")
    return {
        (part.team_id, f"{found.instrument.code}/{scale}"): result
        for found in closed_results(list(surveys))
        for part in found.parts
        for scale, result in found.results[Group(Level.TEAM, part.team_id)].scales.items()
    }


def find_survey(user: User, public_id: UUID, *any_of: Permission) -> Survey:
    """A survey of an employer the user belongs to (404), if they hold one of the rights in all of it (403)."""
    rows = Survey.objects.visible_to(user).select_related("employer", "cycle", "instrument")
    survey = rows.filter(public_id=public_id).first()
    if survey is None:
        raise Http404("There is no such survey.")
    if not any(holds_employer_wide(user, right, employer=survey.employer) for right in any_of):
        raise PermissionDenied(f"You cannot {any_of[0].value} for this employer.")
    return survey


def is_closed(survey: Survey, *, as_of: date) -> bool:
    """Whether a survey takes no more answers, so that its results may be shown."""
    return survey.closed_on is not None or survey.closes_on < as_of


def find_closed(user: User, public_id: UUID, *any_of: Permission, as_of: date) -> Survey:
    """A survey as `find_survey` finds it; while it takes answers there are no results to find (404)."""
    survey = find_survey(user, public_id, *any_of)
    if not is_closed(survey, as_of=as_of):
        raise Http404("This survey is still open. Its results can be seen once it is closed.")
    return survey
