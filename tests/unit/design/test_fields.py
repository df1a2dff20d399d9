"""Forms as pages show them: every widget has its component, every error its sentence."""

from datetime import date
from typing import Any

import pytest
from django import forms

from design import components, navigation
from design.fields import DayField, WordsField
from design.templatetags.design import govuk_form


class Example(forms.Form):
    token = forms.CharField(widget=forms.HiddenInput)
    day = DayField(label="Which day?", missing="Enter the day")
    reason = WordsField(label="Why?", missing="Say why")
    kind = forms.ChoiceField(label="Kind", choices=[("a", "First"), ("b", "Second")], widget=forms.RadioSelect)
    team = forms.ChoiceField(label="Team", choices=[("x", "Ex"), ("y", "Why")])
    several = forms.MultipleChoiceField(
        label="Several", choices=[("1", "One"), ("2", "Two")], widget=forms.CheckboxSelectMultiple, required=False
    )
    agreed = forms.BooleanField(label="Agreed", required=False)
    hours = forms.DecimalField(label="Hours", widget=forms.TextInput(attrs={"class": "govuk-input--width-4"}))


GOOD = {"token": "t", "day": "3/4/2026", "reason": "Quiet", "kind": "b", "team": "y", "several": ["2"], "hours": "7.5"}


def test_a_form_is_shown_whole_with_what_was_typed() -> None:
    html = govuk_form(Example(GOOD | {"agreed": "on"}))
    assert 'type="hidden" name="token" value="t"' in html
    assert 'value="3/4/2026"' in html
    assert ">Quiet</textarea>" in html
    assert html.count("checked") == 3
    assert '<option value="y" selected>' in html
    assert "govuk-input--width-4" in html
    assert 'for="id_day"' in html


def test_an_empty_form_has_nothing_chosen_and_shows_first_values_as_people_write_them() -> None:
    html = govuk_form(Example(initial={"day": date(2026, 4, 3), "hours": 0}))
    assert "checked" not in html
    assert 'value="03/04/2026"' in html
    assert 'value="0"' in html


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("day", "", "Enter the day"),
        ("day", "31/02/2026", "Enter a real day, such as 31/03/2026"),
        ("day", "1/1/1850", "Enter a day from 1990 to 2099"),
        ("day", "31/12/9999", "Enter a day from 1990 to 2099"),
        ("reason", "", "Say why"),
        ("reason", "x" * 501, "This must be 500 characters or fewer"),
        ("reason", "NHS 943 476 5919", "This looks like an NHS number."),
    ],
)
def test_errors_are_sentences(field: str, value: str, sentence: str) -> None:
    form = Example(GOOD | {field: value})
    assert not form.is_valid()
    assert form.errors[field][0].startswith(sentence)
    assert sentence in govuk_form(form)


@pytest.mark.parametrize(
    "typed",
    [
        "03/04/2026",
        "3/4/26",
        "3.4.2026",
        "3.4.26",
        "03-04-2026",
        "3 4 2026",
        "2026-04-03",
        "3 April 2026",
        "3 Apr 2026",
    ],
)
def test_days_are_read_as_people_write_them(typed: str) -> None:
    form = Example(GOOD | {"day": typed})
    assert form.is_valid()
    assert form.cleaned_data["day"] == date(2026, 4, 3)


def test_every_widget_has_a_component() -> None:
    form = Example()
    found = {name: components.component_for(form[name]) for name in form.fields}
    expected: dict[str, Any] = {
        "token": "input",
        "day": "input",
        "reason": "textarea",
        "kind": "radios",
        "team": "select",
        "several": "checkboxes",
        "agreed": "checkboxes",
        "hours": "input",
    }
    assert found == expected


def test_navigation_leaves_out_pages_that_do_not_exist() -> None:
    (link,) = navigation.links([("own-workload", "Workload"), ("no-such-page", "Nowhere")], "own-workload")
    assert (link.address, link.text, link.here) == ("/my-workload/", "Workload", True)
