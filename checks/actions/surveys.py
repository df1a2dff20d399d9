"""What the principal social worker does with surveys: open, hand out links, close, release or withhold words."""

import secrets
from collections import defaultdict
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from smtplib import SMTPException
from uuid import UUID

from django.core.mail import EmailMessage, get_connection
from django.db import transaction
from django.db.models import F

from checks.actions.doing import Doing
from checks.actions.instruments import shipped_row
from checks.models import Cycle, Instrument, Survey, SurveyLink, SurveyWords, TeamSurvey
from checks.queries.answering import GROUP, LETTERS, hash_of
from checks.queries.surveys import is_closed
from checks.surveys import Instrument as Definition
from design import figures
from teams import audit, submissions
from teams.access import require_employer_wide
from teams.audit import Event
from teams.models import Team
from teams.refusals import NotAllowed
from teams.roles import Permission

MOST_LINKS = 200
MOST_MAILS = 200
LONGEST_OPEN = 120
_GROUPS = 5  # of letters: as hard to guess as 99 tosses of a coin


@transaction.atomic
def open_surveys(
    *, cycle: Cycle, shipped: Sequence[Definition], own: Sequence[Instrument], closes_on: date, doing: Doing
) -> list[Survey]:
    """Put instruments to all teams of a cycle, from today to a day."""
    require_employer_wide(doing.by, Permission.CYCLE_RUN, employer=cycle.employer)
    submissions.claim(doing.once, by=doing.by, at=doing.at)
    Cycle.objects.select_for_update(of=("self",)).get(pk=cycle.pk)
    teams = [check.team for check in cycle.checks.select_related("team")]
    if reason := why_not_open(teams=len(teams), closes_on=closes_on, on=doing.day):
        raise NotAllowed(reason)
    rows = [*(shipped_row(definition) for definition in shipped), *own]
    asked = set(Survey.objects.filter(cycle=cycle).values_list("instrument__code", flat=True))
    if twice := [row.title for row in rows if row.code in asked]:
        raise NotAllowed(f"This cycle has this survey already: {', '.join(twice)}. Choose others.")
    surveys = Survey.objects.bulk_create(
        Survey(employer=cycle.employer, cycle=cycle, instrument=row, opens_on=doing.day, closes_on=closes_on)
        for row in rows
    )
    TeamSurvey.objects.bulk_create(
        TeamSurvey(survey=survey, team=team, service_area_id=team.service_area_id)
        for survey in surveys
        for team in teams
    )
    for survey in surveys:
        detail = {"instrument": survey.instrument.code, "teams": len(teams), "closes_on": closes_on.isoformat()}
        _record(Event.SURVEY_OPENED, survey, doing, detail)
    return surveys


def why_not_open(*, teams: int, closes_on: date, on: date) -> str | None:
    """Why surveys cannot be opened, in a sentence; None: they can."""
    if not teams:
        return "This cycle has no teams. Add a team to it, and open the surveys then."
    if closes_on < on:
        return "Enter a last day from today on."
    if (closes_on - on).days > LONGEST_OPEN:
        return f"A survey is open for {LONGEST_OPEN} days at most. Enter an earlier last day."
    return None


@dataclass(frozen=True)
class Mailing:
    """How links are sent: what address a token has, and to whom in each team, by the team's key."""

    address: Callable[[str], str]
    recipients: Mapping[int, Sequence[str]]


@dataclass(frozen=True)
class Slip:
    """One person's links: each survey's title with its address. It is in no row, and shown once."""

    links: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class TeamSlips:
    """What is handed out in a team, and to how many it was sent instead."""

    team: Team
    slips: Sequence[Slip]
    sent: int


@transaction.atomic
def make_links(*, cycle: Cycle, counts: Mapping[int, int], mailing: Mailing, doing: Doing) -> list[TeamSlips]:
    """Make one-time links to the open surveys of a cycle: so many for each team, by the team's key.

    Nothing is kept that says who gets which: a link's row holds the hash of its token and the team, and rows are stored
    in the order of their hashes.
    """
    require_employer_wide(doing.by, Permission.CYCLE_RUN, employer=cycle.employer)
    submissions.claim(doing.once, by=doing.by, at=doing.at)
    wanted = {team: count for team, count in counts.items() if count}
    parts = _parts_open(cycle, wanted, doing.day)
    if reason := _why_no_links(wanted, parts, mailing):
        raise NotAllowed(reason)
    rows: list[SurveyLink] = []
    found = []
    for team, its in parts.items():
        slips = [_slip(its, mailing, rows) for _ in range(wanted[team])]
        sent = mailing.recipients.get(team, ())[: wanted[team]]
        _send(its, list(zip(sent, slips, strict=False)))
        found.append(TeamSlips(its[0].team, slips[len(sent) :], len(sent)))
    SurveyLink.objects.bulk_create(sorted(rows, key=lambda row: row.token_hash))
    for team, count in wanted.items():
        TeamSurvey.objects.filter(pk__in=[part.pk for part in parts[team]]).update(invited=F("invited") + count)
    made = {str(team.team): wanted[team.team.pk] for team in found}
    detail = {"links": made, "by_email": any(team.sent for team in found)}
    audit.record(
        Event.SURVEY_LINKS_MADE, employer=cycle.employer, target=cycle, by=doing.by, at=doing.at, detail=detail
    )
    return found


