"""Who has which part in an employer, from when and until when."""

from typing import TYPE_CHECKING, Self

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Coalesce, Now, TruncDate

from teams.models.periods import Period
from teams.roles import AREA_ROLES, STANDING_IN, TEAM_ROLES, Role

if TYPE_CHECKING:
    from teams.models.organisation import Team, User


class RoleAssignmentQuerySet(models.QuerySet["RoleAssignment"]):
    def in_force(self) -> Self:
        """Roles that count today, by the database's clock: begun, and not ended."""
        today = TruncDate(Now())
        return self.filter(
            Q(starts_on__isnull=True) | Q(starts_on__lte=today), Q(ends_on__isnull=True) | Q(ends_on__gt=today)
        )

    def unended(self) -> Self:
        """Roles that count today or will."""
        return self.filter(Q(ends_on__isnull=True) | Q(ends_on__gt=TruncDate(Now())))

    def to_lend(self, user: "User") -> Self:
        """Somebody's own roles in which a colleague may stand in, with where they are held."""
        own = self.filter(user=user, stands_in_for__isnull=True, role__in=[role.value for role in STANDING_IN])
        return own.select_related("employer", "team", "service_area")

    def employer_wide(self) -> Self:
        """Roles in the whole employer, not in one of its teams or areas."""
        return self.filter(team__isnull=True, service_area__isnull=True)

    def over(self, team: "Team") -> Self:
        """Roles that reach a team: in it, in its service area or in the whole employer."""
        return self.filter(
            Q(team=team)
            | Q(service_area=team.service_area_id)
            | Q(employer=team.employer_id, team__isnull=True, service_area__isnull=True)
        )


_Manager = models.Manager.from_queryset(RoleAssignmentQuerySet)


class InForce(_Manager["RoleAssignment"]):
    """Whoever asks who may do what sees only what counts today (docs/decisions/0014-dated-roles.md)."""

    def get_queryset(self) -> RoleAssignmentQuerySet:
        return RoleAssignmentQuerySet(self.model, using=self._db).in_force()


class RoleAssignment(models.Model):
    """A role in one team, in one service area, or in the whole employer when neither is named.

    Somebody who stands in for a colleague has a row of their own, which names the colleague's.
    """

    user = models.ForeignKey("teams.User", on_delete=models.CASCADE, related_name="role_assignments")
    role = models.CharField(max_length=30, choices=[(role.value, role.label) for role in Role])
    employer = models.ForeignKey("teams.Employer", on_delete=models.PROTECT, related_name="role_assignments")
    team = models.ForeignKey(
        "teams.Team", null=True, blank=True, on_delete=models.PROTECT, related_name="role_assignments"
    )
    service_area = models.ForeignKey(
        "teams.ServiceArea", null=True, blank=True, on_delete=models.PROTECT, related_name="role_assignments"
    )
    starts_on = models.DateField(null=True, blank=True, help_text="Empty: from the beginning.")
    ends_on = models.DateField(null=True, blank=True, help_text="The first day on which it no longer counts.")
    stands_in_for = models.ForeignKey(
        "self",
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="stand_ins",
        help_text="The colleague’s role; empty: one’s own.",
    )

    objects = InForce()
    every = RoleAssignmentQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        constraints = [
            ExclusionConstraint(
                name="role_assignment_no_overlap",
                expressions=[
                    ("user", RangeOperators.EQUAL),
                    ("role", RangeOperators.EQUAL),
                    ("employer", RangeOperators.EQUAL),
                    (Coalesce("team", 0), RangeOperators.EQUAL),
                    (Coalesce("service_area", 0), RangeOperators.EQUAL),
                    (Coalesce("stands_in_for", 0), RangeOperators.EQUAL),
                    (Period("starts_on", "ends_on"), RangeOperators.OVERLAPS),
                ],
                violation_error_message="This role is already given for some of these days.",
            ),
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True) | Q(starts_on__isnull=True) | Q(ends_on__gte=F("starts_on")),
                name="role_assignment_ends_after_start",
            ),
            models.CheckConstraint(
                condition=Q(stands_in_for__isnull=True) | Q(starts_on__isnull=False, ends_on__isnull=False),
                name="role_assignment_stand_ins_are_dated",
            ),
            models.CheckConstraint(
                condition=~Q(role__in=sorted(role.value for role in TEAM_ROLES)) | Q(team__isnull=False),
                name="role_assignment_team_roles_name_a_team",
            ),
            models.CheckConstraint(
                condition=Q(service_area__isnull=True)
                | (Q(team__isnull=True) & Q(role__in=sorted(role.value for role in AREA_ROLES))),
                name="role_assignment_area_roles",
            ),
            models.CheckConstraint(
                condition=~Q(role=Role.SERVICE_MANAGER.value) | Q(service_area__isnull=False),
                name="role_assignment_area_roles_name_an_area",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user}: {self.words}"

    @property
    def words(self) -> str:
        """The role and where it is held: Manager, Heron Team."""
        return f"{Role(self.role).label}, {self.team or self.service_area or self.employer}"
