"""What the pages about surveys show: what is asked, how many have answered, what came of it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Q

from checks.models import Cycle, InstrumentBenchmark, Survey, SurveyAnswer, TeamSurvey
from checks.queries.instruments import Usable, instruments_to_open, usable_instruments
from checks.queries.survey_words import Heard, heard_words
from checks.queries.surveys import Closed, closed_results, in_order, is_closed, members, parts_of
from checks.suppression import EMPLOYER, Group, Level
from checks.survey_results import HIDDEN, GroupResult, ScaleResult, change, rates_of
from checks.surveys import Kind
from teams.access import find_employer, holds_employer_wide
from teams.models import Employer, Team, User
from teams.roles import Permission


@dataclass(frozen=True)
class Asked:
    """A survey in a list."""

    survey: Survey
    closed: bool

    @property
    def open_until(self) -> date:
        return self.survey.closed_on or self.survey.closes_on


@dataclass(frozen=True)
class SurveysOf:
    """What an employer asks its staff: which surveys there were, and which instruments there are."""

    employer: Employer
    asked: Sequence[Asked]
    instruments: Sequence[Usable]
    may_run: bool
    sees_results: bool


def surveys_of(user: User, slug: str, *, as_of: date) -> SurveysOf:
    """For every member of the employer. Five statements."""
    employer = find_employer(user, slug)
    rows = employer.surveys.select_related("cycle", "instrument").order_by("-opens_on", "instrument__title", "pk")
    may_run = holds_employer_wide(user, Permission.CYCLE_RUN, employer=employer)
    return SurveysOf(
        employer=employer,
        asked=[Asked(row, is_closed(row, as_of=as_of)) for row in rows],
        instruments=usable_instruments(employer),
        may_run=may_run,
        sees_results=holds_employer_wide(user, Permission.SURVEY_READ, employer=employer),
    )


@dataclass(frozen=True)
class Watched:
    """One survey of a cycle, and how many of each group have answered."""

    asked: Asked
    rows: Sequence[tuple[Group, str, GroupResult]]


@dataclass(frozen=True)
class CycleSurveys:
    """The surveys of a cycle as the principal social worker watches them."""

    cycle: Cycle
    watched: Sequence[Watched]
    may_open: bool

    @property
    def any_open(self) -> bool:
        return any(not one.asked.closed for one in self.watched)


def cycle_surveys(cycle: Cycle, *, as_of: date) -> CycleSurveys:
    """How many have answered. While a survey is open, the day's answers are left out until the day is over, so that
    nobody can see who has just answered. Five statements.
    """
    surveys = [Asked(row, is_closed(row, as_of=as_of)) for row in cycle.surveys.select_related("instrument")]
    parts = parts_of([asked.survey for asked in surveys])
    over = Q(team_survey__survey__in=[asked.survey for asked in surveys if asked.closed])
    rows = SurveyAnswer.objects.filter(Q(day__lt=as_of) | over, team_survey__survey__cycle=cycle)
    counts = dict(rows.values_list("team_survey").order_by().annotate(Count("pk")))
    watched = [_watched(asked, parts[asked.survey.pk], counts, cycle.fewest) for asked in surveys]
    return CycleSurveys(cycle, watched, may_open=bool(instruments_to_open(cycle)))


def _watched(asked: Asked, parts: Sequence[TeamSurvey], counts: Mapping[int, int], fewest: int) -> Watched:
    found = rates_of(
        members(parts),
        {part.team_id: counts.get(part.pk, 0) for part in parts},
        invited={part.team_id: part.invited for part in parts},
        fewest=fewest,
    )
    names = {Group(Level.TEAM, part.team_id): part.team.name for part in parts}
    names |= {Group(Level.AREA, part.service_area_id): part.service_area.name for part in parts}
    names[EMPLOYER] = "All teams"
    return Watched(asked, [(group, names[group], found[group]) for group in in_order(parts)])


@dataclass(frozen=True)
class ScaleRow:
    """A scale's result of one group, with what to compare it to."""

    name: str
    about: str
    result: ScaleResult
    change: int | None
    benchmark: int | None

    @property
    def moved(self) -> str:
        """By how much it moved since the last survey, with its sign."""
        if self.change is None:
            return "–"
        return f"{self.change:+d}".replace("-", "−") if self.change else "0"


