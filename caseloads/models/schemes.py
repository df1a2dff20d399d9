"""How a service area weighs cases: versions that never change once they are published."""

import uuid
from datetime import date
from typing import Self

from django.db import models
from django.db.models import F, Q

from caseloads import integrity
from teams.models import CareerStage, Employer, ServiceArea, User


class SchemeQuerySet(models.QuerySet["WeightingScheme"]):
    def in_force(self, *, employer: Employer, on: date) -> Self:
        """The newest published version of each service area's scheme that has taken effect by a day."""
        return (
            self.filter(employer=employer, published_at__isnull=False, effective_on__lte=on)
            .order_by("service_area_id", "-effective_on", "-version")
            .distinct("service_area_id")
        )


class WeightingScheme(models.Model):
    """One version of a service area's way of weighing cases. Once published it never changes."""

    class Unit(models.TextChoices):
        POINTS = "POINTS", "points"
        HOURS = "HOURS", "hours a month"
        CASES = "CASES", "cases"

    class Limit(models.TextChoices):
        """What happens when an allocation would go past a limit."""

        WARN = "WARN", "Warn: a reason is needed"
        BLOCK = "BLOCK", "Block: a named approver is needed"

    employer = models.ForeignKey(Employer, on_delete=models.PROTECT, related_name="schemes")
    service_area = models.ForeignKey(ServiceArea, on_delete=models.PROTECT, related_name="schemes")
    name = models.CharField(max_length=200)
    version = models.PositiveIntegerField()
    unit = models.CharField(max_length=10, choices=Unit, default=Unit.POINTS)
    maximum = models.DecimalField(max_digits=8, decimal_places=2)
    stable = models.DecimalField(max_digits=8, decimal_places=2, default=0)
    default_weight = models.DecimalField(max_digits=8, decimal_places=2)
    lowest_weight = models.DecimalField(max_digits=8, decimal_places=2, default=0)
    highest_weight = models.DecimalField(max_digits=8, decimal_places=2)
    sibling_share = models.PositiveSmallIntegerField(default=100)
    joint_uplift = models.PositiveSmallIntegerField(default=0)
    when_over = models.CharField(max_length=10, choices=Limit, default=Limit.WARN)
    when_newly_qualified = models.CharField(max_length=10, choices=Limit, default=Limit.WARN)
    when_reserved = models.CharField(max_length=10, choices=Limit, default=Limit.BLOCK)
    review_interval_days = models.PositiveIntegerField(null=True, blank=True)
    source = models.TextField(help_text="Where its numbers come from, or: example — agree your own.")
    effective_on = models.DateField()
    published_at = models.DateTimeField(null=True, blank=True)

    objects = SchemeQuerySet.as_manager()

    class Meta:
        ordering = ["service_area", "version"]
        constraints = [
            models.UniqueConstraint(fields=["service_area", "version"], name="scheme_version_unique"),
            models.CheckConstraint(condition=Q(maximum__gt=0), name="scheme_maximum_positive"),
            models.CheckConstraint(condition=Q(stable__gte=0, stable__lt=F("maximum")), name="scheme_stable"),
            models.CheckConstraint(
                condition=Q(lowest_weight__gte=0, lowest_weight__lte=F("highest_weight")), name="scheme_weight_bounds"
            ),
            models.CheckConstraint(
                condition=Q(default_weight__gt=0)
                & Q(default_weight__gte=F("lowest_weight"), default_weight__lte=F("highest_weight")),
                name="scheme_default_weight",
            ),
            models.CheckConstraint(condition=Q(sibling_share__lte=100), name="scheme_sibling_share"),
            models.CheckConstraint(condition=Q(joint_uplift__lte=100), name="scheme_joint_uplift"),
        ]
        triggers = integrity.published_scheme_triggers()

    def __str__(self) -> str:
        return f"{self.name}, version {self.version}"


