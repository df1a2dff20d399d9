"""Instruments that an employer can ask: the product's and its own."""

from dataclasses import dataclass

from django.http import Http404

from checks.instrument_files import from_stored
from checks.models import Cycle, Instrument, InstrumentBenchmark
from checks.shipped_instruments import shipped_instruments
from checks.surveys import Instrument as Definition
from teams.access import holds_employer_wide
from teams.models import Employer, User
from teams.roles import Permission


@dataclass(frozen=True)
class Usable:
    """An instrument that an employer can ask; `row` is None for one of the product's that nobody has asked yet."""

    definition: Definition
    own: Instrument | None

    @property
    def key(self) -> str:
        return f"{self.definition.code}/{self.definition.version}"


def usable_instruments(employer: Employer) -> list[Usable]:
    """The product's instruments, then the newest version of each that the employer has loaded. One statement."""
    own = Instrument.objects.filter(employer=employer).order_by("code", "-loaded_at", "-pk").distinct("code")
    return [Usable(one, None) for one in reversed(shipped_instruments())] + [
        Usable(from_stored(row.document), row) for row in own
    ]


def instruments_to_open(cycle: Cycle) -> list[Usable]:
    """The instruments that a cycle has not asked yet. Two statements."""
    asked = set(cycle.surveys.values_list("instrument__code", flat=True))
    return [one for one in usable_instruments(cycle.employer) if one.definition.code not in asked]


def find_instrument(employer: Employer, code: str, version: str) -> Definition:
    """An instrument that the employer uses, has used or can use (404)."""
    row = Instrument.objects.usable_by(employer).filter(code=code, version=version).first()
    if row is not None:
        return from_stored(row.document)
    for one in shipped_instruments():
        if (one.code, one.version) == (code, version):
            return one
    raise Http404("There is no such survey.")


@dataclass(frozen=True)
class InstrumentPage:
    """What an instrument asks, scale by scale, and what the employer compares it with."""

    definition: Definition
    benchmark: InstrumentBenchmark | None
    may_run: bool


def instrument_page(employer: Employer, code: str, version: str, *, user: User) -> InstrumentPage:
    """For every member of the employer: staff may read what is asked. Three statements."""
    rows = InstrumentBenchmark.objects.filter(employer=employer, instrument__code=code, instrument__version=version)
    may_run = holds_employer_wide(user, Permission.CYCLE_RUN, employer=employer)
    return InstrumentPage(find_instrument(employer, code, version), rows.first(), may_run)
