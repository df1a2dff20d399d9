"""How long rows are kept: the one table of it. Every table of ours has its row, with a period or with why it stays.

Days are calendar days after what ends the period. A period without a source of its own is an example: agree your own.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

EXAMPLE = "example — agree your own"


@dataclass(frozen=True)
class Period:
    """Rows of a table that go some days after a field's day. employer: the path to the row's employer; "": it has none.

    least: the fewest days that may be set.
    """

    table: str
    what: str
    ends: str
    ended_by: str
    days: int
    employer: str
    source: str = EXAMPLE
    least: int = 30


@dataclass(frozen=True)
class Kept:
    """Rows of a table that are never deleted by age, and why."""

    table: str
    why: str


YEAR = 365
PERIODS: Sequence[Period] = (
    Period("teams.SignIn", "Sign-ins", "expire_date", "their end", 1, "", least=0),
    Period("teams.AccountLetter", "E-mails about accounts", "made_at", "the day they were written", YEAR, ""),
    Period("teams.Submission", "Marks of forms that were saved", "at", "the day they were saved", 90, ""),
    Period(
        "teams.AdditionalHours",
        "Additional hours",
        "week",
        "the week",
        2 * YEAR,
        "worker__employer",
        "two years: Working Time Regulations 1998, regulation 9 (records of hours)",
    ),
    Period("teams.Absence", "Absences", "ends_on", "the first day back", 3 * YEAR, "worker__employer"),
    Period("teams.CapacityReduction", "Reductions of capacity", "ends_on", "their end", 6 * YEAR, "worker__employer"),
    Period(
        "teams.SupervisionSession",
        "Supervision sessions",
        "held_on",
        "the day they were held",
        6 * YEAR,
        "worker__employer",
    ),
    Period(
        "teams.KeptAnswer",
        "Answers kept in case a system asks again",
        "at",
        "the call",
        7,
        "integration__employer",
        least=1,
    ),
    Period("teams.RoleAssignment", "Roles that ended", "ends_on", "their end", 6 * YEAR, "employer"),
    Period("caseloads.ImportLine", "Lines of imports", "run__created_at", "the import", 2 * YEAR, "run__employer"),
    Period("checks.Reminder", "Reminders that were sent", "at", "the day they were sent", YEAR, "check_of__employer"),
    Period(
        "checks.SurveyWords",
        "What people wrote in surveys",
        "team_survey__survey__closed_on",
        "the end of the survey",
        3 * YEAR,
        "team_survey__survey__employer",
    ),
    Period(
        "reports.ReportRun",
        "Reports that were made, with their files",
        "finished_at",
        "the day they were made",
        2 * YEAR,
        "employer",
    ),
    Period(
        "teams.AuditEntry",
        "Entries of the audit trail, from the beginning of a chain",
        "at",
        "the entry",
        7 * YEAR,
        "employer",
        least=YEAR + 1,
    ),
)
_ORGANISATION = "The organisation as it is and was: what else is kept refers to it."
_CASE = "A case holds no name. Loads and checks of past days are worked out from it and printed again."
_FROZEN = "Kept for as long as the health check: it was signed on exactly these rows, and a trigger keeps them."
_PUBLISHED = "Published versions never change: past figures were worked out by them."
_DUTY = "Nothing about a duty is forgotten: what was done about overload must be shown. A trigger keeps it."
KEPT: Sequence[Kept] = (
    *(Kept(f"teams.{name}", _ORGANISATION) for name in ("Employer", "ServiceArea", "Team", "Establishment")),
    Kept("teams.Worker", "Figures hang on it. Somebody who left is erased by an administrator, figures staying."),
    Kept("teams.User", "Entries name who did what. An account is closed, and erased with its worker."),
    Kept("teams.Integration", "Entries name what it did. It is ended, and its account never signs in."),
    Kept("teams.ApiToken", "Digests only: which tokens there were, who made each and when it was last used."),
    Kept("teams.Contract", "Capacities and vacancy rates of past days are worked out from it."),
    Kept("teams.SupervisionRule", "What the employer agreed, until it agrees otherwise."),
    Kept("teams.StaffingChange", "Goes by itself within minutes, when scoring has seen it."),
    Kept("teams.AuditLink", "Goes with its entry; the last one stays, so that the chain can be verified from there."),
    *(Kept(f"caseloads.{name}", _CASE) for name in ("Case", "CaseChange", "Rating", "Allocation", "LimitException")),
    Kept("caseloads.Transfer", _CASE),
    Kept("caseloads.Contest", "Both sides of a contested weight stay visible. A trigger keeps it."),
    Kept("caseloads.ImportRun", "Says what was imported, by whom, and from which file; the files are gone."),
    Kept("caseloads.ImportFile", "Goes when its import is applied, cancelled, or a day old."),
    Kept("caseloads.ImportImage", "What an import changed, so that it can be undone. A trigger keeps it."),
    Kept("caseloads.ImportMapping", "What the employer said about its files, until it is forgotten on the page."),
    *(
        Kept(f"caseloads.{name}", _PUBLISHED)
        for name in ("WeightingScheme", "CaseCategory", "ComplexityFactor", "Band", "StageShare")
    ),
    Kept("caseloads.SchemeDraft", "Goes when it is published or thrown away."),
    *(
        Kept(f"caseloads.{name}", "The history of loads. Past days never change: a trigger keeps them.")
        for name in ("WorkerSnapshot", "TeamSnapshot")
    ),
    Kept("caseloads.ScoringNeed", "One row for each team: when it was scored."),
    *(Kept(f"standards.{name}", _PUBLISHED) for name in ("StandardSet", "Standard", "Indicator", "ChosenStandards")),
    Kept("standards.StandardDraft", "Goes when it is given up; a published one says where its version came from."),
    Kept("standards.LocalVariation", "Decisions stay beside the figures they changed. A trigger keeps them."),
    *(
        Kept(f"checks.{name}", _FROZEN)
        for name in ("Cycle", "HealthCheck", "CheckStep", "Answer", "KeptWorkload", "Evidence", "Challenge")
    ),
    *(
        Kept(f"checks.{name}", "What was promised after a health check, and done. A trigger keeps it.")
        for name in ("Action", "ActionStep")
    ),
    *(Kept(f"checks.{name}", _DUTY) for name in ("Duty", "DutyStep")),
    *(
        Kept(f"checks.{name}", "What the employer agreed, or one row of bookkeeping.")
        for name in ("ResponseTimes", "DutyKeeping")
    ),
    Kept("checks.TeamFindings", "Figures of teams, no names. Past days never change: a trigger keeps them."),
    Kept("checks.Publication", "What anybody read stays as it was read. A trigger keeps it."),
    *(
        Kept(f"checks.{name}", "Anonymous. Results of past surveys are compared with new ones.")
        for name in ("Instrument", "InstrumentBenchmark", "Survey", "TeamSurvey", "SurveyAnswer")
    ),
    Kept("checks.SurveyLink", "Goes when it is used, and when its survey closes."),
    Kept("reports.BenchmarkArea", "Published figures, of nobody in person."),
)


def periods(own: Mapping[str, int]) -> list[Period]:
    """The periods that hold, the employer's own instead of ours. Raises ValueError, a sentence, for one that cannot."""
    known = {period.table: period for period in PERIODS}
    for table, days in own.items():
        if table not in known:
            raise ValueError(f"RETENTION_DAYS names {table}, which has no period. Tables: {', '.join(sorted(known))}")
        if days < known[table].least:
            raise ValueError(f"RETENTION_DAYS: {table} is kept for {known[table].least} days at least")
    return [_with_days(period, own.get(period.table, period.days)) for period in PERIODS]


def _with_days(period: Period, days: int) -> Period:
    return period if days == period.days else replace(period, days=days, source="agreed by the employer")


def own_periods(text: str) -> dict[str, int]:
    """What the setting says: `teams.Absence=730 teams.AuditEntry=3650`. Raises ValueError, a sentence."""
    found = {}
    for word in text.split():
        table, _, days = word.partition("=")
        if not days.isdecimal():
            raise ValueError(f"RETENTION_DAYS: write {table or word}= and a whole number of days")
        found[table] = int(days)
    return found
