"""Cycles of health checks, each team's check in them, and every step a check took."""

import uuid
from typing import Self

import pgtrigger
from django.db import models
from django.db.models import F, Q

from checks.checking import MOVE_NAMES, STATE_NAMES, ReminderKind
from checks.findings import FEWEST_RESPONDENTS
from standards.models import StandardSet
from teams.models import Employer, Team, User
from teams.roles import Permission

STATES = [(state.value, name) for state, name in STATE_NAMES.items()]


class CycleQuerySet(models.QuerySet["Cycle"]):
    def visible_to(self, user: User) -> Self:
        """Cycles of the employers that the user belongs to."""
        return self.filter(employer__in=Employer.objects.visible_to(user).values("pk"))

    def to_open(self) -> Self:
        """Cycles with a health check whose figures are still to be taken."""
        return self.exclude(state=Cycle.State.CLOSED).filter(checks__measured_at__isnull=True).distinct()


class Cycle(models.Model):
    """One round of health checks: a version of standards, a period, some teams and the day their answers are due."""

    class State(models.TextChoices):
        OPENING = "OPENING", "Being opened"
        OPEN = "OPEN", "Open"
        CLOSED = "CLOSED", "Closed"

    employer = models.ForeignKey(Employer, on_delete=models.PROTECT, related_name="cycles")
    name = models.CharField(max_length=120)
    standard_set = models.ForeignKey(StandardSet, on_delete=models.PROTECT, related_name="+")
    period_from = models.DateField()
    period_to = models.DateField()
    measured_on = models.DateField(help_text="The day whose figures are taken.")
    due_on = models.DateField(help_text="The last day on which answers are in time.")
    fewest = models.PositiveSmallIntegerField(
        default=FEWEST_RESPONDENTS, help_text="The fewest people about whom a survey figure is shown."
    )
    state = models.CharField(max_length=10, choices=State, default=State.OPENING)
    opened_at = models.DateTimeField()
    opened_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    revision = models.PositiveIntegerField(default=1)
    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)

    objects = CycleQuerySet.as_manager()

    class Meta:
        ordering = ["-period_to", "-pk"]
        indexes = [models.Index(fields=["employer", "state"], name="cycle_employer_state")]
        constraints = [
            models.UniqueConstraint("employer", models.functions.Lower("name"), name="cycle_name_unique"),
            models.CheckConstraint(condition=Q(period_from__lte=F("period_to")), name="cycle_period_in_order"),
            models.CheckConstraint(condition=Q(fewest__gte=FEWEST_RESPONDENTS), name="cycle_fewest_respondents"),
        ]

    def __str__(self) -> str:
        return self.name


class HealthCheckQuerySet(models.QuerySet["HealthCheck"]):
    def visible_to(self, user: User) -> Self:
        """Checks of the teams whose health check the user may see."""
        return self.filter(team__in=Team.objects.where_allowed(user, Permission.CHECK_VIEW))

    def published_to(self, user: User) -> Self:
        """Published checks of the employers that the user belongs to."""
        return self.filter(state="PUBLISHED", employer__in=Employer.objects.visible_to(user).values("pk"))


class HealthCheck(models.Model):
    """One team's check in a cycle. Its answers can only change while it is open."""

    employer = models.ForeignKey(Employer, on_delete=models.PROTECT, related_name="health_checks")
    cycle = models.ForeignKey(Cycle, on_delete=models.PROTECT, related_name="checks")
    team = models.ForeignKey(Team, on_delete=models.PROTECT, related_name="health_checks")
    state = models.CharField(max_length=12, choices=STATES, default="OPEN")
    measured_at = models.DateTimeField(null=True, help_text="When its figures were taken; null: not yet.")
    versions = models.JSONField(default=list, help_text="What its figures rest on, by name and version.")
    head_count = models.PositiveSmallIntegerField(default=0, help_text="Case-holding people in the team then.")
    submissions = models.PositiveSmallIntegerField(default=0)
    submitted_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    steps_taken = models.PositiveIntegerField(default=0)
    public_words = models.TextField(blank=True, help_text="What the director says to the public, on publication.")
    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)

    objects = HealthCheckQuerySet.as_manager()

    class Meta:
        ordering = ["cycle", "team__name", "pk"]
        indexes = [models.Index(fields=["employer", "team"], name="check_employer_team")]
        constraints = [models.UniqueConstraint(fields=["cycle", "team"], name="check_one_for_each_team")]
        triggers = [pgtrigger.Protect(name="check_never_deleted", operation=pgtrigger.Delete)]

    def __str__(self) -> str:
        return f"{self.team}, {self.cycle}"


class CheckStep(models.Model):
    """One step of a check's history. Rows are only added."""

    check_of = models.ForeignKey(HealthCheck, on_delete=models.PROTECT, related_name="steps")
    number = models.PositiveIntegerField()
    move = models.CharField(max_length=12, choices=[(move.value, name) for move, name in MOVE_NAMES.items()])
    words = models.TextField(blank=True)
    at = models.DateTimeField()
    by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["check_of", "number"]
        constraints = [models.UniqueConstraint(fields=["check_of", "number"], name="check_step_unique")]
        triggers = [pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self) -> str:
        return f"{self.check_of}, step {self.number}: {self.get_move_display()}"


class Reminder(models.Model):
    """A reminder about a check that was sent. There is one of each kind, so nobody is told twice."""

    check_of = models.ForeignKey(HealthCheck, on_delete=models.PROTECT, related_name="reminders")
    kind = models.CharField(max_length=10, choices=[(kind.value, kind.value.capitalize()) for kind in ReminderKind])
    submissions = models.PositiveSmallIntegerField(default=0, help_text="How often it had been submitted then.")
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["check_of", "kind", "submissions"], name="reminder_once"),
        ]

    def __str__(self) -> str:
        return f"{self.check_of}: {self.get_kind_display()}"
