"""Caseload files on their way in, what they changed, and what employers have said about them."""

import uuid
from datetime import datetime
from typing import Self

import pgtrigger
from django.db import models
from django.db.models import Q

from caseloads import import_states
from teams.models import Employer, RoleAssignment, Team, User
from teams.roles import Permission, roles_with


class ImportRunQuerySet(models.QuerySet["ImportRun"]):
    def visible_to(self, user: User) -> Self:
        """One's own, and every import of an employer for whose whole one may import."""
        held = RoleAssignment.objects.filter(user=user, role__in=roles_with(Permission.CASELOAD_IMPORT))
        return self.filter(Q(created_by=user) | Q(employer__in=held.employer_wide().values("employer")))

    def carried_out(self) -> Self:
        """Imports that changed something, the newest first, whether or not they were undone since."""
        return self.filter(changed_something=True, applied_at__isnull=False).order_by("-applied_at", "-pk")

    def on_their_way(self) -> Self:
        """Runs that a worker has, or is to take."""
        return self.filter(status__in=import_states.ON_ITS_WAY)

    def stuck(self, *, before: datetime) -> Self:
        """Runs that wait for a worker, or whose worker has not been heard of, since before a moment."""
        return self.on_their_way().filter(heard_at__lt=before)


class ImportRun(models.Model):
    """One import: uploaded, read, looked at, applied or abandoned, perhaps undone. The row says how far it is."""

    class Status(models.TextChoices):
        PENDING = "PENDING", "Waiting to be read"
        READING = "READING", "Being read"
        MAPPING = "MAPPING", "Waiting for an answer"
        PREVIEW = "PREVIEW", "Waiting for confirmation"
        CONFIRMED = "CONFIRMED", "Waiting to be imported"
        APPLYING = "APPLYING", "Being imported"
        APPLIED = "APPLIED", "Imported"
        FAILED = "FAILED", "Could not be used"
        ABANDONED = "ABANDONED", "Cancelled"
        UNDONE = "UNDONE", "Undone"

    class Preset(models.TextChoices):
        ANNEX_A = "annex_a", "Ofsted Annex A workbook"
        SSD = "ssd", "Standard Safeguarding Dataset"
        PLAIN = "plain", "Plain case list"

    employer = models.ForeignKey(Employer, on_delete=models.PROTECT, related_name="import_runs")
    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    preset = models.CharField(max_length=20, choices=Preset)
    status = models.CharField(max_length=20, choices=Status)
    file_name = models.CharField(max_length=255)
    file_sha256 = models.CharField(max_length=64, blank=True)
    as_of = models.DateField()
    counts = models.JSONField(default=dict, help_text="Empty until the files have been read.")
    problems = models.JSONField(default=list)
    questions = models.JSONField(default=dict, help_text="What the files leave open, and what was recognised.")
    error = models.TextField(blank=True, help_text="A sentence for whoever brought the files.")
    preview_sha256 = models.CharField(max_length=64, blank=True, help_text="Of the lines that were looked at.")
    rows_total = models.PositiveIntegerField(default=0)
    rows_done = models.PositiveIntegerField(default=0)
    changed_something = models.BooleanField(default=False)
    created_at = models.DateTimeField()
    created_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    confirmed_at = models.DateTimeField(null=True)
    confirmed_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    claimed_at = models.DateTimeField(null=True, help_text="When the worker that has it took it.")
    heard_at = models.DateTimeField(null=True, help_text="When it was last asked for or worked on.")
    attempts = models.PositiveSmallIntegerField(default=0)
    applied_at = models.DateTimeField(null=True)
    undone_at = models.DateTimeField(null=True)
    undone_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")

    objects = ImportRunQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-pk"]
        indexes = [
            models.Index(fields=["employer", "-created_at"], name="import_by_employer"),
            models.Index(
                fields=["heard_at"], condition=Q(status__in=import_states.ON_ITS_WAY), name="import_on_its_way"
            ),
        ]
        constraints = [
            models.CheckConstraint(condition=~Q(status="FAILED") | ~Q(error=""), name="import_failed_has_a_reason"),
            models.CheckConstraint(
                condition=~Q(status__in=["APPLIED", "UNDONE"]) | Q(applied_at__isnull=False),
                name="import_applied_has_a_moment",
            ),
        ]
        triggers = [pgtrigger.FSM(name="moves", field="status", transitions=import_states.pairs())]

    def __str__(self) -> str:
        return f"{self.file_name} ({self.get_status_display()})"

    @property
    def on_its_way(self) -> bool:
        return self.status in import_states.ON_ITS_WAY


