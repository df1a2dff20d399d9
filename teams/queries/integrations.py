"""Integrations and their tokens as administrators see them, and as the API knows them again."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Prefetch
from django.http import Http404

from teams.models import ApiToken, Employer, Integration

EXPIRING = timedelta(days=14)


@dataclass(frozen=True)
class TokenRow:
    """A token and how it stands."""

    token: ApiToken
    at: datetime

    @property
    def works(self) -> bool:
        return self.state in {"Works", "Expires soon"}

    @property
    def state(self) -> str:
        if self.token.ended_at is not None:
            return "Withdrawn"
        if self.token.expires_at <= self.at:
            return "Expired"
        return "Expires soon" if self.token.expires_at <= self.at + EXPIRING else "Works"


@dataclass(frozen=True)
class IntegrationRow:
    """An integration with its tokens, the newest first."""

    integration: Integration
    tokens: Sequence[TokenRow]

    @property
    def working(self) -> list[TokenRow]:
        return [row for row in self.tokens if row.works and self.integration.ended_at is None]

    @property
    def used_at(self) -> datetime | None:
        """When any of its tokens was last used."""
        return max((row.token.used_at for row in self.tokens if row.token.used_at), default=None)

    @property
    def state(self) -> str:
        if self.integration.ended_at is not None:
            return "Ended"
        if not self.working:
            return "No token that works"
        return "Works" if any(row.state == "Works" for row in self.working) else "Token expires soon"


def integrations(employer: Employer, *, at: datetime) -> list[IntegrationRow]:
    """Every integration of an employer, those that have ended last. Two statements."""
    rows = Integration.objects.filter(employer=employer).prefetch_related("tokens")
    found = [_row(row, at=at) for row in rows]
    return sorted(found, key=lambda row: row.integration.ended_at is not None)


def find_integration(employer: Employer, public_id: UUID, *, at: datetime) -> IntegrationRow:
    """An integration of an employer with its tokens; another employer's is not there (404). Two statements."""
    tokens = Prefetch("tokens", ApiToken.objects.select_related("made_by"))
    rows = Integration.objects.filter(employer=employer, public_id=public_id).select_related("employer")
    row = rows.prefetch_related(tokens).first()
    if row is None:
        raise Http404("There is no such integration.")
    return _row(row, at=at)


def find_token(row: IntegrationRow, public_id: UUID) -> ApiToken:
    """One of an integration's tokens; any other is not there (404)."""
    found = next((one.token for one in row.tokens if one.token.public_id == public_id), None)
    if found is None:
        raise Http404("There is no such token.")
    return found


def known_token(digest: str, *, at: datetime) -> ApiToken | None:
    """The token of a digest, if it opens the API now, with its integration and what acts for it. One statement."""
    rows = ApiToken.objects.working(at).filter(digest=digest, integration__user__is_active=True)
    return rows.select_related("integration__user", "integration__employer").first()


def _row(row: Integration, *, at: datetime) -> IntegrationRow:
    return IntegrationRow(row, [TokenRow(token, at) for token in row.tokens.all()])
