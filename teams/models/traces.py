"""What was done, by whom, when and from where; and the chain in which the entries of an employer hang together."""

import pgtrigger
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Q

from teams.models.organisation import Employer, User


class AuditEntry(models.Model):
    """What was done, by whom, when and from where. Rows can only be added; the database refuses anything else.

    Employer null: the service itself, such as a failed sign-in of nobody that is known. At commit a trigger of the
    database adds the entry's link to the chain of its employer.
    """

    employer = models.ForeignKey(
        Employer, null=True, on_delete=models.PROTECT, db_index=False, related_name="audit_entries"
    )
    at = models.DateTimeField()
    by = models.ForeignKey(
        User, null=True, on_delete=models.PROTECT, db_index=False, related_name="+", help_text="Null: the machine."
    )
    event = models.CharField(max_length=60)
    target = models.CharField(max_length=120, help_text="Kind and key of the row acted on.")
    detail = models.JSONField(default=dict)
    address = models.GenericIPAddressField(null=True, help_text="Null: no request, such as a task or a command.")
    request = models.UUIDField(null=True, help_text="The same for everything that one request did.")

    class Meta:
        ordering = ["pk"]
        indexes = [
            models.Index(fields=["employer", "at", "id"], name="audit_entry_at"),
            models.Index(fields=["employer", "by", "at"], name="audit_entry_by"),
            models.Index(fields=["employer", "event", "at"], name="audit_entry_event"),
            models.Index(fields=["employer", "target", "at"], name="audit_entry_target"),
            models.Index(fields=["employer", "address", "at"], name="audit_entry_address"),
            GinIndex(fields=["detail"], opclasses=["jsonb_path_ops"], name="audit_entry_detail"),
        ]
        triggers = [pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.event} {self.target}"


class AuditLink(models.Model):
    """The place of an entry in its employer's chain: its hash is of the entry and of the link before.

    Only the database adds one. An entry that retention removed leaves its link, without it, where the chain begins.
    """

    employer = models.ForeignKey(Employer, null=True, on_delete=models.PROTECT, db_index=False, related_name="+")
    number = models.BigIntegerField(help_text="1, 2, 3 … in each chain.")
    entry = models.OneToOneField(AuditEntry, null=True, on_delete=models.PROTECT, related_name="link")
    hash = models.BinaryField(max_length=32, help_text="SHA-256.")

    class Meta:
        ordering = ["employer", "number"]
        constraints = [
            models.UniqueConstraint(fields=["employer", "number"], nulls_distinct=False, name="audit_link_unique"),
            models.CheckConstraint(condition=Q(number__gte=1), name="audit_link_from_one"),
        ]
        triggers = [pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self) -> str:
        return f"{self.employer or 'the service itself'}: {self.number}"
