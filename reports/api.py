"""Reports: asked for, waited for, and taken; and the published figures beside the employer's own."""

from http import HTTPStatus
from typing import Any

from django.db.models import QuerySet
from django.http import FileResponse
from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from reports import actions
from reports.models import Kind, ReportRun
from reports.queries import runs, through_api
from reports.queries.benchmarks import Benchmarks, benchmarks_of
from teams.api.organisation import OF_ROW
from teams.api.views import ApiView, ListAsked, Listing, Showing
from teams.scopes import Scope

Plain = serializers.Serializer[Any]


class ReportSerializer(serializers.ModelSerializer[ReportRun]):
    id = serializers.UUIDField(source="public_id", help_text=OF_ROW)
    team = serializers.UUIDField(source="team.public_id", allow_null=True, default=None)
    health_check = serializers.UUIDField(source="check_of.public_id", allow_null=True, default=None)
    cycle = serializers.UUIDField(source="cycle.public_id", allow_null=True, default=None)

    class Meta:
        model = ReportRun
        fields = (
            "id",
            "kind",
            "team",
            "health_check",
            "cycle",
            "as_of",
            "status",
            "error",
            "requested_at",
            "finished_at",
        )


class ReportAsked(Plain):
    """What is wanted: a kind, and the one thing that it is about."""

    kind = serializers.ChoiceField(
        choices=[(kind.value, kind.label) for kind in through_api.ASKED_ABOUT],
        help_text="TEAM names a team, CHECK a health check, CYCLE a cycle, EMPLOYER nothing.",
    )
    team = serializers.UUIDField(required=False)
    health_check = serializers.UUIDField(required=False)
    cycle = serializers.UUIDField(required=False)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        wanted = through_api.ASKED_ABOUT[Kind(attrs["kind"])]
        named = set(attrs) - {"kind"}
        if missing := {wanted} - {""} - named:
            raise serializers.ValidationError(dict.fromkeys(missing, "A report of this kind needs it."))
        if more := named - {wanted}:
            raise serializers.ValidationError(dict.fromkeys(more, "A report of this kind is not about it."))
        return attrs | {"key": attrs.get(wanted)}


class ReportsAsked(ListAsked):
    kind = serializers.ChoiceField(required=False, choices=Kind.choices)


class ListReports(Listing):
    """Reports that were asked for, the oldest first, and how far each is."""

    scope, serializer_class, asks = Scope.REPORTS_READ, ReportSerializer, ReportsAsked
    scopes = {"POST": Scope.REPORTS_MAKE}

    def rows(self) -> QuerySet[ReportRun]:
        return through_api.reports(self.user, **self.narrowed)

    @extend_schema(request=ReportAsked, responses={202: ReportSerializer})
    def post(self, request: Request) -> Response:
        """Ask for a report. It is made within seconds: ask for it by its id until it is READY, then take its file."""
        wanted = ReportAsked(data=request.data)
        wanted.is_valid(raise_exception=True)
        kind = Kind(wanted.validated_data["kind"])
        about = through_api.subject(self.user, self.employer, kind, wanted.validated_data["key"])
        run = actions.request_about(kind, about, as_of=timezone.localdate(), by=self.user, at=timezone.now())
        return Response(ReportSerializer(run).data, status=HTTPStatus.ACCEPTED)


class ShowReport(Showing):
    """How far a report is: PENDING, RUNNING, READY, or FAILED with a reason."""

    scope, serializer_class = Scope.REPORTS_READ, ReportSerializer

    def thing(self, **keys: Any) -> ReportRun:
        return runs.find_run(self.user, keys["public_id"])


class TakeReport(ApiView):
    """The file of a report that is ready: a tagged PDF, or the archive of a pack."""

    scope = Scope.REPORTS_READ

    @extend_schema(responses={(200, "application/pdf"): OpenApiTypes.BINARY})
    def get(self, request: Request, **keys: Any) -> FileResponse:
        run = runs.find_whole_run(self.user, keys["public_id"])
        return FileResponse(
            run.file.open(), as_attachment=True, content_type=runs.media_type(run), filename=runs.file_name(run)
        )


class FigureSerializer(Plain):
    value = serializers.DecimalField(max_digits=12, decimal_places=2, allow_null=True)
    text = serializers.CharField(help_text="As people read it; or why there is no figure.")


class YearSerializer(Plain):
    year = serializers.IntegerField()
    england = FigureSerializer()
    region = FigureSerializer()


class ComparedSerializer(Plain):
    code = serializers.CharField(source="rate.column", help_text="As the publisher calls it.")
    title = serializers.CharField(source="rate.title")
    unit = serializers.CharField(source="rate.unit")
    formula = serializers.CharField(source="rate.formula")
    own = FigureSerializer(source="own_figure")
    region = FigureSerializer()
    england = FigureSerializer()
    trend = YearSerializer(many=True)


class BenchmarksSerializer(Plain):
    as_of = serializers.DateField()
    year = serializers.IntegerField(allow_null=True, help_text="Of the newest published figures.")
    region = serializers.CharField(help_text="Empty: not said.")
    compared = ComparedSerializer(many=True)


class ShowBenchmarks(Showing):
    """The employer's own rates beside the published ones of its region and of England."""

    scope, serializer_class = Scope.BENCHMARKS_READ, BenchmarksSerializer

    def thing(self, **_: Any) -> Benchmarks:
        return benchmarks_of(self.user, self.employer.slug, as_of=timezone.localdate())
