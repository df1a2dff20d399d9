"""Categories and complexity factors as people type them, matched with the codes of the employer's weighting scheme."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from caseloads.intake.cells import clean, is_empty, key
from caseloads.intake.judging import Unfit
from caseloads.intake.mapping import NOTHING_SAID, SET_ASIDE, Mapped
from caseloads.intake.records import WHOLE

_COUNTED = re.compile(r"(.+?) ?(?:[x×:*] ?(\d{1,3})|\( ?[x×]? ?(\d{1,3}) ?\))", re.IGNORECASE)
_LONGEST_CODE = 60


def code_of(text: str) -> str:
    """The code that a word stands for: "Child protection" → child_protection."""
    return key(text).replace(" ", "_")


@dataclass(frozen=True, slots=True)
class Words:
    """What the employer's schemes know: `code_of` a code or name → the code. Empty: any word is taken.

    The shares of one case may add up to `most_shared` percent.
    """

    categories: Mapping[str, str] = field(default_factory=dict)
    factors: Mapping[str, str] = field(default_factory=dict)
    most_shared: int = WHOLE
    mapped: Mapped = NOTHING_SAID
    _read: dict[str, tuple[tuple[str, int], ...]] = field(default_factory=dict, compare=False, repr=False)

    def category_in(self, text: str, column: str) -> str:
        """The category's code; "" when the file does not say."""
        if is_empty(text):
            return ""
        said = self.mapped.code("category", text)
        return self._code(text, column, self.categories, "category") if said in {None, SET_ASIDE} else str(said)

    def factors_in(self, text: str, column: str) -> tuple[tuple[str, int], ...]:
        """Codes and how many of each, by code, from "long_travel; further_child x 2"."""
        if text not in self._read:
            counts: dict[str, int] = {}
            for part in re.split(r"[;|,\n]", "" if is_empty(text) else text):
                if tidy := clean(part):
                    match = _COUNTED.fullmatch(tidy)
                    code = self._code(match[1] if match else tidy, column, self.factors, "factor")
                    counts[code] = counts.get(code, 0) + (int(match[2] or match[3]) if match else 1)
            self._read[text] = tuple(sorted((code, count) for code, count in counts.items() if count))
        return self._read[text]

    def _code(self, text: str, column: str, known: Mapping[str, str], kind: str) -> str:
        code = code_of(text)
        if known and code not in known:
            choices = ", ".join(sorted(set(known.values())))
            raise Unfit(column, text, f"“{clean(text)}” is not a {kind} of the weighting scheme ({choices}).")
        if len(code) > _LONGEST_CODE or not code.isascii():
            raise Unfit(column, text, f"“{clean(text)[:_LONGEST_CODE]}” cannot be the code of a {kind}.")
        return known.get(code, code)
