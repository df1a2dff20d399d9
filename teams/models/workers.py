"""Workers, the teams they work in, and how much each can carry."""

import uuid
from typing import Self

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower

from teams.models.organisation import Employer, Team, User
from teams.models.periods import Period, PeriodQuerySet
from teams.roles import Permission


class CareerStage(models.TextChoices):
    STUDENT = "STUDENT", "Student"
    NEWLY_QUALIFIED = "NEWLY_QUALIFIED", "Newly qualified"
    ESTABLISHED = "ESTABLISHED", "Established"
    EXPERIENCED = "EXPERIENCED", "Experienced"
    UNQUALIFIED = "UNQUALIFIED", "Unqualified"


class WorkerQuerySet(models.QuerySet["Worker"]):
    def visible_to(self, user: User) -> Self:
        """Workers whose figures the user may see: their own, and those of the teams whose workload they may see."""
        teams = Team.objects.where_allowed(user, Permission.WORKLOAD_VIEW)
        return self.filter(Q(user=user) | Q(contracts__team__in=teams)).distinct()


class Worker(models.Model):
    """Somebody who works in a team. Not known is a state of its own: an empty stage, a null registration."""

    employer = models.ForeignKey(Employer, on_delete=models.PROTECT, related_name="workers")
    name = models.CharField(max_length=200)
    staff_reference = models.CharField(max_length=80, blank=True)
    career_stage = models.CharField(max_length=20, choices=CareerStage, blank=True, help_text="Empty: not known.")
    registered = models.BooleanField(null=True, help_text="Registered social worker; null: not known.")
    case_holding = models.BooleanField(default=True)
    agency = models.BooleanField(default=False)
    user = models.OneToOneField(User, null=True, blank=True, on_delete=models.PROTECT, related_name="worker")
    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)

    objects = WorkerQuerySet.as_manager()

    class Meta:
        ordering = [Lower("name"), "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["employer", "staff_reference"],
                condition=~Q(staff_reference=""),
                name="worker_staff_reference_unique",
            ),
            models.CheckConstraint(condition=~Q(name=""), name="worker_has_a_name"),
        ]

    def __str__(self) -> str:
        return self.name


class Contract(models.Model):
    """A worker's membership of a team, with the hours they are contracted to it. Null hours: not known."""

    worker = models.ForeignKey(Worker, on_delete=models.PROTECT, related_name="contracts")
    team = models.ForeignKey(Team, on_delete=models.PROTECT, related_name="contracts")
    weekly_hours = models.DecimalField(max_digits=5, decimal_places=2, null=True, blank=True)
    starts_on = models.DateField()
    ends_on = models.DateField(null=True, blank=True, help_text="The first day on which it no longer counts.")

    objects = PeriodQuerySet.as_manager()

    class Meta:
        ordering = ["starts_on", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(weekly_hours__isnull=True) | Q(weekly_hours__gte=0, weekly_hours__lte=168),
                name="contract_weekly_hours",
            ),
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True) | Q(ends_on__gt=F("starts_on")), name="contract_ends_after_start"
            ),
            ExclusionConstraint(
                name="contract_no_overlap",
                expressions=[
                    ("worker", RangeOperators.EQUAL),
                    ("team", RangeOperators.EQUAL),
                    (Period("starts_on", "ends_on"), RangeOperators.OVERLAPS),
                ],
                violation_error_message="This worker already has contracted hours in this team on some of these days.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.worker} in {self.team} from {self.starts_on}"


class CapacityReduction(models.Model):
    """Why a worker carries less in a team for a while: a share of their maximum, hours a week, or points."""

    class Kind(models.TextChoices):
        PERCENT = "PERCENT", "Percent of their own maximum"
        HOURS = "HOURS", "Hours a week"
        POINTS = "POINTS", "Points"

    worker = models.ForeignKey(Worker, on_delete=models.PROTECT, related_name="reductions")
    team = models.ForeignKey(Team, on_delete=models.PROTECT, related_name="reductions")
    kind = models.CharField(max_length=10, choices=Kind)
    amount = models.DecimalField(max_digits=8, decimal_places=2)
    reason = models.CharField(max_length=200)
    approved_by = models.ForeignKey(
        User, null=True, blank=True, on_delete=models.PROTECT, related_name="+", help_text="Null: not recorded."
    )
    starts_on = models.DateField()
    ends_on = models.DateField(null=True, blank=True, help_text="The first day on which it no longer counts.")

    objects = PeriodQuerySet.as_manager()

    class Meta:
        ordering = ["starts_on", "pk"]
        constraints = [
            models.CheckConstraint(condition=Q(amount__gt=0), name="reduction_amount_positive"),
            models.CheckConstraint(
                condition=~Q(kind="PERCENT") | Q(amount__lte=100), name="reduction_percent_at_most_100"
            ),
            models.CheckConstraint(
                condition=~Q(kind="HOURS") | Q(amount__lte=168), name="reduction_hours_within_a_week"
            ),
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True) | Q(ends_on__gt=F("starts_on")), name="reduction_ends_after_start"
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="reduction_has_a_reason"),
        ]

    def __str__(self) -> str:
        return f"{self.reason} ({self.get_kind_display()} {self.amount})"
