"""Cases and their weights, who holds them, and what scoring found on each day."""

from caseloads.models.cases import Allocation, Case, Rating
from caseloads.models.imports import ImportRun
from caseloads.models.schemes import Band, CaseCategory, ComplexityFactor, StageShare, WeightingScheme
from caseloads.models.snapshots import ScoringNeed, TeamSnapshot, WorkerSnapshot

__all__ = [
    "Allocation",
    "Band",
    "Case",
    "CaseCategory",
    "ComplexityFactor",
    "ImportRun",
    "Rating",
    "ScoringNeed",
    "StageShare",
    "TeamSnapshot",
    "WeightingScheme",
    "WorkerSnapshot",
]
