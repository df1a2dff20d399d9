"""Single cells: tidy text, dates, yes and no, references. Everything arrives as text, whatever the file was."""

import hashlib
import hmac
import re
import unicodedata
from datetime import date, timedelta
from functools import lru_cache

_INVISIBLE = dict.fromkeys(map(ord, "\u200b\u200c\u200d\u2060\ufeff\u00ad"))
_APOSTROPHES = dict.fromkeys(map(ord, "'’‘`´"))
_ERROR = re.compile(r"#[a-z/_0]+[!?]?", re.IGNORECASE)
_EMPTY_WORDS = frozenset(
    [
        "", "n a", "na", "nan", "null", "none", "nil", "blank", "not applicable", "not recorded", "not known",
        "not stated", "unknown", "tbc", "tba", "to be confirmed", "no data", "pd na",
    ]
)  # fmt: skip
_EARLIEST, _LATEST = date(1920, 1, 1), date(2100, 1, 1)
_SERIAL_ZERO = date(1899, 12, 30)  # spreadsheets count days from here
_NEVER = frozenset(
    ["0", "00:00:00", "1899-12-30", "1899-12-31", "1900-01-00", "00/01/1900", "1900-01-01", "01/01/1900"]
)
_TIME = re.compile(r"[T ]\d{1,2}:\d{2}(:\d{2}(\.\d+)?)?( ?[ap]m)?(Z|[+-]\d\d:?\d\d)?$", re.IGNORECASE)
_ISO = re.compile(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})")
_BRITISH = re.compile(r"(\d{1,2})[-/. ](\d{1,2})[-/. ](\d{4}|\d{2})")
_WORDED = re.compile(r"(\d{1,2})(?:st|nd|rd|th)?[-/ ]([a-z]{3,9})[., /-]+(\d{4}|\d{2})", re.IGNORECASE)
_SERIAL = re.compile(r"(\d{5})(?:\.\d+)?")
_MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]
_CENTURY_TURNS = 70  # a two-figure year below this is 20xx
_CODE_PREFIX = re.compile(r"^(?:[a-z]|\d{1,2}) (?=[a-z])")
_SHORT_YEAR = 100
_HASH_LENGTH = 20  # of 64 hexadecimal digits: no two of a million references meet


@lru_cache(maxsize=65_536)
def clean(text: str) -> str:
    """Text with ordinary single spaces and nothing invisible."""
    if not text.isascii():
        text = unicodedata.normalize("NFKC", text.translate(_INVISIBLE))
    return " ".join(text.split())


@lru_cache(maxsize=65_536)
def key(text: str) -> str:
    """What makes two spellings the same: no case, accents, apostrophes, punctuation or doubled spaces."""
    text = clean(text.translate(_APOSTROPHES))
    if not text.isascii():
        text = "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))
    return re.sub(r"[\W_]+", " ", text.casefold()).strip()


def heading_key(text: str) -> str:
    """The key of a heading, in which words may run together: "ChildID" is "child id"."""
    return key(re.sub(r"(?<=[a-z])(?=[A-Z])", " ", text))


@lru_cache(maxsize=65_536)
def is_empty(text: str) -> bool:
    """Whether a cell says nothing: blank, a dash, a spreadsheet's error or a word for "not recorded"."""
    tidy = clean(text)
    return _ERROR.fullmatch(tidy) is not None or key(tidy) in _EMPTY_WORDS


@lru_cache(maxsize=65_536)
def parse_date(text: str) -> date | None:
    """The day a cell names: ISO, British order, month in words, or a spreadsheet's serial number.

    None when the cell says nothing. ValueError when it says something that is no day between 1920 and 2100.
    """
    tidy = _TIME.sub("", clean(text))
    if tidy in _NEVER or is_empty(tidy):
        return None
    day = _read_day(tidy)
    if not _EARLIEST <= day <= _LATEST:
        message = f"“{tidy}” is not a date between 1920 and 2100"
        raise ValueError(message)
    return day


def _read_day(tidy: str) -> date:
    if match := _ISO.fullmatch(tidy):
        return date(int(match[1]), int(match[2]), int(match[3]))
    if match := _BRITISH.fullmatch(tidy):
        return date(_year(match[3]), int(match[2]), int(match[1]))
    if match := _WORDED.fullmatch(tidy):
        return date(_year(match[3]), _MONTHS.index(match[2][:3].casefold()) + 1, int(match[1]))
    if match := _SERIAL.fullmatch(tidy):
        return _SERIAL_ZERO + timedelta(days=int(match[1]))
    message = f"“{tidy}” is not a date"
    raise ValueError(message)


def _year(digits: str) -> int:
    year = int(digits)
    if year >= _SHORT_YEAR or len(digits) > 2:  # noqa: PLR2004 - "0024" is a slip, not 2024
        return year
    return year + (2000 if year < _CENTURY_TURNS else 1900)


def without_code(text: str) -> str:
    """The key of a value without its code: "b) No", "2 - No" and "(b) No" all give "no"."""
    return _CODE_PREFIX.sub("", key(text), count=1)


@lru_cache(maxsize=4096)
def parse_answer(text: str) -> bool | None:
    """Yes, no, or None for not known. ValueError for anything else."""
    if is_empty(text):
        return None
    word = without_code(text).split(" ")[0]
    if word in ("yes", "y", "true", "t", "1", "a"):
        return True
    if word in ("no", "n", "false", "f", "0", "2", "b"):
        return False
    if word in ("unknown", "not", "u", "c", "9"):
        return None
    message = f"“{clean(text)}” is neither yes nor no"
    raise ValueError(message)


def parse_reference(text: str) -> str:
    """A child's or family's reference as text, "" when there is none. ValueError when a spreadsheet has spoilt it."""
    tidy = clean(text).lstrip("'")
    if tidy == "0" or is_empty(tidy):
        return ""
    if re.fullmatch(r"\d(\.\d+)?E\+\d+", tidy, re.IGNORECASE):
        message = f"“{tidy}” is a long number that a spreadsheet has shortened; format the column as text"
        raise ValueError(message)
    return re.sub(r"\.0+$", "", tidy) if re.fullmatch(r"\d+\.0+", tidy) else tidy


def keyed_hash(reference: str, *, secret: str) -> str:
    """A stand-in for a reference that only the holder of the key can make again; "" stays ""."""
    if not reference:
        return ""
    digest = hmac.new(secret.encode(), reference.encode(), hashlib.sha256)
    return digest.hexdigest()[:_HASH_LENGTH]
