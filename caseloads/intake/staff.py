"""The staff list: one row per worker and team, with hours, stage and registration."""

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal

from caseloads.intake.cells import clean, is_empty, key
from caseloads.intake.columns import STAFF_COLUMNS, Grid, find_grid
from caseloads.intake.judging import Unfit, answer_in, date_in, name_in, reference_in
from caseloads.intake.mapping import NOTHING_SAID, SET_ASIDE, Mapped
from caseloads.intake.people import is_nobody, one_spelling, person_key, place_key, tidy_person, tidy_team
from caseloads.intake.records import NO_TEAM, Problem, Row, Source, StaffRecord, Table

_STAGES = (
    ("STUDENT", re.compile(r"\bstudent\b|\btrainee\b|\bapprentice\b")),
    ("NEWLY_QUALIFIED", re.compile(r"\bnewly qualified\b|\bnqsw\b|\basye\b|\bnq\b")),
    ("UNQUALIFIED", re.compile(r"\bunqualified\b|\bnot qualified\b|\bsupport worker\b|\bassistant\b")),
    ("EXPERIENCED", re.compile(r"\bexperienced\b|\badvanced\b|\bsenior\b|\bconsultant\b")),
    ("ESTABLISHED", re.compile(r"\bestablished\b|\bqualified\b|\bsocial worker\b")),
)
_HOURS = re.compile(r"\d{1,3}(?:[.,]\d{1,4})?")
_WEEK = 168
_HUNDREDTH = Decimal("0.01")
STAFF_NEEDED = ("worker", "team")


def read_staff(
    tables: Sequence[Table], *, name: str, mapped: Mapped = NOTHING_SAID
) -> tuple[tuple[StaffRecord, ...], tuple[Problem, ...]]:
    """The staff and the rows set aside. Refused when there are no headings for the worker and the team."""
    said = mapped.headings("staff")
    grid = find_grid(tables, STAFF_COLUMNS, needed=STAFF_NEEDED, name=name, said=said)
    records: list[StaffRecord] = []
    problems: list[Problem] = []
    taken: dict[tuple[str, str], list[StaffRecord]] = {}
    for row in grid.rows:
        try:
            record = _record(grid, row, mapped)
            same = taken.setdefault((person_key(record.worker), place_key(record.team)), [])
            _check_overlap(record, same)
        except Unfit as unfit:
            problems.append(unfit.at(Source(grid.table, row.number)))
        else:
            same.append(record)
            records.append(record)
    return _one_spelling_each(records), tuple(problems)


def _record(grid: Grid, row: Row, mapped: Mapped) -> StaffRecord:
    text = {column: grid.reader(column)(row) for column in STAFF_COLUMNS}
    worker, team = name_in(text["worker"], grid.heading("worker")), name_in(text["team"], grid.heading("team"))
    if is_nobody(worker):
        raise Unfit(grid.heading("worker"), worker, "This row has no worker's name.")
    if tidy_team(team) == NO_TEAM:
        raise Unfit(grid.heading("team"), team, "This row has no team.")
    starts_on = date_in(text["starts_on"], grid.heading("starts_on"))
    ends_on = date_in(text["ends_on"], grid.heading("ends_on"))
    if ends_on is not None and starts_on is not None and ends_on <= starts_on:
        raise Unfit(grid.heading("ends_on"), text["ends_on"], "This contract ends before it starts.")
    return StaffRecord(
        worker=tidy_person(worker),
        staff_reference=reference_in(
            text["staff_reference"], grid.heading("staff_reference"), owner="worker", needed=False
        ),
        team=tidy_team(team),
        weekly_hours=_hours(text["weekly_hours"], grid.heading("weekly_hours")),
        career_stage=_stage(text["career_stage"], grid.heading("career_stage"), mapped),
        registered=answer_in(text["registered"], grid.heading("registered")),
        case_holding=answer_in(text["case_holding"], grid.heading("case_holding")),
        agency=answer_in(text["agency"], grid.heading("agency")),
        starts_on=starts_on,
        ends_on=ends_on,
        source=Source(grid.table, row.number),
    )


def _hours(text: str, column: str) -> Decimal | None:
    if is_empty(text):
        return None
    tidy = clean(text)
    hours = Decimal(tidy.replace(",", ".")) if _HOURS.fullmatch(tidy) else Decimal(-1)
    if not 0 <= hours <= _WEEK:
        raise Unfit(column, text, f"“{tidy}” is not a number of hours in a week.")
    return hours.quantize(_HUNDREDTH)


def _stage(text: str, column: str, mapped: Mapped) -> str:
    """The career stage; "" when the file does not say."""
    if is_empty(text):
        return ""
    said = mapped.code("career_stage", text)
    stage = stage_of(text) if said in {None, SET_ASIDE} else said
    if stage is None:
        raise Unfit(column, text, f"“{clean(text)}” is not a career stage we know.")
    return stage


def stage_of(text: str) -> str | None:
    """The career stage that a word speaks of; None when it is not one we know."""
    return next((stage for stage, pattern in _STAGES if pattern.search(key(text))), None)


def _check_overlap(record: StaffRecord, others: Sequence[StaffRecord]) -> None:
    """A worker has one contract in a team at a time."""
    for other in others:
        begins = max(record.starts_on or date.min, other.starts_on or date.min)
        if begins < min(record.ends_on or date.max, other.ends_on or date.max):
            sentence = f"{other.worker} is already in {other.team} at that time (row {other.source.row})."
            raise Unfit("worker", record.worker, sentence)


def _one_spelling_each(records: Sequence[StaffRecord]) -> tuple[StaffRecord, ...]:
    workers = one_spelling((record.worker for record in records), person_key)
    teams = one_spelling((record.team for record in records), place_key)
    return tuple(replace(record, worker=workers[record.worker], team=teams[record.team]) for record in records)
