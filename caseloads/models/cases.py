"""Cases, the weights given to them, and who holds them. Never a name of somebody who uses services."""

import uuid
from collections.abc import Collection
from datetime import date
from typing import Self

import pgtrigger
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.db import models
from django.db.models import Exists, F, OuterRef, Q

from caseloads import integrity
from teams.models import Employer, Period, Team, User, Worker
from teams.roles import Permission

_IN_A_FAMILY = ~Q(family_reference="")


class CaseQuerySet(models.QuerySet["Case"]):
    def open_on(self, day: date) -> Self:
        return self.filter(Q(opened_on__lte=day) & (Q(closed_on__isnull=True) | Q(closed_on__gt=day)))

    def of_teams(self, teams: Collection[Team], *, on: date, besides: Collection[int] = ()) -> Self:
        """Cases of some teams, those held there on a day, and a few more by their keys.

        A condition with an OR would have the database look at every case of the employer.
        """
        own = Case.objects.filter(Q(team__in=teams) | Q(pk__in=besides)).order_by()
        held = Allocation.objects.filter(team__in=teams).open_on(on).order_by()
        return self.filter(pk__in=own.values("pk").union(held.values("case")))

    def visible_to(self, user: User) -> Self:
        """Cases of the teams whose workload the user may see, those held there, and those the user holds or held."""
        teams = Team.objects.where_allowed(user, Permission.WORKLOAD_VIEW)
        held = Allocation.objects.filter(case=OuterRef("pk"))
        return self.filter(Q(team__in=teams) | Exists(held.filter(Q(team__in=teams) | Q(worker__user=user))))


class Case(models.Model):
    """A piece of work with one child or adult: a reference, a category and dates. Never a name.

    `revision` is the number of its newest change: a form shows the one it was filled in from, and an action that
    finds another refuses with what has changed since.
    """

    class Priority(models.IntegerChoices):
        URGENT = 1, "Urgent"
        HIGH = 2, "High"
        ROUTINE = 3, "Routine"

    # indexes below begin with the employer; with one of its own a whole employer's open cases were looked for among all
    employer = models.ForeignKey(Employer, on_delete=models.PROTECT, db_index=False, related_name="cases")
    team = models.ForeignKey(Team, on_delete=models.PROTECT, related_name="cases")
    reference = models.CharField(max_length=80)
    family_reference = models.CharField(max_length=80, blank=True)
    category = models.SlugField(max_length=60, blank=True, help_text="A category's code in the scheme; empty: unknown.")
    opened_on = models.DateField()
    closed_on = models.DateField(null=True, blank=True, help_text="The first day on which it is no longer open.")
    reopened_on = models.DateField(
        null=True, blank=True, help_text="When a closed case was last opened again: it waits for a worker from then."
    )
    priority = models.PositiveSmallIntegerField(choices=Priority, default=Priority.ROUTINE)
    revision = models.PositiveIntegerField(default=0)
    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)

    objects = CaseQuerySet.as_manager()

    class Meta:
        ordering = ["reference", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["employer", "reference"], name="case_reference_unique"),
            models.CheckConstraint(condition=~Q(reference=""), name="case_has_a_reference"),
            models.CheckConstraint(
                condition=Q(closed_on__isnull=True) | Q(closed_on__gte=F("opened_on")), name="case_closed_after_opened"
            ),
        ]
        indexes = [
            models.Index(fields=["employer", "team"], condition=Q(closed_on__isnull=True), name="case_open"),
            models.Index(fields=["employer", "closed_on"], name="case_closed"),
            models.Index(fields=["employer", "family_reference"], condition=_IN_A_FAMILY, name="case_family"),
        ]

    def __str__(self) -> str:
        return self.reference


class CaseChange(models.Model):
    """One change to a case, in words: what, by whom and when. Rows are only added."""

    class Kind(models.TextChoices):
        RECORDED = "RECORDED", "Recorded"
        RATED = "RATED", "Rated"
        CORRECTED = "CORRECTED", "Corrected"
        ALLOCATED = "ALLOCATED", "Allocated"
        TRANSFERRED = "TRANSFERRED", "Transferred"
        CONTESTED = "CONTESTED", "Weight contested"
        ANSWERED = "ANSWERED", "Contest answered"
        CLOSED = "CLOSED", "Closed"
        REOPENED = "REOPENED", "Opened again"
        IMPORTED = "IMPORTED", "Changed by an import"

    # the unique constraint below begins with the case: an index of its own would only slow imports
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="changes", db_index=False)
    revision = models.PositiveIntegerField()
    kind = models.CharField(max_length=20, choices=Kind)
    text = models.TextField(help_text="What changed, in a sentence: old → new, and why.")
    at = models.DateTimeField()
    by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+", help_text="Null: the machine.")

    class Meta:
        ordering = ["case", "revision"]
        constraints = [models.UniqueConstraint(fields=["case", "revision"], name="case_change_unique")]
        triggers = [pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self) -> str:
        return f"{self.case}, change {self.revision}: {self.text}"


