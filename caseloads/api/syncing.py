"""Cases told in bulk, and a case weighed by another system."""

from hashlib import sha256
from http import HTTPStatus
from typing import Any

from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from caseloads.actions.rating import rate
from caseloads.actions.syncing import tell_cases
from caseloads.api.cases import RatingSerializer
from caseloads.intake.told import ToldCase, ToldHolder
from caseloads.queries import through_api
from caseloads.queries.cases import Draft
from teams.api.views import ApiView
from teams.api.words import Worded, Words
from teams.scopes import Scope

Plain = serializers.Serializer[Any]
MOST_ROWS = 1_000


class HolderSerializer(Plain):
    worker = serializers.UUIDField(required=False, help_text="The worker's key; or their staff_reference.")
    staff_reference = serializers.CharField(required=False, max_length=80)
    team = serializers.UUIDField(required=False, help_text="In which team; one that they are in, unless you say.")
    share = serializers.IntegerField(
        required=False, min_value=1, max_value=100, help_text="Whole percent; what the others leave, unless you say."
    )

    def validate(self, attrs: dict[str, Any]) -> ToldHolder:
        if ("worker" in attrs) == ("staff_reference" in attrs):
            raise serializers.ValidationError("Name the worker by worker or by staff_reference, one of the two.")
        return ToldHolder(**attrs)


class ToldCaseSerializer(Plain):
    reference = serializers.CharField(max_length=80, help_text="Of the case in your system. Never a name.")
    family_reference = serializers.CharField(required=False, max_length=80, allow_blank=True)
    category = serializers.SlugField(required=False, max_length=60, help_text="A category's code in the scheme.")
    factors = serializers.DictField(
        required=False,
        child=serializers.IntegerField(min_value=0, max_value=99),
        help_text="Complexity factors that apply: code → how many. Beside a category only.",
    )
    opened_on = serializers.DateField(required=False, help_text="Today, for a new case of which you do not say.")
    closed_on = serializers.DateField(required=False, help_text="The first day on which it is no longer open.")
    team = serializers.UUIDField(required=False, help_text="The team's key.")
    holders = HolderSerializer(
        many=True, required=False, help_text="Everybody who holds it, the lead first; an empty list: nobody."
    )
    rated_on = serializers.DateField(required=False, help_text="When category and factors were found; today.")
    revision = serializers.IntegerField(
        required=False, min_value=0, help_text="Only if the case is still as you read it: its revision then."
    )


class ToldSerializer(Plain):
    cases = ToldCaseSerializer(many=True, min_length=1, max_length=MOST_ROWS)  # type: ignore[call-arg]


class RowErrorSerializer(Plain):
    field = serializers.CharField()
    message = serializers.CharField()


class RowResultSerializer(Plain):
    reference = serializers.CharField(help_text="As you sent it.")
    result = serializers.CharField(help_text="created, changed, closed, unchanged or refused.")
    problems = RowErrorSerializer(many=True)


class CountsSerializer(Plain):
    created = serializers.IntegerField()
    changed = serializers.IntegerField()
    closed = serializers.IntegerField()
    unchanged = serializers.IntegerField()
    refused = serializers.IntegerField()


class ResultsSerializer(Plain):
    counts = CountsSerializer()
    results = RowResultSerializer(many=True, help_text="One for each row, in the order sent.")


ONCE = OpenApiParameter(
    "Idempotency-Key",
    str,
    OpenApiParameter.HEADER,
    description="Your own name for this call. Repeated within a week, the call does nothing again and is answered as "
    "it was; at most 100 characters.",
)


class TellCases(ApiView):
    """Say how cases are, up to 1,000 at once, by their references in your system: new ones are recorded, others
    changed, and what you do not say of a case stays as it was. A row that cannot be used is refused with a sentence
    and holds the others up in nothing."""

    scope = Scope.CASES_WRITE

    @extend_schema(request=ToldSerializer, responses={200: ResultsSerializer}, parameters=[ONCE])
    def post(self, request: Request) -> Response:
        told = ToldSerializer(data=request.data)
        told.is_valid(raise_exception=True)
        key = request.headers.get("Idempotency-Key", "")
        if len(key) > 100:  # noqa: PLR2004 - as described above
            raise serializers.ValidationError({"Idempotency-Key": "At most 100 characters."})
        results = tell_cases(
            integration=self.token.integration,
            rows=[ToldCase(**row) for row in told.validated_data["cases"]],
            key=key,
            asked=sha256(request.body).hexdigest(),
            by=self.user,
            at=timezone.now(),
        )
        return Response(results)


class RateSerializer(Worded):
    category = serializers.SlugField(max_length=60)
    factors = serializers.DictField(
        required=False, default=dict, child=serializers.IntegerField(min_value=0, max_value=99)
    )
    override = serializers.DecimalField(
        required=False,
        max_digits=8,
        decimal_places=2,
        min_value=0,
        allow_null=True,
        default=None,
        help_text="A weight set by hand, with its reason.",
    )
    override_reason = Words(required=False, default="", allow_blank=True)
    reason = Words(required=False, default="", allow_blank=True, help_text="Why it is rated so.")


class RateCase(ApiView):
    """Weigh an open case anew, as somebody found it in your system. The newest rating counts."""

    scope = Scope.CASES_WRITE

    @extend_schema(request=RateSerializer, responses={201: RatingSerializer})
    def post(self, request: Request, **keys: Any) -> Response:
        case = through_api.find_case(self.user, keys["public_id"])
        told = RateSerializer(data=request.data)
        told.is_valid(raise_exception=True)
        said = told.validated_data
        draft = Draft(said["category"], said["factors"], said["override"], said["override_reason"])
        rating = rate(case=case, draft=draft, reason=said["reason"], by=self.user, at=timezone.now())
        return Response(RatingSerializer(rating).data, status=HTTPStatus.CREATED)
