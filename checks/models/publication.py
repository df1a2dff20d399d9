"""What of a cycle anybody may read, exactly as it was published."""

import json
import uuid
from typing import Any

import pgtrigger
from django.db import models
from django.db.models import Q
from django.utils.functional import cached_property

from checks.models.cycles import Cycle
from teams.models import Employer, User


class Publication(models.Model):
    """One publication of a cycle. The newest of its cycle is what the public address shows; earlier ones are kept."""

    employer = models.ForeignKey(Employer, on_delete=models.PROTECT, related_name="publications")
    cycle = models.ForeignKey(Cycle, on_delete=models.PROTECT, related_name="publications")
    number = models.PositiveIntegerField(help_text="Which publication of its cycle it is, from 1.")
    slug = models.SlugField(max_length=140, help_text="The cycle's part of the public address; it never changes.")
    document = models.TextField(help_text="JSON as checks/publishing.py makes it, letter by letter as published.")
    published_at = models.DateTimeField()
    published_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    withdrawn_because = models.TextField(blank=True)
    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)

    class Meta:
        ordering = ["employer", "-published_at", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["cycle", "number"], name="publication_number_unique"),
            models.UniqueConstraint(fields=["employer", "slug", "number"], name="publication_address_unique"),
            models.CheckConstraint(
                condition=Q(withdrawn_at=None, withdrawn_by=None, withdrawn_because="")
                | Q(withdrawn_at__isnull=False) & ~Q(withdrawn_because=""),
                name="publication_withdrawn_with_words",
            ),
        ]
        triggers = [
            pgtrigger.Protect(name="publication_never_deleted", operation=pgtrigger.Delete),
            pgtrigger.Protect(
                name="publication_stays",
                operation=pgtrigger.Update,
                condition=pgtrigger.AnyChange(
                    *("employer", "cycle", "number", "slug", "document", "published_at", "published_by", "public_id")
                ),
            ),
            pgtrigger.Protect(
                name="publication_stays_withdrawn",
                operation=pgtrigger.Update,
                condition=pgtrigger.Q(old__withdrawn_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.cycle}, publication {self.number}"

    @cached_property
    def content(self) -> dict[str, Any]:
        """What anybody may read of the cycle."""
        return dict(json.loads(self.document))
