"""The standards that an employer uses, and how it varies them."""

from typing import Any

from django.utils import timezone
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from standards.queries import sets_in_force
from standards.queries.through_api import variations_on
from teams.api.views import ApiView, Asked
from teams.scopes import Scope

Plain = serializers.Serializer[Any]


def figure(**more: Any) -> serializers.DecimalField:
    return serializers.DecimalField(max_digits=10, decimal_places=2, allow_null=True, **more)


class ThresholdsSerializer(Plain):
    direction = serializers.CharField(help_text="AT_MOST: lower is better; AT_LEAST: higher is.")
    met = figure(help_text="Where met ends, inclusive.")
    partly = figure(help_text="Where partly met ends, inclusive.")
    citation = serializers.CharField(source="source", help_text="Whose figures these are; or that they are an example.")


class IndicatorSerializer(Plain):
    code = serializers.CharField()
    kind = serializers.CharField(help_text="MEASURED, SURVEYED or JUDGED.")
    text = serializers.CharField()
    essential = serializers.BooleanField()
    measure = serializers.CharField(help_text="Empty unless it is measured.")
    scale = serializers.CharField(help_text="Empty unless it is surveyed.")
    thresholds = ThresholdsSerializer(allow_null=True)


class StandardSerializer(Plain):
    code = serializers.CharField()
    title = serializers.CharField()
    citation = serializers.CharField(source="source")
    indicators = IndicatorSerializer(many=True)


class StandardSetSerializer(Plain):
    id = serializers.CharField(help_text="The set's own name, the same for each of its versions.")
    version = serializers.CharField()
    title = serializers.CharField()
    publisher = serializers.CharField()
    jurisdiction = serializers.CharField()
    citation = serializers.CharField(source="source")
    licence = serializers.CharField()
    effective_on = serializers.DateField()
    standards = StandardSerializer(many=True)


class VariationSerializer(Plain):
    id = serializers.UUIDField(source="public_id")
    pack = serializers.CharField(help_text="The set's id.")
    indicator = serializers.CharField(help_text="The indicator's code.")
    met = figure()
    partly = figure()
    reason = serializers.CharField()
    starts_on = serializers.DateField()
    review_on = serializers.DateField(help_text="The last day on which it counts.")


class StandardsSerializer(Plain):
    on = serializers.DateField()
    sets = StandardSetSerializer(many=True)
    variations = VariationSerializer(many=True, help_text="In force on the day; each takes the place of thresholds.")


class StandardsAsked(Asked):
    on = serializers.DateField(required=False, help_text="The day; today unless you say.")


class ShowStandards(ApiView):
    """Every set of standards that the employer uses on a day, with its indicators, and the local variations."""

    scope, serializer_class, asks = Scope.STANDARDS_READ, StandardsSerializer, StandardsAsked

    def get(self, request: Request) -> Response:
        on = self.asked.get("on") or timezone.localdate()
        found = {
            "on": on,
            "sets": sets_in_force(self.employer, on=on),
            "variations": variations_on(self.employer, on=on),
        }
        return Response(StandardsSerializer(found).data)
