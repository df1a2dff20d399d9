"""Employers, their service areas and teams, and who may sign in and as what."""

import uuid
from typing import Self

from django.contrib.auth.models import AbstractUser
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower

from teams.models.role_assignments import RoleAssignment, RoleAssignmentQuerySet
from teams.roles import Permission, roles_with


class User(AbstractUser):
    """Somebody who may sign in. What they see follows from their role assignments and their own worker record."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)

    class Meta(AbstractUser.Meta):
        constraints = [
            models.UniqueConstraint(Lower("email"), condition=~Q(email=""), name="user_email_unique"),
            models.UniqueConstraint(Lower("username"), name="user_name_unique_in_any_case"),
        ]

    def employers(self) -> "EmployerQuerySet":
        """The employers that they have to do with."""
        return Employer.objects.visible_to(self)

    def __str__(self) -> str:
        return self.get_full_name() or self.username


class EmployerQuerySet(models.QuerySet["Employer"]):
    def visible_to(self, user: User) -> Self:
        held = RoleAssignment.objects.filter(user=user)
        return self.filter(Q(pk__in=held.values("employer")) | Q(workers__user=user)).distinct()


class Employer(models.Model):
    """A council or trust that employs social workers."""

    class Nation(models.TextChoices):
        ENGLAND = "ENG", "England"
        WALES = "WLS", "Wales"
        SCOTLAND = "SCT", "Scotland"
        NORTHERN_IRELAND = "NIR", "Northern Ireland"

    class Region(models.TextChoices):
        """Regions of England, by the codes of the Office for National Statistics."""

        NORTH_EAST = "E12000001", "North East"
        NORTH_WEST = "E12000002", "North West"
        YORKSHIRE = "E12000003", "Yorkshire and The Humber"
        EAST_MIDLANDS = "E12000004", "East Midlands"
        WEST_MIDLANDS = "E12000005", "West Midlands"
        EAST = "E12000006", "East of England"
        LONDON = "E12000007", "London"
        INNER_LONDON = "E13000001", "London: Inner London"
        OUTER_LONDON = "E13000002", "London: Outer London"
        SOUTH_EAST = "E12000008", "South East"
        SOUTH_WEST = "E12000009", "South West"

    name = models.CharField(max_length=200)
    slug = models.SlugField(max_length=80, unique=True)
    nation = models.CharField(
        max_length=3, choices=Nation, default=Nation.ENGLAND, help_text="Whose bank holidays are kept."
    )
    region = models.CharField(
        max_length=9, choices=Region, blank=True, help_text="Whose published figures it is set beside; empty: not said."
    )

    objects = EmployerQuerySet.as_manager()

    class Meta:
        ordering = ["name", "pk"]
        constraints = [
            models.CheckConstraint(condition=Q(nation__in=["ENG", "WLS", "SCT", "NIR"]), name="employer_nation"),
            models.CheckConstraint(
                condition=Q(region="") | Q(region__regex=r"^E1[23]\d{6}$"), name="employer_region_is_a_code"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class ServiceArea(models.Model):
    """A part of an employer with one full-time week and one weighting scheme at a time."""

    class ClientGroup(models.TextChoices):
        CHILDREN = "CHILDREN", "Children and families"
        ADULTS = "ADULTS", "Adults"

    employer = models.ForeignKey(Employer, on_delete=models.PROTECT, related_name="service_areas")
    name = models.CharField(max_length=200)
    client_group = models.CharField(max_length=20, choices=ClientGroup)
    full_time_hours = models.DecimalField(max_digits=5, decimal_places=2, help_text="Hours in a full-time week.")

    class Meta:
        ordering = ["name", "pk"]
        constraints = [
            models.UniqueConstraint("employer", Lower("name"), name="service_area_name_unique"),
            models.CheckConstraint(
                condition=Q(full_time_hours__gt=0, full_time_hours__lte=168), name="service_area_full_time_hours"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class TeamQuerySet(models.QuerySet["Team"]):
    def visible_to(self, user: User) -> Self:
        """Teams the user has to do with: by a role in them, in their area or the employer, or as a member."""
        held = RoleAssignment.objects.filter(user=user)
        return self.filter(_reached_by(held) | Q(contracts__worker__user=user)).distinct()

    def where_allowed(self, user: User, permission: Permission) -> Self:
        """Teams in which the user holds the permission."""
        held = RoleAssignment.objects.filter(user=user, role__in=roles_with(permission))
        return self.filter(_reached_by(held))


def _reached_by(held: RoleAssignmentQuerySet) -> Q:
    """The teams that roles reach: by the whole employer, by a service area, or one by one."""
    return (
        Q(employer__in=held.employer_wide().values("employer"))
        | Q(service_area__in=held.values("service_area"))
        | Q(pk__in=held.values("team"))
    )


class Team(models.Model):
    """A team of workers in one service area."""

    employer = models.ForeignKey(Employer, on_delete=models.PROTECT, related_name="teams")
    service_area = models.ForeignKey(ServiceArea, on_delete=models.PROTECT, related_name="teams")
    name = models.CharField(max_length=200)
    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)

    objects = TeamQuerySet.as_manager()

    class Meta:
        ordering = ["name", "pk"]
        constraints = [models.UniqueConstraint("employer", Lower("name"), name="team_name_unique")]

    def __str__(self) -> str:
        return self.name


class Submission(models.Model):
    """A form that was saved: the same form sent again, by a double click or the back button, saves nothing twice."""

    token = models.UUIDField(primary_key=True)
    by = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.token} at {self.at:%Y-%m-%d %H:%M}"
