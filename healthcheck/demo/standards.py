"""The demo's standards: which it uses, and local variations in every state."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal

from standards.actions.choosing import choose_standards
from standards.actions.variations import NewVariation, approve_variation, decline_variation, propose_variation
from teams.models import Employer, User

PACK = "england-2020"
DECIDED_AFTER = timedelta(days=5)


@dataclass(frozen=True)
class Varied:
    """A variation by its days before or after today: proposed, begun, reviewed. No `words`: nobody decided."""

    indicator: str
    met: str
    partly: str
    reason: str
    evidence: str
    proposed: int
    starts: int
    review: int
    words: str = ""
    declined: bool = False


VARIATIONS: Sequence[Varied] = (
    Varied(
        "3-over",
        "15",
        "30",
        "Two teams were merged, and their caseloads are being shared out anew",
        "Paper to the joint committee on the merger, second annex",
        proposed=-420,
        starts=-400,
        review=-35,
        words="Agreed for the first year after the merger, and no longer",
    ),
    Varied(
        "3-wait",
        "7",
        "14",
        "In every team, many referrals arrive on Fridays and are given out on Mondays",
        "Twelve weeks of the teams’ duty diaries, in the shared folder of the principal social worker",
        proposed=-170,
        starts=-160,
        review=20,
        words="Agreed, on condition that nobody waits over a second weekend",
    ),
    Varied(
        "3-caseload",
        "18",
        "22",
        "Every team, for children and for adults, holds many short reviews: they count as cases and take little time",
        "Time study in all teams, spring of this year",
        proposed=-70,
        starts=-60,
        review=300,
        words="Agreed. The weighted load stays as it is and is what we look at first",
    ),
    Varied(
        "3-unallocated",
        "10",
        "20",
        "The front door passes cases on before they are screened",
        "Figures of the front door for August",
        proposed=-45,
        starts=-40,
        review=320,
        words="Declined: the front door is to be put right, not the threshold",
        declined=True,
    ),
    Varied(
        "5-in-full",
        "85",
        "70",
        "Supervision of part-time workers is shorter and more frequent",
        "Supervision log of the last half-year",
        proposed=-3,
        starts=7,
        review=187,
    ),
)


def load_variations(employer: Employer, *, psw: User, director: User, as_of: date, at: datetime) -> None:
    """Choose the standards, and propose and decide each variation on its day."""
    choose_standards(employer=employer, packs=[PACK], by=psw, at=at - timedelta(days=500))
    for one in VARIATIONS:
        proposed_at = at + timedelta(days=one.proposed)
        new = NewVariation(
            pack=PACK,
            indicator=one.indicator,
            met=Decimal(one.met),
            partly=Decimal(one.partly),
            reason=one.reason,
            evidence=one.evidence,
            starts_on=as_of + timedelta(days=one.starts),
            review_on=as_of + timedelta(days=one.review),
        )
        row = propose_variation(employer=employer, new=new, by=psw, at=proposed_at)
        if one.words:
            decide = decline_variation if one.declined else approve_variation
            decide(variation=row, words=one.words, by=director, at=proposed_at + DECIDED_AFTER)
