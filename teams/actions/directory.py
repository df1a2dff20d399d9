"""Accounts of people who sign in by their employer's directory: opened, and their roles brought in line, as they do."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

from allauth.socialaccount.models import SocialAccount
from django.db import transaction
from django.utils.text import slugify
from django.utils.timezone import localdate

from teams import audit
from teams.actions.roles import NewRole, end_role, give_role
from teams.actions.sessions import end_sessions
from teams.audit import Event
from teams.directory_roles import GivenRole
from teams.models import Employer, RoleAssignment, ServiceArea, Team, User, Worker
from teams.names import names_of
from teams.roles import TEAM_ROLES

DIRECTORY = "directory"


@dataclass(frozen=True)
class Person:
    """Somebody as the directory knows them. `key` never changes and is nobody else's; an address may be both."""

    key: str
    subject: str
    name: str = ""
    email: str = ""
    staff_reference: str = ""


@transaction.atomic
def bring_in_line(*, employer: Employer, person: Person, roles: Collection[GivenRole], at: datetime) -> User | None:
    """The account of somebody who has just signed in by the directory, with exactly the roles it gives them.

    The first time it is opened. None: the directory gives them no role here; an account they had loses its own.
    """
    places = _places(employer, roles)
    known = SocialAccount.objects.select_for_update(of=("self",)).filter(provider=DIRECTORY, uid=person.key).first()
    if known is None and not places:
        return None
    user: User = known.user if known else _opened(employer, person, at=at)
    if known is not None:
        _know_again(user, known, person)
    _join_worker(employer, user, person)
    _set_roles(employer, user, places, at=at)
    return user if places else None


@transaction.atomic
def signed_out_by_directory(*, subject: str, at: datetime) -> int:
    """The directory says that somebody is signed out, or gone: end their sessions. Gives how many ended."""
    known = SocialAccount.objects.filter(provider=DIRECTORY, extra_data__subject=subject).select_related("user").first()
    if known is None:
        return 0
    user: User = known.user
    ended = end_sessions(user)
    for employer in user.employers():
        audit.record(
            Event.SIGN_INS_ENDED,
            employer=employer,
            target=user,
            by=None,
            at=at,
            detail={"ended": ended, "how": DIRECTORY},
        )
    return ended


def _opened(employer: Employer, person: Person, *, at: datetime) -> User:
    """A new account. Nobody's that is there already, even if the address is the same: an address proves nothing."""
    email = "" if User.objects.filter(email__iexact=person.email).exists() else person.email.lower()
    taken = not email or User.objects.filter(username__iexact=email).exists()
    username = f"directory-{sha256(person.key.encode()).hexdigest()[:12]}" if taken else email
    user = User.objects.create_user(username=username, email=email, password=None, **names_of(person.name))
    SocialAccount.objects.create(user=user, provider=DIRECTORY, uid=person.key, extra_data={"subject": person.subject})
    audit.record(Event.ACCOUNT_OPENED, employer=employer, target=user, by=None, at=at, detail={"how": DIRECTORY})
    return user


def _know_again(user: User, known: SocialAccount, person: Person) -> None:
    """The directory knows best how somebody is called, and where they are written to."""
    for name, value in names_of(person.name).items():
        setattr(user, name, value)
    if person.email and not User.objects.filter(email__iexact=person.email).exclude(pk=user.pk).exists():
        user.email = person.email.lower()
    user.save(update_fields=["first_name", "last_name", "email"])
    known.extra_data = {"subject": person.subject}
    known.save(update_fields=["extra_data"])


def _join_worker(employer: Employer, user: User, person: Person) -> None:
    """Make them the worker whose staff reference the directory names, unless somebody else is."""
    if person.staff_reference and not Worker.objects.filter(user=user).exists():
        rows = Worker.objects.filter(employer=employer, staff_reference=person.staff_reference, user=None)
        if rows.count() == 1:
            rows.update(user=user)


Place = tuple[GivenRole, Team | ServiceArea | None]


def _places(employer: Employer, roles: Iterable[GivenRole]) -> list[Place]:
    """The roles with the rows of where they are held; a role at a place that is not there means nothing."""
    teams = {slugify(team.name): team for team in employer.teams.all()}
    areas = {slugify(area.name): area for area in employer.service_areas.all()}
    found: list[Place] = []
    for given in sorted(roles):
        rows = teams if given.role in TEAM_ROLES else areas
        if not given.place or given.place in rows:
            found.append((given, rows[given.place] if given.place else None))
    return found


def _set_roles(employer: Employer, user: User, places: Iterable[Place], *, at: datetime) -> None:
    """Give what is missing and end what is too much. Whoever stands in for a colleague goes on doing so."""
    held = RoleAssignment.every.unended().filter(user=user, employer=employer, stands_in_for=None)
    rows = {
        (row.role, row.team_id, row.service_area_id): row for row in held.select_related("employer", "team", "user")
    }
    for given, place in places:
        team = place.pk if isinstance(place, Team) else None
        area = place.pk if isinstance(place, ServiceArea) else None
        if rows.pop((given.role.value, team, area), None) is None:
            new = NewRole(given.role, place, starts_on=localdate(at))
            give_role(employer=employer, user=user, new=new, by=None, at=at)
    for row in rows.values():
        end_role(row=row, on=localdate(at), by=None, at=at)
