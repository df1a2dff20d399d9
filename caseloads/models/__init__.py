"""Cases and their weights, who holds them, and what scoring found on each day."""

from caseloads.models.allocating import Contest, LimitException, Transfer
from caseloads.models.cases import Allocation, Case, CaseChange, Rating
from caseloads.models.imports import ImportFile, ImportImage, ImportLine, ImportMapping, ImportRun
from caseloads.models.schemes import Band, CaseCategory, ComplexityFactor, SchemeDraft, StageShare, WeightingScheme
from caseloads.models.snapshots import ScoringNeed, TeamSnapshot, WorkerSnapshot

__all__ = [
    "Allocation",
    "Band",
    "Case",
    "CaseCategory",
    "CaseChange",
    "ComplexityFactor",
    "Contest",
    "ImportFile",
    "ImportImage",
    "ImportLine",
    "ImportMapping",
    "ImportRun",
    "LimitException",
    "Rating",
    "SchemeDraft",
    "ScoringNeed",
    "StageShare",
    "TeamSnapshot",
    "Transfer",
    "WeightingScheme",
    "WorkerSnapshot",
]