@dataclass(frozen=True)
class TeamResult:
    """A team's results of one survey."""

    closed: Closed
    result: GroupResult
    rows: Sequence[ScaleRow]
    words: Sequence[Heard]
    benchmark: str
    compared: bool

    @property
    def poll(self) -> bool:
        return self.closed.instrument.kind is Kind.POLL


@dataclass(frozen=True)
class TeamSurveys:
    """A team's surveys of one cycle, and the cycles there are results of."""

    team: Team
    cycles: Sequence[Cycle]
    cycle: Cycle | None
    results: Sequence[TeamResult]
    asked_now: Sequence[Survey]


def team_surveys(team: Team, *, cycle: str | None, as_of: date) -> TeamSurveys:
    """A team's results in a cycle, the newest unless another is chosen. Six statements."""
    rows = Survey.objects.filter(teams__team=team).select_related("cycle", "instrument", "employer")
    surveys = list(rows.order_by("-opens_on", "instrument__kind", "-pk"))
    done = [survey for survey in surveys if is_closed(survey, as_of=as_of)]
    cycles = list({survey.cycle_id: survey.cycle for survey in done}.values())
    chosen = next((one for one in cycles if str(one.public_id) == cycle), cycles[0] if cycles else None)
    now = sorted(
        (one for one in done if chosen and one.cycle_id == chosen.pk), key=lambda one: one.instrument.kind, reverse=True
    )
    earlier = {survey.pk: _survey_before(survey, done) for survey in now}
    wanted = [*now, *(before for before in earlier.values() if before)]
    closed = {found.survey.pk: found for found in closed_results(wanted)} if wanted else {}
    benchmarks = _benchmarks(now)
    words = heard_words([closed[survey.pk] for survey in now], released=True)
    found = []
    for survey in now:
        before = earlier[survey.pk]
        found.append(_team_result(team, closed[survey.pk], closed[before.pk] if before else None, benchmarks, words))
    return TeamSurveys(team, cycles, chosen, found, [one for one in surveys if one not in done])


def _survey_before(survey: Survey, done: Sequence[Survey]) -> Survey | None:
    """The team's last survey with the same instrument before this one."""
    same = (one for one in done if one.instrument_id == survey.instrument_id and one.opens_on < survey.opens_on)
    return next(same, None)


def _benchmarks(surveys: Sequence[Survey]) -> dict[int, InstrumentBenchmark]:
    """Survey → what its employer compares it with. One statement."""
    rows = InstrumentBenchmark.objects.filter(instrument__in=[survey.instrument_id for survey in surveys])
    found = {(row.employer_id, row.instrument_id): row for row in rows}
    keys = {survey.pk: (survey.employer_id, survey.instrument_id) for survey in surveys}
    return {pk: found[key] for pk, key in keys.items() if key in found}


def _team_result(
    team: Team,
    closed: Closed,
    before: Closed | None,
    benchmarks: Mapping[int, InstrumentBenchmark],
    words: Sequence[Heard],
) -> TeamResult:
    group = Group(Level.TEAM, team.pk)
    then = before.results[group].scales if before else {}
    benchmark = benchmarks.get(closed.survey.pk)
    scores = benchmark.scores if benchmark else {}
    result = closed.results[group]
    rows = [
        ScaleRow(
            name=scale.name,
            about=scale.about,
            result=result.scales[scale.code],
            change=change(result.scales[scale.code], then.get(scale.code)),
            benchmark=scores.get(scale.code),
        )
        for scale in closed.instrument.scales
    ]
    if closed.instrument.kind is Kind.POLL:
        rows.sort(key=lambda row: -(row.result.score or 0))
    own = [heard for heard in words if heard.survey == closed.survey and heard.team == team]
    return TeamResult(closed, result, rows, own, benchmark.label if benchmark else "", any(then.values()))


