"""Published standards read back, which of them an employer uses, and its local variations."""

from standards.queries.sets import definition_of, sets_in_force

__all__ = ["definition_of", "sets_in_force"]
