"""Reports that people asked for: what each says, frozen, and the file made from it."""

import uuid
from datetime import datetime
from typing import Self

from django.db import models
from django.db.models import Q

from teams.models import Employer, Team, User
from teams.roles import Permission


class ReportRunQuerySet(models.QuerySet["ReportRun"]):
    def visible_to(self, user: User) -> Self:
        return self.filter(team__in=Team.objects.where_allowed(user, Permission.REPORT_RENDER))

    def left_undone(self, *, before: datetime) -> Self:
        """Runs that a lost message or a dead worker left waiting since before a moment."""
        return self.filter(
            Q(status=ReportRun.Status.PENDING, requested_at__lt=before)
            | Q(status=ReportRun.Status.RUNNING, started_at__lt=before)
        )


class ReportRun(models.Model):
    """One team health-check report, from being asked for to being ready; the row says how far it is."""

    class Status(models.TextChoices):
        PENDING = "PENDING", "Waiting to be made"
        RUNNING = "RUNNING", "Being made"
        READY = "READY", "Ready"
        FAILED = "FAILED", "Could not be made"

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    employer = models.ForeignKey(Employer, on_delete=models.PROTECT, related_name="report_runs")
    team = models.ForeignKey(Team, on_delete=models.PROTECT, related_name="report_runs")
    as_of = models.DateField()
    status = models.CharField(max_length=10, choices=Status, default=Status.PENDING)
    requested_at = models.DateTimeField()
    requested_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    started_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    error = models.TextField(blank=True)
    content = models.JSONField(default=dict)
    pdf = models.FileField(upload_to="reports/", blank=True)

    objects = ReportRunQuerySet.as_manager()

    class Meta:
        ordering = ["-requested_at", "-pk"]
        indexes = [models.Index(fields=["employer", "team", "-requested_at"])]
        constraints = [
            models.CheckConstraint(condition=~Q(status="READY") | ~Q(pdf=""), name="report_ready_has_a_file"),
            models.CheckConstraint(condition=~Q(status="FAILED") | ~Q(error=""), name="report_failed_has_a_reason"),
        ]

    def __str__(self) -> str:
        return f"{self.team} on {self.as_of} ({self.get_status_display()})"

    @property
    def on_its_way(self) -> bool:
        return self.status in {self.Status.PENDING, self.Status.RUNNING}

    @property
    def errors(self) -> list[dict[str, str]]:
        """Why it failed, as the error summary takes it."""
        return [{"text": self.error}]
