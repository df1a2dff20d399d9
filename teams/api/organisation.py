"""The employer, its teams and its workers."""

from typing import Any

from django.db.models import QuerySet
from django.utils import timezone
from rest_framework import serializers

from teams.api.views import ListAsked, Listing, Showing
from teams.models import Contract, Employer, ServiceArea, Team, Worker
from teams.queries import through_api
from teams.scopes import Scope

OF_ROW = "The key of this row, for addresses and filters."


class ServiceAreaSerializer(serializers.ModelSerializer[ServiceArea]):
    class Meta:
        model = ServiceArea
        fields = ("name", "client_group", "full_time_hours")


class EmployerSerializer(serializers.ModelSerializer[Employer]):
    service_areas = ServiceAreaSerializer(many=True)

    class Meta:
        model = Employer
        fields = ("name", "slug", "nation", "region", "service_areas")


class TeamSerializer(serializers.ModelSerializer[Team]):
    id = serializers.UUIDField(source="public_id", help_text=OF_ROW)
    service_area = serializers.CharField(source="service_area.name")

    class Meta:
        model = Team
        fields = ("id", "name", "service_area")


class MembershipSerializer(serializers.ModelSerializer[Contract]):
    team = serializers.UUIDField(source="team.public_id")

    class Meta:
        model = Contract
        fields = ("team", "weekly_hours", "starts_on", "ends_on")


class WorkerSerializer(serializers.ModelSerializer[Worker]):
    id = serializers.UUIDField(source="public_id", help_text=OF_ROW)
    contracts = MembershipSerializer(many=True)

    class Meta:
        model = Worker
        fields = (
            "id",
            "name",
            "staff_reference",
            "career_stage",
            "registered",
            "case_holding",
            "agency",
            "contracts",
        )


class ShowEmployer(Showing):
    """The employer that the token belongs to, with its service areas."""

    scope, serializer_class = Scope.TEAMS_READ, EmployerSerializer

    def thing(self, **_: Any) -> Employer:
        return through_api.employer_with_areas(self.employer)


class TeamsAsked(ListAsked):
    service_area = serializers.CharField(required=False, max_length=200, help_text="The name of a service area.")


class ListTeams(Listing):
    """The teams of the employer."""

    scope, serializer_class, asks = Scope.TEAMS_READ, TeamSerializer, TeamsAsked

    def rows(self) -> QuerySet[Team]:
        return through_api.teams(self.user, area=self.asked.get("service_area", ""))


class ShowTeam(Showing):
    """One team."""

    scope, serializer_class = Scope.TEAMS_READ, TeamSerializer

    def thing(self, **keys: Any) -> Team:
        return through_api.find_team(self.user, keys["public_id"])


class WorkersAsked(ListAsked):
    team = serializers.UUIDField(required=False, help_text="Members of this team, on the day.")
    on = serializers.DateField(required=False, help_text="The day; today unless you say.")
    staff_reference = serializers.CharField(required=False, max_length=80)


class ListWorkers(Listing):
    """The workers of the employer, with their contracted hours in each team."""

    scope, serializer_class, asks = Scope.WORKERS_READ, WorkerSerializer, WorkersAsked

    def rows(self) -> QuerySet[Worker]:
        asked = self.asked
        return through_api.workers(
            self.user,
            team=asked.get("team"),
            staff_reference=asked.get("staff_reference", ""),
            on=asked.get("on") or timezone.localdate(),
        )


class ShowWorker(Showing):
    """One worker."""

    scope, serializer_class = Scope.WORKERS_READ, WorkerSerializer

    def thing(self, **keys: Any) -> Worker:
        return through_api.find_worker(self.user, keys["public_id"])
