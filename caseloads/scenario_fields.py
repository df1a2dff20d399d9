"""Reads the fields of a scenario, forgiving where the meaning is plain and saying where and why where it is not."""

import difflib
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any

LARGEST = Decimal(100_000)
YES = frozenset({"yes", "true", "y", "on"})
NO = frozenset({"no", "false", "n", "off"})
NOTHING = frozenset({"", "-", "–", "none", "null", "not known", "unknown"})


class ScenarioError(ValueError):
    """A scenario that cannot be scored; `faults` holds a sentence for each thing that is wrong with it."""

    def __init__(self, faults: list[str]) -> None:
        self.faults = [" ".join(fault.split()) for fault in faults]
        super().__init__("\n".join(self.faults))


def plain(word: object) -> str:
    """Return a word as it is compared: lower case, with single spaces for hyphens, underscores and doubled spaces."""
    return " ".join(str(word).casefold().replace("_", " ").replace("-", " ").split())


@dataclass
class Fields:
    """The fields of one part of a scenario; what is wrong is collected in `faults` under the part's `path`."""

    path: str
    given: dict[str, Any]
    faults: list[str]
    asked: set[str] = field(default_factory=set)

    @classmethod
    def of(cls, path: str, value: object, faults: list[str]) -> "Fields":
        """Take a mapping apart; anything else is a fault and has no fields."""
        if not isinstance(value, Mapping):
            faults.append(f"{path}: {shown(value)} is not a list of fields with values.")
            return cls(path, {}, faults)
        made = cls(path, {plain(name): content for name, content in value.items()}, faults)
        for name, times in Counter(plain(name) for name in value).items():
            if times > 1:
                made.fault(name, "this field is there more than once.")
        return made

    def fault(self, name: str, sentence: str) -> None:
        self.faults.append(f"{self.path}.{name}: {sentence}" if self.path else f"{name}: {sentence}")

    def value(self, *names: str) -> Any:
        """Return what the first of the names that is there holds, or None. Empty text is the same as nothing."""
        self.asked |= {plain(name) for name in names}
        there = [name for name in names if plain(name) in self.given]
        if len(there) > 1:
            self.fault(there[1], f"this says the same as {there[0]}; give one of them.")
        found = self.given[plain(there[0])] if there else None
        return None if isinstance(found, str) and plain(found) in NOTHING else found

    def text(self, *names: str, default: str = "") -> str:
        found = self.value(*names)
        if found is None:
            return default
        if isinstance(found, bool | list | dict):
            self.fault(names[0], f"{shown(found)} is not a name.")
            return default
        return " ".join(str(found).split())

    def hundredths(self, *names: str, default: int | None = None) -> int | None:
        """Return a number of at most two places in hundredths."""
        found = self.value(*names)
        return default if found is None else self._scaled(names[0], found, 2)

    def tenths(self, *names: str, default: int | None = None) -> int | None:
        found = self.value(*names)
        return default if found is None else self._scaled(names[0], found, 1)

    def whole(self, *names: str, default: int | None = None) -> int | None:
        found = self.value(*names)
        return default if found is None else self._scaled(names[0], found, 0)

    def _scaled(self, name: str, found: object, places: int) -> int | None:
        number = _number(found)
        if number is None or abs(number) > LARGEST:
            reason = "is not a number" if number is None else f"is beyond {LARGEST}"
            self.fault(name, f"{shown(found)} {reason}.")
            return None
        scaled = number.scaleb(places)
        if scaled != scaled.to_integral_value():
            wanted = f"with at most {places} decimal places" if places else "without decimal places"
            self.fault(name, f"{shown(found)} must be a number {wanted}.")
            return None
        return int(scaled)

    def boolean(self, *names: str, default: bool | None) -> bool | None:
        found = self.value(*names)
        if found is None or isinstance(found, bool):
            return default if found is None else found
        if plain(found) not in YES | NO:
            self.fault(names[0], f"{shown(found)} is neither yes nor no.")
            return default
        return plain(found) in YES

    def day(self, *names: str) -> date | None:
        """Return a date: 2026-11-22 or 22/11/2026."""
        found = self.value(*names)
        if isinstance(found, datetime):
            return found.date()
        if found is None or isinstance(found, date):
            return found
        for form in ("%Y-%m-%d", "%d/%m/%Y"):
            try:
                return datetime.strptime(str(found).strip(), form).date()  # noqa: DTZ007 - a calendar day has no time zone
            except ValueError:
                continue
        self.fault(names[0], f"{shown(found)} is not a date like 2026-11-22.")
        return None

    def choice(self, *names: str, options: Mapping[str, str], default: str) -> str:
        """Return the option that the word stands for; words are compared as `plain`."""
        word = self.text(*names)
        if not word:
            return default
        if plain(word) not in options:
            self.fault(names[0], f"{shown(word)} is not one of {', '.join(options)}.")
            return default
        return options[plain(word)]

    def named(self, *names: str) -> Iterator[tuple[str, Any]]:
        """Yield the entries of a mapping of names, such as a scheme's categories."""
        found = self.value(*names)
        if found is None:
            return
        if not isinstance(found, Mapping):
            self.fault(names[0], f"{shown(found)} is not a list of names with values.")
            return
        for name, content in found.items():
            yield " ".join(str(name).split()), content

    def entries(self, *names: str, key: str) -> Iterator["Fields"]:
        """Yield the entries of a list; a mapping is taken as a list of entries named by `key`."""
        found = self.value(*names)
        if isinstance(found, Mapping):
            items = found.items()
            found = [{key: name, **content} if isinstance(content, Mapping) else content for name, content in items]
        if found is not None and not isinstance(found, list):
            self.fault(names[0], f"{shown(found)} is not a list.")
            return
        for number, content in enumerate(found or [], start=1):
            entry = Fields.of(f"{names[0]}[{number}]", content, self.faults)
            if isinstance(content, Mapping):
                yield entry

    def finish(self) -> None:
        """Say which fields nobody asked for: a misspelt field must not be ignored in silence."""
        for name in self.given:
            if name in self.asked:
                continue
            near = difflib.get_close_matches(name, self.asked, n=1)
            known = near or sorted(self.asked)
            words = ", ".join(word.replace(" ", "_") for word in known)
            self.fault(name, f"there is no such field; {f'did you mean {words}?' if near else f'there are {words}.'}")


def shown(value: object) -> str:
    """Return a value as a sentence quotes it: short, and never more than one line."""
    if value is None:
        return "nothing"
    word = " ".join(str(value).split())
    return f"“{word[:40]}…”" if len(word) > 40 else f"“{word}”"  # noqa: PLR2004 - a quotation of a line


def _number(value: object) -> Decimal | None:
    """Return a number from what YAML or a person writes: 10, 10.5, "10.5" or "10 %"; None for anything else."""
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    try:
        number = Decimal(str(value).strip().removesuffix("%").strip())
    except InvalidOperation:
        return None
    return number if number.is_finite() else None
