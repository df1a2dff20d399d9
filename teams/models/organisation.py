"""Employers, their service areas and teams, who may sign in and as what, and what was done."""

import uuid
from typing import Self

import pgtrigger
from django.contrib.auth.models import AbstractUser
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower

from teams.roles import Permission, Role, roles_with


class User(AbstractUser):
    """Somebody who may sign in. What they see follows from their role assignments and their own worker record."""

    def __str__(self) -> str:
        return self.get_full_name() or self.username


class EmployerQuerySet(models.QuerySet["Employer"]):
    def visible_to(self, user: User) -> Self:
        return self.filter(Q(role_assignments__user=user) | Q(workers__user=user)).distinct()


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
        return self.filter(
            Q(employer__in=RoleAssignment.objects.filter(user=user).employer_wide().values("employer"))
            | Q(service_area__role_assignments__user=user)
            | Q(role_assignments__user=user)
            | Q(contracts__worker__user=user)
        ).distinct()

    def where_allowed(self, user: User, permission: Permission) -> Self:
        """Teams in which the user holds the permission."""
        held = RoleAssignment.objects.filter(user=user, role__in=roles_with(permission))
        return self.filter(
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


class RoleAssignmentQuerySet(models.QuerySet["RoleAssignment"]):
    def employer_wide(self) -> Self:
        """Roles in the whole employer, not in one of its teams or areas."""
        return self.filter(team__isnull=True, service_area__isnull=True)

    def over(self, team: Team) -> Self:
        """Roles that reach a team: in it, in its service area or in the whole employer."""
        return self.filter(
            Q(team=team)
            | Q(service_area=team.service_area_id)
            | Q(employer=team.employer_id, team__isnull=True, service_area__isnull=True)
        )


class RoleAssignment(models.Model):
    """A role in one team, in one service area, or in the whole employer when neither is named."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="role_assignments")
    role = models.CharField(max_length=30, choices=[(role.value, role.label) for role in Role])
    employer = models.ForeignKey(Employer, on_delete=models.PROTECT, related_name="role_assignments")
    team = models.ForeignKey(Team, null=True, blank=True, on_delete=models.PROTECT, related_name="role_assignments")

    service_area = models.ForeignKey(
        ServiceArea, null=True, blank=True, on_delete=models.PROTECT, related_name="role_assignments"
    )

    objects = RoleAssignmentQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["user", "role", "employer", "team", "service_area"],
                nulls_distinct=False,
                name="role_assignment_unique",
            ),
            models.CheckConstraint(
                condition=~Q(role__in=[Role.MANAGER.value, Role.SOCIAL_WORKER.value]) | Q(team__isnull=False),
                name="role_assignment_team_roles_name_a_team",
            ),
            models.CheckConstraint(
                condition=(~Q(role=Role.SERVICE_MANAGER.value) | Q(service_area__isnull=False))
                & (Q(role=Role.SERVICE_MANAGER.value) | Q(service_area__isnull=True)),
                name="role_assignment_area_roles_name_an_area",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user}: {Role(self.role).label}, {self.team or self.service_area or self.employer}"


class AuditEntry(models.Model):
    """What was done, by whom and when. Rows can only be added; the database refuses anything else."""

    employer = models.ForeignKey(Employer, on_delete=models.PROTECT, related_name="audit_entries")
    at = models.DateTimeField()
    by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+", help_text="Null: the machine.")
    event = models.CharField(max_length=60)
    target = models.CharField(max_length=120, help_text="Kind and key of the row acted on.")
    detail = models.JSONField(default=dict)

    class Meta:
        ordering = ["pk"]
        indexes = [models.Index(fields=["employer", "at"])]
        triggers = [pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.event} {self.target}"


class Submission(models.Model):
    """A form that was saved: the same form sent again, by a double click or the back button, saves nothing twice."""

    token = models.UUIDField(primary_key=True)
    by = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.token} at {self.at:%Y-%m-%d %H:%M}"
