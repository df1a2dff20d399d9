"""What caseloads hold about one worker."""

from collections.abc import Sequence

from django.db.models import Q

from caseloads.models import LimitException, Rating, Transfer, WorkerSnapshot
from teams.holdings import Holding
from teams.models import Worker

Rows = Sequence[Sequence[object]]


def _allocations(worker: Worker) -> Rows:
    rows = worker.allocations.select_related("case", "team").order_by("-started_on", "-pk")
    return [
        (
            row.case,
            row.case.family_reference,
            row.case.category,
            row.team,
            row.get_role_display(),
            row.share,
            row.started_on,
            row.ended_on,
            row.get_agreement_display(),
            row.agreement_note,
        )
        for row in rows
    ]


def _ratings(worker: Worker) -> Rows:
    rows = Rating.objects.filter(case__in=worker.allocations.values("case")).select_related("case", "rated_by")
    return [
        (
            row.case,
            row.rated_on,
            row.category,
            ", ".join(f"{code} × {count}" for code, count in sorted(row.factors.items())),
            row.override,
            row.override_reason,
            row.reason,
            row.rated_by,
        )
        for row in rows.order_by("-rated_on", "-pk")
    ]


def _contests(worker: Worker) -> Rows:
    rows = worker.contests.select_related("case", "answered_by").order_by("-raised_at", "-pk")
    return [
        (
            row.case,
            row.weight,
            row.reason,
            row.raised_at,
            row.get_state_display(),
            row.answer,
            row.answered_at,
            row.answered_by,
        )
        for row in rows
    ]


def _exceptions(worker: Worker) -> Rows:
    rows = LimitException.objects.filter(allocation__worker=worker)
    rows = rows.select_related("allocation__case", "approved_by", "by").order_by("-at", "-pk")
    return [
        (row.allocation.case, row.get_limit_display(), row.detail, row.reason, row.approved_by, row.by, row.at)
        for row in rows
    ]


def _transfers(worker: Worker) -> Rows:
    rows = Transfer.objects.filter(Q(from_worker=worker) | Q(to_worker=worker))
    rows = rows.select_related("case", "from_worker", "from_team", "to_worker", "to_team").order_by("-moved_on", "-pk")
    return [
        (
            row.case,
            row.from_worker or row.from_team,
            row.to_worker or row.to_team,
            row.moved_on,
            row.reason,
            row.handover_on,
        )
        for row in rows
    ]


def _snapshots(worker: Worker) -> Rows:
    rows = WorkerSnapshot.objects.filter(worker=worker).select_related("team", "scheme").order_by("-day", "team")
    return [
        (
            row.day,
            row.team,
            row.scheme,
            row.cases,
            row.families,
            row.load,
            row.capacity,
            row.load_pct,
            row.get_band_display(),
            row.get_state_display(),
            row.reason,
            "; ".join(flag["detail"] for flag in row.flags),
        )
        for row in rows
    ]


HELD = (
    Holding(
        "allocations",
        "Cases you hold and held",
        "They make your load.",
        ("case", "family", "category", "team", "as", "share", "from", "until", "agreement", "note"),
        _allocations,
    ),
    Holding(
        "ratings",
        "Ratings of those cases",
        "They make the weight of each.",
        ("case", "rated on", "category", "factors", "set by hand", "reason for that", "reason", "rated by"),
        _ratings,
    ),
    Holding(
        "contests",
        "Weights you contested",
        "Your reasons, and the answers.",
        ("case", "weight", "reason", "raised at", "state", "answer", "answered at", "answered by"),
        _contests,
    ),
    Holding(
        "limits",
        "Limits gone past when a case was given to you",
        "So that nobody can pass a limit without a reason.",
        ("case", "limit", "in figures", "reason", "approved by", "allocated by", "at"),
        _exceptions,
    ),
    Holding(
        "transfers",
        "Cases transferred from you and to you",
        "To see whether there was a handover meeting.",
        ("case", "from", "to", "on", "reason", "handover meeting on"),
        _transfers,
    ),
    Holding(
        "snapshots",
        "Your workload on each day",
        "To see how it moves, and whether you were over for long.",
        (
            "day",
            "team",
            "scheme",
            "cases",
            "families",
            "load",
            "capacity",
            "load %",
            "band",
            "state",
            "why not known",
            "red flags",
        ),
        _snapshots,
    ),
)