class Rating(models.Model):
    """The weight given to a case: by whom, when, from what. A newer row replaces an older one; none is changed.

    `employer` is that of the case, which the database fills in: so the second wall need not look the case up.
    """

    employer = models.ForeignKey(Employer, on_delete=models.PROTECT, related_name="ratings", editable=False)
    # the index below begins with the case
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="ratings", db_index=False)
    category = models.SlugField(max_length=60)
    factors = models.JSONField(default=dict, help_text="Factor code → how many.")
    override = models.DecimalField(max_digits=8, decimal_places=2, null=True, blank=True)
    override_reason = models.CharField(max_length=500, blank=True)
    reason = models.CharField(max_length=500, blank=True, help_text="Why the weight was given or changed.")
    rated_on = models.DateField()
    rated_by = models.ForeignKey(
        User, null=True, on_delete=models.PROTECT, related_name="+", help_text="Null: taken from an imported file."
    )

    class Meta:
        ordering = ["case", "rated_on", "pk"]
        indexes = [models.Index(fields=["case", "-rated_on", "-id"])]
        constraints = [
            models.CheckConstraint(
                condition=Q(override__isnull=True, override_reason="") | Q(override__gte=0) & ~Q(override_reason=""),
                name="rating_override_has_a_reason",
            ),
        ]
        triggers = [
            pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete),
            integrity.employer_of_case_trigger(),
        ]

    def __str__(self) -> str:
        return f"{self.case} rated {self.rated_on}"


class AllocationQuerySet(models.QuerySet["Allocation"]):
    def open_on(self, day: date) -> Self:
        return self.filter(Q(started_on__lte=day) & (Q(ended_on__isnull=True) | Q(ended_on__gt=day)))


class Allocation(models.Model):
    """Who holds a case, in which team, for what share, from when to when."""

    class Role(models.TextChoices):
        LEAD = "LEAD", "Lead"
        CO_WORKER = "CO_WORKER", "Co-worker"

    class Agreement(models.TextChoices):
        AGREED = "AGREED", "The worker agrees"
        DISAGREED = "DISAGREED", "The worker disagrees"

    # as of a case: found by what is open
    employer = models.ForeignKey(Employer, on_delete=models.PROTECT, db_index=False, related_name="allocations")
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="allocations")
    worker = models.ForeignKey(Worker, on_delete=models.PROTECT, related_name="allocations")
    team = models.ForeignKey(Team, on_delete=models.PROTECT, related_name="allocations")
    role = models.CharField(max_length=10, choices=Role, default=Role.LEAD)
    share = models.PositiveSmallIntegerField(default=100, help_text="Whole percent of the case's weight.")
    started_on = models.DateField()
    ended_on = models.DateField(null=True, blank=True, help_text="The first day on which it no longer counts.")
    agreement = models.CharField(max_length=10, choices=Agreement, blank=True, help_text="Empty: not recorded.")
    agreement_note = models.CharField(max_length=500, blank=True)

    objects = AllocationQuerySet.as_manager()

    class Meta:
        ordering = ["case", "started_on", "pk"]
        constraints = [
            models.CheckConstraint(condition=Q(share__gte=1, share__lte=100), name="allocation_share"),
            models.CheckConstraint(
                condition=Q(ended_on__isnull=True) | Q(ended_on__gte=F("started_on")),
                name="allocation_ends_after_start",
            ),
            ExclusionConstraint(
                name="allocation_no_overlap",
                expressions=[
                    ("case", RangeOperators.EQUAL),
                    ("worker", RangeOperators.EQUAL),
                    (Period("started_on", "ended_on"), RangeOperators.OVERLAPS),
                ],
                violation_error_message="This worker already holds this case on some of these days.",
            ),
            models.UniqueConstraint(
                fields=["case"], condition=Q(role="LEAD", ended_on__isnull=True), name="allocation_one_open_lead"
            ),
        ]
        indexes = [
            models.Index(fields=["employer", "team"], condition=Q(ended_on__isnull=True), name="allocation_open"),
            models.Index(fields=["employer", "ended_on"], name="allocation_ended"),
        ]
        triggers = integrity.share_limit_triggers()

    def __str__(self) -> str:
        return f"{self.case} held by {self.worker}"
