"""Cases and their weights, who holds them, and what scoring found on each day."""

import uuid
from datetime import date
from typing import Self

import pgtrigger
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.db import models
from django.db.models import F, Q

from caseloads import integrity
from teams.models import CareerStage, Employer, Period, ServiceArea, Team, User, Worker


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


class CaseQuerySet(models.QuerySet["Case"]):
    def open_on(self, day: date) -> Self:
        return self.filter(Q(opened_on__lte=day) & (Q(closed_on__isnull=True) | Q(closed_on__gt=day)))


class Case(models.Model):
    """A piece of work with one child or adult: a reference, a category and dates. Never a name."""

    employer = models.ForeignKey(Employer, on_delete=models.PROTECT, related_name="cases")
    team = models.ForeignKey(Team, on_delete=models.PROTECT, related_name="cases")
    reference = models.CharField(max_length=80)
    family_reference = models.CharField(max_length=80, blank=True)
    category = models.SlugField(max_length=60, blank=True, help_text="A category's code in the scheme; empty: unknown.")
    opened_on = models.DateField()
    closed_on = models.DateField(null=True, blank=True, help_text="The first day on which it is no longer open.")
    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)

    objects = CaseQuerySet.as_manager()

    class Meta:
        ordering = ["reference", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["employer", "reference"], name="case_reference_unique"),
            models.CheckConstraint(condition=~Q(reference=""), name="case_has_a_reference"),
            models.CheckConstraint(
                condition=Q(closed_on__isnull=True) | Q(closed_on__gte=F("opened_on")), name="case_closed_after_opened"
            ),
        ]
        indexes = [
            models.Index(fields=["employer", "team"], condition=Q(closed_on__isnull=True), name="case_open"),
            models.Index(fields=["employer", "closed_on"], name="case_closed"),
        ]

    def __str__(self) -> str:
        return self.reference


