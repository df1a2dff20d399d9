"""What holds of every measure, tried on made-up teams."""

import random
from dataclasses import fields, replace
from datetime import timedelta
from decimal import Decimal
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from caseloads.workload import Flag, Inputs, narrow, score
from checks.facts import (
    CaseDay,
    Change,
    Concern,
    Ending,
    Handed,
    LoadDuty,
    OverDay,
    Recorded,
    Session,
    TeamFacts,
    team_facts,
)
from checks.measures import MEASURES, MOST_ROWS, MeasureUnit, take
from checks.measures.overload import LOAD_FLAGS, spells
from teams.supervision import Span
from teams.workforce import Away, Hours
from tests.unit.caseloads.building import DAY, Area
from tests.unit.caseloads.test_workload_properties import areas, schemes, thorough

LOADS = {"team_load_pct", "demand_pct", "lowest_load_pct", "median_load_pct", "highest_load_pct"}
UNBOUNDED = LOADS | {"turnover_pct", "absence_pct"}
SHARES = {name for name, one in MEASURES.items() if one.unit == MeasureUnit.PERCENT} - UNBOUNDED
SINCE = DAY - timedelta(days=365)

workers = st.sampled_from(["w0", "w1", "w2"])
past = st.integers(0, 400).map(lambda days: DAY - timedelta(days))
spans = st.tuples(past, st.none() | st.integers(1, 90)).map(
    lambda pair: Span(pair[0], None if pair[1] is None else pair[0] + timedelta(pair[1]))
)
names = st.sampled_from(["Ada", "Bo", "Cy"])
cases = st.sampled_from([f"c{number}" for number in range(4)])


def some(rows: st.SearchStrategy[Any], *key: str) -> st.SearchStrategy[list[Any]]:
    """A few rows; of those with the same key, as the database keeps it, one."""
    own = (lambda row: tuple(getattr(row, name) for name in key)) if key else None
    return st.lists(rows, max_size=8, unique_by=own)


records = st.builds(
    Recorded,
    since=st.just(SINCE),
    established=st.none() | st.integers(0, 200).map(Decimal),
    contracts=some(st.builds(Hours, workers, st.none() | st.integers(0, 45).map(Decimal), spans, st.booleans())),
    absences=some(st.builds(Away, workers, st.sampled_from(["Sickness", "Other"]), spans)),
    scored_from=st.none() | past,
    overs=some(st.builds(OverDay, workers, past, st.none() | past, st.booleans()), "worker", "on"),
    sessions=some(
        st.builds(Session, workers, past, st.integers(1, 180), st.booleans(), st.booleans(), st.none() | st.booleans())
    ),
    handed=some(st.builds(Handed, cases, past, names, names, st.none() | past)),
    concerns=some(st.builds(Concern, past, st.none() | past, st.integers(1, 90))),
    load_duties=some(
        st.builds(LoadDuty, workers, st.sampled_from(sorted(LOAD_FLAGS)), past, past, st.booleans()), "worker", "flag"
    ),
    changes=some(st.builds(Change, cases, past, names, names)),
    opened=some(st.builds(CaseDay, cases, past)),
    closed=some(st.builds(CaseDay, cases, past)),
    endings=some(st.builds(Ending, workers, names, past)),
)


def north(area: Area, using: Any, record: Recorded) -> TeamFacts:
    return team_facts(area.score(using, teams=["North", "South"]), "North", record)


@thorough
@given(areas(), schemes, records, st.randoms(use_true_random=False))
def test_order_of_rows_changes_nothing(area: Area, using: Any, record: Recorded, chance: random.Random) -> None:
    inputs = area.inputs()
    mixed = Inputs(
        **{
            entry.name: rows.iloc[chance.sample(range(len(rows)), len(rows))]
            for entry in fields(Inputs)
            if (rows := getattr(inputs, entry.name)) is not None
        }
    )
    lists = {entry.name: getattr(record, entry.name) for entry in fields(Recorded)}
    shuffled = replace(
        record, **{name: chance.sample(rows, len(rows)) for name, rows in lists.items() if isinstance(rows, list)}
    )
    before = north(area, using, record)
    after = team_facts(score(using, mixed, as_of=DAY, teams=["North", "South"]), "North", shuffled)
    for name in MEASURES:
        assert take(name, before) == take(name, after)


@thorough
@given(areas(), schemes, records)
def test_one_team_alone_measures_as_in_the_whole_area(area: Area, using: Any, record: Recorded) -> None:
    alone = score(using, narrow(area.inputs(), ["North"]), as_of=DAY, teams=["North"])
    for name in MEASURES:
        assert take(name, north(area, using, record)) == take(name, team_facts(alone, "North", record))


@thorough
@given(areas(), schemes, records)
def test_values_stay_within_their_bounds(area: Area, using: Any, record: Recorded) -> None:
    facts = north(area, using, record)
    for name in MEASURES:
        found = take(name, facts)
        assert found.value is not None or found.note.endswith(".")
        assert found.value is None or found.value >= 0
        assert found.rows is None or 0 < len(found.rows.lines) <= MOST_ROWS
        if name in SHARES and found.value is not None:
            assert found.value <= 100
            assert found.value.as_tuple().exponent == -1


@thorough
@given(records)
def test_runs_hold_every_day_over_and_do_not_touch(record: Recorded) -> None:
    found = spells(record.overs)
    for row in record.overs:
        assert sum(one.worker == row.worker and one.first_on <= row.on <= one.last_on for one in found) == 1
    starts = {(one.worker, one.first_on) for one in found}
    assert starts <= {(row.worker, row.on) for row in record.overs}
    assert len(found) <= len({(row.worker, row.on) for row in record.overs})


def test_flags_about_load_are_flags() -> None:
    assert set(Flag) >= LOAD_FLAGS
