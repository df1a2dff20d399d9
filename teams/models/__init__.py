"""Employers, their teams and workers, how much each worker can carry, and who may sign in."""

from teams.models.organisation import (
    AuditEntry,
    Employer,
    RoleAssignment,
    ServiceArea,
    Submission,
    Team,
    User,
)
from teams.models.workers import CapacityReduction, CareerStage, Contract, Period, PeriodQuerySet, Worker

__all__ = [
    "AuditEntry",
    "CapacityReduction",
    "CareerStage",
    "Contract",
    "Employer",
    "Period",
    "PeriodQuerySet",
    "RoleAssignment",
    "ServiceArea",
    "Submission",
    "Team",
    "User",
    "Worker",
]
