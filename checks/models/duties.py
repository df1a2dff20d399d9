"""What must be answered: duties, each step of their history, and within how many days an employer answers."""

import uuid
from datetime import date, timedelta
from typing import Self

import pgtrigger
from django.db import models
from django.db.models import Q

from caseloads.models import Case
from checks.duties import LONGEST_RESPONSE, STATE_NAMES, Level, Move, State
from teams.models import Employer, RoleAssignment, Team, User, Worker
from teams.roles import Permission, Role

_ABOVE_MANAGER = (Role.SERVICE_MANAGER, Role.DIRECTOR)


class ResponseTimes(models.Model):
    """Within how many calendar days an employer's duties and concerns are answered at each level."""

    employer = models.OneToOneField(Employer, on_delete=models.PROTECT, related_name="response_times")
    concern_days = models.PositiveSmallIntegerField()
    flag_days = models.PositiveSmallIntegerField()
    source = models.CharField(max_length=300, help_text="Who agreed them, when and where it is written.")
    revision = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(
                    concern_days__gte=1,
                    concern_days__lte=LONGEST_RESPONSE,
                    flag_days__gte=1,
                    flag_days__lte=LONGEST_RESPONSE,
                ),
                name="response_times_within_ninety_days",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.employer}: {self.concern_days} and {self.flag_days} days"


class DutyQuerySet(models.QuerySet["Duty"]):
    def visible_to(self, user: User) -> Self:
        """Red flags of the teams whose workload the user may see, concerns of those they answer for, and their own.

        A concern that went past the worker's manager is seen by that worker and by the levels above only.
        """
        above = RoleAssignment.objects.filter(user=user, role__in=[role.value for role in _ABOVE_MANAGER])
        reached = (
            Q(team__in=above.values("team"))
            | Q(team__service_area__in=above.values("service_area"))
            | Q(employer__in=above.employer_wide().values("employer"))
        )
        seen, answered = (
            Team.objects.where_allowed(user, permission)
            for permission in (Permission.WORKLOAD_VIEW, Permission.DUTY_ANSWER)
        )
        flags = Q(team__in=seen) & ~Q(flag="")
        concerns = Q(team__in=answered, flag="") & (Q(past_manager=False) | reached)
        return self.filter(Q(worker__user=user) | flags | concerns).distinct()

    def raised_by(self, day: date) -> Self:
        """Concerns, and red flags that the newest scoring raised: the day's, or that of the day before."""
        return self.filter(Q(flag="") | Q(raised_on__gte=day - timedelta(days=1)))

    def unclosed(self) -> Self:
        return self.exclude(state=State.CLOSED.value)


class Duty(models.Model):
    """A red flag or a worker's concern that somebody must answer. It is closed and opened again, never deleted."""

    employer = models.ForeignKey(Employer, on_delete=models.PROTECT, related_name="duties")
    team = models.ForeignKey(Team, on_delete=models.PROTECT, related_name="duties")
    worker = models.ForeignKey(Worker, null=True, on_delete=models.PROTECT, related_name="duties")
    case = models.ForeignKey(Case, null=True, on_delete=models.PROTECT, related_name="duties")
    flag = models.CharField(max_length=40, blank=True, help_text="The red flag's code; empty: a worker's concern.")
    words = models.TextField(help_text="What raised it, in a sentence; a concern, in the worker's words.")
    past_manager = models.BooleanField(default=False, help_text="A concern that goes past the worker's manager.")
    level = models.CharField(max_length=20, choices=[(level.value, level.label) for level in Level])
    state = models.CharField(max_length=10, choices=[(state.value, text) for state, text in STATE_NAMES.items()])
    opened_on = models.DateField()
    due_on = models.DateField(help_text="The last day on which an answer is in time.")
    raised_on = models.DateField(help_text="The last day on which the red flag was raised, or the concern.")
    closed_on = models.DateField(null=True)
    steps_taken = models.PositiveIntegerField(default=0)
    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)

    objects = DutyQuerySet.as_manager()

    class Meta:
        ordering = ["due_on", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["employer", "team", "worker", "flag", "case"],
                condition=~Q(flag=""),
                nulls_distinct=False,
                name="duty_one_for_each_flag",
            ),
            models.CheckConstraint(
                condition=Q(state=State.CLOSED.value, closed_on__isnull=False)
                | ~Q(state=State.CLOSED.value) & Q(closed_on__isnull=True),
                name="duty_closed_on_a_day",
            ),
            models.CheckConstraint(condition=~Q(flag="") | Q(worker__isnull=False), name="duty_concern_has_a_worker"),
        ]
        indexes = [
            models.Index(fields=["employer", "due_on"], condition=~Q(state=State.CLOSED.value), name="duty_unclosed"),
        ]
        triggers = [pgtrigger.Protect(name="never_deleted", operation=pgtrigger.Delete)]

    def __str__(self) -> str:
        return f"{self.flag or 'Concern'} of {self.worker or self.team}"


class DutyStep(models.Model):
    """One step of a duty's history. Rows are only added."""

    duty = models.ForeignKey(Duty, on_delete=models.PROTECT, related_name="steps")
    number = models.PositiveIntegerField()
    move = models.CharField(max_length=12, choices=[(move.value, move.value.capitalize()) for move in Move])
    level = models.CharField(max_length=20, choices=[(level.value, level.label) for level in Level])
    words = models.TextField()
    at = models.DateTimeField()
    by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+", help_text="Null: the machine.")

    class Meta:
        ordering = ["duty", "number"]
        constraints = [models.UniqueConstraint(fields=["duty", "number"], name="duty_step_unique")]
        triggers = [pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self) -> str:
        return f"{self.duty}, step {self.number}: {self.words}"


class DutyKeeping(models.Model):
    """Up to which scoring an employer's red flags have been looked through for duties."""

    employer = models.OneToOneField(Employer, on_delete=models.CASCADE, primary_key=True, related_name="+")
    kept_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.employer}: {self.kept_at:%Y-%m-%d %H:%M}"