def _parts_open(cycle: Cycle, wanted: Mapping[int, int], day: date) -> dict[int, list[TeamSurvey]]:
    """Team → its parts in the cycle's open surveys, held until the links are made."""
    rows = TeamSurvey.objects.filter(survey__cycle=cycle, team__in=wanted, survey__closed_on=None)
    rows = rows.filter(survey__opens_on__lte=day, survey__closes_on__gte=day)
    rows = rows.select_related("team", "survey__instrument").select_for_update(of=("self",))
    found: dict[int, list[TeamSurvey]] = defaultdict(list)
    for part in rows.order_by("team__name", "survey__instrument__kind", "pk"):
        found[part.team_id].append(part)
    return found


def _why_no_links(wanted: Mapping[int, int], parts: Mapping[int, Sequence[TeamSurvey]], mailing: Mailing) -> str | None:
    if not wanted:
        return "Enter a number of links for at least one team."
    if wanted.keys() - parts.keys():
        return "No survey is open for one of these teams. Look at the surveys of this cycle again."
    for team, its in parts.items():
        if max(part.invited for part in its) + wanted[team] > MOST_LINKS:
            return f"{its[0].team} would have more than {MOST_LINKS} links. Enter a smaller number."
    if sum(min(len(mailing.recipients.get(team, ())), count) for team, count in wanted.items()) > MOST_MAILS:
        return f"At most {MOST_MAILS} e-mails are sent at once. Do it in several steps, some teams at a time."
    return None


def _slip(parts: Sequence[TeamSurvey], mailing: Mailing, rows: list[SurveyLink]) -> Slip:
    """One person's links; their rows are put with the others."""
    links = []
    for part in parts:
        token = "-".join("".join(secrets.choice(LETTERS) for _ in range(GROUP)) for _ in range(_GROUPS))
        rows.append(SurveyLink(token_hash=hash_of(token), team_survey=part))
        links.append((part.survey.instrument.title, mailing.address(token)))
    return Slip(tuple(links))


def _send(parts: Sequence[TeamSurvey], sent: Sequence[tuple[str, Slip]]) -> None:
    """Send each person their own links. When the mail server refuses, nothing is kept."""
    closes_on = min(part.survey.closes_on for part in parts)
    messages = [EmailMessage(SUBJECT, _letter(parts[0].team, slip, closes_on), to=[to]) for to, slip in sent]
    try:
        get_connection().send_messages(messages)
    except (SMTPException, OSError) as fault:
        raise NotAllowed(
            "The mail server did not take the messages, so no link was made; links that did arrive do not work. "
            "Try again later, or print slips instead."
        ) from fault


SUBJECT = "Your links to the staff survey"


def _letter(team: Team, slip: Slip, closes_on: date) -> str:
    links = "\n\n".join(f"{title}:\n{address}" for title, address in slip.links)
    return (
        f"How is work in {team}? Please answer by {figures.day(closes_on)}; it takes less than five minutes.\n\n"
        f"{links}\n\n"
        "Each link works once. Your answers are kept without your name, your account or this message, and nobody can "
        "tell which answers are yours. Do not pass the links on.\n"
    )


@transaction.atomic
def close_survey(*, survey: Survey, doing: Doing) -> None:
    """Take no more answers. Results can be seen from now on; links that were not used are deleted.

    Every team's part is held first: whoever is just answering is waited for, and whoever comes later is told.
    """
    require_employer_wide(doing.by, Permission.CYCLE_RUN, employer=survey.employer)
    submissions.claim(doing.once, by=doing.by, at=doing.at)
    survey = Survey.objects.select_for_update(of=("self",)).select_related("employer", "instrument").get(pk=survey.pk)
    if is_closed(survey, as_of=doing.day):
        raise NotAllowed("This survey is closed already. Its results can be seen.")
    list(TeamSurvey.objects.select_for_update(of=("self",)).filter(survey=survey).order_by("team__name", "pk"))
    survey.closed_on = doing.day
    survey.save(update_fields=["closed_on"])
    SurveyLink.objects.filter(team_survey__survey=survey).delete()
    _record(Event.SURVEY_CLOSED, survey, doing, {"instrument": survey.instrument.code})


@transaction.atomic
def decide_words(*, survey: Survey, decisions: Mapping[UUID, str], among: Collection[UUID], doing: Doing) -> None:
    """Release or withhold what people wrote; `among` is what may be read at all."""
    require_employer_wide(doing.by, Permission.CYCLE_RUN, employer=survey.employer)
    submissions.claim(doing.once, by=doing.by, at=doing.at)
    if not decisions.keys() <= set(among):
        raise NotAllowed("Some of these words cannot be released: too few people answered. Look at the page again.")
    rows = SurveyWords.objects.filter(team_survey__survey=survey)
    for state in SurveyWords.State:
        rows.filter(pk__in=[key for key, said in decisions.items() if said == state]).update(state=state)
    counts = {state.lower(): list(decisions.values()).count(state) for state in SurveyWords.State}
    _record(Event.SURVEY_WORDS_DECIDED, survey, doing, counts)


def _record(event: Event, survey: Survey, doing: Doing, detail: Mapping[str, object]) -> None:
    audit.record(event, employer=survey.employer, target=survey, by=doing.by, at=doing.at, detail=detail)
