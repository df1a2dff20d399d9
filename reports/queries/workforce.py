"""The workforce of an employer on a day, read for all its teams at once: a fixed number of statements."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Count, OuterRef, Q, Subquery

from caseloads.models import Allocation
from reports.own_figures import Held, TeamPosts, Workforce
from teams.bank_holidays import bank_holidays
from teams.models import Absence, Contract, Employer, Establishment, ServiceArea, Team
from teams.supervision import Span
from teams.workforce import Away, Hours


@dataclass(frozen=True)
class Record:
    """The rows of an employer's teams of one client group, for a day and the days after `since`.

    established: team → posts in FTE, None where they are not recorded. full_time: team → hours. contracts: with their
    workers. absences: of everybody in the teams. held: worker → open cases that they lead.
    """

    employer: Employer
    as_of: date
    since: date
    established: Mapping[int, Decimal | None]
    full_time: Mapping[int, Decimal]
    contracts: Sequence[Contract]
    absences: Sequence[Absence]
    held: Mapping[int, Held]

    @property
    def bank_holidays(self) -> frozenset[date]:
        return bank_holidays(self.employer.nation, range(self.since.year, self.as_of.year + 1))

    def hours(self, row: Contract) -> Hours:
        """A contract in full-time equivalents of its team's area."""
        fte = None if row.weekly_hours is None else row.weekly_hours / self.full_time[row.team_id]
        return Hours(row.worker_id, fte, Span(row.starts_on, row.ends_on), agency=row.worker.agency)


def read(
    employer: Employer,
    *,
    as_of: date,
    since: date,
    contracts_since: date | None = None,
    contracts_until: date | None = None,
) -> dict[str, Record]:
    """Read an employer's workforce by client group. Four statements.

    contracts_since, contracts_until: from when and up to when contracts are read, where that is more than all else.
    """
    teams = list(_teams(employer, as_of))
    group_of = {row["pk"]: row["service_area__client_group"] for row in teams}
    contracts = list(_contracts(employer, contracts_until or as_of, contracts_since or since))
    absences = list(_absences(employer, as_of, since))
    held = _held(employer, as_of)
    found = {}
    for group in ServiceArea.ClientGroup.values:
        own = {key for key, of in group_of.items() if of == group}
        here = [row for row in contracts if row.team_id in own]
        people = {row.worker_id for row in here}
        found[group] = Record(
            employer=employer,
            as_of=as_of,
            since=since,
            established={row["pk"]: _fte(row) for row in teams if row["pk"] in own},
            full_time={row["pk"]: row["service_area__full_time_hours"] for row in teams if row["pk"] in own},
            contracts=here,
            absences=[row for row in absences if row.worker_id in people],
            held={worker: one for (worker, of), one in held.items() if of == group},
        )
    return found


def workforce_of(record: Record) -> Workforce:
    """What the own figures are worked out from: of registered social workers, but for posts."""
    rows = [(row, record.hours(row)) for row in record.contracts]
    registered = {row.worker_id for row, _ in rows if row.worker.registered}
    not_said = {
        row.worker_id for row, hours in rows if row.worker.registered is None and hours.span.covers(record.as_of)
    }
    return Workforce(
        as_of=record.as_of,
        since=record.since,
        teams=[
            TeamPosts(established, [hours for row, hours in rows if row.team_id == team])
            for team, established in record.established.items()
        ],
        workers=[hours for row, hours in rows if row.worker_id in registered],
        sick=[
            Away(row.worker_id, row.reason, Span(row.starts_on, row.ends_on))
            for row in record.absences
            if row.reason == Absence.Reason.SICKNESS and row.worker_id in registered
        ],
        held={worker: held for worker, held in record.held.items() if worker in registered},
        bank_holidays=record.bank_holidays,
        not_said=len(not_said),
    )


def _fte(row: Mapping[str, Any]) -> Decimal | None:
    hours: Decimal | None = row["established"]
    return None if hours is None else hours / row["service_area__full_time_hours"]


def _teams(employer: Employer, as_of: date) -> Any:
    posts = Establishment.objects.filter(team=OuterRef("pk")).open_on(as_of)
    return Team.objects.filter(employer=employer).values(
        "pk",
        "service_area__client_group",
        "service_area__full_time_hours",
        established=Subquery(posts.values("weekly_hours")[:1]),
    )


def _contracts(employer: Employer, until: date, since: date) -> Any:
    rows = Contract.objects.filter(team__employer=employer, starts_on__lte=until).select_related("worker")
    return rows.filter(Q(ends_on__isnull=True) | Q(ends_on__gt=since)).order_by("starts_on", "pk")


def _absences(employer: Employer, as_of: date, since: date) -> Any:
    rows = Absence.objects.filter(worker__employer=employer, starts_on__lte=as_of)
    return rows.filter(Q(ends_on__isnull=True) | Q(ends_on__gt=since)).order_by("starts_on", "pk")


def _held(employer: Employer, as_of: date) -> dict[tuple[int, str], Held]:
    """The open cases that each worker leads, by worker and client group."""
    still_open = Q(case__opened_on__lte=as_of) & (Q(case__closed_on__isnull=True) | Q(case__closed_on__gt=as_of))
    led = Allocation.objects.filter(still_open, employer=employer, role=Allocation.Role.LEAD).open_on(as_of).order_by()
    rows = led.values("worker", "team__service_area__client_group").annotate(
        cases=Count("case", distinct=True),
        alone=Count("case", distinct=True, filter=Q(case__family_reference="")),
        families=Count("case__family_reference", distinct=True, filter=~Q(case__family_reference="")),
    )
    return {
        (row["worker"], row["team__service_area__client_group"]): Held(row["cases"], row["alone"] + row["families"])
        for row in rows
    }
