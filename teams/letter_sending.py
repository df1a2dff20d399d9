"""Sends the letters that wait. A letter is claimed by changing its row, so that of several workers one sends it."""

import logging
import secrets
from datetime import datetime, timedelta
from hashlib import sha256

from django.conf import settings
from django.core.mail import EmailMessage
from django.db.models import F
from django.urls import reverse

from teams.models import AccountLetter

LOG = logging.getLogger(__name__)
INVITED_FOR = timedelta(days=7)
FORGOTTEN_FOR = timedelta(hours=1)
OURS = "Team Health Check"
LIVES = {AccountLetter.Kind.INVITATION: INVITED_FOR, AccountLetter.Kind.FORGOTTEN: FORGOTTEN_FOR}
SUBJECTS = {
    AccountLetter.Kind.INVITATION: f"Your account for {OURS}",
    AccountLetter.Kind.FORGOTTEN: f"A new password for {OURS}",
    AccountLetter.Kind.CHANGED: f"A change to your account for {OURS}",
}
BODIES = {
    AccountLetter.Kind.INVITATION: """Hello {name},

an account for {ours} has been opened for you. Choose a password here within seven days:
{link}

You sign in with this e-mail address. The link works once. If it has run out, ask your employer's system
administrator to invite you again.
""",
    AccountLetter.Kind.FORGOTTEN: """Hello {name},

somebody, we hope you, asked for a new password for your account. Choose it here within the hour:
{link}

The link works once. If it was not you, do nothing: your password stays as it is.
""",
    AccountLetter.Kind.CHANGED: """Hello {name},

your account was changed: {words}.

If you know of it, there is nothing to do. If you do not, tell your employer's system administrator at once.
{site}
""",
}


def send_letters(*, at: datetime) -> None:
    """Send what waits, the oldest first. One that cannot be sent is tried again by the next sweep."""
    for letter in AccountLetter.objects.to_send().select_related("user"):
        _send(letter, at=at)


def _send(letter: AccountLetter, *, at: datetime) -> None:
    kind = AccountLetter.Kind(letter.kind)
    token = secrets.token_urlsafe(32) if kind in LIVES else None
    claimed = (
        AccountLetter.objects.unsent()
        .filter(pk=letter.pk)
        .update(
            sent_at=at,
            attempts=F("attempts") + 1,
            token_hash=hash_of(token) if token else "",
            expires_at=at + LIVES[kind] if token else None,
        )
    )
    if not claimed:
        return
    try:
        EmailMessage(subject=SUBJECTS[kind], body=_body(letter, kind, token), to=[letter.user.email]).send()
    except OSError:  # the mail server's refusals are among these
        AccountLetter.objects.filter(pk=letter.pk, used_at=None).update(sent_at=None, token_hash="", expires_at=None)
        LOG.warning("A letter about an account could not be sent (%s), attempt %d.", letter.pk, letter.attempts + 1)


def _body(letter: AccountLetter, kind: AccountLetter.Kind, token: str | None) -> str:
    return BODIES[kind].format(
        name=letter.user,
        ours=OURS,
        words=letter.words,
        link=f"{settings.SITE_ADDRESS}{reverse('set-password', args=[token])}" if token else "",
        site=settings.SITE_ADDRESS,
    )


def hash_of(token: str) -> str:
    """What is kept of a link: its token has as many chances as there are keys, so that a plain hash hides it."""
    return sha256(token.encode()).hexdigest()
