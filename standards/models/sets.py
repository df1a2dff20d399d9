"""Employer standards as they were published: sets by version, their standards and indicators. They never change."""

from datetime import date
from typing import Self

import pgtrigger
from django.db import models
from django.db.models import F, Q

from standards.definition import KIND_NAMES, OWN_PREFIX, Kind
from teams.models import Employer


def _final() -> list[pgtrigger.Trigger]:
    return [pgtrigger.Protect(name="published_is_final", operation=pgtrigger.Update | pgtrigger.Delete)]


class StandardSetQuerySet(models.QuerySet["StandardSet"]):
    def open_to(self, employer: Employer) -> Self:
        """Everybody's sets, and the employer's own."""
        return self.filter(Q(employer=None) | Q(employer=employer))

    def in_force(self, day: date) -> Self:
        """The newest version of each set that has taken effect by a day."""
        newest = self.filter(effective_on__lte=day).order_by("pack", "-effective_on", "-published_at", "-pk")
        return newest.distinct("pack")


class StandardSet(models.Model):
    """One version of a set of standards, in our own words: everybody's, or one that an employer published."""

    employer = models.ForeignKey(
        Employer, null=True, on_delete=models.PROTECT, related_name="standard_sets", help_text="Null: everybody's."
    )
    pack = models.SlugField(max_length=80)
    version = models.CharField(max_length=20)
    title = models.CharField(max_length=200)
    publisher = models.CharField(max_length=200)
    jurisdiction = models.CharField(max_length=80)
    source = models.TextField()
    licence = models.TextField()
    effective = models.CharField(max_length=200)
    effective_on = models.DateField(help_text="From which day whoever uses the set uses this version.")
    completeness = models.TextField()
    published_at = models.DateTimeField()

    objects = StandardSetQuerySet.as_manager()

    class Meta:
        ordering = ["pack", "effective_on", "published_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["employer", "pack", "version"], nulls_distinct=False, name="standard_set_version_unique"
            ),
            models.CheckConstraint(
                condition=Q(employer=None) & ~Q(pack__startswith=OWN_PREFIX)
                | Q(employer__isnull=False, pack__startswith=OWN_PREFIX),
                name="standard_set_own_by_its_name",
            ),
        ]
        triggers = _final()

    def __str__(self) -> str:
        return f"{self.title}, version {self.version}"


class Standard(models.Model):
    """One standard of a set, with what it expects: a list of objects with code and text."""

    standard_set = models.ForeignKey(StandardSet, on_delete=models.PROTECT, related_name="standards")
    code = models.CharField(max_length=40)
    title = models.CharField(max_length=200)
    source = models.TextField()
    completeness = models.TextField()
    gap = models.TextField(blank=True, help_text="What is missing because the sources do not hold it.")
    expectations = models.JSONField(default=list)

    class Meta:
        ordering = ["standard_set", "pk"]
        constraints = [models.UniqueConstraint(fields=["standard_set", "code"], name="standard_code_unique")]
        triggers = _final()

    def __str__(self) -> str:
        return f"Standard {self.code}: {self.title}"


class Indicator(models.Model):
    """How an expectation is found out: measured or surveyed, where met and partly met end; judged, the question."""

    class Direction(models.TextChoices):
        AT_MOST = "AT_MOST", "At most"
        AT_LEAST = "AT_LEAST", "At least"

    standard = models.ForeignKey(Standard, on_delete=models.PROTECT, related_name="indicators")
    code = models.CharField(max_length=40)
    kind = models.CharField(max_length=10, choices=[(kind.value, name) for kind, name in KIND_NAMES.items()])
    text = models.TextField()
    expectation = models.CharField(max_length=40, blank=True)
    basis = models.TextField()
    measure = models.CharField(max_length=60, blank=True)
    scale = models.CharField(max_length=120, blank=True)
    direction = models.CharField(max_length=10, choices=Direction, blank=True)
    met = models.DecimalField(max_digits=10, decimal_places=2, null=True)
    partly = models.DecimalField(max_digits=10, decimal_places=2, null=True)
    threshold_source = models.TextField(blank=True)
    essential = models.BooleanField()

    class Meta:
        ordering = ["standard", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["standard", "code"], name="indicator_code_unique"),
            models.CheckConstraint(
                condition=Q(direction="", met=None, partly=None, threshold_source="")
                | ~Q(threshold_source="")
                & (Q(direction="AT_MOST", met__lte=F("partly")) | Q(direction="AT_LEAST", met__gte=F("partly")))
                & Q(met__isnull=False, partly__isnull=False),
                name="indicator_thresholds_in_order",
            ),
            models.CheckConstraint(
                condition=Q(kind=Kind.MEASURED.value, scale="") & ~Q(measure="") & ~Q(direction="")
                | Q(kind=Kind.SURVEYED.value, measure="", direction="AT_LEAST", met__lte=100, partly__gte=0)
                & ~Q(scale="")
                | Q(kind=Kind.JUDGED.value, measure="", scale="", direction=""),
                name="indicator_has_what_its_kind_needs",
            ),
        ]
        triggers = _final()

    def __str__(self) -> str:
        return self.code
