"""What people fill in when cases change hands."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, cast

from django import forms

from caseloads.forms.allocating import LimitForm
from caseloads.forms.changing import CaseForm
from caseloads.models import Case
from caseloads.queries.transfers import NOBODY, STAY, TransferPage
from design.fields import DayField, WordsField
from teams.forms.once import OnceForm
from teams.models import Team, Worker
from teams.refusals import NotAllowed

if TYPE_CHECKING:
    from django.http import QueryDict

HELD, NONE = "HELD", "NONE"


class HandoverForm(LimitForm):
    """Why cases change hands, from when, and whether there is a handover meeting."""

    on = DayField(label="From which day?", missing="Enter the day of the transfer")
    reason = WordsField(label="Why?", missing="Enter why the case changes hands")
    meeting = forms.ChoiceField(
        label="Is there a handover meeting?",
        choices=[(HELD, "Yes, held or arranged"), (NONE, "No meeting is held")],
        widget=forms.RadioSelect,
        error_messages={"required": "Choose whether there is a handover meeting"},
        help_text="A case that changes hands without one is a red flag until one is recorded.",
    )
    meeting_on = DayField(label="On which day is the meeting?", required=False)

    def clean(self) -> dict[str, Any]:
        found = super().clean() or {}
        if found.get("meeting") == HELD and not found.get("meeting_on") and "meeting_on" not in self.errors:
            self.add_error("meeting_on", "Enter the day of the handover meeting")
        if found.get("meeting") == NONE:
            found["meeting_on"] = None
        return found


class TransferForm(HandoverForm, CaseForm):
    """One case on its way to a worker of the team, or to another team."""

    giver = forms.ChoiceField(label="Who hands it over?", widget=forms.RadioSelect, required=False)
    worker = forms.ChoiceField(required=False)
    to_team = forms.ChoiceField(
        label="Or another team",
        required=False,
        help_text=(
            "The whole case goes: nobody of this team holds it any more, and it is unallocated there until that "
            "team’s manager allocates it."
        ),
    )

    def __init__(self, *args: Any, page: TransferPage, **kwargs: Any) -> None:
        super().__init__(*args, approvers=page.approvers, **kwargs)
        self.givers = {str(row.worker.public_id): row.worker for row in page.held}
        self.workers = {str(worker.public_id): worker for worker in page.workers}
        self.teams = {str(team.public_id): team for team in page.teams}
        self._choose("giver", [(key, str(worker)) for key, worker in self.givers.items()])
        self._choose("worker", [(key, str(worker)) for key, worker in self.workers.items()])
        self._choose("to_team", [("", "Stays in this team"), *((key, str(team)) for key, team in self.teams.items())])

    def _choose(self, name: str, choices: list[tuple[str, str]]) -> None:
        cast("forms.ChoiceField", self.fields[name]).choices = choices

    def clean(self) -> dict[str, Any]:
        found = super().clean()
        if not found.get("worker") and not found.get("to_team") and "worker" not in self.errors:
            self.add_error("worker", "Choose who takes the case over, or another team")
        if found.get("worker") and found.get("to_team"):
            self.add_error("to_team", "Choose either somebody of this team or another team")
        return found

    @property
    def giver_chosen(self) -> Worker | None:
        return self.givers.get(self.cleaned_data["giver"]) or next(iter(self.givers.values()), None)

    @property
    def taker(self) -> Worker | None:
        return self.workers.get(self.cleaned_data["worker"])

    @property
    def team(self) -> Team | None:
        return self.teams.get(self.cleaned_data["to_team"])


class BulkForm(HandoverForm):
    """Who takes each of several cases."""

    def __init__(
        self, *args: Any, cases: Sequence[Case], takers: Sequence[Worker], giver: Worker, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.cases, self.takers = list(cases), {str(worker.public_id): worker for worker in takers}
        choices = [(key, str(worker)) for key, worker in self.takers.items()]
        rest = [(STAY, f"Stays with {giver}"), (NOBODY, "Nobody: unallocated")]
        for case in self.cases:
            self.fields[f"to_{case.public_id}"] = forms.ChoiceField(
                label=f"Who takes case {case}?",
                choices=[*choices, *rest],
                error_messages={"required": f"Choose who takes case {case}"},
            )
            self.fields[f"seen_{case.public_id}"] = forms.IntegerField(widget=forms.HiddenInput, min_value=0)

    def refused(self, refusal: NotAllowed) -> None:
        """Say why, and look again: sent once more, the form is about the cases as they are now."""
        super().refused(refusal)
        data = cast("QueryDict", self.data).copy()
        for case in self.cases:
            data[f"seen_{case.public_id}"] = str(case.revision)
        self.data = data

    @property
    def chosen(self) -> dict[int, Worker | None]:
        """Case key → who takes it, as shown; None: nobody. Cases that stay are left out."""
        picked = {case.pk: str(self[f"to_{case.public_id}"].value()) for case in self.cases}
        return {key: self.takers.get(who) for key, who in picked.items() if who != STAY}

    @property
    def choices(self) -> list[tuple[Case, forms.BoundField, forms.BoundField]]:
        """Each case with its two fields."""
        return [(case, self[f"to_{case.public_id}"], self[f"seen_{case.public_id}"]) for case in self.cases]

    @property
    def seen(self) -> Mapping[int, int]:
        return {case.pk: self.cleaned_data[f"seen_{case.public_id}"] for case in self.cases}


class HandoverHeldForm(OnceForm):
    """A handover meeting that was held after all."""

    meeting_on = DayField(label="On which day was the meeting?", missing="Enter the day of the handover meeting")
