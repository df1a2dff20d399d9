"""What another system does with cases: it tells how they are, and the records are made to agree."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from caseloads import tasks
from caseloads.import_writing import carry_out
from caseloads.importing import Reading, stored_counts
from caseloads.intake.told import Judged, ToldCase, judge
from caseloads.known import known_to
from caseloads.models import ImportRun
from caseloads.references import kept
from teams import audit
from teams.access import require_employer_wide
from teams.audit import Event
from teams.kept_answers import answered_once
from teams.models import Employer, Integration, User
from teams.refusals import NotAllowed
from teams.roles import Permission

REFUSED, CREATED, CHANGED, CLOSED, UNCHANGED = "refused", "created", "changed", "closed", "unchanged"
_DONE = {"CASES_ADDED": CREATED, "CASES_CLOSED": CLOSED}


def tell_cases(
    *, integration: Integration, rows: Sequence[ToldCase], key: str, asked: str, by: User, at: datetime
) -> dict[str, Any]:
    """Make the recorded cases agree with what is told; give the result of each row, in their order.

    Rows that cannot be used are refused with a sentence and hold the others up in nothing; those are written all or
    none. key: the caller's own for this call, "" for none; asked: a digest of the rows.
    """
    require_employer_wide(by, Permission.CASELOAD_IMPORT, employer=integration.employer)
    return answered_once(
        integration, key=key, asked=asked, at=at, make=lambda: _told(integration, list(rows), asked, by=by, at=at)
    )


def _told(integration: Integration, rows: list[ToldCase], asked: str, *, by: User, at: datetime) -> dict[str, Any]:
    today = timezone.localdate(at)
    # whoever else changes cases of this employer in bulk waits: what is judged is what is written
    employer = Employer.objects.select_for_update(no_key=True).get(pk=integration.employer_id)
    tidy, refused = _as_kept(rows)
    known = known_to(employer, [row.reference for row in tidy.values()], as_of=today)
    judged = judge(tidy, known, as_of=today)
    refused |= judged.refused
    done = _write(integration, judged, asked, as_of=today, by=by, at=at)
    results = [
        _refused(row, *refused[number])
        if number in refused
        else {"reference": row.reference, "result": done.get(tidy[number].reference, UNCHANGED), "problems": []}
        for number, row in enumerate(rows)
    ]
    return {"counts": _counted(results), "results": results}


def _as_kept(rows: Sequence[ToldCase]) -> tuple[dict[int, ToldCase], dict[int, tuple[str, str]]]:
    """The rows with their references as they are kept, by number; and which have none that can be."""
    tidy: dict[int, ToldCase] = {}
    spoilt: dict[int, tuple[str, str]] = {}
    for number, row in enumerate(rows):
        try:
            family = None if row.family_reference is None else kept(row.family_reference)
            tidy[number] = replace(row, reference=kept(row.reference), family_reference=family)
        except NotAllowed as sentence:
            spoilt[number] = "reference", str(sentence)
    return tidy, spoilt


def _write(
    integration: Integration, judged: Judged, asked: str, *, as_of: date, by: User, at: datetime
) -> dict[str, str]:
    """Write what the rows change; what was done to each case, by its reference as it is kept."""
    employer, name = integration.employer, f"“{integration.name}” through the API"
    reading = Reading(judged.intake, ImportRun.Preset.PLAIN, as_of, name, asked)
    outcome, written = carry_out(employer=employer, reading=reading, by=by, at=at)
    if not outcome.summary.nothing():
        counts: Any = stored_counts(outcome)["counts"]
        audit.record(Event.CASES_TOLD, employer=employer, target=integration, by=by, at=at, detail=counts)
        transaction.on_commit(lambda: tasks.score_what_changed(written.score), robust=True)
    done: dict[str, str] = {}
    for line in outcome.lines:
        if line.case is not None:
            done.setdefault(line.subject, _DONE.get(line.section, CHANGED))
    return done


def _refused(row: ToldCase, field: str, sentence: str) -> dict[str, Any]:
    return {"reference": row.reference, "result": REFUSED, "problems": [{"field": field, "message": sentence}]}


def _counted(results: Sequence[Mapping[str, Any]]) -> dict[str, int]:
    found = Counter(str(row["result"]) for row in results)
    return {result: found[result] for result in (CREATED, CHANGED, CLOSED, UNCHANGED, REFUSED)}
