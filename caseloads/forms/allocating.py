"""What people fill in to say who holds a case."""

from collections.abc import Sequence
from typing import Any, cast

from django import forms

from caseloads.actions.placing import LimitsPassed, PastLimit
from caseloads.forms.changing import CaseForm
from caseloads.models import Allocation
from design.fields import DayField, WordsField
from teams.forms.once import OnceForm
from teams.models import Team, User, Worker
from teams.refusals import NotAllowed

SHORT = forms.TextInput(attrs={"class": "govuk-input--width-3", "inputmode": "numeric"})
DAY = forms.DateInput(format="%d/%m/%Y", attrs={"class": "govuk-input--width-10"})


class LimitForm(OnceForm):
    """Why a limit may be passed. Asked only when one is: `limits` is then which."""

    limits: LimitsPassed | None = None

    limit_reason = WordsField(label="Why is it right to go past the limit?", required=False)
    approved_by = forms.ChoiceField(label="Who has approved it?", required=False)

    def __init__(self, *args: Any, approvers: Sequence[User], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.approvers = {str(user.pk): user for user in approvers}
        named = [(key, str(user)) for key, user in self.approvers.items()]
        cast("forms.ChoiceField", self.fields["approved_by"]).choices = [("", "Nobody yet"), *named]

    def refused(self, refusal: NotAllowed) -> None:
        if isinstance(refusal, LimitsPassed):
            self.limits = refusal
            self.add_error("limit_reason", str(refusal))
        else:
            super().refused(refusal)

    @property
    def past(self) -> PastLimit:
        approver = self.approvers.get(self.cleaned_data.get("approved_by", ""))
        return PastLimit(self.cleaned_data["limit_reason"], approver)


class AllocateForm(LimitForm, CaseForm):
    """Who gets which share of a case, from when, and what they say to it."""

    worker = forms.ChoiceField(error_messages={"required": "Choose who is to hold the case"})
    share = forms.IntegerField(
        label="Share of the case, in percent",
        min_value=1,
        max_value=100,
        widget=SHORT,
        help_text="100 unless several workers hold it together.",
        error_messages={
            "required": "Enter a share from 1 to 100",
            "invalid": "Enter a whole number from 1 to 100",
            "min_value": "Enter a share from 1 to 100",
            "max_value": "Enter a share from 1 to 100",
        },
    )
    on = DayField(label="From which day?", missing="Enter the day from which they hold it", widget=DAY)
    agreement = forms.ChoiceField(
        label="What does the worker say to it?",
        choices=[("", "Not asked yet"), *Allocation.Agreement.choices],
        widget=forms.RadioSelect,
        required=False,
    )
    note = WordsField(label="In their words (optional)", required=False)

    def __init__(self, *args: Any, workers: Sequence[Worker], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.workers = {str(worker.public_id): worker for worker in workers}
        cast("forms.ChoiceField", self.fields["worker"]).choices = [(key, key) for key in self.workers]

    def clean(self) -> dict[str, Any]:
        found = super().clean() or {}
        if found.get("agreement") == Allocation.Agreement.DISAGREED and not found.get("note"):
            self.add_error("note", "Enter why the worker disagrees")
        return found

    @property
    def chosen(self) -> Worker:
        return self.workers[self.cleaned_data["worker"]]


class SharesForm(LimitForm, CaseForm):
    """The share of each who holds a case, and who leads it."""

    on = DayField(label="From which day?", missing="Enter the day from which the shares count", widget=DAY)
    lead = forms.ChoiceField(label="Who leads the case?", widget=forms.RadioSelect, required=False)
    reason = WordsField(label="Why do the shares change?", missing="Enter why the shares change")

    def __init__(self, *args: Any, team: Team, rows: Sequence[Allocation], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.rows = list(rows)
        for row in self.rows:
            self.fields[_share_of(row)] = forms.IntegerField(
                label=f"Share of {row.worker}{'' if row.team == team else f' ({row.team})'}, in percent",
                min_value=0,
                max_value=100,
                initial=row.share,
                widget=SHORT,
                help_text="0 takes them off the case.",
                error_messages=dict.fromkeys(
                    ("required", "invalid", "min_value", "max_value"),
                    f"Enter a whole number from 0 to 100 for {row.worker}",
                ),
            )
        cast("forms.ChoiceField", self.fields["lead"]).choices = [
            (str(row.worker.public_id), str(row.worker)) for row in self.rows
        ]
        self.order_fields(["seen", "once", *map(_share_of, self.rows), "lead", "on", "reason"])

    @property
    def share_fields(self) -> list[tuple[str, forms.BoundField]]:
        return [(str(row.worker), self[_share_of(row)]) for row in self.rows]

    @property
    def wanted(self) -> dict[int, int]:
        return {row.worker_id: self.cleaned_data[_share_of(row)] for row in self.rows}

    @property
    def leads(self) -> int | None:
        named = self.cleaned_data["lead"]
        return next((row.worker_id for row in self.rows if str(row.worker.public_id) == named), None)


def _share_of(row: Allocation) -> str:
    """The name of a holder's field: the same after the shares have changed, when the form is sent again."""
    return f"share_{row.worker.public_id}"


class AgreementForm(OnceForm):
    """A worker's own word on a case that was given to them."""

    agreement = forms.ChoiceField(
        label="Do you agree with being given this case?",
        choices=[("AGREED", "I agree"), ("DISAGREED", "I disagree")],
        widget=forms.RadioSelect,
        error_messages={"required": "Choose whether you agree"},
    )
    words = WordsField(
        label="In your words",
        required=False,
        help_text="Needed when you disagree. Do not name or describe people who use services.",
    )

    def clean(self) -> dict[str, Any]:
        found = super().clean() or {}
        if (
            found.get("agreement") == Allocation.Agreement.DISAGREED
            and not found.get("words")
            and "words" not in self.errors
        ):
            self.add_error("words", "Enter why you disagree, so that your manager can answer")
        return found

    @property
    def said(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in ("agreement", "words", "once")}
