"""How instruments come into use: the product's with its standards, an employer's as it loads them."""

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction

from checks.actions.doing import Doing
from checks.instrument_csv import Heading, read_benchmarks, read_instrument
from checks.instrument_files import stored
from checks.models import Instrument, InstrumentBenchmark
from checks.shipped_instruments import shipped_instruments
from checks.surveys import Instrument as Definition
from teams import audit, submissions
from teams.access import require_employer_wide
from teams.audit import Event
from teams.models import Employer, User
from teams.refusals import NotAllowed
from teams.roles import Permission


def load_shipped_instruments(*, at: datetime) -> list[tuple[Definition, bool]]:
    """Keep every instrument that comes with the product; tell of each whether it is new. Again does no harm."""
    return [
        (one, Instrument.objects.get_or_create(employer=None, **_key(one), defaults=_fields(one, at))[1])
        for one in shipped_instruments()
    ]


def shipped_row(definition: Definition) -> Instrument:
    """The row of an instrument that comes with the product. Every employer reads it, and none may make it."""
    row = Instrument.objects.filter(employer=None, **_key(definition)).first()
    if row is None:
        raise NotAllowed(
            f"“{definition.title}” is not loaded yet: ask whoever runs this server for `manage.py load_standards`."
        )
    return row


@transaction.atomic
def load_instrument(
    *, employer: Employer, definition: Definition, benchmarks: Mapping[str, int], label: str, doing: Doing
) -> Instrument:
    """Keep an employer's own instrument, with scores to compare with where there are any."""
    require_employer_wide(doing.by, Permission.CYCLE_RUN, employer=employer)
    submissions.claim(doing.once, by=doing.by, at=doing.at)
    Employer.objects.select_for_update(no_key=True).get(pk=employer.pk)
    shipped = {one.code for one in shipped_instruments()}
    if definition.code in shipped or Instrument.objects.filter(employer=employer, **_key(definition)).exists():
        raise NotAllowed(
            f"There is already a survey “{definition.code}”, version {definition.version}. A survey never changes once "
            "it is loaded: give this one another version, or another name."
        )
    row = Instrument.objects.create(employer=employer, **_key(definition), **_fields(definition, doing.at))
    if benchmarks:
        _compare(row, employer, benchmarks, label)
    detail = {"code": row.code, "version": row.version, "items": len(definition.items), "benchmarks": bool(benchmarks)}
    audit.record(Event.INSTRUMENT_LOADED, employer=employer, target=row, by=doing.by, at=doing.at, detail=detail)
    return row


@transaction.atomic
def load_benchmarks(
    *, employer: Employer, definition: Definition, benchmarks: Mapping[str, int], label: str, doing: Doing
) -> None:
    """Keep the scores that an employer compares an instrument's with; they replace those it compared with before."""
    require_employer_wide(doing.by, Permission.CYCLE_RUN, employer=employer)
    submissions.claim(doing.once, by=doing.by, at=doing.at)
    own = Instrument.objects.filter(employer=employer, **_key(definition)).first()
    row = own or shipped_row(definition)
    _compare(row, employer, benchmarks, label)
    detail = {"code": row.code, "version": row.version, "benchmarks": True, "label": label}
    audit.record(Event.INSTRUMENT_LOADED, employer=employer, target=row, by=doing.by, at=doing.at, detail=detail)


def load_files(
    *, slug: str, username: str, heading: Heading, items: str, benchmarks: str, label: str, at: datetime
) -> Instrument:
    """Load an employer's own instrument from the text of its files, for somebody named on the server's command line."""
    employer, user = Employer.objects.filter(slug=slug).first(), User.objects.filter(username=username).first()
    if employer is None or user is None:
        raise NotAllowed(f"There is no {f'user “{username}”' if employer else f'employer “{slug}”'}.")
    definition = read_instrument(items, heading)
    scores = read_benchmarks(benchmarks, definition) if benchmarks else {}
    if scores and not label:
        raise NotAllowed("Say with --label whose scores they are, and of when.")
    return load_instrument(
        employer=employer, definition=definition, benchmarks=scores, label=label, doing=Doing(user, at)
    )


def _compare(row: Instrument, employer: Employer, benchmarks: Mapping[str, int], label: str) -> None:
    InstrumentBenchmark.objects.update_or_create(
        employer=employer, instrument=row, defaults={"scores": dict(benchmarks), "label": label}
    )


def _key(definition: Definition) -> dict[str, str]:
    return {"code": definition.code, "version": definition.version}


def _fields(definition: Definition, at: datetime) -> dict[str, object]:
    return {
        "title": definition.title,
        "kind": definition.kind.value,
        "source": definition.source,
        "licence": definition.licence,
        "document": stored(definition),
        "loaded_at": at,
    }
