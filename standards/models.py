"""Employer standards as they were published: sets by version, their standards and indicators. They never change."""

from typing import Self

import pgtrigger
from django.db import models
from django.db.models import F, Q


def _final() -> list[pgtrigger.Trigger]:
    return [pgtrigger.Protect(name="published_is_final", operation=pgtrigger.Update | pgtrigger.Delete)]


class StandardSetQuerySet(models.QuerySet["StandardSet"]):
    def newest(self) -> Self:
        """The version of each set that was published last."""
        return self.order_by("pack", "-published_at", "-pk").distinct("pack")


class StandardSet(models.Model):
    """One version of a set of standards, in our own words."""

    pack = models.SlugField(max_length=80)
    version = models.CharField(max_length=20)
    title = models.CharField(max_length=200)
    publisher = models.CharField(max_length=200)
    jurisdiction = models.CharField(max_length=80)
    source = models.TextField()
    licence = models.TextField()
    effective = models.CharField(max_length=200)
    completeness = models.TextField()
    published_at = models.DateTimeField()

    objects = StandardSetQuerySet.as_manager()

    class Meta:
        ordering = ["pack", "published_at"]
        constraints = [models.UniqueConstraint(fields=["pack", "version"], name="standard_set_version_unique")]
        triggers = _final()

    def __str__(self) -> str:
        return f"{self.title}, version {self.version}"


class Standard(models.Model):
    """One standard of a set, with what it expects: a list of objects with code and text."""

    standard_set = models.ForeignKey(StandardSet, on_delete=models.PROTECT, related_name="standards")
    code = models.CharField(max_length=20)
    title = models.CharField(max_length=200)
    source = models.TextField()
    completeness = models.TextField()
    expectations = models.JSONField(default=list)

    class Meta:
        ordering = ["standard_set", "pk"]
        constraints = [models.UniqueConstraint(fields=["standard_set", "code"], name="standard_code_unique")]
        triggers = _final()

    def __str__(self) -> str:
        return f"Standard {self.code}: {self.title}"


class Indicator(models.Model):
    """How an expectation is measured, and where met and partly met end."""

    class Direction(models.TextChoices):
        AT_MOST = "AT_MOST", "At most"
        AT_LEAST = "AT_LEAST", "At least"

    standard = models.ForeignKey(Standard, on_delete=models.PROTECT, related_name="indicators")
    code = models.CharField(max_length=40)
    text = models.TextField()
    expectation = models.CharField(max_length=40)
    measure = models.CharField(max_length=60)
    direction = models.CharField(max_length=10, choices=Direction)
    met = models.DecimalField(max_digits=10, decimal_places=2)
    partly = models.DecimalField(max_digits=10, decimal_places=2)
    threshold_source = models.TextField()
    essential = models.BooleanField()

    class Meta:
        ordering = ["standard", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["standard", "code"], name="indicator_code_unique"),
            models.CheckConstraint(
                condition=Q(direction="AT_MOST", met__lte=F("partly")) | Q(direction="AT_LEAST", met__gte=F("partly")),
                name="indicator_thresholds_in_order",
            ),
        ]
        triggers = _final()

    def __str__(self) -> str:
        return self.code
