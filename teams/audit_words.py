"""What each event of the audit trail is in words, and which of its details an administrator reads. Pure.

A detail is shown only when its event says so by name here: loads, reasons, and words of plans or surveys are not.
"""

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from teams.audit_events import Event

CODE = re.compile("[A-Z]{2}[A-Z_]+")
"""A stored code, such as SOCIAL_WORKER."""


@dataclass(frozen=True)
class Told:
    """An event's part of the trail, its words after the name of who did it, and the details that are shown."""

    part: str
    words: str
    shown: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Change:
    """One detail; before is None where it is not a change but was said."""

    name: str
    before: str | None
    after: str


def _told(part: str, words: str, *shown: str) -> Told:
    return Told(part, words, frozenset(shown))


_ROLE = ("role", "in", "from", "until", "stands in for")
_STAFFING = (
    "what",
    "weekly_hours",
    "starts_on",
    "ends_on",
    "name",
    "career_stage",
    "registered",
    "case_holding",
    "agency",
)
_CASE = ("cases", "worker", "share", "agreement", "team", "to_team", "closed_on", "handover_on")
_VARIED = ("pack", "indicator", "state", "words", "met", "partly", "starts_on", "review_on", "ended_on")

EVENTS: Mapping[str, Told] = {
    Event.SIGNED_IN: _told("Signing in", "signed in"),
    Event.SIGNED_OUT: _told("Signing in", "signed out"),
    Event.SIGN_IN_FAILED: _told("Signing in", "a sign-in failed"),
    Event.REFUSED: _told("Pages", "was refused a page", "path"),
    Event.NOT_FOUND: _told("Pages", "asked for what is not there, or not theirs", "path"),
    Event.WORKLOAD_SEEN: _told("Pages", "saw the workload of somebody else", "page"),
    Event.FILE_TAKEN: _told("Files taken away", "took a file away", "page", "file"),
    Event.AUDIT_TAKEN: _told("Files taken away", "took entries of this trail away", "rows", "filter"),
    Event.OWN_DATA_DOWNLOADED: _told("Files taken away", "took their own data away", "kind"),
    Event.WORKER_DATA_TAKEN: _told("Personal data", "made the file of all that is held about somebody", "kind"),
    Event.WORKER_ERASED: _told("Personal data", "erased a worker", "replaced", "kept"),
    Event.RETENTION_APPLIED: _told("Personal data", "deleted what was older than its period", "rows", "chain"),
    Event.CENSUS_DOWNLOADED: _told("Files taken away", "made a file for the workforce census", "year", "kind", "rows"),
    Event.REPORT_REQUESTED: _told("Files taken away", "asked for a report", "kind", "again"),
    Event.EMPLOYER_FOUNDED: _told("Setting up", "began the employer"),
    Event.EMPLOYER_CHANGED: _told("Setting up", "changed the employer", "region"),
    Event.SERVICE_AREA_ADDED: _told("Setting up", "added a service area", "name", "client_group", "full_time_hours"),
    Event.TEAM_ADDED: _told("Setting up", "added a team", "name", "service_area"),
    Event.WORKERS_ADDED: _told("Setting up", "added workers"),
    Event.ACCOUNT_OPENED: _told("Accounts and roles", "opened an account", "roles"),
    Event.ACCOUNT_INVITED: _told("Accounts and roles", "invited somebody", "again"),
    Event.LETTER_SENT_AGAIN: _told("Accounts and roles", "had an e-mail sent again", "letter"),
    Event.INVITATION_WITHDRAWN: _told("Accounts and roles", "withdrew an invitation"),
    Event.ACCOUNT_CHANGED: _told("Accounts and roles", "changed an account", "name", "email", "worker"),
    Event.ACCOUNT_CLOSED: _told("Accounts and roles", "closed an account"),
    Event.ACCOUNT_REOPENED: _told("Accounts and roles", "opened an account again"),
    Event.INTEGRATION_ADDED: _told("Integrations", "set up an integration", "name", "scopes"),
    Event.INTEGRATION_CHANGED: _told("Integrations", "changed an integration", "name", "scopes"),
    Event.INTEGRATION_ENDED: _told("Integrations", "ended an integration", "name"),
    Event.TOKEN_MADE: _told("Integrations", "made a token", "name", "begins", "expires"),
    Event.TOKEN_ENDED: _told("Integrations", "withdrew a token", "name", "begins"),
    Event.TOKEN_REFUSED: _told("Integrations", "a token was refused", "begins"),
    Event.PASSWORD_CHANGED: _told("Signing in", "set a password", "how"),
    Event.SECOND_FACTOR_CHANGED: _told("Signing in", "changed how they sign in", "change"),
    Event.SECOND_FACTOR_RESET: _told("Signing in", "reset somebody’s second factor"),
    Event.SIGN_INS_ENDED: _told("Signing in", "ended sign-ins", "ended"),
    Event.ROLE_GIVEN: _told("Accounts and roles", "gave a role", *_ROLE),
    Event.ROLE_ENDED: _told("Accounts and roles", "ended a role", *_ROLE),
    Event.STAND_IN_NAMED: _told("Accounts and roles", "named who stands in", *_ROLE),
    Event.STAND_IN_ENDED: _told("Accounts and roles", "ended a standing in", *_ROLE),
    Event.SCHEME_DRAFTED: _told("Weighting schemes", "worked on a draft of a scheme", "did", "revision", "base"),
    Event.SCHEME_PUBLISHED: _told("Weighting schemes", "published a scheme", "version"),
    Event.CASES_RECORDED: _told("Cases", "recorded cases", "cases"),
    Event.CASE_CHANGED: _told("Cases", "changed a case", "change", "category", "priority", "opened_on", "closed_on"),
    Event.CASE_ALLOCATED: _told("Cases", "allocated or shared a case", *_CASE),
    Event.CASES_TRANSFERRED: _told("Cases", "transferred cases", *_CASE),
    Event.CONTEST_RAISED: _told("Cases", "contested a weight", "state"),
    Event.CONTEST_ANSWERED: _told("Cases", "answered a contested weight", "answer", "state"),
    Event.CASELOAD_IMPORTED: _told(
        "Imports", "imported a file", "file", "preset", "sha256", "added", "changed", "closed"
    ),
    Event.CASES_TOLD: _told("Imports", "told of cases through the API", "rows", "cases", "closed", "quarantined"),
    Event.CASELOAD_IMPORT_UNDONE: _told("Imports", "undid an import", "file", "sha256"),
    Event.CASELOAD_IMPORT_DROPPED: _told("Imports", "cancelled an import", "file", "state"),
    Event.CASELOAD_MAPPING_CHANGED: _told("Imports", "said what columns and words of files mean", "preset", "fields"),
    Event.STAFFING_CHANGED: _told("People and capacity", "changed what is recorded of staffing", *_STAFFING),
    Event.SUPERVISION_RECORDED: _told("People and capacity", "recorded supervision", "sessions"),
    Event.STANDARDS_DRAFTED: _told("Standards", "worked on a draft of standards", "pack", "what", "revision"),
    Event.STANDARDS_PUBLISHED: _told("Standards", "published standards", "pack", "version"),
    Event.STANDARDS_CHOSEN: _told("Standards", "chose the standards that are used", "packs"),
    Event.VARIATION_PROPOSED: _told("Standards", "proposed a local variation", *_VARIED),
    Event.VARIATION_DECIDED: _told("Standards", "decided a local variation", *_VARIED),
    Event.VARIATION_ENDED: _told("Standards", "ended a local variation", *_VARIED),
    Event.RESPONSE_TIMES_SET: _told("Standards", "set response times", "concern_days", "flag_days"),
    Event.CYCLE_OPENED: _told("Health checks", "opened a cycle", "standards", "teams", "due_on"),
    Event.CYCLE_CHANGED: _told("Health checks", "changed a cycle", "due_on", "state", "teams_added"),
    Event.CHECK_ANSWERED: _told(
        "Health checks", "answered a health check", "indicator", "judgement", "priority", "figures"
    ),
    Event.CHECK_MOVED: _told("Health checks", "moved a health check on", "move", "state"),
    Event.CHALLENGE_RAISED: _told("Health checks", "asked about an answer", "indicator", "suggested"),
    Event.CHALLENGE_ANSWERED: _told("Health checks", "answered a question of the panel", "state"),
    Event.EVIDENCE_ADDED: _told("Health checks", "added evidence", "indicator", "kind", "size"),
    Event.EVIDENCE_REMOVED: _told("Health checks", "removed evidence", "indicator"),
    Event.ACTION_PLANNED: _told("Health checks", "planned an action, or decided not to act", "indicator", "state"),
    Event.ACTION_CHANGED: _told("Health checks", "changed an action", "indicator", "state"),
    Event.CYCLE_PUBLISHED: _told("Publication", "published a cycle", "cycle", "publication", "teams"),
    Event.PUBLICATION_WITHDRAWN: _told("Publication", "withdrew a publication", "cycle", "publication", "reason"),
    Event.INSTRUMENT_LOADED: _told("Surveys", "loaded a survey", "code", "version"),
    Event.SURVEY_OPENED: _told("Surveys", "opened surveys", "instrument"),
    Event.SURVEY_LINKS_MADE: _told("Surveys", "made links to a survey", "by_email"),
    Event.SURVEY_CLOSED: _told("Surveys", "closed a survey", "instrument"),
    Event.SURVEY_WORDS_DECIDED: _told("Surveys", "decided which words of a survey are released"),
}
ALWAYS = frozenset({"kept as written"})
"""What looked identifying and was kept: the field and what it looks like, whoever reads."""
CONFIDENTIAL = frozenset({Event.CONCERN_RAISED, Event.DUTY_CHANGED, Event.DUTY_SEEN, Event.HOURS_RECORDED})
"""Kept, chained, and shown to no administrator: who raised a concern, or worked additional hours, is not theirs."""


