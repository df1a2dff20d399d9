"""What people type and choose about a case."""

from collections.abc import Iterable
from datetime import date
from typing import TYPE_CHECKING, Any, cast

from django import forms
from django.core.exceptions import ValidationError
from django.utils.safestring import SafeString

from caseloads.actions.case_changes import Correction
from caseloads.actions.cases import NewCase
from caseloads.forms.changing import CaseForm
from caseloads.forms.weights import WeightFields
from caseloads.models import Case, Rating
from caseloads.queries.case_lists import Show, Sort, Wanted
from caseloads.workload import Scheme
from design.fields import DayField, WordsField
from design.identifying import why_a_name, why_identifying
from teams.forms.once import OnceForm
from teams.models import Worker
from teams.refusals import NotAllowed

if TYPE_CHECKING:
    from django.http import QueryDict

LONGEST_REFERENCE = 80


class ReferenceField(forms.CharField):
    """A case's or a family's number in the case record system."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_length=LONGEST_REFERENCE, **kwargs)
        self.error_messages["max_length"] = f"A reference has {LONGEST_REFERENCE} characters or fewer"
        self.error_messages["required"] = "Enter the case’s reference"

    def validate(self, value: str) -> None:
        """A reference names nobody."""
        super().validate(value)
        if reason := why_identifying(value) or why_a_name(value):
            raise ValidationError(reason, code="identifying")


class RateForm(CaseForm, WeightFields):
    """A case's weight anew, and why."""

    reason = WordsField(label="Why is it rated now?", missing="Enter why the case is rated now")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.order_fields(["once", "seen", "category", "factors", *self.counted, "override", "override_reason"])

    @staticmethod
    def filled_in(case: Case, rating: Rating | None) -> dict[str, Any]:
        """What the form first shows: the newest rating, without a weight set by hand, which lasts until now."""
        factors = rating.factors if rating else {}
        counts = {f"count_{code}": count for code, count in factors.items()}
        return {"seen": case.revision, "category": case.category, "factors": list(factors), **counts}

    @property
    def said(self) -> dict[str, Any]:
        data = self.cleaned_data
        return {"draft": self.draft, "reason": data["reason"], "seen": data["seen"], "once": data["once"]}


