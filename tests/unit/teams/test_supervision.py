"""When supervision is due: the published examples, what always holds, and the edges."""

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as some

from teams import shipped
from teams.bank_holidays import bank_holidays
from teams.supervision import (
    STATE_NAMES,
    Facts,
    Held,
    Rule,
    Span,
    State,
    employed_since,
    months_after,
    rule_on,
    standing,
    why_below,
)

PAGE = Path(__file__).parents[3] / "docs" / "supervision.md"
DAY = timedelta(days=1)
BEGUN = date(2026, 1, 1)
RULES = shipped.supervision_rules()
HOLIDAYS = bank_holidays("ENG", range(2025, 2028))


def table(first: str) -> list[list[str]]:
    """The rows of the page's table whose first heading is that."""
    cells = [[cell.strip() for cell in line.strip("|").split("|")] for line in PAGE.read_text().splitlines()]
    start = next(number for number, row in enumerate(cells) if row[0] == first and len(row) > 1)
    rows = cells[start + 2 :]
    return rows[: next((number for number, row in enumerate(rows) if len(row) == 1), len(rows))]


def code(words: str) -> str:
    return words.upper().replace(" ", "_")


def span(words: str) -> Span:
    start, _, end = words.partition(" to ")
    return Span(date.fromisoformat(start), date.fromisoformat(end) if end else None)


@pytest.mark.parametrize("row", table("worker"), ids=lambda row: row[0])
def test_published_example(row: list[str]) -> None:
    _, stage, begun, sessions, away, day, stands, due = row
    facts = Facts(
        begun_on=date.fromisoformat(begun),
        stage=code(stage),
        rules=RULES,
        log_begun_on=BEGUN,
        held=[] if sessions == "–" else [date.fromisoformat(sessions)],
        absences=[] if away == "–" else [span(away)],
        bank_holidays=HOLIDAYS,
    )
    found = standing(facts, on=date.fromisoformat(day))
    assert found.name.lower() == stands
    assert (found.due_on.isoformat() if found.due_on else "–") == due


def test_published_rules_are_those_that_come_with_the_product() -> None:
    printed = {(code(stage), period, gap, minutes) for stage, period, gap, minutes in table("career stage")}
    assert printed == {
        (rule.stage, period(rule), str(rule.gap_days or "as agreed"), str(rule.minutes)) for rule in RULES
    }
    assert all(rule.source for rule in RULES)


def period(rule: Rule) -> str:
    if rule.until is not None:
        return f"for the first {rule.until} {rule.unit.lower()}"
    return "afterwards" if rule.stage == "NEWLY_QUALIFIED" else "always"


def facts(**changes: object) -> Facts:
    return replace(Facts(begun_on=BEGUN, stage="ESTABLISHED", rules=RULES, log_begun_on=BEGUN), **changes)  # type: ignore[arg-type]


def test_employer_without_a_log_is_not_known() -> None:
    assert standing(facts(log_begun_on=None), on=BEGUN).state == State.NOT_KNOWN
    assert standing(facts(log_begun_on=BEGUN + DAY), on=BEGUN).state == State.NOT_KNOWN


@pytest.mark.parametrize("begun", [None, BEGUN + DAY])
def test_somebody_who_is_not_employed_is_not_known(begun: date | None) -> None:
    found = standing(facts(begun_on=begun), on=BEGUN)
    assert (found.state, found.sentence) == (State.NOT_KNOWN, "No contract counts on this day.")


def test_stage_without_a_rule_is_as_agreed() -> None:
    assert standing(facts(rules=()), on=BEGUN).state == State.NO_GAP_SET


@pytest.mark.parametrize("then", [(), (Rule("ESTABLISHED", None, None, "as agreed"),)])
def test_rule_that_ends_leaves_nothing_due_after_it(then: tuple[Rule, ...]) -> None:
    rule = Rule("ESTABLISHED", 31, 90, "made up", until=1, unit="WEEKS")
    found = standing(facts(rules=(rule, *then)), on=BEGUN)
    assert (found.state, found.due_on) == (State.IN_TIME, None)


@pytest.mark.parametrize("gap", [5, 31])
def test_absence_ahead_without_an_end_leaves_nothing_due(gap: int) -> None:
    rules = [Rule("ESTABLISHED", gap, 90, "made up")]
    found = standing(facts(rules=rules, absences=[Span(BEGUN + 5 * DAY)]), on=BEGUN)
    assert (found.state, found.due_on) == (State.IN_TIME, None)
    assert found.sentence == "No day is due that can be told yet, never held on record."


def test_due_on_the_first_counting_day_of_a_stricter_rule() -> None:
    lax = Rule("ESTABLISHED", 60, 90, "made up", until=6, unit="WEEKS")
    then = BEGUN + 42 * DAY
    strict = replace(facts(rules=(lax, Rule("ESTABLISHED", 30, 90, "made up"))), bank_holidays=[then])
    assert standing(strict, on=BEGUN).due_on == then + DAY


