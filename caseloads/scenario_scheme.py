"""The weighting scheme of a scenario. Format: docs/scenario.md."""

from typing import Any

from caseloads.scenario_fields import Fields, plain, shown
from caseloads.workload import BANDS, LARGEST, Band, BandLevel, Category, Factor, Scheme, Unit

IN_FULL = ("ESTABLISHED", "EXPERIENCED")
ONE = 100
UNITS = {plain(unit): str(unit) for unit in Unit}
LEVELS = {plain(level): str(level) for level in BandLevel} | {plain(band.name): str(band.level) for band in BANDS}


def stage_of(word: str) -> str:
    """Return a career stage as the frames hold it: "newly qualified" is NEWLY_QUALIFIED."""
    return plain(word).upper().replace(" ", "_")


def read_scheme(part: Fields) -> Scheme | None:
    """Return the scheme, or None where it has faults, which are then noted."""
    before = len(part.faults)
    unit = Unit(part.choice("unit", options=UNITS, default=Unit.POINTS))
    weight = ONE if unit == Unit.CASES else None
    values: dict[str, Any] = {
        "name": part.text("name", default="Scheme"),
        "version": part.text("version", default="1"),
        "unit": unit,
        "maximum": _needed(part, "maximum"),
        "stable": part.hundredths("stable", "stable_load", default=0),
        "full_time_hours": _needed(part, "full_time_hours"),
        "default_weight": _needed(part, "default_weight", default=weight),
        "lowest_weight": part.hundredths("lowest_weight", default=0),
        "highest_weight": part.hundredths("highest_weight", default=LARGEST),
        "sibling_share": part.whole("sibling_share", default=100),
        "joint_uplift": part.whole("joint_uplift", "joint_working_uplift", "uplift", default=0),
        "review_interval_days": part.whole("review_interval_days"),
        "stage_shares": _stage_shares(part),
        "categories": _categories(part, weight),
        "factors": _factors(part),
        "bands": _bands(part),
    }
    part.finish()
    if len(part.faults) > before:
        return None
    try:
        return Scheme(**values)
    except ValueError as error:
        part.faults.append(f"{part.path}: {error}")
        return None


def _needed(part: Fields, name: str, default: int | None = None) -> int | None:
    if part.value(name) is None and default is None:
        part.fault(name, "a number is needed.")
        return None
    return part.hundredths(name, default=default)


def _stage_shares(part: Fields) -> dict[str, int]:
    """Return the share of each career stage; established and experienced workers count in full unless told."""
    shares = dict.fromkeys(IN_FULL, 100)
    given = Fields(f"{part.path}.stages", {}, part.faults)
    for name, content in part.named("stages", "stage_shares", "career_stages"):
        given.given = {plain(name): content}
        share = given.whole(name)
        if share is not None:
            shares[stage_of(name)] = share
    return shares


def _categories(part: Fields, weight: int | None) -> dict[str, Category]:
    found = {}
    for code, content in part.named("categories"):
        entry = _entry(part, "categories", code, content, "weight")
        found[code] = Category(
            code=code,
            name=entry.text("name", default=code),
            weight=_needed(entry, "weight", default=weight) or 0,
            reserved=bool(entry.boolean("reserved", default=False)),
            unallocated_limit_days=entry.whole("unallocated_limit_days", "limit"),
        )
        entry.finish()
    return found


def _factors(part: Fields) -> dict[str, Factor]:
    found = {}
    for code, content in part.named("factors", "complexity_factors"):
        entry = _entry(part, "factors", code, content, "points")
        found[code] = Factor(
            code=code,
            name=entry.text("name", default=code),
            points=_needed(entry, "points") or 0,
            per_extra=bool(entry.boolean("per_extra", "for_each", default=False)),
        )
        entry.finish()
    return found


def _entry(part: Fields, group: str, code: str, content: object, single: str) -> Fields:
    """Return the fields of a category or a factor; a plain number stands for its weight or points."""
    fields = content if isinstance(content, dict) else {single: content}
    return Fields.of(f"{part.path}.{group}.{code}", fields, part.faults)


def _bands(part: Fields) -> tuple[Band, ...]:
    """Return the bands, from a list of fields or from names with lower bounds; the example bands when left out."""
    given = part.value("bands")
    if given is None:
        return BANDS
    if isinstance(given, dict):
        part.given["bands"] = [{"name": name, "from": lower} for name, lower in given.items()]
    found = []
    for entry in part.entries("bands", key="name"):
        entry.path = f"{part.path}.{entry.path}"
        name = entry.text("name")
        level = entry.choice("level", options=LEVELS, default=LEVELS.get(plain(name), ""))
        lower = entry.tenths("from", "lower")
        if not level:
            entry.fault("level", f"say which level {shown(name)} is: {', '.join(plain(known) for known in BandLevel)}.")
        elif lower is None:
            entry.fault("from", "a load % is needed.")
        else:
            found.append(Band(BandLevel(level), name or plain(level), lower))
        entry.finish()
    return tuple(found)
