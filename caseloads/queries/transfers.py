"""Cases on their way from one worker to others: who may take them, who is proposed, and what it makes of them."""

from collections import Counter
from collections.abc import Collection, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.http import Http404

from caseloads.models import Allocation, Case, Transfer
from caseloads.proposing import propose
from caseloads.queries.allocating import Effect, Plan, Trial, approvers, shares, trial
from caseloads.sharing_out import SCALE, Choice
from caseloads.workload import category_name, one_place, percentage
from caseloads.workload_changes import Given
from teams.models import Team, User, Worker
from teams.refusals import NotAllowed

STAY = "stay"
NOBODY = "nobody"


@dataclass(frozen=True)
class TransferPage:
    """One case and who could take it over."""

    case: Case
    category: str
    held: Sequence[Allocation]
    giver: Worker | None
    candidates: Sequence[Effect]
    teams: Sequence[Team]
    approvers: Sequence[User]

    @property
    def workers(self) -> list[Worker]:
        return [effect.worker for effect in self.candidates]


def transfer_page(case: Case, *, giver: str | None, as_of: date) -> TransferPage:
    """Who could take a case over from its lead, or from another holder; without a scheme, only other teams."""
    now = shares(case, on=as_of)
    held = [holding.allocation for holding in now.of_team(case.team) if holding.counts]
    given_by = next((row for row in held if str(row.worker.public_id) == giver), held[0] if held else None)
    try:
        attempt = trial(case.team, as_of=as_of)
    except NotAllowed:
        candidates, category = [], case.category
    else:
        takes = {(case.pk, given_by.worker_id)} if given_by else set()
        found = attempt.candidates(case, given_by.share if given_by else now.left, takes)
        candidates = [effect for effect in found if given_by is None or effect.worker != given_by.worker]
        category = category_name(attempt.scheme, case.category)
    return TransferPage(
        case=case,
        category=category,
        held=held,
        giver=given_by.worker if given_by else None,
        candidates=sorted(candidates, key=lambda effect: (effect.after.pct is None, effect.after.pct or 0)),
        teams=list(case.employer.teams.exclude(pk=case.team_id).order_by("name")),
        approvers=approvers(case.team),
    )


@dataclass(frozen=True)
class Giver:
    """Somebody in whose name cases of a team are, and how many."""

    worker: Worker
    cases: int


def givers(team: Team, *, as_of: date) -> list[Giver]:
    """Everybody in whose name open cases of a team are on a day, a leaver too. Two statements."""
    held = Allocation.objects.filter(team=team, case__in=Case.objects.open_on(as_of)).open_on(as_of)
    counts = Counter(held.order_by().values_list("worker", flat=True))
    rows = Worker.objects.filter(pk__in=counts).order_by("name", "pk")
    return [Giver(row, counts[row.pk]) for row in rows]


def giver_of(team: Team, public_id: UUID, *, as_of: date) -> Worker:
    """Somebody in whose name cases of the team are; nobody else is there (404)."""
    found = next((one.worker for one in givers(team, as_of=as_of) if one.worker.public_id == public_id), None)
    if found is None:
        raise Http404("Nobody of that name holds cases of this team.")
    return found


def held_cases(team: Team, worker: Worker, *, as_of: date) -> list[Allocation]:
    """A worker's open allocations in a team, by family and reference. One statement."""
    rows = Allocation.objects.filter(team=team, worker=worker, case__in=Case.objects.open_on(as_of)).open_on(as_of)
    rows = rows.select_related("case__team", "case__employer")
    return sorted(rows, key=lambda row: (row.case.family_reference, row.case.reference))


@dataclass(frozen=True)
class BulkRow:
    """One case to move, who is proposed for it, and why."""

    allocation: Allocation
    category: str
    proposed: Worker | None
    why: str

    @property
    def case(self) -> Case:
        return self.allocation.case


@dataclass(frozen=True)
class BulkPage:
    """Cases to move together, with a proposal for each."""

    team: Team
    giver: Worker
    rows: Sequence[BulkRow]
    trial: Trial
    approvers: Sequence[User]

    @property
    def takers(self) -> list[Worker]:
        everybody = sorted(self.trial.people.values(), key=lambda worker: (worker.name.casefold(), worker.pk))
        return [worker for worker in everybody if worker != self.giver]

    def effects(self, chosen: Mapping[int, Worker | None]) -> list[Effect]:
        """Everybody as they would be; `chosen` is case key → who takes it (None: nobody). Others stay as they are."""
        rows = [row for row in self.rows if row.case.pk in chosen]
        given = [
            Given(row.case.pk, taker.pk, self.team.pk, row.allocation.share)
            for row in rows
            if (taker := chosen[row.case.pk])
        ]
        return self.trial.effects(Plan(given, {(row.case.pk, self.giver.pk) for row in rows}))


def bulk_page(team: Team, giver: Worker, *, wanted: Collection[str] | None, as_of: date) -> BulkPage:
    """Propose who takes the wanted cases (public ids; None: all). Families stay together. Raises NotAllowed."""
    held = held_cases(team, giver, as_of=as_of)
    rows = held if wanted is None else [row for row in held if str(row.case.public_id) in wanted]
    if not rows:
        raise NotAllowed("Choose at least one case to transfer.")
    attempt = trial(team, as_of=as_of, cases=[row.case_id for row in rows])
    choices = propose(
        attempt.scheme,
        attempt.inputs,
        team=team.pk,
        shares={row.case_id: row.share for row in rows},
        takes={(row.case_id, giver.pk) for row in rows},
        leaving_out={giver.pk},
        as_of=as_of,
    )
    return BulkPage(
        team=team,
        giver=giver,
        rows=[
            BulkRow(
                allocation=row,
                category=category_name(attempt.scheme, row.case.category),
                proposed=attempt.people.get(_key(choices[row.case_id].candidate)),
                why=why(choices[row.case_id], names_of(attempt.people.values())),
            )
            for row in rows
        ],
        trial=attempt,
        approvers=approvers(team),
    )


def _key(candidate: object) -> int:
    return candidate if isinstance(candidate, int) else 0


def names_of(workers: Iterable[Worker]) -> dict[Hashable, str]:
    return {worker.pk: worker.name for worker in workers}


def why(choice: Choice, names: Mapping[Hashable, str]) -> str:
    """Why somebody is proposed: where it leaves them, and where it would leave the next."""
    if choice.candidate is None or choice.after is None:
        return "Nobody in the team may take it without going past a limit. Choose somebody, or leave it unallocated."
    text = f"{names[choice.candidate]} is then at {_pct(choice.after)}"
    if choice.next_after is None:
        return f"{text}. Nobody else may take it."
    return f"{text}. Next: {names[choice.next_best]}, who would be at {_pct(choice.next_after)}."


def _pct(millionths: int) -> str:
    return f"{one_place(percentage(millionths, SCALE))}\u00a0%"


def find_transfer(user: User, public_id: UUID) -> Transfer:
    """A transfer of a case that the user may see; anybody else's is not there (404)."""
    rows = Transfer.objects.filter(case__in=Case.objects.visible_to(user)).select_related(
        "case__team", "to_team", "employer"
    )
    row = rows.filter(public_id=public_id).first()
    if row is None:
        raise Http404("There is no such transfer.")
    return row
