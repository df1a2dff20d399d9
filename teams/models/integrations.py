"""Other systems that use the API for an employer, and the tokens they show."""

import uuid
from datetime import datetime
from typing import Self

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower

from teams.models.organisation import Employer, User
from teams.scopes import SCOPE_NAMES, Scope


class Integration(models.Model):
    """Another system. What it does is done by an account of its own, by which nobody can sign in."""

    employer = models.ForeignKey(Employer, on_delete=models.PROTECT, related_name="integrations")
    user = models.OneToOneField(User, on_delete=models.PROTECT, related_name="integration")
    name = models.CharField(max_length=100)
    scopes = ArrayField(models.CharField(max_length=20, choices=[(one.value, SCOPE_NAMES[one]) for one in Scope]))
    made_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, help_text="From when none of its tokens works any more.")
    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)

    class Meta:
        ordering = [Lower("name"), "pk"]
        constraints = [
            models.UniqueConstraint("employer", Lower("name"), name="integration_name_unique"),
            models.CheckConstraint(condition=~Q(name=""), name="integration_has_a_name"),
            models.CheckConstraint(
                condition=Q(scopes__len__gt=0) & Q(scopes__contained_by=[one.value for one in Scope]),
                name="integration_scopes_are_known",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def scope_names(self) -> list[str]:
        return [name for scope, name in SCOPE_NAMES.items() if scope in self.scopes]


class ApiTokenQuerySet(models.QuerySet["ApiToken"]):
    def working(self, at: datetime) -> Self:
        """Tokens that open the API at a moment."""
        return self.filter(
            Q(ended_at__isnull=True) | Q(ended_at__gt=at), expires_at__gt=at, integration__ended_at__isnull=True
        )


class ApiToken(models.Model):
    """A secret that was shown once. What is kept is its digest, by which it is known again and cannot be made."""

    integration = models.ForeignKey(Integration, on_delete=models.PROTECT, related_name="tokens")
    digest = models.CharField(max_length=64, unique=True)
    begins = models.CharField(max_length=12, help_text="By which people tell tokens apart.")
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    expires_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, help_text="When it was withdrawn before it expired.")
    used_at = models.DateTimeField(null=True, help_text="When it was last used, to the minute.")
    used_from = models.GenericIPAddressField(null=True, help_text="Where it was last used from.")
    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)

    objects = ApiTokenQuerySet.as_manager()

    class Meta:
        ordering = ["-made_at", "-pk"]
        constraints = [
            models.CheckConstraint(condition=Q(expires_at__gt=F("made_at")), name="api_token_expires_after_it_is_made"),
        ]

    def __str__(self) -> str:
        return f"{self.integration}, {self.begins}…"


class KeptAnswer(models.Model):
    """What a call of the API that changed something was answered, to be answered again when the call is repeated."""

    integration = models.ForeignKey(Integration, on_delete=models.CASCADE, related_name="kept_answers")
    key = models.CharField(max_length=100, help_text="The caller's own, once for each call.")
    asked = models.CharField(max_length=64, help_text="The digest of what was asked.")
    answer = models.TextField(help_text="JSON, to the letter.")
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["integration", "key"], name="kept_answer_once")]

    def __str__(self) -> str:
        return f"{self.integration}: {self.key}"
