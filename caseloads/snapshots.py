"""What the machine does with scores: rows → pure function → snapshots. Running again, late or twice does no harm."""

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any, Literal

import pandas as pd
from django.db import connection, models, transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from caseloads.models import ScoringNeed, TeamSnapshot, WorkerSnapshot
from caseloads.queries.workloads import AreaFigures, area_figures
from caseloads.shown import records, whole
from teams.garbage import uncollected
from teams.models import Employer, StaffingChange, Team

PATIENCE = timedelta(minutes=1)
NIGHT_IS_OVER = time(3)


@dataclass(frozen=True)
class LeftUndone:
    """Keys of what should have been scored and was not."""

    employers: list[int]
    teams: list[int]


def employers_to_score() -> list[int]:
    """Every employer that has a team."""
    return list(Employer.objects.filter(teams__isnull=False).distinct().values_list("pk", flat=True))


def request_scoring(teams: Iterable[Team], *, at: datetime) -> list[int]:
    """Note that teams' rows changed; return the keys of those for which scoring should be asked for now.

    Many changes in a row ask once: a team that was asked for less than `PATIENCE` ago and still waits is left out.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            """
            INSERT INTO caseloads_scoringneed AS need (team_id, changes, scored_changes, asked_at)
            SELECT team_id, 1, 0, %(at)s FROM unnest(%(teams)s::bigint[]) AS team_id ORDER BY team_id
                ON CONFLICT (team_id) DO UPDATE
               SET changes = need.changes + 1,
                   asked_at = CASE WHEN need.scored_changes < need.changes AND need.asked_at > %(recently)s
                                   THEN need.asked_at ELSE %(at)s END
            RETURNING team_id, asked_at = %(at)s
            """,
            {"teams": sorted({team.pk for team in teams}), "at": at, "recently": at - PATIENCE},
        )
        return [team for team, ask in cursor.fetchall() if ask]


def left_undone(*, as_of: date, at: datetime) -> LeftUndone:
    """What a lost message left undone: employers with a team not scored today, and teams changed a while ago.

    Teams whose staffing changed are among them: nobody sends a message for those.
    The night's own scoring is given until three in the morning before anybody is taken for forgotten.
    """
    missing = []
    if timezone.localtime(at).time() >= NIGHT_IS_OVER:
        missing = list(unscored_teams(as_of).order_by("employer_id").values_list("employer", flat=True).distinct())
    changed = ScoringNeed.objects.outstanding().filter(asked_at__lt=at - PATIENCE).exclude(team__employer__in=missing)
    staffed = StaffingChange.objects.exclude(team__employer__in=missing)
    teams = {*changed.values_list("team", flat=True), *staffed.values_list("team", flat=True)}
    return LeftUndone(employers=missing, teams=sorted(teams))


def everything_scored(*, as_of: date) -> bool:
    """Whether every team is scored for a day, with every change to its rows."""
    waiting = ScoringNeed.objects.outstanding().exists() or StaffingChange.objects.exists()
    return not waiting and not unscored_teams(as_of).exists()


def unscored_teams(as_of: date) -> QuerySet[Team]:
    scored = TeamSnapshot.objects.filter(employer=OuterRef("employer"), team=OuterRef("pk"), day=as_of)
    return Team.objects.filter(~Exists(scored))


def score_employer(*, employer_id: int, as_of: date, at: datetime) -> int:
    """Score every team of an employer for a day, in a fixed number of statements; return how many teams."""
    employer = Employer.objects.get(pk=employer_id)
    with uncollected(), transaction.atomic():
        changes = _changes(Q(team__employer=employer))
        StaffingChange.objects.filter(team__employer=employer).delete()
        areas = area_figures(employer, as_of=as_of)
        _store(employer, areas, as_of=as_of, at=at)
        _mark_scored(changes, as_of=as_of, at=at)
    return sum(len(area.figures.teams) for area in areas)


def score_team(*, team_id: int, as_of: date, at: datetime) -> None:
    """Score one team for a day, as after a change; the figures are those of scoring its whole employer."""
    team = Team.objects.select_related("employer").get(pk=team_id)
    with transaction.atomic():
        changes = _changes(Q(team=team))
        StaffingChange.objects.filter(team=team).delete()
        areas = area_figures(team.employer, as_of=as_of, team=team)
        _store(team.employer, areas, as_of=as_of, at=at)
        _mark_scored(changes, as_of=as_of, at=at)


def _changes(teams: Q) -> dict[int, int]:
    """Teams with outstanding changes, counted before their rows are read."""
    return dict(ScoringNeed.objects.outstanding().filter(teams).values_list("team", "changes"))


def _mark_scored(changes: dict[int, int], *, as_of: date, at: datetime) -> None:
    """Not where a later scoring stands already, as after a clock was put back: the sweeper then comes again."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            UPDATE caseloads_scoringneed AS need SET scored_changes = seen.changes
              FROM unnest(%s::bigint[], %s::bigint[]) AS seen (team_id, changes)
             WHERE need.team_id = seen.team_id AND need.scored_changes < seen.changes
               AND NOT EXISTS (SELECT FROM caseloads_teamsnapshot AS stored
                                WHERE stored.team_id = need.team_id AND stored.day = %s AND stored.scored_at > %s)
            """,
            [list(changes), list(changes.values()), as_of, at],
        )


def _store(employer: Employer, areas: Sequence[AreaFigures], *, as_of: date, at: datetime) -> None:
    common = {"employer_id": employer.pk, "day": as_of, "scored_at": at}
    upsert(WorkerSnapshot, [row for area in areas for row in _worker_rows(area)], common)
    upsert(TeamSnapshot, [row for area in areas for row in _team_rows(area)], common)


def _exact(value: Any, places: int) -> float | None:
    """A whole number of hundredths (2 places) or tenths (1) for JSON, which writes its shortest text: the decimal."""
    return None if pd.isna(value) else value / 10**places


def _worker_rows(area: AreaFigures) -> Iterator[dict[str, object]]:
    flags = _flags(area, "worker")
    for row in records(area.figures.workers):
        yield _shared(row, area) | {
            "worker_id": row["worker"],
            "reason": row["reason"],
            "flags": flags.get((row["team"], row["worker"]), []),
        }


def _team_rows(area: AreaFigures) -> Iterator[dict[str, object]]:
    flags = _flags(area, "team")
    raised = area.figures.flags["team"].value_counts()
    for row in records(area.figures.teams):
        yield _shared(row, area) | {
            "head_count": row["head_count"],
            "hours": _exact(row["hours"], 2),
            "demand_pct": _exact(row["demand_pct"], 1),
            "demand_band": row["demand_band"],
            "lowest_pct": _exact(row["lowest_pct"], 1),
            "median_pct": _exact(row["median_pct"], 1),
            "highest_pct": _exact(row["highest_pct"], 1),
            "over": row["over"],
            "well_over": row["well_over"],
            "not_known": row["not_known"],
            "unallocated": row["unallocated"],
            "unallocated_weight": _exact(row["unallocated_weight"], 2),
            "longest_wait": whole(row["longest_wait"]),
            "median_wait": whole(row["median_wait"]),
            "red_flags": int(raised.get(row["team"], 0)),
            "flags": flags.get((row["team"], None), []),
        }


def _shared(row: dict[str, Any], area: AreaFigures) -> dict[str, object]:
    return {
        "team_id": row["team"],
        "scheme_id": area.scheme.row.pk if area.scheme else None,
        "cases": row["cases"],
        "families": row["families"],
        "load": _exact(row["load"], 2),
        "capacity": _exact(row["capacity"], 2),
        "load_pct": _exact(row["load_pct"], 1),
        "state": row["state"],
        "band": row["band"],
    }


def _flags(area: AreaFigures, of: Literal["worker", "team"]) -> dict[tuple[int, int | None], list[dict[str, object]]]:
    """Red flags as they are stored, by team and worker; of the team itself under worker None."""
    found: dict[tuple[int, int | None], list[dict[str, object]]] = {}
    for row in records(area.figures.flags):
        worker = whole(row["worker"])
        if (worker is None) == (of == "team"):
            stored = {"flag": row["flag"], "case": whole(row["case"]), "detail": row["detail"]}
            found.setdefault((row["team"], worker), []).append(stored)
    return found


def upsert(model: type[models.Model], rows: Sequence[dict[str, object]], common: dict[str, object]) -> None:
    """Write rows, of which some columns are the same in all, in one statement. A row already there changes only where a
    figure differs, by a later scoring of the same day; an earlier day's row stays as it was.
    """
    fields = [field for field in model._meta.concrete_fields if not field.primary_key]  # noqa: SLF001
    names = [str(field.column) for field in fields]
    keys = [name for name in ("employer_id", "day", "team_id", "worker_id", "scheme_id") if name in names]
    figures = [name for name in names if name not in {*keys, "scored_at"}]
    table, columns = model._meta.db_table, ", ".join(names)  # noqa: SLF001
    new, old = (", ".join(f"{source}.{name}" for name in figures) for source in ("EXCLUDED", table))
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {table} ({columns}) SELECT {columns} "  # noqa: S608
            f"FROM json_populate_recordset(json_populate_record(NULL::{table}, %s), %s) "
            f"ORDER BY {', '.join(keys)} ON CONFLICT ({', '.join(keys)}) DO UPDATE SET "
            f"{', '.join(f'{name} = EXCLUDED.{name}' for name in (*figures, 'scored_at'))} "
            f"WHERE EXCLUDED.scored_at > {table}.scored_at "
            f"AND (EXCLUDED.scored_at AT TIME ZONE 'Europe/London')::date <= {table}.day "
            f"AND ({new}) IS DISTINCT FROM ({old})",
            [json.dumps(common, default=str), json.dumps(rows, default=str)],
        )
