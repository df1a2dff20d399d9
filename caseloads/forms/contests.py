"""What people write when a weight is contested."""

from typing import Any

from django import forms

from caseloads.forms.changing import CaseForm
from caseloads.forms.weights import WeightFields
from design.fields import WordsField


class ContestForm(CaseForm):
    """Why a weight does not say what the work takes."""

    reason = WordsField(
        label="Why is the weight not right?",
        missing="Enter why the weight is not right",
        help_text="Say what the work takes. Do not name or describe people who use services.",
    )

    @property
    def said(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in ("reason", "seen", "once")}


class AnswerForm(CaseForm, WeightFields):
    """Whether a contest is accepted, what the case then weighs, and what the worker is told."""

    ACCEPT, DECLINE = "accept", "decline"

    decision = forms.ChoiceField(
        label="What do you decide?",
        choices=[(ACCEPT, "Accept, and rate the case as below"), (DECLINE, "Decline: the weight stays as it is")],
        widget=forms.RadioSelect,
        error_messages={"required": "Choose whether you accept or decline"},
    )
    answer = WordsField(
        label="What do you answer?",
        missing="Enter an answer: the worker reads it",
        help_text="The worker reads it, and it stays with the case. Do not name or describe people who use services.",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rest = [name for name in self.fields if name not in {"once", "seen", "decision", "answer"}]
        self.order_fields(["once", "seen", "decision", "answer", *rest])

    @property
    def accepts(self) -> bool:
        return bool(self.cleaned_data["decision"] == self.ACCEPT)

    @property
    def said(self) -> dict[str, Any]:
        chosen = {"draft": self.draft} if self.accepts else {}
        return chosen | {name: self.cleaned_data[name] for name in ("answer", "seen", "once")}
