"""What is done about what a health check found: actions, and decisions not to act."""

import uuid
from typing import Self

import pgtrigger
from django.db import models
from django.db.models import Q

from checks.models.cycles import HealthCheck
from teams.models import Employer, Team, User


class ActionQuerySet(models.QuerySet["Action"]):
    def visible_to(self, user: User) -> Self:
        """Actions of the checks that the user may see, and those that the user owns."""
        return self.filter(Q(check_of__in=HealthCheck.objects.visible_to(user).values("pk")) | Q(owner=user))

    def unfinished(self) -> Self:
        return self.filter(state=Action.State.OPEN, acts=True)


class Action(models.Model):
    """What will be done about one indicator that is not met, by whom and when; or the decision not to act, and why."""

    class State(models.TextChoices):
        OPEN = "OPEN", "Open"
        DONE = "DONE", "Done"
        STOPPED = "STOPPED", "Stopped"

    employer = models.ForeignKey(Employer, on_delete=models.PROTECT, related_name="+")
    team = models.ForeignKey(Team, on_delete=models.PROTECT, related_name="actions")
    check_of = models.ForeignKey(HealthCheck, on_delete=models.PROTECT, related_name="actions")
    pack = models.CharField(max_length=80, help_text="Of the standards that the check rests on.")
    standard = models.CharField(max_length=20)
    indicator = models.CharField(max_length=40)
    about = models.TextField(help_text="The indicator in words, as it read then.")
    acts = models.BooleanField(default=True, help_text="False: a decision not to act.")
    words = models.TextField(help_text="What will be done; or why nothing is.")
    success = models.TextField(blank=True, help_text="By what it will be seen that it worked.")
    owner = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    due_on = models.DateField(null=True)
    state = models.CharField(max_length=10, choices=State, default=State.OPEN)
    opened_on = models.DateField()
    closed_on = models.DateField(null=True)
    steps_taken = models.PositiveIntegerField(default=0)
    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)

    objects = ActionQuerySet.as_manager()

    class Meta:
        ordering = ["due_on", "pk"]
        indexes = [models.Index(fields=["employer", "team"], condition=Q(state="OPEN"), name="action_open")]
        constraints = [
            models.CheckConstraint(
                condition=Q(acts=True, owner__isnull=False, due_on__isnull=False, success__gt="") | Q(acts=False),
                name="action_has_owner_day_and_success",
            ),
            models.CheckConstraint(
                condition=Q(state="OPEN", closed_on__isnull=True) | ~Q(state="OPEN") & Q(closed_on__isnull=False),
                name="action_closed_on_a_day",
            ),
        ]
        triggers = [pgtrigger.Protect(name="action_never_deleted", operation=pgtrigger.Delete)]

    def __str__(self) -> str:
        return self.words


class ActionStep(models.Model):
    """One step of an action's history. Rows are only added."""

    action = models.ForeignKey(Action, on_delete=models.PROTECT, related_name="steps")
    number = models.PositiveIntegerField()
    state = models.CharField(max_length=10, choices=Action.State)
    words = models.TextField()
    at = models.DateTimeField()
    by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["action", "number"]
        constraints = [models.UniqueConstraint(fields=["action", "number"], name="action_step_unique")]
        triggers = [pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self) -> str:
        return f"{self.action}, step {self.number}"
