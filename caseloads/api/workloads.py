"""Workloads: as they stand now, scored on the spot, and as they were stored day by day."""

from typing import Any

from django.db.models import QuerySet
from django.utils import timezone
from rest_framework import serializers

from caseloads.models import TeamSnapshot, WorkerSnapshot
from caseloads.queries import through_api
from caseloads.queries.workloads import Post, TeamWorkload, team_workload, worker_posts
from teams import access
from teams.api.views import ListAsked, Listing, Showing
from teams.roles import Permission
from teams.scopes import Scope

Plain = serializers.Serializer[Any]


def points(**more: Any) -> serializers.DecimalField:
    return serializers.DecimalField(max_digits=12, decimal_places=2, allow_null=True, **more)


def percent(**more: Any) -> serializers.DecimalField:
    return serializers.DecimalField(max_digits=12, decimal_places=1, allow_null=True, **more)


class StandingSerializer(Plain):
    state = serializers.CharField(help_text="SCORED, or why there is no percentage.")
    pct = percent(help_text="Load as a percentage of capacity.")
    band = serializers.CharField(help_text="The scheme's band, by its level.")


class FlagSerializer(Plain):
    code = serializers.CharField()
    name = serializers.CharField()
    detail = serializers.CharField()


class MemberSerializer(Plain):
    id = serializers.UUIDField(source="public_id", help_text="The worker's key.")
    cases = serializers.IntegerField()
    families = serializers.IntegerField()
    fte = points(help_text="Full-time equivalent.")
    load = points(help_text="Points of weight.")
    capacity = points()
    standing = StandingSerializer()
    reason = serializers.CharField(help_text="Why a figure is not known; empty otherwise.")
    unrated = serializers.IntegerField()
    contested = serializers.IntegerField()
    flags = FlagSerializer(many=True)


class UnallocatedSerializer(Plain):
    case = serializers.UUIDField(source="public_id")
    reference = serializers.CharField()
    priority = serializers.IntegerField()
    weight = points()
    waiting_days = serializers.IntegerField()
    over_limit = serializers.BooleanField(help_text="Past the wait that the scheme allows for its category.")


class TeamWorkloadSerializer(Plain):
    team = serializers.UUIDField(source="team.public_id")
    as_of = serializers.DateField()
    scheme = serializers.CharField(source="scheme.label", default="", help_text="Empty: none is published.")
    head_count = serializers.IntegerField(source="figures.head_count")
    fte = points(source="figures.fte")
    cases = serializers.IntegerField(source="figures.cases")
    families = serializers.IntegerField(source="figures.families")
    load = points(source="figures.load")
    capacity = points(source="figures.capacity")
    standing = StandingSerializer(source="figures.standing")
    demand = points(source="figures.demand", help_text="Load and unallocated weight together.")
    workers = MemberSerializer(many=True)
    unallocated = UnallocatedSerializer(many=True)
    flags = FlagSerializer(source="team_flags", many=True)


class LineSerializer(Plain):
    case = serializers.UUIDField(source="public_id")
    reference = serializers.CharField()
    category = serializers.CharField()
    parts = serializers.CharField(help_text="How the weight comes about, in words.")
    weight = points()
    sibling_share = serializers.IntegerField(help_text="Percent of the weight that counts beside a sibling.")
    share = serializers.IntegerField(help_text="Percent of the case that the worker holds.")
    line = points(help_text="What it adds to the load.")
    unrated = serializers.BooleanField()
    contested = serializers.BooleanField()
    overridden = serializers.BooleanField()


class StepSerializer(Plain):
    step = serializers.CharField(source="label")
    amount = points()


class PostSerializer(Plain):
    team = serializers.UUIDField(source="team.public_id")
    stable = points(source="row.stable", help_text="What the worker carries that is no case.")
    load = points(source="row.load")
    capacity = points(source="row.capacity")
    standing = StandingSerializer(source="row.standing")
    lines = LineSerializer(many=True, help_text="stable and the lines add up to the load.")
    steps = StepSerializer(many=True, help_text="From base to capacity.")
    flags = FlagSerializer(source="row.flags", many=True)


class WorkerWorkloadSerializer(Plain):
    as_of = serializers.DateField()
    posts = PostSerializer(many=True, help_text="One for each team in which the worker holds cases.")


class ShowTeamWorkload(Showing):
    """A team's workload as it stands now, with each of its workers: the figures of the team's page."""

    scope, serializer_class = Scope.WORKLOADS_READ, TeamWorkloadSerializer

    def thing(self, **keys: Any) -> TeamWorkload:
        team = access.find_team(self.user, keys["public_id"], Permission.WORKLOAD_VIEW)
        return team_workload(team, as_of=timezone.localdate())


class ShowWorkerWorkload(Showing):
    """A worker's workload as it stands now, line by line."""

    scope, serializer_class = Scope.WORKLOADS_READ, WorkerWorkloadSerializer

    def thing(self, **keys: Any) -> dict[str, Any]:
        worker, teams = access.find_worker(self.user, keys["public_id"])
        today = timezone.localdate()
        posts: list[Post] = worker_posts(worker, as_of=today, teams=teams)
        return {"as_of": today, "posts": posts}


DAY = ("day", "scored_at", "cases", "families", "load", "capacity", "load_pct", "state", "band")


class TeamDaySerializer(serializers.ModelSerializer[TeamSnapshot]):
    team = serializers.UUIDField(source="team.public_id")

    class Meta:
        model = TeamSnapshot
        fields = (
            "team",
            *DAY,
            "head_count",
            "hours",
            "demand_pct",
            "lowest_pct",
            "median_pct",
            "highest_pct",
            "over",
            "well_over",
            "not_known",
            "unallocated",
            "unallocated_weight",
            "longest_wait",
            "red_flags",
        )


class WorkerDaySerializer(serializers.ModelSerializer[WorkerSnapshot]):
    team = serializers.UUIDField(source="team.public_id")
    worker = serializers.UUIDField(source="worker.public_id")

    class Meta:
        model = WorkerSnapshot
        fields = ("team", "worker", *DAY, "reason")


class DaysAsked(ListAsked):
    first = serializers.DateField(required=False, help_text="The first day.")
    last = serializers.DateField(required=False, help_text="The last day.")


class TeamDaysAsked(DaysAsked):
    team = serializers.UUIDField(required=False)


class ListTeamDays(Listing):
    """What scoring found of each team, day by day. A past day never changes."""

    scope, serializer_class, asks = Scope.WORKLOADS_READ, TeamDaySerializer, TeamDaysAsked

    def rows(self) -> QuerySet[TeamSnapshot]:
        return through_api.team_days(self.user, **self.narrowed)


class WorkerDaysAsked(DaysAsked):
    worker = serializers.UUIDField(required=False)


class ListWorkerDays(Listing):
    """What scoring found of each worker of a team, day by day. A past day never changes."""

    scope, serializer_class, asks = Scope.WORKLOADS_READ, WorkerDaySerializer, WorkerDaysAsked

    def rows(self) -> QuerySet[WorkerSnapshot]:
        team = access.find_team(self.user, self.kwargs["public_id"], Permission.WORKLOAD_VIEW)
        return through_api.worker_days(self.user, team.public_id, **self.narrowed)