@pytest.mark.parametrize(("gap", "due"), [(1_100, BEGUN + 1_100 * DAY), (1_101, None)])
def test_nobody_looks_further_than_three_years_ahead(gap: int, due: date | None) -> None:
    assert standing(facts(rules=(Rule("ESTABLISHED", gap, 90, "made up"),)), on=BEGUN).due_on == due


def test_sentences_say_since_when() -> None:
    late = standing(facts(held=[BEGUN]), on=date(2026, 2, 4))
    assert late.sentence == "Due by 1\u00a0February\u00a02026, 3\u00a0days ago; last held 1\u00a0January\u00a02026."
    assert late.overdue_since == date(2026, 2, 2)
    in_time = standing(facts(held=[BEGUN]), on=date(2026, 2, 1))
    assert in_time.overdue_since is None
    assert in_time.sentence.startswith("Due by 1\u00a0February")


def test_session_of_an_earlier_employment_is_not_counted_from() -> None:
    found = standing(facts(log_begun_on=date(2025, 1, 1), held=[date(2025, 3, 1)]), on=BEGUN)
    assert found.due_on == BEGUN + 31 * DAY


def test_newly_qualified_rules_follow_each_other() -> None:
    def gap(day: date) -> int | None:
        rule = rule_on(day, begun=BEGUN, stage="NEWLY_QUALIFIED", rules=RULES)
        return rule.gap_days if rule else None

    assert [gap(BEGUN + number * DAY) for number in (0, 41, 42)] == [7, 7, 14]
    assert [gap(day) for day in (date(2026, 6, 30), date(2026, 7, 1))] == [14, 31]


def test_months_end_on_their_last_day() -> None:
    assert months_after(date(2026, 8, 31), 6) == date(2027, 2, 28)
    assert months_after(date(2026, 6, 1), 6) == date(2026, 12, 1)


def test_employment_is_unbroken_through_changes_of_hours_and_team() -> None:
    first, second = Span(BEGUN, BEGUN + 10 * DAY), Span(BEGUN + 10 * DAY, BEGUN + 20 * DAY)
    after_a_break = Span(BEGUN + 21 * DAY)
    contracts = [after_a_break, second, first]
    assert employed_since(contracts, BEGUN + 15 * DAY) == BEGUN
    assert employed_since(contracts, BEGUN + 30 * DAY) == BEGUN + 21 * DAY
    assert employed_since(contracts, BEGUN + 20 * DAY) is None


def test_session_below_the_standard_says_why() -> None:
    rule = RULES[0]
    assert why_below(Held(BEGUN, 90, interrupted=False), rule) == ""
    assert why_below(Held(BEGUN, 89, interrupted=True), rule) == "interrupted, shorter than 90 minutes"
    assert why_below(Held(BEGUN, 10, interrupted=False), None) == ""
    assert why_below(Held(BEGUN, 10, interrupted=False), replace(rule, minutes=None)) == ""


def test_bank_holidays_are_the_nation_s_own() -> None:
    saint_andrew = date(2026, 11, 30)
    assert saint_andrew in bank_holidays("SCT", [2026])
    assert saint_andrew not in HOLIDAYS
    assert {date(2026, 12, 25), date(2026, 12, 28)} <= HOLIDAYS
    assert date(2026, 12, 26) not in HOLIDAYS


def test_every_state_has_its_name() -> None:
    assert set(STATE_NAMES) == set(State)


days = some.integers(0, 300).map(lambda number: BEGUN + number * DAY)
spans = some.tuples(days, some.none() | some.integers(1, 60)).map(
    lambda pair: Span(pair[0], None if pair[1] is None else pair[0] + pair[1] * DAY)
)
workers = some.builds(
    facts,
    stage=some.sampled_from(["NEWLY_QUALIFIED", "ESTABLISHED", "STUDENT", ""]),
    held=some.lists(days, max_size=5),
    absences=some.lists(spans, max_size=3),
    bank_holidays=some.just(HOLIDAYS),
)


def days_late(worker: Facts, on: date) -> int:
    found = standing(worker, on=on)
    return (on - found.due_on).days if found.state == State.OVERDUE and found.due_on else 0


@given(workers, days, days)
def test_one_more_session_never_makes_anybody_longer_overdue(worker: Facts, session: date, on: date) -> None:
    more = replace(worker, held=[*worker.held, session])
    assert days_late(more, on) <= days_late(worker, on)


@given(workers, spans, days)
def test_one_more_absence_never_makes_anybody_longer_overdue(worker: Facts, absence: Span, on: date) -> None:
    more = replace(worker, absences=[*worker.absences, absence])
    assert days_late(more, on) <= days_late(worker, on)


@given(workers, days)
def test_overdue_begins_the_day_after_it_was_due(worker: Facts, on: date) -> None:
    found = standing(worker, on=on)
    if found.state == State.OVERDUE and found.due_on:
        assert found.due_on < on
        assert days_late(worker, found.due_on) == 0
    elif found.due_on:
        assert found.due_on >= on


@given(workers, days)
def test_sessions_in_any_order_give_the_same(worker: Facts, on: date) -> None:
    turned = replace(worker, held=list(reversed(worker.held)), absences=list(reversed(worker.absences)))
    assert standing(turned, on=on) == standing(worker, on=on)
