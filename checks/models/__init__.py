from checks.models.actions import Action, ActionStep
from checks.models.answers import Answer, Challenge, Evidence, KeptWorkload
from checks.models.cycles import CheckStep, Cycle, HealthCheck, Reminder
from checks.models.duties import Duty, DutyKeeping, DutyStep, ResponseTimes
from checks.models.finding_days import TeamFindings
from checks.models.publication import Publication
from checks.models.surveys import (
    Instrument,
    InstrumentBenchmark,
    Survey,
    SurveyAnswer,
    SurveyLink,
    SurveyWords,
    TeamSurvey,
)

__all__ = [
    "Action",
    "ActionStep",
    "Answer",
    "Challenge",
    "CheckStep",
    "Cycle",
    "Duty",
    "DutyKeeping",
    "DutyStep",
    "Evidence",
    "HealthCheck",
    "Instrument",
    "InstrumentBenchmark",
    "KeptWorkload",
    "Publication",
    "Reminder",
    "ResponseTimes",
    "Survey",
    "SurveyAnswer",
    "SurveyLink",
    "SurveyWords",
    "TeamFindings",
    "TeamSurvey",
]