class Rating(models.Model):
    """The weight given to a case: by whom, when, from what. A newer row replaces an older one; none is changed."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="ratings")
    category = models.SlugField(max_length=60)
    factors = models.JSONField(default=dict, help_text="Factor code → how many.")
    override = models.DecimalField(max_digits=8, decimal_places=2, null=True, blank=True)
    override_reason = models.CharField(max_length=500, blank=True)
    contested = models.BooleanField(default=False)
    rated_on = models.DateField()
    rated_by = models.ForeignKey(
        User, null=True, on_delete=models.PROTECT, related_name="+", help_text="Null: taken from an imported file."
    )

    class Meta:
        ordering = ["case", "rated_on", "pk"]
        indexes = [models.Index(fields=["case", "-rated_on", "-id"])]
        constraints = [
            models.CheckConstraint(
                condition=Q(override__isnull=True, override_reason="") | Q(override__gte=0) & ~Q(override_reason=""),
                name="rating_override_has_a_reason",
            ),
        ]
        triggers = [pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self) -> str:
        return f"{self.case} rated {self.rated_on}"


class AllocationQuerySet(models.QuerySet["Allocation"]):
    def open_on(self, day: date) -> Self:
        return self.filter(Q(started_on__lte=day) & (Q(ended_on__isnull=True) | Q(ended_on__gt=day)))


class Allocation(models.Model):
    """Who holds a case, in which team, for what share, from when to when."""

    class Role(models.TextChoices):
        LEAD = "LEAD", "Lead"
        CO_WORKER = "CO_WORKER", "Co-worker"

    employer = models.ForeignKey(Employer, on_delete=models.PROTECT, related_name="allocations")
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="allocations")
    worker = models.ForeignKey(Worker, on_delete=models.PROTECT, related_name="allocations")
    team = models.ForeignKey(Team, on_delete=models.PROTECT, related_name="allocations")
    role = models.CharField(max_length=10, choices=Role, default=Role.LEAD)
    share = models.PositiveSmallIntegerField(default=100, help_text="Whole percent of the case's weight.")
    started_on = models.DateField()
    ended_on = models.DateField(null=True, blank=True, help_text="The first day on which it no longer counts.")

    objects = AllocationQuerySet.as_manager()

    class Meta:
        ordering = ["case", "started_on", "pk"]
        constraints = [
            models.CheckConstraint(condition=Q(share__gte=1, share__lte=100), name="allocation_share"),
            models.CheckConstraint(
                condition=Q(ended_on__isnull=True) | Q(ended_on__gte=F("started_on")),
                name="allocation_ends_after_start",
            ),
            ExclusionConstraint(
                name="allocation_no_overlap",
                expressions=[
                    ("case", RangeOperators.EQUAL),
                    ("worker", RangeOperators.EQUAL),
                    (Period("started_on", "ended_on"), RangeOperators.OVERLAPS),
                ],
                violation_error_message="This worker already holds this case on some of these days.",
            ),
            models.UniqueConstraint(
                fields=["case"], condition=Q(role="LEAD", ended_on__isnull=True), name="allocation_one_open_lead"
            ),
        ]
        indexes = [
            models.Index(fields=["employer", "team"], condition=Q(ended_on__isnull=True), name="allocation_open"),
            models.Index(fields=["employer", "ended_on"], name="allocation_ended"),
        ]
        triggers = integrity.share_limit_triggers()

    def __str__(self) -> str:
        return f"{self.case} held by {self.worker}"


class Snapshot(models.Model):
    """What scoring found on one day. Rewritten on its own day only; afterwards the database refuses."""

    employer = models.ForeignKey(Employer, on_delete=models.PROTECT, related_name="+")
    team = models.ForeignKey(Team, on_delete=models.PROTECT, related_name="%(class)ss")
    scheme = models.ForeignKey(WeightingScheme, null=True, on_delete=models.PROTECT, related_name="+")
    day = models.DateField()
    scored_at = models.DateTimeField()
    cases = models.PositiveIntegerField()
    families = models.PositiveIntegerField()
    load = models.DecimalField(max_digits=12, decimal_places=2, null=True)
    capacity = models.DecimalField(max_digits=12, decimal_places=2, null=True)
    load_pct = models.DecimalField(max_digits=12, decimal_places=1, null=True)
    band = models.CharField(max_length=10, choices=Band.Level, blank=True)
    flags = models.JSONField(default=list)

    class Meta:
        abstract = True


class WorkerSnapshot(Snapshot):
    """One worker in one team on one day."""

    class State(models.TextChoices):
        SCORED = "SCORED", "Scored"
        NOT_APPLICABLE = "NOT_APPLICABLE", "Not applicable"
        NO_CAPACITY = "NO_CAPACITY", "No capacity"
        NOT_KNOWN = "NOT_KNOWN", "Not known"

    worker = models.ForeignKey(Worker, on_delete=models.PROTECT, related_name="snapshots")
    state = models.CharField(max_length=20, choices=State)
    reason = models.TextField(blank=True)

    class Meta:
        ordering = ["day", "team", "worker"]
        constraints = [
            models.UniqueConstraint(
                fields=["employer", "day", "team", "worker", "scheme"],
                nulls_distinct=False,
                name="worker_snapshot_unique",
            ),
        ]
        indexes = [models.Index(fields=["worker", "day"])]
        triggers = [integrity.own_day_trigger()]

    def __str__(self) -> str:
        return f"{self.worker} in {self.team} on {self.day}"


class TeamSnapshot(Snapshot):
    """One team on one day."""

    head_count = models.PositiveIntegerField()
    hours = models.DecimalField(max_digits=10, decimal_places=2, null=True, help_text="Contracted hours a week.")
    demand_pct = models.DecimalField(max_digits=12, decimal_places=1, null=True)
    demand_band = models.CharField(max_length=10, choices=Band.Level, blank=True)
    lowest_pct = models.DecimalField(max_digits=12, decimal_places=1, null=True)
    median_pct = models.DecimalField(max_digits=12, decimal_places=1, null=True)
    highest_pct = models.DecimalField(max_digits=12, decimal_places=1, null=True)
    over = models.PositiveIntegerField()
    well_over = models.PositiveIntegerField()
    not_known = models.PositiveIntegerField()
    unallocated = models.PositiveIntegerField()
    unallocated_weight = models.DecimalField(max_digits=12, decimal_places=2, null=True)
    longest_wait = models.PositiveIntegerField(null=True)
    median_wait = models.PositiveIntegerField(null=True)
    red_flags = models.PositiveIntegerField()

    class Meta:
        ordering = ["day", "team"]
        constraints = [
            models.UniqueConstraint(
                fields=["employer", "day", "team", "scheme"], nulls_distinct=False, name="team_snapshot_unique"
            ),
        ]
        triggers = [integrity.own_day_trigger()]

    def __str__(self) -> str:
        return f"{self.team} on {self.day}"


class ScoringNeedQuerySet(models.QuerySet["ScoringNeed"]):
    def outstanding(self) -> Self:
        """Teams with changes that no scoring has seen."""
        return self.filter(scored_changes__lt=F("changes"))


class ScoringNeed(models.Model):
    """How often a team's rows have changed, and how many of those changes have been scored.

    Counted, not timed: a change that commits while scoring reads can never be taken for one it has seen.
    """

    team = models.OneToOneField(Team, on_delete=models.CASCADE, primary_key=True, related_name="scoring_need")
    changes = models.PositiveBigIntegerField()
    scored_changes = models.PositiveBigIntegerField(default=0)
    asked_at = models.DateTimeField(help_text="When scoring was last asked for.")

    objects = ScoringNeedQuerySet.as_manager()

    def __str__(self) -> str:
        return f"{self.team}: {self.scored_changes} of {self.changes} changes scored"


class ImportRunQuerySet(models.QuerySet["ImportRun"]):
    def visible_to(self, user: User) -> Self:
        return self.filter(Q(created_by=user))


class ImportRun(models.Model):
    """One caseload file on its way in: looked at, then applied or abandoned."""

    class Status(models.TextChoices):
        PREVIEW = "PREVIEW", "Waiting for confirmation"
        APPLIED = "APPLIED", "Imported"
        ABANDONED = "ABANDONED", "Abandoned"

    class Preset(models.TextChoices):
        ANNEX_A = "annex_a", "Ofsted Annex A workbook"
        PLAIN = "plain", "Plain case list"

    employer = models.ForeignKey(Employer, on_delete=models.PROTECT, related_name="import_runs")
    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    preset = models.CharField(max_length=20, choices=Preset)
    status = models.CharField(max_length=20, choices=Status)
    file_name = models.CharField(max_length=255)
    file_sha256 = models.CharField(max_length=64)
    file = models.FileField(upload_to="imports/", blank=True)
    staff_file = models.FileField(upload_to="imports/", blank=True)
    as_of = models.DateField()
    counts = models.JSONField(default=dict)
    problems = models.JSONField(default=list)
    created_at = models.DateTimeField()
    created_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    applied_at = models.DateTimeField(null=True)

    objects = ImportRunQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-pk"]

    def __str__(self) -> str:
        return f"{self.file_name} ({self.get_status_display()})"
