"""What people are told about their accounts by e-mail."""

from typing import Self

from django.db import models
from django.db.models import Q

from teams.models.organisation import User

MOST_ATTEMPTS = 5


class AccountLetterQuerySet(models.QuerySet["AccountLetter"]):
    def unsent(self) -> Self:
        return self.filter(sent_at=None, withdrawn_at=None)

    def to_send(self) -> Self:
        return self.unsent().filter(attempts__lt=MOST_ATTEMPTS)

    def given_up(self) -> Self:
        """Those that the mail server has refused too often."""
        return self.unsent().filter(attempts__gte=MOST_ATTEMPTS)


class AccountLetter(models.Model):
    """An e-mail about an account, sent or to be sent. Some carry a link by which a password is set, once.

    Of the link only a hash is kept, made when the letter is sent: nobody can read a link that works from this table.
    """

    class Kind(models.TextChoices):
        INVITATION = "INVITATION", "Invitation"
        FORGOTTEN = "FORGOTTEN", "Forgotten password"
        CHANGED = "CHANGED", "What was changed"

    WITH_LINK = (Kind.INVITATION, Kind.FORGOTTEN)

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="letters")
    kind = models.CharField(max_length=20, choices=Kind)
    words = models.CharField(max_length=200, blank=True, help_text="What was changed.")
    made_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True, help_text="Null: a worker has still to send it.")
    attempts = models.PositiveSmallIntegerField(default=0)
    token_hash = models.CharField(max_length=64, blank=True)
    expires_at = models.DateTimeField(null=True)
    used_at = models.DateTimeField(null=True)
    withdrawn_at = models.DateTimeField(null=True)

    objects = AccountLetterQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        indexes = [models.Index(fields=["made_at"], condition=Q(sent_at__isnull=True), name="letters_to_send")]
        constraints = [
            models.UniqueConstraint("token_hash", condition=~Q(token_hash=""), name="account_letter_one_link"),
            models.CheckConstraint(
                condition=Q(token_hash="") | Q(expires_at__isnull=False, sent_at__isnull=False),
                name="account_letter_links_expire",
            ),
            models.CheckConstraint(
                condition=Q(used_at__isnull=True) | ~Q(token_hash=""), name="account_letter_used_has_a_link"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} for {self.user}"
