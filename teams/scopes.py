"""What a token of the API may be used for. Pure."""

from collections.abc import Mapping
from enum import StrEnum


class Scope(StrEnum):
    """One part of the API to read, or one thing to do through it. The values are stored."""

    TEAMS_READ = "teams:read"
    WORKERS_READ = "workers:read"
    CASES_READ = "cases:read"
    CASES_WRITE = "cases:write"
    WORKLOADS_READ = "workloads:read"
    CHECKS_READ = "checks:read"
    STANDARDS_READ = "standards:read"
    REPORTS_READ = "reports:read"
    REPORTS_MAKE = "reports:make"
    BENCHMARKS_READ = "benchmarks:read"


SCOPE_NAMES: Mapping[Scope, str] = {
    Scope.TEAMS_READ: "Read the employer, its service areas and teams",
    Scope.WORKERS_READ: "Read workers, their teams and hours",
    Scope.CASES_READ: "Read cases, ratings and who holds them",
    Scope.CASES_WRITE: "Record, rate, allocate and close cases",
    Scope.WORKLOADS_READ: "Read workloads of teams and workers, now and by day",
    Scope.CHECKS_READ: "Read health checks and findings",
    Scope.STANDARDS_READ: "Read standards and local variations",
    Scope.REPORTS_READ: "Read and download reports",
    Scope.REPORTS_MAKE: "Ask for reports",
    Scope.BENCHMARKS_READ: "Read benchmarks",
}
