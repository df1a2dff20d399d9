"""Figures as people read them, the same on a page, in a report and in a sentence. Missing is said, never zero."""

from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache

NOT_KNOWN = "not known"
LONGEST_IN_MINUTES = 5400


def amount(value: Decimal | None) -> str:
    """A weight, load or capacity with two places: 1,204.50, −10.00; under 0.01 where it would read as nothing."""
    if value is None:
        return NOT_KNOWN
    return _told(value, f"{value:,.2f}".replace("-", "−"), least="0.01")


def plain(value: Decimal) -> Decimal:
    """A figure without the zeros after its point that say nothing: 100, 2.5."""
    return value.quantize(Decimal(1)) if value == value.to_integral() else value.normalize()


def pct(value: Decimal | None) -> str:
    """A percentage with one place: 97.8 %, its sign on the same line; under 0.1 % where it would read as nothing."""
    return NOT_KNOWN if value is None else _told(value, f"{value:,.1f}", least="0.1") + "\u00a0%"


def _told(value: Decimal, text: str, *, least: str) -> str:
    """The text of a figure, except of one that only rounding makes nothing."""
    return f"under {least}" if value > 0 and not text.strip("0.") else text


@lru_cache(maxsize=4096)
def day(value: date | None) -> str:
    """A date in words: 3 March 2026."""
    return NOT_KNOWN if value is None else f"{value.day}\u00a0{value:%B}\u00a0{value:%Y}"


def iso_day(value: str) -> str:
    """A date that is stored as ISO text, in words."""
    return day(date.fromisoformat(value))


def moment(value: datetime) -> str:
    """A day and a time in words, as the clock on the wall showed it: 3 March 2026 at 14:05. `value` is local."""
    return f"{day(value.date())} at {value:%H:%M}"


def days(value: int | Decimal | None) -> str:
    """A number of days: 1 day, 12 days, 3.5 days."""
    if value is None:
        return NOT_KNOWN
    text = f"{value:,.1f}".removesuffix(".0")
    return f"{text}\u00a0day" + ("" if text == "1" else "s")


def sentence(text: str) -> str:
    """Somebody's words as a sentence: with a full stop, unless they end in a mark of their own."""
    tidy = text.strip()
    return tidy if not tidy or tidy[-1] in ".!?…" else f"{tidy}."


def how_long(seconds: int) -> str:
    """A time to wait, in words, never too short: 1 minute, 12 minutes, 2 hours."""
    count, unit = (-(-seconds // 60), "minute") if seconds <= LONGEST_IN_MINUTES else (-(-seconds // 3600), "hour")
    return f"{count} {unit}" + ("" if count == 1 else "s")
