"""Every box for words in every form is looked at, and whoever keeps what looks identifying is on record."""

import importlib
import pkgutil
import re
from collections.abc import Iterator

from django import forms
from django.test import Client
from django.urls import reverse

import caseloads.forms
import checks.forms
import reports.forms
import teams.forms
from caseloads.models import Case
from design.fields import WordsField
from teams.models import AuditEntry
from tests.cast import Cast

NO_WORDS = {
    "AuditForm": {"who", "about"},
    "ForgottenForm": {"name"},
    "FindSubjectForm": {"name"},
    "EraseForm": {"name"},
    "AddPasskeyForm": {"name"},
    "IntegrationForm": {"name"},
    "SetUpAppForm": {"code"},
    "CodeForm": {"code"},
    "AgainForm": {"password"},
    "WhoForm": {"name", "email"},
    "InviteForm": {"name", "email"},
    "ListForm": {"reference"},
    "SignInForm": {"username", "password"},
    "AboutForm": {"name", "jurisdiction"},
    "StarterForm": {"name", "staff_reference"},
    "ColleagueForm": {"staff_reference"},
    "SessionForm": {"supervisor_name"},
    "CorrectForm": {"reference", "family_reference"},
    "RecordForm": {"reference", "family_reference"},
    "DraftForm": {"do"},
    "StandardForm": {"code"},
    "ExpectationForm": {"code"},
    "IndicatorForm": {"code", "met", "partly"},
    "InstrumentForm": {"version"},
}
"""Boxes for something else than words: what is searched for, names of staff, codes, figures; references are looked at
by a rule of their own, which keeps none."""


def all_forms() -> Iterator[type[forms.BaseForm]]:
    for package in (teams.forms, caseloads.forms, checks.forms, reports.forms):
        for module in pkgutil.iter_modules(package.__path__, f"{package.__name__}."):
            importlib.import_module(module.name)
    waiting = [forms.BaseForm]
    while waiting:
        for form in waiting.pop().__subclasses__():
            waiting.append(form)
            if form.__module__.split(".")[0] in {"teams", "caseloads", "checks", "standards", "reports"}:
                yield form


def unscanned(form: type[forms.BaseForm]) -> set[str]:
    """Boxes of a form for text that nothing looks at."""
    fields: dict[str, forms.Field] = getattr(form, "base_fields", {})
    return {
        name
        for name, field in fields.items()
        if isinstance(field, forms.CharField)
        and not isinstance(field, WordsField | forms.URLField | forms.GenericIPAddressField | forms.UUIDField)
        and not field.widget.is_hidden
    }


def test_every_box_for_words_in_every_form_is_looked_at() -> None:
    found = {form.__name__: names for form in all_forms() if (names := unscanned(form))}
    assert {name: names - NO_WORDS.get(name, set()) for name, names in found.items()} == {name: set() for name in found}
    assert not NO_WORDS.keys() - found.keys(), "no such form any more"


def test_no_box_of_many_lines_is_an_exception() -> None:
    large = {
        (form.__name__, name)
        for form in all_forms()
        for name in unscanned(form)
        if isinstance(form.base_fields[name].widget, forms.Textarea)  # type: ignore[attr-defined]
    }
    assert large == set()


def test_decision_to_keep_is_in_the_entry_of_what_was_saved(cast: Cast, client: Client) -> None:
    address = reverse("case-contest", args=[Case.objects.get(reference="T-003").public_id])
    client.force_login(cast.asha)
    hidden = dict(re.findall(r'name="(once|seen)" value="([^"]*)"', client.get(address).content.decode()))
    typed = hidden | {"reason": "Visits are to M1 1AE"}
    back = client.post(address, typed).content.decode()
    assert "This looks like a postcode" in back
    mark = re.findall(r'name="reason-keep"[^>]*value="([^"]+)"', back)[0]
    assert not AuditEntry.objects.filter(event="CONTEST_RAISED").exists()
    assert client.post(address, typed | {"reason-keep": mark}).status_code == 302
    entry = AuditEntry.objects.get(event="CONTEST_RAISED")
    assert entry.detail["kept as written"] == [{"field": "reason", "looks like": ["a postcode"]}]
    client.force_login(cast.ewa)
    shown = client.get(reverse("audit", args=[cast.employer.slug]), {"event": "CONTEST_RAISED"}).content.decode()
    assert "Kept as written: field: reason, looks like: a postcode" in shown
    assert "M1 1AE" not in shown
