"""An employer's own standards while they are being written."""

import uuid
from typing import Self

from django.db import models
from django.db.models import Q

from standards.definition import OWN_PREFIX
from standards.models.sets import StandardSet
from teams.models import Employer, User


class StandardDraftQuerySet(models.QuerySet["StandardDraft"]):
    def unpublished(self) -> Self:
        return self.filter(published=None)


class StandardDraft(models.Model):
    """A copy of a set that the employer changes until it is published. It may be faulty until then."""

    employer = models.ForeignKey(Employer, on_delete=models.PROTECT, related_name="standard_drafts")
    pack = models.SlugField(max_length=80)
    document = models.JSONField(help_text="The draft in the form of a pack.")
    copied_from = models.ForeignKey(StandardSet, on_delete=models.PROTECT, related_name="+")
    started_at = models.DateTimeField()
    started_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    changed_at = models.DateTimeField()
    changed_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    revision = models.PositiveIntegerField(default=1)
    published = models.OneToOneField(StandardSet, null=True, on_delete=models.PROTECT, related_name="draft")
    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)

    objects = StandardDraftQuerySet.as_manager()

    class Meta:
        ordering = ["employer", "-started_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["employer", "pack"], condition=Q(published=None), name="standard_draft_one_at_a_time"
            ),
            models.CheckConstraint(condition=Q(pack__startswith=OWN_PREFIX), name="standard_draft_own_by_its_name"),
        ]

    def __str__(self) -> str:
        return str(self.document.get("title") or self.pack)
