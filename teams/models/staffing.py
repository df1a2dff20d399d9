"""Who is away, how many posts a team has, when supervision was held, and hours worked beyond the contract."""

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.db import models
from django.db.models import F, Q

from teams.models.organisation import Employer, Team, User
from teams.models.periods import Period, PeriodQuerySet
from teams.models.workers import CareerStage, Worker


class Absence(models.Model):
    """Days on which a worker is away from all their teams. The class says no more of the reason than is needed."""

    class Reason(models.TextChoices):
        SICKNESS = "SICKNESS", "Sickness"
        FAMILY = "FAMILY", "Maternity, adoption or other family leave"
        SPECIAL = "SPECIAL", "Special leave"
        LEARNING = "LEARNING", "Learning away from work"
        OTHER = "OTHER", "Other"

    worker = models.ForeignKey(Worker, on_delete=models.PROTECT, related_name="absences")
    reason = models.CharField(max_length=20, choices=Reason)
    starts_on = models.DateField()
    ends_on = models.DateField(null=True, blank=True, help_text="The first day back; empty: not known yet.")

    objects = PeriodQuerySet.as_manager()

    class Meta:
        ordering = ["starts_on", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True) | Q(ends_on__gt=F("starts_on")), name="absence_ends_after_start"
            ),
            models.CheckConstraint(
                condition=Q(reason__in=["SICKNESS", "FAMILY", "SPECIAL", "LEARNING", "OTHER"]), name="absence_reason"
            ),
            ExclusionConstraint(
                name="absence_no_overlap",
                expressions=[
                    ("worker", RangeOperators.EQUAL),
                    (Period("starts_on", "ends_on"), RangeOperators.OVERLAPS),
                ],
                violation_error_message="This worker is already recorded as away on some of these days.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.worker}: {self.get_reason_display()} from {self.starts_on}"


class Establishment(models.Model):
    """The posts that a team is meant to have, in hours a week, from a day."""

    team = models.ForeignKey(Team, on_delete=models.PROTECT, related_name="establishments")
    weekly_hours = models.DecimalField(max_digits=7, decimal_places=2)
    starts_on = models.DateField()
    ends_on = models.DateField(null=True, blank=True, help_text="The first day on which it no longer counts.")

    objects = PeriodQuerySet.as_manager()

    class Meta:
        ordering = ["starts_on", "pk"]
        constraints = [
            models.CheckConstraint(condition=Q(weekly_hours__gte=0), name="establishment_weekly_hours"),
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True) | Q(ends_on__gt=F("starts_on")), name="establishment_ends_after_start"
            ),
            ExclusionConstraint(
                name="establishment_no_overlap",
                expressions=[
                    ("team", RangeOperators.EQUAL),
                    (Period("starts_on", "ends_on"), RangeOperators.OVERLAPS),
                ],
            ),
        ]

    def __str__(self) -> str:
        return f"{self.team}: {self.weekly_hours} hours from {self.starts_on}"


class SupervisionSession(models.Model):
    """One supervision that took place. A supervisor is a worker of the employer, or somebody else by name."""

    worker = models.ForeignKey(Worker, on_delete=models.PROTECT, related_name="supervision_sessions")
    team = models.ForeignKey(Team, on_delete=models.PROTECT, related_name="supervision_sessions")
    held_on = models.DateField()
    minutes = models.PositiveSmallIntegerField()
    interrupted = models.BooleanField()
    reflective = models.BooleanField()
    supervisor = models.ForeignKey(
        Worker, null=True, blank=True, on_delete=models.PROTECT, related_name="supervisions_given"
    )
    supervisor_name = models.CharField(max_length=200, blank=True, help_text="Of somebody who is not a worker here.")
    supervisor_registered = models.BooleanField(
        null=True, help_text="Whether the supervisor was a registered social worker then; null: not known."
    )
    recorded_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()

    class Meta:
        ordering = ["-held_on", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["worker", "held_on"], name="supervision_once_a_day"),
            models.CheckConstraint(condition=Q(minutes__gte=1, minutes__lte=480), name="supervision_minutes"),
            models.CheckConstraint(
                condition=Q(supervisor__isnull=False, supervisor_name="")
                | (Q(supervisor__isnull=True) & ~Q(supervisor_name="")),
                name="supervision_has_one_supervisor",
            ),
            models.CheckConstraint(
                condition=Q(supervisor__isnull=True) | ~Q(supervisor=F("worker")), name="supervision_by_somebody_else"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.worker} on {self.held_on}"


class SupervisionRule(models.Model):
    """What an employer agreed about supervision at one career stage, instead of the rules that come with the product.

    Of the rules of a stage, the one that ends soonest and has not ended holds; one without an end holds after them.
    """

    class Unit(models.TextChoices):
        WEEKS = "WEEKS", "Weeks"
        MONTHS = "MONTHS", "Months"

    employer = models.ForeignKey(Employer, on_delete=models.CASCADE, related_name="supervision_rules")
    career_stage = models.CharField(max_length=20, choices=CareerStage)
    until = models.PositiveSmallIntegerField(null=True, help_text="Since the start of employment; null: always.")
    unit = models.CharField(max_length=10, choices=Unit, blank=True)
    gap_days = models.PositiveSmallIntegerField(null=True, help_text="The longest gap; null: as agreed with them.")
    minutes = models.PositiveSmallIntegerField(null=True, help_text="The shortest session that meets the standard.")
    source = models.CharField(max_length=300)
    note = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ["employer", "career_stage", "unit", "until", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["employer", "career_stage", "unit", "until"],
                nulls_distinct=False,
                name="supervision_rule_unique",
            ),
            models.CheckConstraint(
                condition=Q(until__isnull=True, unit="")
                | Q(until__isnull=False, until__gte=1, unit__in=["WEEKS", "MONTHS"]),
                name="supervision_rule_until",
            ),
            models.CheckConstraint(
                condition=Q(gap_days__isnull=True) | Q(gap_days__gte=1, gap_days__lte=366),
                name="supervision_rule_gap",
            ),
            models.CheckConstraint(
                condition=Q(minutes__isnull=True) | Q(minutes__gte=1, minutes__lte=480),
                name="supervision_rule_minutes",
            ),
            models.CheckConstraint(condition=~Q(source=""), name="supervision_rule_has_a_source"),
        ]

    def __str__(self) -> str:
        return f"{self.get_career_stage_display()}: every {self.gap_days} days"


class AdditionalHours(models.Model):
    """Hours that a worker worked beyond their contract in one week, in their own words only."""

    worker = models.ForeignKey(Worker, on_delete=models.PROTECT, related_name="additional_hours")
    week = models.DateField(help_text="Its Monday.")
    hours = models.DecimalField(max_digits=5, decimal_places=2)
    note = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ["-week", "worker"]
        constraints = [
            models.UniqueConstraint(fields=["worker", "week"], name="additional_hours_once_a_week"),
            models.CheckConstraint(condition=Q(hours__gte=0, hours__lte=100), name="additional_hours_within_a_week"),
            models.CheckConstraint(condition=Q(week__iso_week_day=1), name="additional_hours_from_monday"),
        ]

    def __str__(self) -> str:
        return f"{self.worker}: {self.hours} in the week of {self.week}"


class StaffingChange(models.Model):
    """A change of staffing that no scoring has seen. Scoring takes the row away before it reads the team's rows."""

    team = models.ForeignKey(Team, on_delete=models.CASCADE, related_name="staffing_changes")

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return str(self.team)
