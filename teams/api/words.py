"""Words sent to the API: what would identify somebody who uses services is told, and kept only where that is said."""

from typing import Any

from rest_framework import serializers

from design.fields import LONGEST_REASON
from design.identifying import found_in, kinds_of, warning
from design.kept_words import decide

KEEP = "keep_as_written"


class Words(serializers.CharField):
    """A few sentences about work. Whoever sends what looks identifying says that it is to be kept, and is on record."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_length=LONGEST_REASON, **kwargs)

    def run_validation(self, data: Any = serializers.empty) -> Any:
        words = super().run_validation(data)
        if isinstance(words, str) and (found := found_in(words)):
            sent = getattr(self.parent, "initial_data", {})
            if not (isinstance(sent, dict) and sent.get(KEEP) is True):
                raise serializers.ValidationError(f"{warning(found)}: send {KEEP} as true.")
            decide(self.field_name or "", kinds_of(found))
        return words


class Worded(serializers.Serializer[Any]):
    """What carries words."""

    keep_as_written = serializers.BooleanField(
        required=False, help_text="True: the words are about nobody who uses services, whatever they look like."
    )
