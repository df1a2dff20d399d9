"""Changes to cases, one at a time: whoever fills a form in from a case that has changed since is told what changed."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone

from caseloads.models import Case, CaseChange
from caseloads.queries.cases import words_of
from design import figures
from teams.models import User
from teams.refusals import NotAllowed

_NAMED = 3


class ChangedMeanwhile(NotAllowed):
    """Somebody else changed a case after the form was filled in from it; the sentence says what and who."""


@dataclass(frozen=True)
class Noted:
    """What happened to a locked case, in a sentence."""

    case: Case
    kind: CaseChange.Kind
    text: str


def lock_case(case: Case, *, seen: int | None, leads: bool = True) -> Case:
    """Lock one case until the transaction ends and return it as it is now.

    `seen` is the revision that the form was filled in from; None where no form was, such as in a command. `leads`:
    whether the person may read figures about the workers of its team. Raises ChangedMeanwhile when the case has
    another revision by now.
    """
    (locked,) = lock_cases([case], seen={} if seen is None else {case.pk: seen}, leads=leads)
    return locked


def lock_cases(cases: Iterable[Case], *, seen: Mapping[int, int], leads: bool = True) -> list[Case]:
    """Lock several cases, in the order of their keys, and return them so; `seen` is key → revision. Two statements."""
    keys = sorted({case.pk for case in cases})
    rows = Case.objects.select_for_update(of=("self",)).select_related(
        "employer", "team__service_area", "team__employer"
    )
    locked = list(rows.filter(pk__in=keys).order_by("pk"))
    stale = [case for case in locked if seen.get(case.pk, case.revision) != case.revision]
    if stale:
        raise ChangedMeanwhile(_what_changed(stale, seen, leads=leads))
    return locked


def note(case: Case, kind: CaseChange.Kind, text: str, *, by: User | None, at: datetime) -> None:
    """Add one change to a locked case, and raise its revision."""
    note_all([Noted(case, kind, text)], by=by, at=at)


def note_all(changes: Sequence[Noted], *, by: User | None, at: datetime) -> None:
    """Add changes to locked cases, one or several each, and raise their revisions. Two statements."""
    rows = []
    for change in changes:
        change.case.revision += 1
        rows.append(
            CaseChange(
                case=change.case, revision=change.case.revision, kind=change.kind, text=change.text, at=at, by=by
            )
        )
    CaseChange.objects.bulk_create(rows)
    Case.objects.bulk_update({change.case.pk: change.case for change in changes}.values(), ["revision"])


def _what_changed(stale: Sequence[Case], seen: Mapping[int, int], *, leads: bool) -> str:
    since = {case.pk: seen[case.pk] for case in stale}
    rows = (
        CaseChange.objects.filter(case__in=stale).select_related("by", "case").order_by("case__reference", "revision")
    )
    newer = [row for row in rows if row.revision > since[row.case_id]]
    told = " ".join(_sentence(row, several=len(stale) > 1, leads=leads) for row in newer[-_NAMED:])
    more = f" These are the last {_NAMED} of {len(newer)} changes." if len(newer) > _NAMED else ""
    which = "This case has" if len(stale) == 1 else f"{len(stale)} of these cases have"
    return (
        f"{which} changed since you opened the page. {told}{more} "
        "Nothing of yours has been saved: look at it again and send it if it is still right."
    )


def _sentence(change: CaseChange, *, several: bool, leads: bool) -> str:
    who = str(change.by) if change.by else "the system"
    text = words_of(change, leads=leads).rstrip(".")
    return f"{f'{change.case}: ' if several else ''}{text} ({who}, {figures.moment(timezone.localtime(change.at))})."
