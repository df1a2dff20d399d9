"""What a team answers to each indicator, the evidence for it, and the questions that the panel asks about it."""

import uuid
from typing import Self

import pgtrigger
from django.db import models
from django.db.models import Q

from checks.checking import Judgement, Priority
from checks.findings import FINDING_NAMES, Finding
from checks.models.cycles import HealthCheck
from standards.definition import KIND_NAMES
from teams.models import User

_FINDINGS = [(finding.value, name) for finding, name in FINDING_NAMES.items()]
_JUDGEMENTS = [(one.value, FINDING_NAMES[Finding(one.value)]) for one in Judgement]


def _only_while_open(table: str, check: str) -> list[pgtrigger.Trigger]:
    """Rows of a check that is not open can be neither added nor changed; `check` is the key's expression."""
    return [
        pgtrigger.Trigger(
            name=f"{table}_only_while_open",
            operation=pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete,
            when=pgtrigger.Before,
            declare=[("standing", "TEXT"), ("row_of", f"checks_{table}%ROWTYPE")],
            func=f"""
                IF TG_OP = 'DELETE' THEN row_of := OLD; ELSE row_of := NEW; END IF;
                SELECT state INTO standing FROM checks_healthcheck WHERE id = {check};
                IF standing <> 'OPEN' THEN
                    RAISE EXCEPTION 'This health check has been submitted: its answers cannot change.'
                          USING ERRCODE = 'check_violation';
                END IF;
                RETURN row_of;
            """,  # noqa: S608 - its parts are our own words
        )
    ]


class Answer(models.Model):
    """The answer to one indicator: what was measured, and what the manager says. It changes while its check is open.

    `measured` holds, frozen in words: title, unit, formula, source, shown, thresholds, note, headings and lines, and
    what else a reader needs who has nothing but this row and the published version of the standards.
    """

    check_of = models.ForeignKey(HealthCheck, on_delete=models.PROTECT, related_name="answers")
    number = models.PositiveSmallIntegerField(help_text="Its place in the set.")
    standard = models.CharField(max_length=20)
    indicator = models.CharField(max_length=40)
    kind = models.CharField(max_length=10, choices=[(kind.value, name) for kind, name in KIND_NAMES.items()])
    measured = models.JSONField(default=dict)
    value = models.DecimalField(max_digits=12, decimal_places=2, null=True)
    finding = models.CharField(max_length=12, choices=_FINDINGS, blank=True, help_text="Empty: nothing is measured.")
    local = models.JSONField(default=dict, help_text="The local variation in force, in words and figures.")
    local_finding = models.CharField(max_length=12, choices=_FINDINGS, blank=True)
    judgement = models.CharField(max_length=12, choices=_JUDGEMENTS, blank=True)
    commentary = models.TextField(blank=True)
    reason = models.TextField(blank=True, help_text="Why it is judged better than it was measured.")
    priority = models.CharField(
        max_length=10, choices=[(one.value, one.value.capitalize()) for one in Priority], blank=True
    )
    revision = models.PositiveIntegerField(default=0)
    changed_at = models.DateTimeField(null=True)
    changed_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["check_of", "number"]
        constraints = [
            models.UniqueConstraint(fields=["check_of", "indicator"], name="answer_one_for_each_indicator"),
            models.CheckConstraint(
                condition=Q(kind="JUDGED", finding="", value__isnull=True) | ~Q(kind="JUDGED"),
                name="answer_judged_is_not_measured",
            ),
        ]
        triggers = _only_while_open("answer", "row_of.check_of_id")

    def __str__(self) -> str:
        return f"{self.check_of}: {self.indicator}"

    @property
    def found(self) -> Finding | None:
        """The finding that the figures give: under the local threshold where one is in force; None where judged."""
        said = self.local_finding or self.finding
        return Finding(said) if said else None

    @property
    def judged(self) -> Judgement | None:
        return Judgement(self.judgement) if self.judgement else None


class KeptWorkload(models.Model):
    """The team's workload as a check keeps it, in words and figures: what its report prints for ever."""

    check_of = models.OneToOneField(HealthCheck, on_delete=models.PROTECT, related_name="kept")
    content = models.JSONField()

    class Meta:
        triggers = _only_while_open("keptworkload", "row_of.check_of_id")

    def __str__(self) -> str:
        return f"Workload of {self.check_of}"


class EvidenceQuerySet(models.QuerySet["Evidence"]):
    def visible_to(self, user: User) -> Self:
        """Evidence of the checks that the user may see, removed ones left out."""
        checks = HealthCheck.objects.visible_to(user)
        return self.filter(answer__check_of__in=checks.values("pk"), removed_at__isnull=True)


class Evidence(models.Model):
    """A link or a small file that shows what an answer says. A file is kept in the storage, under a name of our own."""

    answer = models.ForeignKey(Answer, on_delete=models.PROTECT, related_name="evidence")
    title = models.CharField(max_length=200)
    url = models.URLField(max_length=500, blank=True)
    file = models.FileField(upload_to="evidence/", blank=True, max_length=200)
    file_name = models.CharField(max_length=200, blank=True, help_text="As its owner called it.")
    media_type = models.CharField(max_length=100, blank=True, help_text="By its content, not by its name.")
    size = models.PositiveIntegerField(default=0)
    added_at = models.DateTimeField()
    added_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    removed_at = models.DateTimeField(null=True)
    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)

    objects = EvidenceQuerySet.as_manager()

    class Meta:
        ordering = ["answer", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(url="", file_name__gt="") | Q(url__gt="", file_name=""), name="evidence_link_or_file"
            ),
        ]
        triggers = _only_while_open("evidence", "(SELECT check_of_id FROM checks_answer WHERE id = row_of.answer_id)")

    def __str__(self) -> str:
        return self.title


class ChallengeQuerySet(models.QuerySet["Challenge"]):
    def visible_to(self, user: User) -> Self:
        return self.filter(check_of__in=HealthCheck.objects.visible_to(user).values("pk"))


class Challenge(models.Model):
    """A question of the panel about one answer: answered, or conceded, so that the panel's judgement stands."""

    class State(models.TextChoices):
        OPEN = "OPEN", "Waiting for an answer"
        ANSWERED = "ANSWERED", "Answered"
        CONCEDED = "CONCEDED", "Conceded"
        RETURNED = "RETURNED", "Returned with the check"

    check_of = models.ForeignKey(HealthCheck, on_delete=models.PROTECT, related_name="challenges")
    answer = models.ForeignKey(Answer, on_delete=models.PROTECT, related_name="challenges")
    submission = models.PositiveSmallIntegerField(help_text="Which submission of the check it is about.")
    question = models.TextField()
    suggested = models.CharField(max_length=12, choices=_JUDGEMENTS)
    state = models.CharField(max_length=10, choices=State, default=State.OPEN)
    reply = models.TextField(blank=True)
    raised_at = models.DateTimeField()
    raised_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    replied_at = models.DateTimeField(null=True)
    replied_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)

    objects = ChallengeQuerySet.as_manager()

    class Meta:
        ordering = ["check_of", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["answer"], condition=Q(state="OPEN"), name="challenge_one_open_for_each_answer"
            ),
            models.CheckConstraint(
                condition=Q(state="OPEN", replied_at__isnull=True) | ~Q(state="OPEN"),
                name="challenge_open_has_no_reply",
            ),
        ]
        triggers = [pgtrigger.Protect(name="challenge_never_deleted", operation=pgtrigger.Delete)]

    def __str__(self) -> str:
        return f"{self.answer}: {self.question}"
