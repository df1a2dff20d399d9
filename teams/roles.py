"""Who may do what: the one table of roles and permissions."""

from collections.abc import Mapping
from enum import StrEnum


class Permission(StrEnum):
    OWN_WORKLOAD_VIEW = "see one's own workload"
    WORKLOAD_VIEW = "see the workload of a team and of each of its workers"
    CASELOAD_IMPORT = "import a caseload file"
    REPORT_RENDER = "make and download a team's health-check report"
    CASE_RECORD = "record, rate and allocate cases"
    SCHEME_PUBLISH = "publish a weighting scheme"
    EMPLOYER_SET_UP = "set up teams, workers and accounts"


class Role(StrEnum):
    """A member's part in an employer. The values are stored."""

    SOCIAL_WORKER = "SOCIAL_WORKER"
    MANAGER = "MANAGER"
    PRINCIPAL_SOCIAL_WORKER = "PRINCIPAL_SOCIAL_WORKER"
    DIRECTOR = "DIRECTOR"
    ADMINISTRATOR = "ADMINISTRATOR"
    OBSERVER = "OBSERVER"

    @property
    def label(self) -> str:
        return self.value.replace("_", " ").capitalize()


PERMISSIONS: Mapping[Role, frozenset[Permission]] = {
    Role.SOCIAL_WORKER: frozenset({Permission.OWN_WORKLOAD_VIEW}),
    Role.MANAGER: frozenset(
        {
            Permission.OWN_WORKLOAD_VIEW,
            Permission.WORKLOAD_VIEW,
            Permission.CASELOAD_IMPORT,
            Permission.REPORT_RENDER,
            Permission.CASE_RECORD,
        }
    ),
    Role.PRINCIPAL_SOCIAL_WORKER: frozenset(
        {
            Permission.OWN_WORKLOAD_VIEW,
            Permission.WORKLOAD_VIEW,
            Permission.REPORT_RENDER,
            Permission.SCHEME_PUBLISH,
        }
    ),
    Role.DIRECTOR: frozenset({Permission.OWN_WORKLOAD_VIEW, Permission.WORKLOAD_VIEW, Permission.REPORT_RENDER}),
    Role.ADMINISTRATOR: frozenset(
        {Permission.OWN_WORKLOAD_VIEW, Permission.CASELOAD_IMPORT, Permission.EMPLOYER_SET_UP}
    ),
    Role.OBSERVER: frozenset(),
}


def roles_with(permission: Permission) -> frozenset[Role]:
    """The roles that hold a permission."""
    return frozenset(role for role, held in PERMISSIONS.items() if permission in held)
