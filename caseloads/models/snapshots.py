"""What scoring found on each day, and what still needs to be scored."""

from typing import Self

from django.db import models
from django.db.models import F, Q

from caseloads import integrity
from caseloads.models.schemes import Band, WeightingScheme
from teams.models import Employer, Team, Worker


class Snapshot(models.Model):
    """What scoring found on one day. Rewritten on its own day only; afterwards the database refuses."""

    class State(models.TextChoices):
        SCORED = "SCORED", "Scored"
        NOT_APPLICABLE = "NOT_APPLICABLE", "Not applicable"
        NO_CAPACITY = "NO_CAPACITY", "No capacity"
        NOT_KNOWN = "NOT_KNOWN", "Not known"

    # the unique constraints begin with the employer: an index of its own would only slow scoring
    employer = models.ForeignKey(Employer, on_delete=models.PROTECT, db_index=False, related_name="+")
    team = models.ForeignKey(Team, on_delete=models.PROTECT, related_name="%(class)ss")
    scheme = models.ForeignKey(WeightingScheme, null=True, on_delete=models.PROTECT, related_name="+")
    day = models.DateField()
    scored_at = models.DateTimeField()
    cases = models.PositiveIntegerField()
    families = models.PositiveIntegerField()
    load = models.DecimalField(max_digits=12, decimal_places=2, null=True)
    capacity = models.DecimalField(max_digits=12, decimal_places=2, null=True)
    load_pct = models.DecimalField(max_digits=12, decimal_places=1, null=True)
    state = models.CharField(max_length=20, choices=State, blank=True, help_text="Empty: stored before it was kept.")
    band = models.CharField(max_length=10, choices=Band.Level, blank=True)
    flags = models.JSONField(default=list)

    class Meta:
        abstract = True


WELL_OVER = Q(band=Band.Level.WELL_OVER) | Q(state=Snapshot.State.NO_CAPACITY)


class WorkerSnapshotQuerySet(models.QuerySet["WorkerSnapshot"]):
    def well_over(self) -> Self:
        return self.filter(WELL_OVER)


class WorkerSnapshot(Snapshot):
    """One worker in one team on one day."""

    worker = models.ForeignKey(Worker, on_delete=models.PROTECT, db_index=False, related_name="snapshots")
    reason = models.TextField(blank=True)

    objects = WorkerSnapshotQuerySet.as_manager()

    class Meta:
        ordering = ["day", "team", "worker"]
        constraints = [
            models.UniqueConstraint(
                fields=["employer", "day", "team", "worker", "scheme"],
                nulls_distinct=False,
                name="worker_snapshot_unique",
            ),
        ]
        indexes = [
            models.Index(fields=["worker", "day"]),
            models.Index(fields=["employer", "day", "team", "worker"], condition=WELL_OVER, name="snapshot_well_over"),
        ]
        triggers = [integrity.own_day_trigger()]

    def __str__(self) -> str:
        return f"{self.worker} in {self.team} on {self.day}"


class TeamSnapshot(Snapshot):
    """One team on one day."""

    head_count = models.PositiveIntegerField()
    hours = models.DecimalField(max_digits=10, decimal_places=2, null=True, help_text="Contracted hours a week.")
    demand_pct = models.DecimalField(max_digits=12, decimal_places=1, null=True)
    demand_band = models.CharField(max_length=10, choices=Band.Level, blank=True)
    lowest_pct = models.DecimalField(max_digits=12, decimal_places=1, null=True)
    median_pct = models.DecimalField(max_digits=12, decimal_places=1, null=True)
    highest_pct = models.DecimalField(max_digits=12, decimal_places=1, null=True)
    over = models.PositiveIntegerField()
    well_over = models.PositiveIntegerField()
    not_known = models.PositiveIntegerField()
    unallocated = models.PositiveIntegerField()
    unallocated_weight = models.DecimalField(max_digits=12, decimal_places=2, null=True)
    longest_wait = models.PositiveIntegerField(null=True)
    median_wait = models.PositiveIntegerField(null=True)
    red_flags = models.PositiveIntegerField()

    class Meta:
        ordering = ["day", "team"]
        constraints = [
            models.UniqueConstraint(
                fields=["employer", "day", "team", "scheme"], nulls_distinct=False, name="team_snapshot_unique"
            ),
        ]
        triggers = [integrity.own_day_trigger()]

    def __str__(self) -> str:
        return f"{self.team} on {self.day}"


class ScoringNeedQuerySet(models.QuerySet["ScoringNeed"]):
    def outstanding(self) -> Self:
        """Teams with changes that no scoring has seen."""
        return self.filter(scored_changes__lt=F("changes"))


class ScoringNeed(models.Model):
    """How often a team's rows have changed, and how many of those changes have been scored.

    Counted, not timed: a change that commits while scoring reads can never be taken for one it has seen.
    """

    team = models.OneToOneField(Team, on_delete=models.CASCADE, primary_key=True, related_name="scoring_need")
    changes = models.PositiveBigIntegerField()
    scored_changes = models.PositiveBigIntegerField(default=0)
    asked_at = models.DateTimeField(help_text="When scoring was last asked for.")

    objects = ScoringNeedQuerySet.as_manager()

    def __str__(self) -> str:
        return f"{self.team}: {self.scored_changes} of {self.changes} changes scored"
