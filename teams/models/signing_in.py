"""Who is signed in, where from, and until when."""

from hashlib import sha256

from django.contrib.sessions.backends.base import SessionBase
from django.contrib.sessions.base_session import AbstractBaseSession
from django.db import models

from teams.models.organisation import User


class SignIn(AbstractBaseSession):
    """A browser's session; somebody's sign-in once it names them. Ending it is deleting its row."""

    user = models.ForeignKey(User, null=True, on_delete=models.CASCADE, related_name="sign_ins")
    begun_at = models.DateTimeField(null=True, help_text="When they signed in.")
    seen_at = models.DateTimeField(help_text="When they were last here, to the minute.")
    address = models.GenericIPAddressField(null=True, help_text="Where they signed in from.")
    device = models.CharField(max_length=80, blank=True, help_text="The browser they signed in with, in words.")

    class Meta:
        ordering = ["-seen_at", "session_key"]

    def __str__(self) -> str:
        return f"{self.user}, {self.device}"

    @property
    def mark(self) -> str:
        """What names the sign-in on pages and in addresses; nobody can find the key from it."""
        return sha256(self.session_key.encode()).hexdigest()[:32]

    @classmethod
    def get_session_store_class(cls) -> type[SessionBase]:
        from teams.sessions import SessionStore  # noqa: PLC0415 - the store is made of this model

        return SessionStore
