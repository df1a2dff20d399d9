"""Bank holidays of the nations, from a package that is kept up to date. Pure."""

from collections.abc import Iterable
from datetime import date
from functools import lru_cache

SATURDAY = 5


def bank_holidays(nation: str, years: Iterable[int]) -> frozenset[date]:
    """The bank holidays of ENG, WLS, SCT or NIR in some years; of one on a weekend only its substitute."""
    return frozenset[date]().union(*(_of_year(nation, year) for year in years))


@lru_cache(maxsize=256)
def _of_year(nation: str, year: int) -> frozenset[date]:
    from holidays import country_holidays  # noqa: PLC0415 - slow to load, and most processes never need it

    return frozenset(day for day in country_holidays("GB", subdiv=nation, years=[year]) if day.weekday() < SATURDAY)