class SchemeDraft(models.Model):
    """The next version of a service area's scheme while it is being written, as typed, faults and all. One an area."""

    employer = models.ForeignKey(Employer, on_delete=models.PROTECT, related_name="scheme_drafts")
    service_area = models.OneToOneField(ServiceArea, on_delete=models.PROTECT, related_name="scheme_draft")
    base = models.ForeignKey(
        WeightingScheme,
        null=True,
        on_delete=models.PROTECT,
        related_name="+",
        help_text="Copied from; null: begun anew.",
    )
    document = models.JSONField(help_text="What was typed, box by box; see caseloads/draft_text.py.")
    revision = models.PositiveIntegerField(default=1)
    changed_at = models.DateTimeField()
    changed_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)

    class Meta:
        ordering = ["service_area"]

    def __str__(self) -> str:
        return f"Draft for {self.service_area}"


class CaseCategory(models.Model):
    """A kind of case and its weight."""

    scheme = models.ForeignKey(WeightingScheme, on_delete=models.CASCADE, related_name="categories")
    code = models.SlugField(max_length=60)
    name = models.CharField(max_length=120)
    weight = models.DecimalField(max_digits=8, decimal_places=2)
    reserved = models.BooleanField(default=False, help_text="Only registered social workers may hold it.")
    unallocated_limit_days = models.PositiveIntegerField(null=True, blank=True)

    class Meta:
        ordering = ["scheme", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["scheme", "code"], name="category_code_unique"),
            models.CheckConstraint(condition=Q(weight__gte=0), name="category_weight_not_negative"),
        ]
        triggers = integrity.published_scheme_part_triggers("casecategory")

    def __str__(self) -> str:
        return self.name


class ComplexityFactor(models.Model):
    """What makes a case heavier (or lighter), once or for each one counted."""

    scheme = models.ForeignKey(WeightingScheme, on_delete=models.CASCADE, related_name="factors")
    code = models.SlugField(max_length=60)
    name = models.CharField(max_length=120)
    points = models.DecimalField(max_digits=8, decimal_places=2)
    per_extra = models.BooleanField(default=False)

    class Meta:
        ordering = ["scheme", "pk"]
        constraints = [models.UniqueConstraint(fields=["scheme", "code"], name="factor_code_unique")]
        triggers = integrity.published_scheme_part_triggers("complexityfactor")

    def __str__(self) -> str:
        return self.name


class Band(models.Model):
    """A named stretch of load %, from its lower bound (included) to the next band's."""

    class Level(models.TextChoices):
        ROOM = "ROOM", "Room"
        NEAR = "NEAR", "Near the limit"
        OVER = "OVER", "Over"
        WELL_OVER = "WELL_OVER", "Well over"

    scheme = models.ForeignKey(WeightingScheme, on_delete=models.CASCADE, related_name="bands")
    level = models.CharField(max_length=10, choices=Level)
    name = models.CharField(max_length=60)
    lower = models.DecimalField(max_digits=5, decimal_places=1, help_text="Load % from which the band applies.")

    class Meta:
        ordering = ["scheme", "lower"]
        constraints = [
            models.UniqueConstraint(fields=["scheme", "level"], name="band_level_unique"),
            models.UniqueConstraint(fields=["scheme", "lower"], name="band_lower_unique"),
            models.CheckConstraint(
                condition=Q(level="ROOM", lower=0) | Q(lower__gt=0) & ~Q(level="ROOM"), name="band_lowest_starts_at_0"
            ),
        ]
        triggers = integrity.published_scheme_part_triggers("band")

    def __str__(self) -> str:
        return f"{self.name} from {self.lower} %"


class StageShare(models.Model):
    """The share of the maximum that a career stage carries."""

    scheme = models.ForeignKey(WeightingScheme, on_delete=models.CASCADE, related_name="stage_shares")
    career_stage = models.CharField(max_length=20, choices=CareerStage)
    share = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ["scheme", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["scheme", "career_stage"], name="stage_share_unique"),
            models.CheckConstraint(condition=Q(share__lte=100), name="stage_share_percent"),
        ]
        triggers = integrity.published_scheme_part_triggers("stageshare")

    def __str__(self) -> str:
        return f"{self.get_career_stage_display()}: {self.share} %"
