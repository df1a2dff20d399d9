"""Local variations that tests begin with."""

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from standards.actions.variations import NewVariation, approve_variation, propose_variation
from standards.models import LocalVariation
from tests.cast import AT, TODAY, Cast

REVIEW = TODAY + timedelta(days=180)
PACK, INDICATOR = "england-2020", "3-unallocated"


def new(**changes: Any) -> NewVariation:
    fields: dict[str, Any] = {
        "pack": PACK,
        "indicator": INDICATOR,
        "met": Decimal(2),
        "partly": Decimal(8),
        "reason": "A new front door sends cases before they are screened",
        "evidence": "Joint committee, 12 October",
        "starts_on": TODAY,
        "review_on": REVIEW,
    }
    return NewVariation(**(fields | changes))


def proposed(cast: Cast, *, at: datetime = AT, **changes: Any) -> LocalVariation:
    return propose_variation(employer=cast.employer, new=new(**changes), by=cast.cora, at=at)


def approved(cast: Cast, *, at: datetime = AT, **changes: Any) -> LocalVariation:
    row = proposed(cast, at=at, **changes)
    approve_variation(variation=row, words="Agreed until the front door is settled", by=cast.dev, at=at)
    row.refresh_from_db()
    return row
