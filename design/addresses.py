"""Parts of addresses that several apps share. Importing it makes `<day:…>` and `<row:…>` known."""

from datetime import date

from django.conf import settings
from django.urls import register_converter
from django.utils.crypto import constant_time_compare, salted_hmac


class DayConverter:
    """A day in an address, such as 2026-11-16."""

    regex = r"\d{4}-\d{2}-\d{2}"

    def to_python(self, value: str) -> date:
        return date.fromisoformat(value)

    def to_url(self, value: date) -> str:
        return value.isoformat()


class RowConverter:
    """The number of a row that has no other key, beside a mark that only the service can make: 17-5f0c….

    Whoever counts on from one such address finds none. The mark is made with SECRET_KEY; one of a key before it, named
    in SECRET_KEY_FALLBACKS, is still known.
    """

    regex = r"\d{1,18}-[0-9a-f]{20}"

    def to_python(self, value: str) -> int:
        number, _, mark = value.partition("-")
        keys = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
        if not any(constant_time_compare(mark, _mark_of(number, key)) for key in keys):
            raise ValueError
        return int(number)

    def to_url(self, value: int) -> str:
        return f"{value}-{_mark_of(str(value), settings.SECRET_KEY)}"


def _mark_of(number: str, key: str) -> str:
    return salted_hmac("design.addresses", number, secret=key, algorithm="sha256").hexdigest()[:20]


register_converter(DayConverter, "day")
register_converter(RowConverter, "row")
