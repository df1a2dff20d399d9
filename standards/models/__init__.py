"""Standards as they were published, which of them an employer uses, and how it varies them."""

from standards.models.choosing import ChosenStandards
from standards.models.drafts import StandardDraft
from standards.models.sets import Indicator, Standard, StandardSet
from standards.models.variations import LocalVariation

__all__ = ["ChosenStandards", "Indicator", "LocalVariation", "Standard", "StandardDraft", "StandardSet"]
