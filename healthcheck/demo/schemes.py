"""The two weighting schemes of the demo: one in points, one in hours. Every number is an example — agree your own."""

from datetime import date
from decimal import Decimal

from caseloads.drafting import SchemeDraft
from caseloads.models import Band, WeightingScheme
from teams.models import CareerStage

SOURCE = "example — agree your own"
REVIEW_AFTER_DAYS = 180

BANDS = (
    {"level": Band.Level.ROOM, "name": "room", "lower": Decimal("0.0")},
    {"level": Band.Level.NEAR, "name": "near the limit", "lower": Decimal("95.0")},
    {"level": Band.Level.OVER, "name": "over", "lower": Decimal("100.0")},
    {"level": Band.Level.WELL_OVER, "name": "well over", "lower": Decimal("110.0")},
)
STAGE_SHARES = {
    CareerStage.STUDENT.value: 20,
    CareerStage.NEWLY_QUALIFIED.value: 90,
    CareerStage.ESTABLISHED.value: 100,
    CareerStage.EXPERIENCED.value: 100,
    CareerStage.UNQUALIFIED.value: 90,
}


def _category(code: str, name: str, weight: str, *, reserved: bool = False, limit: int = 10) -> dict[str, object]:
    return {
        "code": code,
        "name": name,
        "weight": Decimal(weight),
        "reserved": reserved,
        "unallocated_limit_days": limit,
    }


def _factor(code: str, name: str, points: str, *, per_extra: bool = False) -> dict[str, object]:
    return {"code": code, "name": name, "points": Decimal(points), "per_extra": per_extra}


def childrens(effective_on: date) -> SchemeDraft:
    return SchemeDraft(
        fields={
            "name": "Children’s caseload weighting",
            "unit": WeightingScheme.Unit.POINTS,
            "maximum": Decimal(100),
            "stable": Decimal(15),
            "default_weight": Decimal(5),
            "lowest_weight": Decimal(1),
            "highest_weight": Decimal(20),
            "sibling_share": 50,
            "joint_uplift": 20,
            "review_interval_days": REVIEW_AFTER_DAYS,
            "source": SOURCE,
            "effective_on": effective_on,
        },
        categories=(
            _category("referral", "Referral", "2", limit=3),
            _category("assessment", "Assessment", "5", limit=5),
            _category("child_in_need", "Child in need", "4"),
            _category("section_47", "Section 47 enquiry", "7", reserved=True, limit=1),
            _category("child_protection", "Child protection", "8", reserved=True, limit=2),
            _category("proceedings", "Care proceedings", "10", reserved=True, limit=2),
            _category("looked_after", "Looked after", "6", reserved=True, limit=5),
            _category("care_leaver", "Care leaver", "3"),
        ),
        factors=(
            _factor("long_travel", "Long travel", "1"),
            _factor("hostile_household", "Hostile household", "2"),
            _factor("further_child", "Each further child", "1", per_extra=True),
        ),
        bands=BANDS,
        stage_shares=STAGE_SHARES,
    )


def adults(effective_on: date) -> SchemeDraft:
    return SchemeDraft(
        fields={
            "name": "Adults’ caseload weighting",
            "unit": WeightingScheme.Unit.HOURS,
            "maximum": Decimal(110),
            "stable": Decimal(16),
            "default_weight": Decimal(6),
            "lowest_weight": Decimal(1),
            "highest_weight": Decimal(24),
            "sibling_share": 100,
            "joint_uplift": 20,
            "review_interval_days": REVIEW_AFTER_DAYS,
            "source": SOURCE,
            "effective_on": effective_on,
        },
        categories=(
            _category("care_act_assessment", "Care Act assessment", "8", limit=14),
            _category("safeguarding_enquiry", "Safeguarding enquiry", "10", reserved=True, limit=2),
            _category("hospital_discharge", "Hospital discharge", "7", limit=1),
            _category("support_plan_review", "Support plan review", "3.5", limit=28),
            _category("long_term_support", "Long-term support", "5", limit=14),
            _category("mental_capacity", "Mental capacity and deprivation of liberty", "9", reserved=True, limit=7),
        ),
        factors=(
            _factor("long_travel", "Long travel", "1.5"),
            _factor("several_agencies", "Several agencies involved", "1"),
            _factor("further_carer", "Each further carer supported", "0.75", per_extra=True),
        ),
        bands=BANDS,
        stage_shares=STAGE_SHARES,
    )
