"""Staff surveys. No row leads from an answer to a person: docs/surveys.md says what each row holds, and why no more."""

import uuid
from datetime import date
from typing import Self

import pgtrigger
from django.db import models
from django.db.models import F, Q

from checks.models.cycles import Cycle
from checks.surveys import Kind
from teams.models import Employer, ServiceArea, Team, User


class InstrumentQuerySet(models.QuerySet["Instrument"]):
    def usable_by(self, employer: Employer) -> Self:
        """What comes with the product, and what the employer has loaded."""
        return self.filter(Q(employer__isnull=True) | Q(employer=employer))


class Instrument(models.Model):
    """One version of a survey's questions. It never changes."""

    employer = models.ForeignKey(
        Employer, null=True, on_delete=models.PROTECT, related_name="instruments", help_text="Null: the product's."
    )
    code = models.SlugField(max_length=80)
    version = models.CharField(max_length=20)
    title = models.CharField(max_length=200)
    kind = models.CharField(max_length=10, choices=[(kind.value, kind.value.capitalize()) for kind in Kind])
    source = models.TextField()
    licence = models.TextField()
    document = models.JSONField(help_text="The instrument whole, as checks/instrument_files.py stores it.")
    loaded_at = models.DateTimeField()

    objects = InstrumentQuerySet.as_manager()

    class Meta:
        ordering = ["title", "-loaded_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["employer", "code", "version"], nulls_distinct=False, name="instrument_version_unique"
            ),
        ]
        triggers = [pgtrigger.Protect(name="instrument_is_final", operation=pgtrigger.Update)]

    def __str__(self) -> str:
        return f"{self.title}, version {self.version}"


class InstrumentBenchmark(models.Model):
    """Scores that an employer compares its own with: scale → 0 to 100."""

    employer = models.ForeignKey(Employer, on_delete=models.PROTECT, related_name="instrument_benchmarks")
    instrument = models.ForeignKey(Instrument, on_delete=models.CASCADE, related_name="benchmarks")
    label = models.CharField(max_length=200, help_text="Whose scores they are, and of when.")
    scores = models.JSONField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["employer", "instrument"], name="benchmark_unique")]

    def __str__(self) -> str:
        return self.label


class SurveyQuerySet(models.QuerySet["Survey"]):
    def visible_to(self, user: User) -> Self:
        """Surveys of the employers that the user belongs to."""
        return self.filter(employer__in=Employer.objects.visible_to(user).values("pk"))

    def closed(self, day: date) -> Self:
        """Surveys that take no more answers, and whose results may therefore be shown."""
        return self.filter(Q(closed_on__isnull=False) | Q(closes_on__lt=day))


class Survey(models.Model):
    """One instrument put to the teams of a cycle, from one day to another. Closed, it is never opened again."""

    employer = models.ForeignKey(Employer, on_delete=models.PROTECT, related_name="surveys")
    cycle = models.ForeignKey(Cycle, on_delete=models.PROTECT, related_name="surveys")
    instrument = models.ForeignKey(Instrument, on_delete=models.PROTECT, related_name="surveys")
    opens_on = models.DateField()
    closes_on = models.DateField(help_text="The last day on which answers are taken.")
    closed_on = models.DateField(null=True, help_text="When it was closed before its last day was over.")
    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)

    objects = SurveyQuerySet.as_manager()

    class Meta:
        ordering = ["-opens_on", "pk"]
        indexes = [models.Index(fields=["employer", "opens_on"], name="survey_employer_opens")]
        constraints = [
            models.UniqueConstraint(fields=["cycle", "instrument"], name="survey_one_for_each_instrument"),
            models.CheckConstraint(condition=Q(opens_on__lte=F("closes_on")), name="survey_days_in_order"),
        ]
        triggers = [
            pgtrigger.Protect(
                name="survey_stays_closed",
                operation=pgtrigger.Update,
                condition=pgtrigger.Q(old__closed_on__isnull=False),
            )
        ]

    def __str__(self) -> str:
        return f"{self.instrument.title}, {self.cycle}"


class TeamSurvey(models.Model):
    """A team's part in a survey. It keeps the service area the team was in, so that groups never shift afterwards."""

    survey = models.ForeignKey(Survey, on_delete=models.PROTECT, related_name="teams")
    team = models.ForeignKey(Team, on_delete=models.PROTECT, related_name="surveys")
    service_area = models.ForeignKey(ServiceArea, on_delete=models.PROTECT, related_name="+")
    invited = models.PositiveSmallIntegerField(default=0, help_text="How many links were made.")

    class Meta:
        ordering = ["team__name", "pk"]
        constraints = [models.UniqueConstraint(fields=["survey", "team"], name="survey_team_unique")]

    def __str__(self) -> str:
        return f"{self.team}: {self.survey}"


class SurveyLink(models.Model):
    """A link that has not been used yet: the SHA-256 of its token. It is deleted as its answer is stored."""

    token_hash = models.CharField(max_length=64, primary_key=True)
    team_survey = models.ForeignKey(TeamSurvey, on_delete=models.PROTECT, related_name="links")

    def __str__(self) -> str:
        return f"A link of {self.team_survey}"


class SurveyAnswer(models.Model):
    """One person's answers: item → point. Its key is random, and it has no time but the day."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    team_survey = models.ForeignKey(TeamSurvey, on_delete=models.PROTECT, related_name="answers")
    day = models.DateField()
    values = models.JSONField()

    class Meta:
        triggers = [pgtrigger.Protect(name="answer_is_final", operation=pgtrigger.Update)]

    def __str__(self) -> str:
        return f"An answer of {self.team_survey}"


class SurveyWords(models.Model):
    """What somebody wrote, apart from the points they gave: nothing leads from one to the other."""

    class State(models.TextChoices):
        HELD = "HELD", "Held"
        RELEASED = "RELEASED", "Released"
        WITHHELD = "WITHHELD", "Withheld"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    team_survey = models.ForeignKey(TeamSurvey, on_delete=models.PROTECT, related_name="words")
    question = models.SlugField(max_length=80)
    words = models.TextField()
    state = models.CharField(max_length=10, choices=State, default=State.HELD)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(condition=~Q(words=""), name="survey_words_not_empty"),
            models.CheckConstraint(
                condition=Q(state__in=["HELD", "RELEASED", "WITHHELD"]), name="survey_words_in_a_state"
            ),
        ]

    def __str__(self) -> str:
        return f"Words of {self.team_survey}"
