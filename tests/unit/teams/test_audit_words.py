"""Every event of the audit trail has words, and only those details are shown that its words name."""

from teams.audit_events import Event
from teams.audit_words import CONFIDENTIAL, EVENTS, Change, changes_of, event_choices, said, words_of


def test_every_event_has_words_or_is_confidential() -> None:
    assert EVENTS.keys() | CONFIDENTIAL == set(Event)
    assert not EVENTS.keys() & CONFIDENTIAL


def test_choices_name_the_part() -> None:
    assert ("SIGNED_IN", "Signing in: signed in") in event_choices()
    assert not {event.value for event in CONFIDENTIAL} & {value for value, _ in event_choices()}


def test_event_of_another_version_is_named_as_it_is() -> None:
    assert words_of("SIGNED_IN") == "signed in"
    assert words_of("MOON_LANDED") == "moon landed"
    assert changes_of("MOON_LANDED", {"page": "x"}) == []


def test_changes_are_found_at_any_depth() -> None:
    detail = {
        "what": "details",
        "changed": {"agency": {"before": False, "after": True}, "name": {"before": "Ann", "after": "Ann"}},
    }
    assert changes_of("STAFFING_CHANGED", detail) == [Change("what", None, "details"), Change("agency", "no", "yes")]


def test_rows_before_and_after_are_compared_field_by_field() -> None:
    before = {"weekly_hours": "37.00", "starts_on": "2026-01-05", "reason": "Long-term sickness"}
    after = {"weekly_hours": "30.00", "starts_on": "2026-01-05"}
    assert changes_of("STAFFING_CHANGED", {"before": before, "after": after}) == [
        Change("weekly_hours", "37.00", "30.00")
    ]


def test_row_that_is_new_or_gone_has_nothing_on_one_side() -> None:
    assert changes_of("ROLE_GIVEN", {"after": {"role": "MANAGER", "until": None}}) == [
        Change("role", "nothing", "Manager")
    ]
    assert changes_of("STAFFING_CHANGED", {"before": {"starts_on": "2026-01-05"}, "why": "Recorded twice"}) == [
        Change("starts_on", "5 January 2026", "nothing")
    ]
    assert changes_of("EMPLOYER_CHANGED", {"region": {"before": "", "after": "E12000001"}}) == [
        Change("region", "nothing", "E12000001")
    ]


def test_reasons_and_figures_of_people_are_not_shown() -> None:
    detail = {"what": "absence", "after": {"reason": "SICKNESS", "starts_on": "2026-01-05"}}
    assert [change.name for change in changes_of("STAFFING_CHANGED", detail)] == ["what", "starts_on"]


def test_values_read_as_people_say_them() -> None:
    assert said([]) == said({}) == said("") == said(None) == "nothing"
    assert said({"a": True, "b": [1, "2026-02-03"]}) == "a: yes, b: 1, 3 February 2026"
