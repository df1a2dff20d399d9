"""Local variations: other thresholds for one indicator, proposed and decided by two people, for a time."""

import uuid
from datetime import date
from typing import Self

import pgtrigger
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.db import models
from django.db.models import ExpressionWrapper, F, Q, Value
from django.db.models.functions import Least

from standards.variation import Decision, Stage, Variation, stage
from teams.models import Employer, Period, User

UNTIL = Least(F("ended_on"), ExpressionWrapper(F("review_on") + Value(1), output_field=models.DateField()))
"""The first day on which an approved variation no longer counts."""


class LocalVariationQuerySet(models.QuerySet["LocalVariation"]):
    def approved(self) -> Self:
        return self.filter(state=Decision.APPROVED.value)


class LocalVariation(models.Model):
    """One variation with its whole history: who proposed it and why, who decided, and who ended it early."""

    employer = models.ForeignKey(Employer, on_delete=models.PROTECT, related_name="variations")
    pack = models.SlugField(max_length=80)
    indicator = models.CharField(max_length=40)
    met = models.DecimalField(max_digits=10, decimal_places=2)
    partly = models.DecimalField(max_digits=10, decimal_places=2)
    reason = models.TextField()
    evidence = models.TextField()
    starts_on = models.DateField()
    review_on = models.DateField(help_text="The last day on which it counts: by then it is reviewed, or it lapses.")
    proposed_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField()
    state = models.CharField(max_length=10, choices=[(one.value, one.value.capitalize()) for one in Decision])
    decided_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField(null=True)
    decision_words = models.TextField(blank=True)
    ended_on = models.DateField(null=True, help_text="The first day on which it no longer counts, ended early.")
    ended_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    ended_at = models.DateTimeField(null=True)
    end_words = models.TextField(blank=True)
    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)

    objects = LocalVariationQuerySet.as_manager()

    class Meta:
        ordering = ["employer", "-proposed_at", "-pk"]
        constraints = [
            models.CheckConstraint(condition=Q(review_on__gt=F("starts_on")), name="variation_review_after_start"),
            models.CheckConstraint(
                condition=Q(state=Decision.PROPOSED.value, decided_by=None, decided_at=None, decision_words="")
                | ~Q(state=Decision.PROPOSED.value) & Q(decided_by__isnull=False, decided_at__isnull=False),
                name="variation_decided_by_somebody",
            ),
            models.CheckConstraint(
                condition=Q(state__in=[Decision.PROPOSED.value, Decision.WITHDRAWN.value])
                | ~Q(decided_by=F("proposed_by")) & ~Q(decision_words=""),
                name="variation_decided_by_another_with_words",
            ),
            models.CheckConstraint(
                condition=Q(ended_on=None, ended_by=None, ended_at=None, end_words="")
                | Q(state=Decision.APPROVED.value, ended_by__isnull=False, ended_at__isnull=False)
                & Q(ended_on__gte=F("starts_on"), ended_on__lte=F("review_on"))
                & ~Q(end_words=""),
                name="variation_ended_with_words",
            ),
            models.UniqueConstraint(
                fields=["employer", "pack", "indicator"],
                condition=Q(state=Decision.PROPOSED.value),
                name="variation_one_proposal_at_a_time",
            ),
            ExclusionConstraint(
                name="variation_no_overlap",
                expressions=[
                    ("employer", RangeOperators.EQUAL),
                    ("pack", RangeOperators.EQUAL),
                    ("indicator", RangeOperators.EQUAL),
                    (Period("starts_on", UNTIL), RangeOperators.OVERLAPS),
                ],
                condition=Q(state=Decision.APPROVED.value),
            ),
        ]
        indexes = [
            models.Index(
                fields=["employer", "starts_on"], condition=Q(state=Decision.APPROVED.value), name="variation_approved"
            ),
        ]
        triggers = [
            pgtrigger.Protect(name="never_deleted", operation=pgtrigger.Delete),
            pgtrigger.Protect(
                name="what_was_proposed_stays",
                operation=pgtrigger.Update,
                condition=pgtrigger.AnyChange(
                    "employer",
                    "pack",
                    "indicator",
                    "met",
                    "partly",
                    "reason",
                    "evidence",
                    "review_on",
                    "proposed_by",
                    "proposed_at",
                ),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.pack}, {self.indicator}: {self.met} and {self.partly}"

    def stage(self, on: date) -> Stage:
        """Where it stands on a day."""
        return stage(
            Decision(self.state), starts_on=self.starts_on, review_on=self.review_on, ended_on=self.ended_on, on=on
        )

    def as_variation(self) -> Variation:
        """What findings need of it."""
        return Variation(
            met=self.met,
            partly=self.partly,
            reason=self.reason,
            approver=str(self.decided_by or ""),
            starts_on=self.starts_on,
            review_on=self.review_on,
            ended_on=self.ended_on,
        )
