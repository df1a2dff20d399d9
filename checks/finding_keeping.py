"""What the machine does with findings: measures each team that was scored, and stores what its standards came to.

Running again, late or twice does no harm: a team is measured when a scoring of the day is newer than its findings.
"""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from django.db import connection, transaction
from django.db.models import F, Max, OuterRef, Q, QuerySet, Subquery

from caseloads.models import TeamSnapshot
from caseloads.queries.workloads import team_workloads
from caseloads.snapshots import upsert
from checks.freezing import shown
from checks.models import TeamFindings
from checks.queries.findings import IndicatorFinding, StandardFinding, findings_of
from design import figures
from standards.queries import sets_in_force
from teams.models import Employer, Team

_LOCK = 72


def employers_to_measure(*, as_of: date) -> list[int]:
    """Employers with a team that was scored today since its findings were stored."""
    return sorted(set(teams_to_measure(as_of).values_list("employer", flat=True)))


def teams_to_measure(as_of: date) -> QuerySet[Any, Any]:
    """Teams whose newest scoring of a day no findings follow yet: employer, team and the moment of the scoring."""
    stored = TeamFindings.objects.filter(employer=OuterRef("employer"), day=as_of, team=OuterRef("team"))
    scored = TeamSnapshot.objects.filter(day=as_of).order_by().values("employer", "team")
    scored = scored.annotate(newest=Max("scored_at"), follows=Subquery(stored.values("follows")))
    return scored.filter(Q(follows__isnull=True) | Q(newest__gt=F("follows")))


def keep_all(*, as_of: date, at: datetime) -> int:
    """Store the findings of every employer that was scored since; return of how many teams."""
    return sum(keep_findings(employer_id=key, as_of=as_of, at=at) for key in employers_to_measure(as_of=as_of))


def keep_findings(*, employer_id: int, as_of: date, at: datetime) -> int:
    """Store the findings of an employer's teams that were scored since; return of how many.

    A fixed number of statements, whatever the number of teams.
    """
    with transaction.atomic():
        _alone(employer_id)
        newest = dict(teams_to_measure(as_of).filter(employer=employer_id).values_list("team", "newest"))
        if not newest:
            return 0
        employer = Employer.objects.get(pk=employer_id)
        teams = list(Team.objects.filter(pk__in=newest).select_related("employer", "service_area").order_by("pk"))
        found = findings_of(team_workloads(teams, as_of=as_of), sets_in_force(employer, on=as_of))
        common = {"employer_id": employer_id, "day": as_of, "scored_at": at}
        rows = [{"team_id": team, "follows": newest[team], **_stored(told)} for team, told in found.items()]
        upsert(TeamFindings, rows, common)
    return len(rows)


def _alone(employer_id: int) -> None:
    """Two of these for one employer follow one another."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [_LOCK, employer_id])


def _stored(found: Sequence[StandardFinding]) -> dict[str, object]:
    """Findings as they are stored: what is judged or surveyed is not known outside a health check, and is left out."""
    versions: dict[str, str] = {}
    standards: dict[str, dict[str, list[str]]] = {}
    indicators: dict[str, dict[str, list[str]]] = {}
    for one in found:
        pack = one.standard_set.id
        versions[pack] = one.standard_set.version
        own = indicators.setdefault(pack, {})
        measured = [row for row in one.indicators if row.measure]
        own.update({row.indicator.code: _figure(row) for row in measured})
        if measured:
            standards.setdefault(pack, {})[one.standard.code] = [one.finding.value, _code(one.local_finding)]
    return {"versions": versions, "standards": standards, "indicators": indicators}


def _figure(row: IndicatorFinding) -> list[str]:
    words = figures.NOT_KNOWN if row.value is None else shown(row.value, row.measure)
    return [words, row.finding.value, _code(row.local_finding), "" if row.value is None else str(row.value)]


def _code(finding: object) -> str:
    return str(finding or "")
