"""Who may do what: the one table of roles and permissions."""

from collections.abc import Collection, Mapping
from enum import StrEnum


class Permission(StrEnum):
    OWN_WORKLOAD_VIEW = "see one's own workload"
    WORKLOAD_VIEW = "see the workload of a team and of each of its workers"
    CASELOAD_IMPORT = "import a caseload file"
    REPORT_RENDER = "make and download a team's health-check report"
    OVERVIEW_VIEW = "see the overview of an employer, and make its compliance report and packs"
    CENSUS_MAKE = "make the file for the workforce census"
    CASE_RECORD = "record, rate and allocate cases"
    CASE_LIMIT_APPROVE = "approve an allocation that a limit blocks"
    STAFFING_RECORD = "record hours, career stages, reductions, absences and posts of a team"
    SUPERVISION_RECORD = "record supervision"
    HOURS_TOTALS_VIEW = "see a team's additional hours in total"
    DUTY_ANSWER = "answer a team's duties and concerns"
    RESPONSE_TIMES_SET = "set response times and supervision rules"
    STANDARDS_EDIT = "edit, publish and choose standards, and propose local variations"
    VARIATION_DECIDE = "approve or decline local variations"
    CYCLE_RUN = "open health-check cycles, and challenge, return and accept checks"
    CHECK_VIEW = "see a team's health check"
    SURVEY_READ = "read survey results of the employer and its service areas"
    CHECK_ANSWER = "answer a team's health check and plan its actions"
    CHECK_SIGN = "sign off, return and publish health checks"
    SCHEME_PUBLISH = "publish a weighting scheme"
    EMPLOYER_SET_UP = "set up teams, workers and accounts"
    AUDIT_READ = "read the audit trail of an employer"
    PERSONAL_DATA_ANSWER = "make the file of a worker's data, and erase a worker"


class Role(StrEnum):
    """A member's part in an employer. The values are stored."""

    SOCIAL_WORKER = "SOCIAL_WORKER"
    MANAGER = "MANAGER"
    SERVICE_MANAGER = "SERVICE_MANAGER"
    PRINCIPAL_SOCIAL_WORKER = "PRINCIPAL_SOCIAL_WORKER"
    DIRECTOR = "DIRECTOR"
    ADMINISTRATOR = "ADMINISTRATOR"
    OBSERVER = "OBSERVER"
    INTEGRATION = "INTEGRATION"

    @property
    def label(self) -> str:
        return self.value.replace("_", " ").capitalize()


OF_PEOPLE = frozenset(Role) - {Role.INTEGRATION}
"""Roles that people have. The other is an integration's, which uses the API and never signs in."""
AREA_ROLES = frozenset({Role.SERVICE_MANAGER, Role.PRINCIPAL_SOCIAL_WORKER, Role.DIRECTOR, Role.OBSERVER})
"""Roles that may be held in one service area: an employer may have a principal social worker for each."""
TEAM_ROLES = frozenset({Role.SOCIAL_WORKER, Role.MANAGER})
"""Roles that are held in one team."""
STANDING_IN = OF_PEOPLE - {Role.SOCIAL_WORKER, Role.OBSERVER, Role.ADMINISTRATOR}
"""Roles in which a colleague may stand in for a while; a worker's caseload and an administrator's keys stay."""

PERMISSIONS: Mapping[Role, frozenset[Permission]] = {
    Role.SOCIAL_WORKER: frozenset({Permission.OWN_WORKLOAD_VIEW}),
    Role.MANAGER: frozenset(
        {
            Permission.OWN_WORKLOAD_VIEW,
            Permission.WORKLOAD_VIEW,
            Permission.CASELOAD_IMPORT,
            Permission.REPORT_RENDER,
            Permission.CASE_RECORD,
            Permission.STAFFING_RECORD,
            Permission.SUPERVISION_RECORD,
            Permission.HOURS_TOTALS_VIEW,
            Permission.DUTY_ANSWER,
            Permission.CHECK_VIEW,
            Permission.CHECK_ANSWER,
        }
    ),
    Role.SERVICE_MANAGER: frozenset(
        {
            Permission.OWN_WORKLOAD_VIEW,
            Permission.WORKLOAD_VIEW,
            Permission.REPORT_RENDER,
            Permission.CASE_RECORD,
            Permission.CASE_LIMIT_APPROVE,
            Permission.STAFFING_RECORD,
            Permission.SUPERVISION_RECORD,
            Permission.HOURS_TOTALS_VIEW,
            Permission.DUTY_ANSWER,
            Permission.CHECK_VIEW,
            Permission.CHECK_ANSWER,
        }
    ),
    Role.PRINCIPAL_SOCIAL_WORKER: frozenset(
        {
            Permission.OWN_WORKLOAD_VIEW,
            Permission.WORKLOAD_VIEW,
            Permission.REPORT_RENDER,
            Permission.OVERVIEW_VIEW,
            Permission.CASE_LIMIT_APPROVE,
            Permission.HOURS_TOTALS_VIEW,
            Permission.RESPONSE_TIMES_SET,
            Permission.SCHEME_PUBLISH,
            Permission.STANDARDS_EDIT,
            Permission.CYCLE_RUN,
            Permission.SURVEY_READ,
            Permission.CHECK_VIEW,
        }
    ),
    Role.DIRECTOR: frozenset(
        {
            Permission.OWN_WORKLOAD_VIEW,
            Permission.WORKLOAD_VIEW,
            Permission.REPORT_RENDER,
            Permission.OVERVIEW_VIEW,
            Permission.CENSUS_MAKE,
            Permission.CASE_LIMIT_APPROVE,
            Permission.HOURS_TOTALS_VIEW,
            Permission.DUTY_ANSWER,
            Permission.RESPONSE_TIMES_SET,
            Permission.VARIATION_DECIDE,
            Permission.SURVEY_READ,
            Permission.CHECK_VIEW,
            Permission.CHECK_SIGN,
        }
    ),
    Role.ADMINISTRATOR: frozenset(
        {
            Permission.OWN_WORKLOAD_VIEW,
            Permission.CASELOAD_IMPORT,
            Permission.CENSUS_MAKE,
            Permission.EMPLOYER_SET_UP,
            Permission.AUDIT_READ,
            Permission.PERSONAL_DATA_ANSWER,
        }
    ),
    Role.OBSERVER: frozenset({Permission.SURVEY_READ}),
    # narrowed by the scopes of the token that is shown (teams/scopes.py)
    Role.INTEGRATION: frozenset(
        {
            Permission.WORKLOAD_VIEW,
            Permission.CASE_RECORD,
            Permission.CASELOAD_IMPORT,
            Permission.OVERVIEW_VIEW,
            Permission.REPORT_RENDER,
            Permission.CHECK_VIEW,
        }
    ),
}


def roles_with(permission: Permission) -> frozenset[Role]:
    """The roles that hold a permission."""
    return frozenset(role for role, held in PERMISSIONS.items() if permission in held)


def asks_second_factor(roles: Collection[Role], *, of_everybody: bool) -> bool:
    """Whether somebody of these roles must sign in with a second factor: everybody but those who see only their own.

    of_everybody: social workers too. Nothing takes it from the other roles.
    """
    return of_everybody or any(role != Role.SOCIAL_WORKER for role in roles)
