"""Cases, ratings and allocations: read piece by piece, written in bulk."""

from typing import Any

from django.db.models import QuerySet
from rest_framework import serializers

from caseloads.models import Allocation, Case, Rating
from caseloads.queries import through_api
from teams.api.organisation import OF_ROW
from teams.api.views import ListAsked, Listing, Showing
from teams.scopes import Scope


class CaseSerializer(serializers.ModelSerializer[Case]):
    id = serializers.UUIDField(source="public_id", help_text=OF_ROW)
    team = serializers.UUIDField(source="team.public_id")

    class Meta:
        model = Case
        fields = (
            "id",
            "reference",
            "family_reference",
            "category",
            "team",
            "priority",
            "opened_on",
            "closed_on",
            "reopened_on",
            "revision",
        )


class RatingSerializer(serializers.ModelSerializer[Rating]):
    case = serializers.UUIDField(source="case.public_id")
    by_a_person = serializers.SerializerMethodField(help_text="False: taken from another system.")

    class Meta:
        model = Rating
        fields = ("case", "category", "factors", "override", "rated_on", "by_a_person")

    def get_by_a_person(self, row: Rating) -> bool:
        return row.rated_by_id is not None


class AllocationSerializer(serializers.ModelSerializer[Allocation]):
    case = serializers.UUIDField(source="case.public_id")
    case_reference = serializers.CharField(source="case.reference")
    worker = serializers.UUIDField(source="worker.public_id")
    staff_reference = serializers.CharField(source="worker.staff_reference")
    team = serializers.UUIDField(source="team.public_id")

    class Meta:
        model = Allocation
        fields = (
            "case",
            "case_reference",
            "worker",
            "staff_reference",
            "team",
            "role",
            "share",
            "started_on",
            "ended_on",
        )


class CasesAsked(ListAsked):
    reference = serializers.CharField(required=False, max_length=80, help_text="As it is kept, to the letter.")
    team = serializers.UUIDField(required=False)
    worker = serializers.UUIDField(required=False, help_text="Who holds or held it; on the day of open_on, if given.")
    open_on = serializers.DateField(required=False, help_text="Open on this day.")
    changed_since = serializers.DateTimeField(required=False, help_text="Changed in any way at or after this moment.")


class ListCases(Listing):
    """Cases: a reference, a category and dates; never a name."""

    scope, serializer_class, asks = Scope.CASES_READ, CaseSerializer, CasesAsked

    def rows(self) -> QuerySet[Case]:
        return through_api.cases(self.user, **self.narrowed)


class ShowCase(Showing):
    """One case."""

    scope, serializer_class = Scope.CASES_READ, CaseSerializer

    def thing(self, **keys: Any) -> Case:
        return through_api.find_case(self.user, keys["public_id"])


class RatingsAsked(ListAsked):
    case = serializers.UUIDField(required=False)
    rated_from = serializers.DateField(required=False)
    rated_to = serializers.DateField(required=False)


class ListRatings(Listing):
    """The weights given to cases, from old to new. The newest of a case counts."""

    scope, serializer_class, asks = Scope.CASES_READ, RatingSerializer, RatingsAsked

    def rows(self) -> QuerySet[Rating]:
        return through_api.ratings(self.user, **self.narrowed)


class AllocationsAsked(ListAsked):
    case = serializers.UUIDField(required=False)
    worker = serializers.UUIDField(required=False)
    team = serializers.UUIDField(required=False)
    open_on = serializers.DateField(required=False, help_text="Held on this day.")


class ListAllocations(Listing):
    """Who holds and held which case, in which team, for what share of its weight."""

    scope, serializer_class, asks = Scope.CASES_READ, AllocationSerializer, AllocationsAsked

    def rows(self) -> QuerySet[Allocation]:
        return through_api.allocations(self.user, **self.narrowed)
