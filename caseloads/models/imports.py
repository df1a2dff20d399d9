"""Caseload files on their way in."""

import uuid
from typing import Self

from django.db import models
from django.db.models import Q

from teams.models import Employer, User


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
