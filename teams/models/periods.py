"""Rows that count from a day until another."""

from datetime import date
from typing import Self, TypeVar

from django.contrib.postgres.fields import DateRangeField
from django.db import models
from django.db.models import Func, Q

RowT_co = TypeVar("RowT_co", bound=models.Model, covariant=True)


class Period(Func):
    """The half-open range of days on which a row counts."""

    function = "DATERANGE"
    output_field = DateRangeField()


class PeriodQuerySet(models.QuerySet[RowT_co]):
    def open_on(self, day: date) -> Self:
        """Rows that count on a day: begun by then, and not ended or ended later."""
        return self.filter(Q(starts_on__lte=day) & (Q(ends_on__isnull=True) | Q(ends_on__gt=day)))
