"""The lists of an Annex A workbook: how their sheets and columns are recognised, whatever a council calls them.

Patterns are matched against `cells.key` of a heading: lower case, without accents, apostrophes or punctuation, single
spaces. Earlier patterns of a column win over later ones. Columns with a child's name never match anything.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass


def _patterns(*texts: str) -> tuple[re.Pattern[str], ...]:
    return tuple(re.compile(text) for text in texts)


@dataclass(frozen=True, slots=True)
class Listing:
    """One list. `needed`: of each group of columns one must be there, or no row of the sheet can be judged."""

    number: int
    subject: str
    category: str
    title: re.Pattern[str]
    marks: tuple[re.Pattern[str], ...]
    columns: Mapping[str, tuple[re.Pattern[str], ...]]
    needed: tuple[tuple[str, ...], ...]


REFERENCE, START, TEAM, WORKER, ADVISER = "reference", "start", "team", "worker", "adviser"
NFA, AUTHORISED, UNNECESSARY, RESULT = "nfa", "authorised", "unnecessary", "result"
ENDED, REASON, STATUS = "ended", "reason", "status"

# What a person calls each column, for messages.
NAMES = {
    REFERENCE: "the child's reference",
    NFA: "whether the referral led to no further action",
    AUTHORISED: "the date the assessment was authorised",
    UNNECESSARY: "whether the conference was unnecessary",
    RESULT: "the result of the conference",
    ENDED: "the date it ended",
    STATUS: "the case status",
    TEAM: "the team",
    WORKER: "the worker",
    START: "the start date",
}

_ID = "(id|ids|identifier|identity|ref|reference|number|no)( number| no)?"
_PERSON = "(child|childs|client|person|persons|young person|yp|service user|pupil|case|record)"
_SYSTEM = "(mosaic|liquidlogic|lcs|eclipse|ics|swift|paris|carefirst|la|local|system|social care)"
_NOT_ID = "(?!.*\\b(name|family|sibling|worker|team|placement|plans?|urn|nhs|upn|status|date)\\b)"
_COMMON = {
    REFERENCE: _patterns(
        rf"^{_NOT_ID}.*\b(child|childs)\b.*\b(id|identifier|ref|reference)\b",
        rf"^{_NOT_ID}.*\b(id|identifier|ref|reference)\b.*\b(child|childs)\b",
        rf"^{_NOT_ID}(la |unique |anonymised )*{_PERSON} (unique |la )*{_ID}$",
        rf"^{_NOT_ID}({_SYSTEM} |unique |anonymised )*({_PERSON} )?(unique )?{_ID}$",
        r"^urn$",
    ),
    TEAM: _patterns(
        r"^allocated team$", r"^(?!.*\b(leader|manager|id|code)\b).*\bteam\b", r"^allocated (service|unit)$"
    ),
    WORKER: _patterns(
        r"^allocated (social |case |key )?worker$",
        r"^(?!.*\b(team|date|visit|manager|email|id|code|previous|last|advis[eo]r|seen)\b)"
        r".*\b(worker|caseworker|keyworker|practitioner|case ?holder|allocated to)\b",
        r"^(allocated )?(sw|case manager|lead professional)( name)?$",
    ),
}
_START_ANY = (r"^(start|opening|opened|open) ?(date)?$", r"^date (started|opened|of opening)$")
_END_ANY = (
    r"^(end|closed?|closure|ceased?|completion|completed) ?(date)?$",
    r"^date (ended|closed|ceased|completed|of closure)$",
)
_CARE = r"\b(looked after|lac|cla|cic|care|accommodated)\b"


def _listing(
    number: int,
    subject: str,
    category: str,
    *,
    title: str,
    marks: tuple[str, ...],
    columns: Mapping[str, tuple[str, ...]],
    needed: tuple[tuple[str, ...], ...],
) -> Listing:
    own = {name: _patterns(*texts) for name, texts in columns.items()}
    return Listing(
        number, subject, category, re.compile(title), _patterns(*marks), _COMMON | own, ((REFERENCE,), *needed)
    )


LISTINGS = (
    _listing(
        3,
        "referrals",
        "referral",
        title=r"\breferrals?\b",
        marks=(
            r"\bnfa\b",
            r"\breferral source\b|\bsource of referral\b",
            r"\bdate\b.*\breferral\b|\breferral\b.*\bdate\b",
        ),
        columns={
            START: (
                r"\bdate\b.*\breferral\b",
                r"\breferral\b.*\bdate\b",
                r"\bdate received\b|\breceived date\b",
                *_START_ANY,
            ),
            NFA: (r"\bnfa\b|\bno further action\b",),
        },
        needed=((NFA,),),
    ),
    _listing(
        4,
        "assessments",
        "assessment",
        title=r"\bassessments?\b",
        marks=(
            r"\bassessment\b.*\bauthoris|\bauthoris.*\bassessment\b",
            r"\bseen during\b",
            r"\bassess\w* as requiring\b|\brequir\w*\b.*\bsocial care support\b",
            r"\b(continuous|single|c f|child and family|core|initial) assessment\b.*\bdate\b",
        ),
        columns={
            START: (
                r"\bassess\w*\b.*\bstart",
                r"\bstart\w*\b.*\bassess",
                r"^(?!.*(authoris|complet|end)).*\bdate\b.*\bassess",
                *_START_ANY,
            ),
            AUTHORISED: (
                r"\bauthori[sz]",
                r"\bassess\w*\b.*\b(complet|end|finish|clos|sign)\w*.*\bdate\b",
                r"\bdate\b.*\b(complet|end|finish|clos|sign)\w*",
                *_END_ANY,
            ),
        },
        needed=((AUTHORISED,),),
    ),
    _listing(
        5,
        "section 47 enquiries",
        "section_47",
        title=r"\bs(ection)? ?47s?\b|\bicpcs?\b|\benquir|\binitial child protection\b|\bstrategy\b",
        marks=(
            r"\bstrategy\b.*\bdate\b|\b(section 47|s ?47)\b.*\b(date|start)\b",
            r"\bconference\b.*\b(unnecessary|not (necessary|required|needed))\b",
            r"\bconference\b.*\b(result|outcome)|\bnumber of (section 47|s ?47|icpc)",
        ),
        columns={
            START: (
                r"^(?!.*\bnumber\b).*\b(section 47|s ?47)\b.*\b(start|date)",
                r"\bstrategy\b.*\b(date|start)",
                r"\bdate\b.*(\b(section 47|s ?47)\b|\bstrategy\b|\benquir)",
                *_START_ANY,
            ),
            UNNECESSARY: (r"\bunnecessary\b|\bnot (necessary|required|needed)\b",),
            RESULT: (
                r"\b(conference|icpc)\b.*\bresult",
                r"\bresult\w*\b.*\bplan\b",
                r"\b(conference|icpc)\b.*\boutcome\b|\boutcome\b.*\b(conference|icpc)\b",
            ),
        },
        needed=((UNNECESSARY, RESULT),),
    ),
    _listing(
        6,
        "children in need",
        "child_in_need",
        title=r"\bcin\b|\bin need\b",
        marks=(
            r"\b(case|cin|current|plan) status\b|^status$",
            r"\b(cin|child in need)\b.*\b(start|clos|end)",
            r"\bprimary need\b",
            r"\breason\b.*\bclosure\b|\bclosure reason\b|\breason\b.*\bclosed\b",
        ),
        columns={
            START: (
                r"\b(cin|in need)\b.*\bstart",
                r"\bstart\w*\b.*\b(cin|in need)\b",
                r"\b(case|episode|referral)\b.*\b(start|open)",
                r"\b(became|becoming)\b.*\b(cin|in need)\b",
                *_START_ANY,
            ),
            ENDED: (
                r"^(?!.*\breason\b).*\bclos\w*.*\bdate\b",
                r"^(?!.*\breason\b).*\bdate\b.*\bclos",
                r"^(?!.*\breason\b).*\b(cin|in need|episode)\b.*\b(end|ceas|clos)",
                *_END_ANY,
            ),
            REASON: (r"\breason\b.*\b(clos|ceas|end)", r"\b(clos\w*|end|case end) reason\b"),
            STATUS: (r"\bcase status\b", r"\bstatus\b", r"\b(type of|current) (case|plan)\b|^(case|plan) type$"),
        },
        needed=((ENDED, STATUS),),
    ),
    _listing(
        7,
        "child protection plans",
        "child_protection",
        title=r"\bchild protection\b|\bcpp?\b|\bcp plans?\b",
        marks=(
            r"\bplan start\b|\bstart\w*\b.*\bplan\b|\bcpp? start\b",
            r"\bcategory of abuse\b",
            r"\bprevious (child protection|cp) plans?\b",
            r"\bseen alone\b|\bcpp? end\b|\bplan end\b",
        ),
        columns={
            START: (
                r"\b(plan|cpp?)\b.*\bstart",
                r"\bstart\w*\b.*\b(plan|cpp?)\b",
                r"\b(became|made) subject\b|^(?!.*\bde ?regist).*(\bregistration date\b|\bdate\b.*\bregist)",
                r"^(?!.*\b(review|visit|seen|end\w*|ceas\w*|conference)\b).*\bdate\b.*\b(plan|cpp?|child protection)$",
                *_START_ANY,
            ),
            ENDED: (
                r"\b(plan|cpp?)\b.*\b(end|ended|ceased|closed|closure)\b",
                r"\b(end|ended|ceased|closed)\b.*\b(plan|cpp?)\b",
                r"\bde ?regist",
                *_END_ANY,
            ),
        },
        needed=((ENDED,),),
    ),
    _listing(
        8,
        "children looked after",
        "looked_after",
        title=r"\blooked after\b|\blac\b|\bcla\b|\bchildren in care\b|\bcic\b",
        marks=(
            rf"\bstart\w*\b.*{_CARE}|{_CARE}.*\bstart|\b(became|entered|came into)\b.*{_CARE}",
            rf"\bceas\w*\b.*{_CARE}|{_CARE}.*\bceas",
            r"\bplacement (type|provider|postcode|location)\b|\btype of placement\b",
            r"\biro\b|\bpermanence plan\b|\blegal status\b",
        ),
        columns={
            START: (
                rf"^(?!.*\b(legal|placement|second)\b).*\b(start|started|became|becoming|entered|entry|entering|came)\b.*{_CARE}",
                rf"^(?!.*\b(legal|placement)\b).*{_CARE}.*\b(start|started|entry)\b",
                r"^(?!.*\b(legal|ceas\w*|end|left|leaving)\b).*\bdate\b.*\b(looked after|lac|cla|accommodated)$",
                *_START_ANY,
            ),
            ENDED: (
                rf"^(?!.*\breason\b).*\b(ceas\w*|end|ended|left|leaving)\b.*{_CARE}",
                rf"^(?!.*\b(reason|placement)\b).*{_CARE}.*\b(ceas\w*|end|ended)\b",
                *_END_ANY,
            ),
        },
        needed=((ENDED,),),
    ),
    _listing(
        9,
        "care leavers",
        "care_leaver",
        title=r"\bcare leavers?\b|\bleaving care\b|\bleavers?\b",
        marks=(
            r"\bpersonal advis[eo]r\b",
            r"\beligibility\b",
            r"\bpathway plan\b",
            r"\bin touch\b",
            r"\bsuitability of accommodation\b|\bactivity status\b",
        ),
        columns={ADVISER: (r"\bpersonal advis[eo]r\b", r"^(allocated )?(pa|advis[eo]r)( name)?$")},
        needed=(),
    ),
)

# Lists that carry no caseload: known, so that they are not mistaken for one that does.
OTHER_MARKS: Mapping[int, tuple[re.Pattern[str], ...]] = {
    1: _patterns(r"\bdate of contact\b|\bcontact date\b", r"\bcontact source\b|\bsource of contact\b"),
    2: _patterns(r"\borganisation\b.*\bassess", r"\bearly help\b", r"\blead professional\b"),
    10: _patterns(r"\bplacement order\b", r"\bplaced for adoption\b", r"\bprospective adopters?\b"),
    11: _patterns(r"\badopter\b.*\bid", r"\bstage [12]\b", r"\bapplication (submitted|approved)\b"),
}
