"""What looks identifying is told, and may be kept by a choice that is on record."""

import re
from collections.abc import Iterator, Mapping

import pytest
from django import forms

from design import kept_words
from design.fields import LineField, WordsField
from design.templatetags.design import govuk_form


class Example(forms.Form):
    reason = WordsField(label="Why?")
    title = LineField(label="Title", required=False)


TEXT = "The office is at M1 1AE"


@pytest.fixture(autouse=True)
def one_request() -> Iterator[None]:
    with kept_words.noticed():
        yield


def choice(html: str) -> str:
    """The value of the choice that a page offers."""
    return re.findall(r'name="reason-keep"[^>]*value="([^"]+)"', html)[0]


def sent(**typed: str) -> Mapping[str, str]:
    return typed


def test_box_without_anything_asks_nothing() -> None:
    form = Example(sent(reason="Quiet"))
    assert form.is_valid()
    assert "-keep" not in govuk_form(form)
    assert "-keep" not in govuk_form(Example())
    assert kept_words.decided() == []


def test_what_looks_identifying_comes_back_with_the_choice_to_keep_it() -> None:
    form = Example(sent(reason=TEXT))
    assert form.errors["reason"][0].startswith("This looks like a postcode. Take it out")
    html = govuk_form(form)
    assert "Keep it as written: it is about nobody who uses services" in html
    assert html.count("-keep") >= 1
    assert "checked" not in html
    assert TEXT in html


def test_kept_words_are_saved_and_the_decision_is_told_without_them() -> None:
    mark = choice(govuk_form(Example(sent(reason=TEXT))))
    form = Example({"reason": TEXT, "reason-keep": mark})
    assert form.is_valid()
    assert form.cleaned_data["reason"] == TEXT
    assert type(form.cleaned_data["reason"]) is str
    assert kept_words.decided() == [{"field": "reason", "looks like": ["a postcode"]}]
    assert "checked" in govuk_form(form)


def test_choice_counts_for_what_was_seen_and_nothing_else() -> None:
    mark = choice(govuk_form(Example(sent(reason=TEXT))))
    form = Example({"reason": f"{TEXT}, and she was born in spring", "reason-keep": mark})
    assert not form.is_valid()
    assert "a date of birth and a postcode" in form.errors["reason"][0]
    assert "checked" not in govuk_form(form)
    assert kept_words.decided() == []


def test_lines_are_looked_at_too() -> None:
    assert "telephone" in Example({"reason": "Quiet", "title": "Ring 07700 900123"}).errors["title"][0]


def test_same_decision_is_told_once_and_outside_a_request_nowhere() -> None:
    mark = choice(govuk_form(Example(sent(reason=TEXT))))
    for _ in range(2):
        assert Example({"reason": TEXT, "reason-keep": mark}).is_valid()
    assert len(kept_words.decided()) == 1
    with kept_words.noticed():
        assert kept_words.decided() == []
