"""Reports that people asked for: what each says, frozen, and the file made from it."""

import uuid
from datetime import datetime
from typing import Self

from django.db import models
from django.db.models import Exists, OuterRef, Q

from checks.models import Cycle, HealthCheck
from reports.published import AreaYear, Level
from teams.models import Contract, Employer, RoleAssignment, Team, User, Worker
from teams.roles import Permission, roles_with


class Kind(models.TextChoices):
    """What a document is, and so what it is about."""

    TEAM = "TEAM", "Team health-check report"
    CHECK = "CHECK", "Report of a health check"
    EMPLOYER = "EMPLOYER", "Compliance report"
    CYCLE = "CYCLE", "Compliance report of a cycle"
    SHEET = "SHEET", "Supervision sheet"
    PACK = "PACK", "Pack of a cycle"


OF_ALL = (Kind.EMPLOYER, Kind.CYCLE, Kind.PACK)
"""What is about a whole employer."""


class ReportRunQuerySet(models.QuerySet["ReportRun"]):
    def visible_to(self, user: User) -> Self:
        """Reports of what the user may see; a supervision sheet is only its maker's, who saw the worker to make it."""
        held = RoleAssignment.objects.filter(user=user, role__in=roles_with(Permission.OVERVIEW_VIEW))
        seen = Team.objects.where_allowed(user, Permission.WORKLOAD_VIEW)
        contracts = Contract.objects.filter(worker=OuterRef("worker"), team__in=seen.values("pk"))
        then = contracts.filter(starts_on__lte=OuterRef("as_of"))
        answered_for = Exists(then.filter(Q(ends_on__isnull=True) | Q(ends_on__gt=OuterRef("as_of"))))
        return self.filter(
            Q(kind=Kind.TEAM, team__in=Team.objects.where_allowed(user, Permission.REPORT_RENDER).values("pk"))
            | Q(kind=Kind.CHECK, check_of__in=HealthCheck.objects.visible_to(user).values("pk"))
            | Q(kind__in=OF_ALL, employer__in=held.employer_wide().values("employer"))
            | Q(kind=Kind.SHEET, requested_by=user) & (Q(worker__user=user) | answered_for)
        )

    def left_undone(self, *, before: datetime) -> Self:
        """Runs that a lost message or a dead worker left waiting since before a moment."""
        return self.filter(
            Q(status=ReportRun.Status.PENDING, requested_at__lt=before)
            | Q(status=ReportRun.Status.RUNNING, started_at__lt=before)
        )

    def on_their_way(self) -> Self:
        return self.filter(status__in=[ReportRun.Status.PENDING, ReportRun.Status.RUNNING])


class ReportRun(models.Model):
    """One document, from being asked for to being ready; the row says how far it is.

    The parts of a pack are runs too, and name it. `version` counts the steps of the health check it is about: one that
    has not moved on since says the same again, to the byte.
    """

    class Status(models.TextChoices):
        PENDING = "PENDING", "Waiting to be made"
        RUNNING = "RUNNING", "Being made"
        READY = "READY", "Ready"
        FAILED = "FAILED", "Could not be made"

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    employer = models.ForeignKey(Employer, on_delete=models.PROTECT, related_name="report_runs")
    kind = models.CharField(max_length=10, choices=Kind, default=Kind.TEAM)
    team = models.ForeignKey(Team, null=True, on_delete=models.PROTECT, related_name="report_runs")
    check_of = models.ForeignKey(HealthCheck, null=True, on_delete=models.PROTECT, related_name="report_runs")
    cycle = models.ForeignKey(Cycle, null=True, on_delete=models.PROTECT, related_name="report_runs")
    worker = models.ForeignKey(Worker, null=True, on_delete=models.PROTECT, related_name="report_runs")
    pack = models.ForeignKey("self", null=True, on_delete=models.CASCADE, related_name="parts")
    version = models.PositiveIntegerField(default=0)
    as_of = models.DateField()
    status = models.CharField(max_length=10, choices=Status, default=Status.PENDING)
    requested_at = models.DateTimeField()
    requested_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    started_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    error = models.TextField(blank=True)
    content = models.JSONField(default=dict)
    file = models.FileField(upload_to="reports/", blank=True)

    objects = ReportRunQuerySet.as_manager()

    class Meta:
        ordering = ["-requested_at", "-pk"]
        indexes = [models.Index(fields=["employer", "team", "-requested_at"])]
        constraints = [
            models.CheckConstraint(condition=~Q(status="READY") | ~Q(file=""), name="report_ready_has_a_file"),
            models.CheckConstraint(condition=~Q(status="FAILED") | ~Q(error=""), name="report_failed_has_a_reason"),
            models.CheckConstraint(
                condition=Q(kind="TEAM", team__isnull=False)
                | Q(kind="CHECK", check_of__isnull=False)
                | Q(kind="EMPLOYER")
                | Q(kind__in=["CYCLE", "PACK"], cycle__isnull=False)
                | Q(kind="SHEET", worker__isnull=False),
                name="report_is_about_something",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.subject} on {self.as_of} ({self.get_status_display()})"

    @property
    def subject(self) -> str:
        """Whom or what it is about."""
        return str(self.check_of or self.team or self.worker or self.cycle or self.employer)

    @property
    def on_its_way(self) -> bool:
        return self.status in {self.Status.PENDING, self.Status.RUNNING}

    @property
    def errors(self) -> list[dict[str, str]]:
        """Why it failed, as the error summary takes it."""
        return [{"text": self.error}]


class BenchmarkArea(models.Model):
    """What the Department for Education published of one area for the year to 30 September, to the letter.

    The figures are text, because a symbol may stand in place of one and says why there is none.
    """

    year = models.PositiveSmallIntegerField()
    level = models.CharField(max_length=10, choices=[(level.value, level.value.capitalize()) for level in Level])
    code = models.CharField(max_length=80, help_text="Of the Office for National Statistics.")
    name = models.CharField(max_length=200)
    region = models.CharField(max_length=9, blank=True, help_text="The code of the region it is or lies in.")
    figures = models.JSONField(help_text="Column → text, as published.")

    class Meta:
        ordering = ["-year", "level", "name", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["year", "code"], name="benchmark_area_once_a_year"),
            models.CheckConstraint(
                condition=Q(level__in=[level.value for level in Level]), name="benchmark_area_level"
            ),
            models.CheckConstraint(condition=~Q(code="") & ~Q(name=""), name="benchmark_area_is_named"),
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.year}"

    @property
    def published(self) -> AreaYear:
        return AreaYear(self.year, Level(self.level), self.code, self.name, self.region, self.figures)