class ImportFile(models.Model):
    """A file kept until its import is applied or cancelled; it holds more than is kept afterwards."""

    class Kind(models.TextChoices):
        CASES = "CASES", "Caseload"
        STAFF = "STAFF", "Staff list"

    run = models.ForeignKey(ImportRun, on_delete=models.PROTECT, related_name="files")
    kind = models.CharField(max_length=10, choices=Kind)
    name = models.CharField(max_length=255, help_text="As whoever brought it knows it.")
    file = models.FileField(upload_to="imports/")

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.name


class ImportLine(models.Model):
    """One thing that an import would change, or has changed, in words."""

    class Section(models.TextChoices):
        CASES_ADDED = "CASES_ADDED", "Cases added"
        CASES_CHANGED = "CASES_CHANGED", "Cases changed"
        CASES_CLOSED = "CASES_CLOSED", "Cases closed"
        CASES_REOPENED = "CASES_REOPENED", "Cases opened again"
        ALLOCATIONS = "ALLOCATIONS", "Cases that change hands"
        WORKERS_ADDED = "WORKERS_ADDED", "Workers added"
        WORKERS_CHANGED = "WORKERS_CHANGED", "Workers changed"
        TEAMS_ADDED = "TEAMS_ADDED", "Teams added"
        MEMBERSHIPS = "MEMBERSHIPS", "Team memberships and hours"

    # The constraint below serves as the index of the run; nobody looks lines up by team alone.
    run = models.ForeignKey(ImportRun, on_delete=models.PROTECT, related_name="lines", db_index=False)
    section = models.CharField(max_length=20, choices=Section)
    number = models.PositiveIntegerField()
    team = models.ForeignKey(
        Team,
        null=True,
        on_delete=models.PROTECT,
        related_name="+",
        db_index=False,
        help_text="Null: a team not made yet, or none.",
    )
    subject = models.CharField(max_length=200)
    text = models.TextField()

    class Meta:
        ordering = ["run", "section", "number"]
        constraints = [models.UniqueConstraint(fields=["run", "section", "number"], name="import_line_unique")]

    def __str__(self) -> str:
        return f"{self.subject}: {self.text}"


class ImportImage(models.Model):
    """How the rows that an import changed were before, and how it left them: what undoing it needs."""

    run = models.OneToOneField(ImportRun, on_delete=models.PROTECT, related_name="image")
    data = models.BinaryField(help_text="Compressed JSON, by kind of row.")

    class Meta:
        triggers = [pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self) -> str:
        return f"Image of {self.run}"


class ImportMapping(models.Model):
    """What an employer has said about its files of one kind: column → field, word → code. Used by itself next time."""

    employer = models.ForeignKey(Employer, on_delete=models.PROTECT, related_name="import_mappings")
    preset = models.CharField(max_length=20, choices=ImportRun.Preset)
    columns = models.JSONField(default=dict, help_text="Table → field → heading; empty heading: not in the files.")
    values = models.JSONField(default=dict, help_text="Field → word → code.")
    changed_at = models.DateTimeField()
    changed_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["employer", "preset"]
        constraints = [models.UniqueConstraint(fields=["employer", "preset"], name="import_mapping_unique")]

    def __str__(self) -> str:
        return f"{self.get_preset_display()} of {self.employer}"