class RecordForm(OnceForm, WeightFields):
    """A case that is not recorded yet, with what it weighs where that is known."""

    reference = ReferenceField(label="Case reference", help_text="Its number in your case record system. Never a name.")
    family_reference = ReferenceField(
        label="Family reference (optional)",
        required=False,
        help_text="The same for brothers and sisters, so that they are counted as one family.",
    )
    opened_on = DayField(label="When was it opened?", missing="Enter the day it was opened")
    priority = forms.TypedChoiceField(
        label="Priority",
        coerce=int,
        choices=Case.Priority.choices,
        initial=Case.Priority.ROUTINE,
        widget=forms.RadioSelect,
        error_messages={"required": "Choose a priority"},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.order_fields(["once", "reference", "family_reference", "opened_on", "priority", "category", "factors"])

    def new_case(self, *, today: date) -> NewCase:
        """The case as it was typed in; rated today when its category is known."""
        data, draft = self.cleaned_data, self.draft
        return NewCase(
            reference=data["reference"],
            family_reference=data["family_reference"],
            category=draft.category,
            opened_on=data["opened_on"],
            priority=Case.Priority(data["priority"]),
            rated_on=today if draft.category else None,
            factors=draft.factors,
            override=draft.override,
            override_reason=draft.override_reason,
        )


class CorrectForm(CaseForm):
    """What was recorded of a case, to be put right. Remembers what it first showed, field by field."""

    reference = ReferenceField(label="Case reference", show_hidden_initial=True)
    family_reference = ReferenceField(label="Family reference (optional)", required=False, show_hidden_initial=True)
    category = forms.ChoiceField(label="Category", required=False, show_hidden_initial=True)
    opened_on = DayField(label="When was it opened?", missing="Enter the day it was opened", show_hidden_initial=True)
    closed_on = DayField(label="When was it closed?", missing="Enter the day it was closed", show_hidden_initial=True)
    priority = forms.TypedChoiceField(
        label="Priority",
        coerce=int,
        choices=Case.Priority.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Choose a priority"},
        show_hidden_initial=True,
    )
    reason = WordsField(label="Why is it corrected?", missing="Enter why it is corrected")

    def __init__(self, data: "QueryDict | None" = None, *, case: Case, scheme: Scheme | None) -> None:
        super().__init__(data, initial=_recorded(case))
        names = {one.code: one.name for one in scheme.categories.values()} if scheme else {}
        known = {"": "Not known yet"} | names | ({} if case.category in names else {case.category: case.category})
        cast("forms.ChoiceField", self.fields["category"]).choices = [
            (code, name or "Not known yet") for code, name in known.items()
        ]
        if case.closed_on is None:
            del self.fields["closed_on"]
        elif data is not None and "closed_on" not in data:
            self.fields["closed_on"].required = False  # it was closed after the form was shown, which is told first

    @property
    def shown_first(self) -> list[SafeString]:
        """What each field first showed, to be sent along with what it shows now."""
        return [field.as_hidden(only_initial=True) for field in self if field.field.show_hidden_initial]

    def refused(self, refusal: NotAllowed) -> None:
        """Take over what others changed meanwhile, wherever this person has not changed it too."""
        mine = set(self.changed_data)
        super().refused(refusal)
        data = cast("QueryDict", self.data)
        for name, value in self.initial.items():
            if name not in self.fields or not self.fields[name].show_hidden_initial:
                continue
            shown = self[name].field.prepare_value(value)
            text = self.fields[name].widget.format_value(shown) if name.endswith("_on") else shown
            data[self[name].html_initial_name] = str(text)
            if name not in mine:
                data[name] = str(text)

    @property
    def correction(self) -> Correction:
        data = self.cleaned_data
        return Correction(
            data["reference"],
            data["family_reference"],
            data["category"],
            Case.Priority(data["priority"]),
            data["opened_on"],
            data.get("closed_on"),
        )


def _recorded(case: Case) -> dict[str, Any]:
    names = ("reference", "family_reference", "category", "opened_on", "closed_on", "priority")
    return {name: getattr(case, name) for name in names} | {"seen": case.revision}


class CloseForm(CaseForm):
    """When a case was closed."""

    closed_on = DayField(
        label="When was it closed?",
        missing="Enter the day it was closed",
        help_text="The first day on which it no longer counts. For example, 31/03/2026.",
    )


class ReopenForm(CaseForm):
    """Why a closed case is opened again."""

    reason = WordsField(label="Why is it opened again?", missing="Enter why it is opened again")


class ListForm(forms.Form):
    """Which cases somebody wants to see. What cannot be understood is passed over."""

    reference = forms.CharField(label="Case or family reference", required=False, max_length=LONGEST_REFERENCE)
    show = forms.ChoiceField(label="Show", required=False, choices=[(one.value, one.label) for one in Show])
    category = forms.ChoiceField(label="Category", required=False)
    holder = forms.ChoiceField(label="Held by", required=False)
    sort = forms.ChoiceField(required=False, choices=[(one.value, one.value) for one in Sort], widget=forms.HiddenInput)
    page = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, holders: Iterable[Worker], scheme: Scheme | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        names = [(one.code, one.name) for one in scheme.categories.values()] if scheme else []
        cast("forms.ChoiceField", self.fields["category"]).choices = [("", "Any category"), *names]
        people = [(str(one.public_id), one.name) for one in holders]
        cast("forms.ChoiceField", self.fields["holder"]).choices = [("", "Anybody or nobody"), *people]

    @property
    def wanted(self) -> Wanted:
        self.is_valid()
        data = self.cleaned_data
        return Wanted(
            show=Show(data.get("show") or Show.OPEN),
            sort=Sort(data.get("sort") or Sort.REFERENCE),
            reference=data.get("reference", ""),
            category=data.get("category", ""),
            holder=data.get("holder", ""),
            page=data.get("page") or "1",
        )
