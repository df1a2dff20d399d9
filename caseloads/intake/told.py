"""What another system tells of cases through the API, row by row, against what is known. Pure."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from caseloads.intake.counting import tally
from caseloads.intake.judging import Unfit
from caseloads.intake.records import NO_TEAM, CaseRecord, Closure, Holding, Intake, Source
from caseloads.intake.sharing import CO_WORKER, LEAD, share_out
from design.identifying import why_a_name

HERE = "call"


@dataclass(frozen=True)
class ToldHolder:
    """Who holds a case: by our key or by their staff reference. share None: what the others leave."""

    worker: UUID | None = None
    staff_reference: str = ""
    team: UUID | None = None
    share: int | None = None


@dataclass(frozen=True)
class ToldCase:
    """A case as it is told: None is not said, and stays as it was. The first holder leads.

    reference: as it is kept. revision: the one that the other system read; None: whatever it is by now.
    """

    reference: str
    family_reference: str | None = None
    category: str | None = None
    factors: Mapping[str, int] | None = None
    opened_on: date | None = None
    closed_on: date | None = None
    team: UUID | None = None
    holders: Sequence[ToldHolder] | None = None
    rated_on: date | None = None
    revision: int | None = None


@dataclass(frozen=True)
class KnownWorker:
    """A recorded worker; team: the name of one that they are in on the day, "" where they are in none."""

    key: int
    name: str
    team: str


@dataclass(frozen=True)
class KnownCase:
    revision: int
    opened_on: date


@dataclass(frozen=True)
class Known:
    """What rows may name. most: the most that the shares of a case may add up to."""

    teams: Mapping[UUID, str]
    workers: Mapping[UUID, KnownWorker]
    staff: Mapping[str, KnownWorker]
    categories: Collection[str]
    factors: Collection[str]
    cases: Mapping[str, KnownCase]
    most: int = 100


@dataclass(frozen=True)
class Judged:
    """Rows as an import takes them, and by its number what is wrong with each of the others: field and sentence."""

    intake: Intake
    refused: Mapping[int, tuple[str, str]] = field(default_factory=dict)


def judge(rows: Mapping[int, ToldCase], known: Known, *, as_of: date) -> Judged:
    """Take the rows, by their numbers, that can be used, and say of each of the others what is wrong with it."""
    cases: list[CaseRecord] = []
    closures: list[Closure] = []
    refused: dict[int, tuple[str, str]] = {}
    seen: set[str] = set()
    for number, row in rows.items():
        try:
            _check_reference(row, seen)
            found = _judged(row, known, as_of=as_of, source=Source(HERE, number))
        except Unfit as unfit:
            refused[number] = unfit.column, unfit.sentence
        else:
            (closures if isinstance(found, Closure) else cases).append(found)  # type: ignore[arg-type]
    counts = tally(cases, rows=len(rows), merged=0, closed=len(closures), quarantined=len(refused))
    return Judged(Intake(counts=counts, cases=tuple(cases), closures=tuple(closures)), refused)


def _check_reference(row: ToldCase, seen: set[str]) -> None:
    if not row.reference:
        raise Unfit("reference", "", "This says nothing. Send the case's reference in your system.")
    if row.reference in seen:
        raise Unfit("reference", "", "This case is in the call twice. Say everything about it in one row.")
    seen.add(row.reference)


def _judged(row: ToldCase, known: Known, *, as_of: date, source: Source) -> CaseRecord | Closure:
    before = known.cases.get(row.reference)
    _check_words(row, known)
    if before and row.revision not in {None, before.revision}:
        raise Unfit(
            "revision", "", f"The case has changed since: its revision is {before.revision} by now. Read it again."
        )
    if before is None and row.revision is not None:
        raise Unfit("revision", "", "There is no case of this reference yet: leave the revision out.")
    opened_on = row.opened_on or (before.opened_on if before else None)
    for name, day in (("opened_on", row.opened_on), ("closed_on", row.closed_on), ("rated_on", row.rated_on)):
        if day is not None and day > as_of:
            raise Unfit(name, "", "This day has not come yet. Send it from that day on.")
    if row.closed_on is not None:
        if opened_on is not None and row.closed_on < opened_on:
            raise Unfit("closed_on", "", "A case closes on the day it opens or later.")
        return Closure(row.reference, row.closed_on, source)
    if before is None and row.team is None and not row.holders:
        raise Unfit("team", "", "A new case needs a team, or somebody who holds it.")
    return CaseRecord(
        reference=row.reference,
        family_reference=row.family_reference or "",
        category=row.category or "",
        factors=None if row.factors is None else tuple(sorted(row.factors.items())),
        opened_on=row.opened_on,
        team=NO_TEAM if row.team is None else _team(row.team, known, "team"),
        holdings=None if row.holders is None else _holdings(row.holders, known),
        rated_on=row.rated_on,
        source=source,
    )


def _check_words(row: ToldCase, known: Known) -> None:
    for name, text in (("reference", row.reference), ("family_reference", row.family_reference or "")):
        if reason := why_a_name(text):
            raise Unfit(name, "", f"{reason}.")
    if row.category is not None and row.category not in known.categories:
        raise Unfit("category", "", "No weighting scheme in force has a category of this code.")
    if row.factors and row.category is None:
        raise Unfit("factors", "", "Factors are counted by a category's scheme: say the category too.")
    if unknown := sorted(set(row.factors or ()) - set(known.factors)):
        raise Unfit("factors", "", f"No weighting scheme in force has a factor of the code {unknown[0]}.")


def _team(key: UUID, known: Known, field_name: str) -> str:
    if key not in known.teams:
        raise Unfit(field_name, "", "There is no such team. The addresses below teams/ have the keys.")
    return known.teams[key]


def _holdings(holders: Sequence[ToldHolder], known: Known) -> tuple[Holding, ...]:
    found = [_worker(holder, known) for holder in holders]
    if len({worker.key for worker in found}) < len(found):
        raise Unfit("holders", "", "Somebody is named twice. Name each of those who hold the case once.")
    shares = share_out([holder.share for holder in holders], most=known.most) if holders else []
    return tuple(
        Holding(
            team=_team(holder.team, known, "holders.team") if holder.team else _own_team(worker),
            worker=worker.name,
            role=CO_WORKER if number else LEAD,
            share=share,
            key=worker.key,
        )
        for number, (holder, worker, share) in enumerate(zip(holders, found, shares, strict=True))
    )


def _worker(holder: ToldHolder, known: Known) -> KnownWorker:
    found = known.workers.get(holder.worker) if holder.worker else known.staff.get(holder.staff_reference)
    if found is None:
        raise Unfit("holders", "", "There is no such worker. Add them first, or check the staff reference.")
    return found


def _own_team(worker: KnownWorker) -> str:
    if not worker.team:
        raise Unfit("holders", "", f"{worker.name} is in no team today: say in which team they hold it.")
    return worker.team
