"""Cycles of health checks, each team's check, and what was found of teams day by day."""

from typing import Any

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from checks.models import Answer, Cycle, HealthCheck, TeamFindings
from checks.queries import through_api
from teams.api.organisation import OF_ROW
from teams.api.views import ListAsked, Listing, Showing
from teams.scopes import Scope

Plain = serializers.Serializer[Any]


class CycleSerializer(serializers.ModelSerializer[Cycle]):
    id = serializers.UUIDField(source="public_id", help_text=OF_ROW)
    standards = serializers.CharField(source="standard_set.pack")
    version = serializers.CharField(source="standard_set.version")

    class Meta:
        model = Cycle
        fields = ("id", "name", "standards", "version", "period_from", "period_to", "measured_on", "due_on", "state")


class HealthCheckSerializer(serializers.ModelSerializer[HealthCheck]):
    id = serializers.UUIDField(source="public_id", help_text=OF_ROW)
    cycle = serializers.UUIDField(source="cycle.public_id")
    team = serializers.UUIDField(source="team.public_id")

    class Meta:
        model = HealthCheck
        fields = ("id", "cycle", "team", "state", "measured_at", "head_count", "submissions")


class AnswerSerializer(serializers.ModelSerializer[Answer]):
    class Meta:
        model = Answer
        fields = ("standard", "indicator", "kind", "value", "finding", "local_finding", "judgement", "priority")


class WholeCheckSerializer(HealthCheckSerializer):
    answers = AnswerSerializer(many=True)

    class Meta(HealthCheckSerializer.Meta):
        fields = (*HealthCheckSerializer.Meta.fields, "answers")  # type: ignore[assignment]


class StandardFoundSerializer(Plain):
    set = serializers.CharField(help_text="The id of the set of standards.")
    version = serializers.CharField()
    code = serializers.CharField()
    finding = serializers.CharField()
    local_finding = serializers.CharField(help_text="With local thresholds; empty where none are in force.")


class IndicatorFoundSerializer(StandardFoundSerializer):
    shown = serializers.CharField(help_text="The figure as people read it.")
    value = serializers.CharField(help_text="The figure as a number; empty where there is none.")


class FindingsSerializer(serializers.ModelSerializer[TeamFindings]):
    team = serializers.UUIDField(source="team.public_id")
    standards = serializers.SerializerMethodField()
    indicators = serializers.SerializerMethodField()

    class Meta:
        model = TeamFindings
        fields = ("team", "day", "scored_at", "standards", "indicators")

    @extend_schema_field(StandardFoundSerializer(many=True))
    def get_standards(self, row: TeamFindings) -> list[dict[str, Any]]:
        return through_api.rows_of(row, "standards")

    @extend_schema_field(IndicatorFoundSerializer(many=True))
    def get_indicators(self, row: TeamFindings) -> list[dict[str, Any]]:
        return through_api.rows_of(row, "indicators")


class ListCycles(Listing):
    """Cycles of health checks: a version of standards, a period, and the day that answers are due."""

    scope, serializer_class = Scope.CHECKS_READ, CycleSerializer

    def rows(self) -> QuerySet[Cycle]:
        return through_api.cycles(self.user)


class ChecksAsked(ListAsked):
    cycle = serializers.UUIDField(required=False)
    team = serializers.UUIDField(required=False)


class ListHealthChecks(Listing):
    """Each team's check in each cycle, and how far it is."""

    scope, serializer_class, asks = Scope.CHECKS_READ, HealthCheckSerializer, ChecksAsked

    def rows(self) -> QuerySet[HealthCheck]:
        return through_api.health_checks(self.user, **self.narrowed)


class ShowHealthCheck(Showing):
    """One health check with its answers."""

    scope, serializer_class = Scope.CHECKS_READ, WholeCheckSerializer

    def thing(self, **keys: Any) -> HealthCheck:
        return through_api.find_health_check(self.user, keys["public_id"])


class FindingsAsked(ListAsked):
    team = serializers.UUIDField(required=False)
    first = serializers.DateField(required=False, help_text="The first day.")
    last = serializers.DateField(required=False, help_text="The last day.")


class ListFindings(Listing):
    """What each team was found to be, standard by standard and indicator by indicator, day by day."""

    scope, serializer_class, asks = Scope.CHECKS_READ, FindingsSerializer, FindingsAsked

    def rows(self) -> QuerySet[TeamFindings]:
        return through_api.findings(self.user, **self.narrowed)
