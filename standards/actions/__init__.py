"""What people do with standards."""

from standards.actions.publishing import DifferentContentError, publish_set

__all__ = ["DifferentContentError", "publish_set"]
