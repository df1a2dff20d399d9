"""How cases change hands, and what was said about it: transfers, limits set aside, contested weights."""

import uuid

import pgtrigger
from django.db import models
from django.db.models import Q

from caseloads.models.cases import Allocation, Case, Rating
from caseloads.workload_scheme import LIMIT_NAMES
from teams.models import Employer, Team, User, Worker


class LimitException(models.Model):
    """A limit that an allocation went past: which, why, and who approved it. Rows are only added."""

    employer = models.ForeignKey(Employer, on_delete=models.PROTECT, related_name="+")
    allocation = models.ForeignKey(Allocation, on_delete=models.PROTECT, related_name="exceptions")
    limit = models.CharField(max_length=20, choices=[(limit.value, text) for limit, text in LIMIT_NAMES.items()])
    detail = models.CharField(max_length=300, help_text="In figures: from 92.0 % to 101.3 %.")
    reason = models.CharField(max_length=500)
    approved_by = models.ForeignKey(
        User, null=True, on_delete=models.PROTECT, related_name="+", help_text="Null: the limit only warns."
    )
    at = models.DateTimeField()
    by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["at", "pk"]
        indexes = [models.Index(fields=["employer", "at"])]
        constraints = [models.CheckConstraint(condition=~Q(reason=""), name="limit_exception_has_a_reason")]
        triggers = [pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self) -> str:
        return f"{self.get_limit_display()}: {self.detail}"


class Transfer(models.Model):
    """A case that changed hands, why, and whether there was a handover meeting."""

    employer = models.ForeignKey(Employer, on_delete=models.PROTECT, related_name="+")
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="transfers")
    from_worker = models.ForeignKey(Worker, null=True, on_delete=models.PROTECT, related_name="+")
    from_team = models.ForeignKey(Team, on_delete=models.PROTECT, related_name="+")
    to_worker = models.ForeignKey(Worker, null=True, on_delete=models.PROTECT, related_name="+")
    to_team = models.ForeignKey(Team, on_delete=models.PROTECT, related_name="+")
    moved_on = models.DateField()
    reason = models.CharField(max_length=500)
    handover_on = models.DateField(null=True, blank=True, help_text="Null: no handover meeting was held.")
    batch = models.UUIDField(null=True, blank=True, help_text="Shared by the cases moved together.")
    at = models.DateTimeField()
    by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)

    class Meta:
        ordering = ["at", "pk"]
        indexes = [models.Index(fields=["employer", "moved_on"])]
        constraints = [models.CheckConstraint(condition=~Q(reason=""), name="transfer_has_a_reason")]
        triggers = [pgtrigger.Protect(name="never_deleted", operation=pgtrigger.Delete)]

    def __str__(self) -> str:
        return f"{self.case} from {self.from_worker or self.from_team} to {self.to_worker or self.to_team}"


class Contest(models.Model):
    """A worker's objection to the weight of a case they hold, and the manager's answer. Both stay visible."""

    class State(models.TextChoices):
        OPEN = "OPEN", "Waiting for an answer"
        ACCEPTED = "ACCEPTED", "Accepted"
        DECLINED = "DECLINED", "Declined"

    employer = models.ForeignKey(Employer, on_delete=models.PROTECT, related_name="+")
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="contests")
    worker = models.ForeignKey(Worker, on_delete=models.PROTECT, related_name="contests")
    rating = models.ForeignKey(
        Rating,
        null=True,
        on_delete=models.PROTECT,
        related_name="+",
        help_text="The one objected to; null: unrated.",
    )
    weight = models.DecimalField(max_digits=8, decimal_places=2, null=True, help_text="What the case weighed then.")
    reason = models.TextField()
    raised_at = models.DateTimeField()
    state = models.CharField(max_length=10, choices=State, default=State.OPEN)
    answer = models.TextField(blank=True)
    answered_at = models.DateTimeField(null=True)
    answered_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)

    class Meta:
        ordering = ["raised_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["case", "worker"], condition=Q(state="OPEN"), name="contest_one_open_per_worker"
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="contest_has_a_reason"),
            models.CheckConstraint(
                condition=Q(state="OPEN", answered_at__isnull=True, answer="")
                | ~Q(state="OPEN") & Q(answered_at__isnull=False) & ~Q(answer=""),
                name="contest_answered_in_words",
            ),
        ]
        triggers = [pgtrigger.Protect(name="never_deleted", operation=pgtrigger.Delete)]

    def __str__(self) -> str:
        return f"{self.worker} on {self.case}: {self.get_state_display()}"
