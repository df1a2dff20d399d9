"""Employers, their teams and workers, how much each worker can carry, and who may sign in."""

from teams.models.integrations import ApiToken, Integration, KeptAnswer
from teams.models.letters import AccountLetter
from teams.models.organisation import (
    Employer,
    ServiceArea,
    Submission,
    Team,
    User,
)
from teams.models.periods import Period, PeriodQuerySet
from teams.models.role_assignments import RoleAssignment
from teams.models.signing_in import SignIn
from teams.models.staffing import (
    Absence,
    AdditionalHours,
    Establishment,
    StaffingChange,
    SupervisionRule,
    SupervisionSession,
)
from teams.models.traces import AuditEntry, AuditLink
from teams.models.workers import CapacityReduction, CareerStage, Contract, Worker

__all__ = [
    "Absence",
    "AccountLetter",
    "AdditionalHours",
    "ApiToken",
    "AuditEntry",
    "AuditLink",
    "CapacityReduction",
    "CareerStage",
    "Contract",
    "Employer",
    "Establishment",
    "Integration",
    "KeptAnswer",
    "Period",
    "PeriodQuerySet",
    "RoleAssignment",
    "ServiceArea",
    "SignIn",
    "StaffingChange",
    "Submission",
    "SupervisionRule",
    "SupervisionSession",
    "Team",
    "User",
    "Worker",
]
