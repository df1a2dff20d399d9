"""Published standards read back, which of them an employer uses, and its local variations."""

from standards.queries.sets import definition_of, published_set, rows_in_force, sets_in_force
from standards.queries.variations import Local, local_on, variations_in_force

__all__ = [
    "Local",
    "definition_of",
    "local_on",
    "published_set",
    "rows_in_force",
    "sets_in_force",
    "variations_in_force",
]
