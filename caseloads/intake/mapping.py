"""What an employer has said about its files: which column is which field, and which word means which code."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from caseloads.intake.cells import key

SET_ASIDE = "-"  # the code of a word whose rows are to be set aside
ABSENT = ""  # the heading of a field that the files do not have

Said = Mapping[str, Mapping[str, str]]


@dataclass(frozen=True)
class Mapped:
    """`columns`: table → field → heading. `values`: field → word → code. Both are kept and sent as JSON."""

    columns: Said = field(default_factory=dict)
    values: Said = field(default_factory=dict)

    def headings(self, table: str) -> Mapping[str, str]:
        """The headings said for a table's fields, by field, as keys to compare with."""
        return {name: key(heading) for name, heading in self.columns.get(table, {}).items()}

    def code(self, name: str, text: str) -> str | None:
        """The code that a word of a field was said to mean; None when nothing was said."""
        return self.values.get(name, {}).get(key(text))

    def says(self, table: str, name: str) -> bool:
        """Whether somebody has decided about a field, be it that the files do not have it."""
        return name in self.columns.get(table, {})

    def with_more(self, columns: Said, values: Said) -> "Mapped":
        """This and what is said now, which wins. Words become keys."""
        keyed = {name: {key(word): code for word, code in words.items()} for name, words in values.items()}
        return Mapped(_merged(self.columns, columns), _merged(self.values, keyed))

    def as_json(self) -> dict[str, Any]:
        return {"columns": self.columns, "values": self.values}


def _merged(old: Said, new: Said) -> dict[str, dict[str, str]]:
    return {name: {**old.get(name, {}), **new.get(name, {})} for name in (*old, *new)}


NOTHING_SAID = Mapped()
