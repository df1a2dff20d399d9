"""Standards as they were published, which of them an employer uses, and how it varies them."""

from standards.models.choosing import ChosenStandards
from standards.models.sets import Indicator, Standard, StandardSet

__all__ = ["ChosenStandards", "Indicator", "Standard", "StandardSet"]