@dataclass(frozen=True)
class GroupRow:
    """A group's results in a table of all groups."""

    group: Group
    name: str
    result: GroupResult
    scales: Sequence[ScaleResult]


@dataclass(frozen=True)
class EmployerResults:
    """The results of one survey for the employer, its areas and its teams."""

    closed: Closed
    rows: Sequence[GroupRow]
    options: Sequence[tuple[str, Sequence[ScaleResult]]]
    words: Sequence[Heard]
    benchmark: InstrumentBenchmark | None
    may_decide: bool
    sees_teams: bool

    @property
    def columns(self) -> int:
        """How many columns a suppressed group's cell goes over."""
        return 1 if self.poll else 1 + len(self.closed.instrument.scales)

    @property
    def poll(self) -> bool:
        return self.closed.instrument.kind is Kind.POLL

    @property
    def wide(self) -> Sequence[GroupRow]:
        """The employer and its areas."""
        return [row for row in self.rows if row.group.level is not Level.TEAM]

    @property
    def benchmarks(self) -> Sequence[int | None]:
        scores = self.benchmark.scores if self.benchmark else {}
        return [scores.get(scale.code) for scale in self.closed.instrument.scales]


def employer_results(survey: Survey, user: User) -> EmployerResults:
    """The results of a closed survey, group by group: of no team, and no words, to whoever sees no team's. Seven
    statements.
    """
    [closed] = closed_results([survey])
    sees_teams = _sees_teams(survey, user)
    scales = closed.instrument.scales
    rows = [
        GroupRow(
            group,
            closed.name_of(group),
            closed.results[group],
            [closed.results[group].scales.get(scale.code, HIDDEN) for scale in scales],
        )
        for group in _groups(closed, sees_teams=sees_teams)
    ]
    wide = [row for row in rows if row.group.level is not Level.TEAM]
    options = sorted(
        ((scale.name, [row.scales[at] for row in wide]) for at, scale in enumerate(scales)),
        key=lambda option: -(option[1][0].score or 0),
    )
    words = heard_words([closed], released=True) if sees_teams else []
    benchmark = _benchmarks([survey]).get(survey.pk)
    may_decide = holds_employer_wide(user, Permission.CYCLE_RUN, employer=survey.employer)
    return EmployerResults(closed, rows, options, words, benchmark, may_decide, sees_teams)


def _sees_teams(survey: Survey, user: User) -> bool:
    """Whether the user may read the results of every team."""
    return holds_employer_wide(user, Permission.CHECK_VIEW, employer=survey.employer)


def _groups(closed: Closed, *, sees_teams: bool) -> list[Group]:
    """What is suppressed was decided with all groups; this only leaves some out."""
    return [group for group in in_order(closed.parts) if sees_teams or group.level is not Level.TEAM]


HEADINGS = ("level", "group", "invited", "answered", "response rate %", "scale", "people", "score", "band")


def result_lines(survey: Survey, user: User) -> list[tuple[object, ...]]:
    """The results as lines of a file, the same as on the page: what is hidden is said, and has no figure."""
    [closed] = closed_results([survey])
    lines: list[tuple[object, ...]] = []
    for group in _groups(closed, sees_teams=_sees_teams(survey, user)):
        result = closed.results[group]
        answered = ("suppressed", "") if result.hidden else (result.respondents, result.rate)
        for scale in closed.instrument.scales:
            found = result.scales[scale.code]
            score = ("suppressed", "suppressed", "") if found.hidden else (found.respondents, found.score, found.band)
            lines.append(
                (group.level.name.lower(), closed.name_of(group), result.invited, *answered, scale.name, *score)
            )
    return lines