def event_choices() -> list[tuple[str, str]]:
    """Every event that is shown, as a choice, part by part."""
    return [(str(event), f"{told.part}: {told.words}") for event, told in EVENTS.items()]


def words_of(event: str) -> str:
    """What an entry's event is in words; one of another version of the program is named as it is."""
    known = EVENTS.get(event)
    return known.words if known else event.replace("_", " ").lower()


def changes_of(event: str, detail: Mapping[str, object]) -> list[Change]:
    """The details of an entry that are shown, before and after where both are kept."""
    known = EVENTS.get(event)
    if known is None:
        return []
    shown = known.shown | ALWAYS
    return [one for one in _changes("", detail, shown) if one.name in shown and one.before != one.after]


def _changes(name: str, value: object, shown: Collection[str]) -> Iterator[Change]:
    if not isinstance(value, Mapping) or (name in shown and not {"before", "after"} & value.keys()):
        yield Change(name, None, said(value))
        return
    for key, content in value.items():
        if key not in {"before", "after"}:
            yield from _changes(str(key), content, shown)
    if "before" in value or "after" in value:
        yield from _pairs(name, value.get("before"), value.get("after"))


def _pairs(name: str, before: object, after: object) -> Iterator[Change]:
    if isinstance(before, Mapping | None) and isinstance(after, Mapping | None) and (before or after):
        old, new = before or {}, after or {}
        for key in dict.fromkeys([*old, *new]):
            yield from _pairs(str(key), old.get(key), new.get(key))
    else:
        yield Change(name, said(before), said(after))


def said(value: object) -> str:
    """A value as a person reads it."""
    match value:
        case None | "" | []:
            return "nothing"
        case bool():
            return "yes" if value else "no"
        case str():
            return _text(value)
        case Mapping():
            return ", ".join(f"{key}: {said(content)}" for key, content in value.items()) or "nothing"
        case Sequence():
            return ", ".join(said(one) for one in value)
        case _:
            return str(value)


def _text(text: str) -> str:
    if CODE.fullmatch(text):
        return text.replace("_", " ").capitalize()
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return text
    return f"{day.day} {day:%B %Y}"
