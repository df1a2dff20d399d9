"""Accounts as an administrator sees them, and one's own."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX
from django.db.models import Count, Max, Q, QuerySet
from django.http import Http404
from django.utils.text import slugify

from teams.models import AccountLetter, Employer, RoleAssignment, ServiceArea, SignIn, Team, User, Worker
from teams.queries.second_factor import FACTORS

PAGE = 50
OPEN, WAITING, CLOSED = "Open", "No password yet", "Closed"


@dataclass(frozen=True)
class Account:
    """An account with what it may do and how it stands."""

    user: User
    state: str
    by_directory: bool
    roles: Sequence[RoleAssignment]
    second_factor: bool
    sign_ins: int
    last_here: datetime | None
    worker: Worker | None
    invited_until: datetime | None

    def as_typed(self) -> dict[str, object]:
        """What a form about the account begins with."""
        worker = self.worker.public_id if self.worker else ""
        return {"name": str(self.user), "email": self.user.email, "worker": worker}

    @property
    def roles_in_words(self) -> list[str]:
        return [row.words for row in self.roles]


@dataclass(frozen=True)
class Scope:
    """Where a role may be held: the whole employer, a service area or a team."""

    key: str
    words: str
    place: Team | ServiceArea | None


def accounts_of(employer: Employer) -> QuerySet[User]:
    """Everybody who has or had a role with the employer, or is one of its workers; no integration."""
    known = RoleAssignment.every.filter(employer=employer)
    return (
        User.objects.filter(integration=None)
        .filter(Q(pk__in=known.values("user")) | Q(worker__employer=employer))
        .distinct()
    )


def account_list(employer: Employer, *, wanted: str = "", state: str = "") -> QuerySet[User]:
    """The accounts of an employer by name, narrowed down by what somebody typed and by how they stand."""
    found = accounts_of(employer).order_by("last_name", "first_name", "pk")
    for word in wanted.split():
        found = found.filter(
            Q(first_name__icontains=word)
            | Q(last_name__icontains=word)
            | Q(email__icontains=word)
            | Q(username__icontains=word)
        )
    waiting = Q(is_active=True, password__startswith=UNUSABLE_PASSWORD_PREFIX, socialaccount=None)
    wanted_state = {
        slugify(OPEN): Q(is_active=True) & ~waiting,
        slugify(WAITING): waiting,
        slugify(CLOSED): Q(is_active=False),
    }
    return found.filter(wanted_state.get(state, Q()))


def accounts(users: Sequence[User], *, employer: Employer, at: datetime) -> list[Account]:
    """What there is to say about some accounts. Six statements, however many they are."""
    keys = [user.pk for user in users]
    rows = RoleAssignment.every.unended().filter(user__in=keys, employer=employer).order_by("starts_on", "pk")
    roles = list(rows.select_related("employer", "team", "service_area", "stands_in_for__user"))
    factors = set(Authenticator.objects.filter(user_id__in=keys, type__in=FACTORS).values_list("user_id", flat=True))
    here = SignIn.objects.filter(user__in=keys, expire_date__gt=at).values("user")
    found = list(here.annotate(count=Count("pk"), last=Max("seen_at")).order_by())
    counted, seen = {row["user"]: row["count"] for row in found}, {row["user"]: row["last"] for row in found}
    workers = {worker.user_id: worker for worker in Worker.objects.filter(user__in=keys, employer=employer)}
    links = AccountLetter.objects.filter(user__in=keys, withdrawn_at=None, used_at=None, expires_at__gt=at)
    known = set(SocialAccount.objects.filter(user_id__in=keys).values_list("user_id", flat=True))
    until = dict(links.filter(kind=AccountLetter.Kind.INVITATION).values_list("user", "expires_at"))
    return [
        Account(
            user=user,
            state=_state(user, by_directory=user.pk in known),
            by_directory=user.pk in known,
            roles=[row for row in roles if row.user_id == user.pk],
            second_factor=user.pk in factors,
            sign_ins=counted.get(user.pk, 0),
            last_here=seen.get(user.pk) or user.last_login,
            worker=workers.get(user.pk),
            invited_until=until.get(user.pk),
        )
        for user in users
    ]


def _state(user: User, *, by_directory: bool) -> str:
    if not user.is_active:
        return CLOSED
    return OPEN if by_directory or user.has_usable_password() else WAITING


def find_account_of(employer: Employer, public_id: UUID, *, at: datetime) -> Account:
    """An account of an employer; others are not there (404)."""
    user = accounts_of(employer).filter(public_id=public_id).first()
    if user is None:
        raise Http404("There is no such account.")
    return accounts([user], employer=employer, at=at)[0]


def find_role(employer: Employer, account: User, pk: int) -> RoleAssignment:
    """A role of an account that has not ended; 404 for others, and for those of a colleague stood in for."""
    rows = RoleAssignment.every.unended().filter(user=account, employer=employer, stands_in_for=None)
    row = rows.select_related("employer", "team", "service_area", "user").filter(pk=pk).first()
    if row is None:
        raise Http404("There is no such role.")
    return row


def scopes(employer: Employer) -> list[Scope]:
    """Everywhere in an employer that a role may be held. Two statements."""
    areas = [Scope(f"area-{area.pk}", f"Service area: {area}", area) for area in employer.service_areas.all()]
    teams = [Scope(f"team-{team.pk}", f"Team: {team}", team) for team in employer.teams.all()]
    return [Scope("employer", f"All of {employer}", None), *areas, *teams]


def workers_to_be(employer: Employer, account: User | None = None) -> list[Worker]:
    """The workers of an employer whom no account names yet, and the one that this account names; by name."""
    return list(employer.workers.filter(Q(user=None) | Q(user=account)).order_by("name", "pk"))


def sign_ins_of(user: User, *, at: datetime) -> list[SignIn]:
    """Where somebody is signed in, the newest first."""
    return list(SignIn.objects.filter(user=user, expire_date__gt=at))
