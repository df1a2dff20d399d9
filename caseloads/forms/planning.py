"""What people suppose of a team. Everything is in the address, so that a plan can be sent as a link."""

from typing import Any, Self, cast

from django import forms
from django.http import QueryDict

from caseloads.queries.planning import MOST_JOINERS, Asked, Basis
from design.fields import DayField
from teams.models import CareerStage

FEW = forms.NumberInput(attrs={"class": "govuk-input--width-3"})


class DayForm(forms.Form):
    """The day for which a plan is worked out."""

    on = DayField(
        label="On which day?",
        required=False,
        widget=forms.DateInput(format="%d/%m/%Y", attrs={"class": "govuk-input--width-10"}),
    )


class PlanForm(DayForm):
    """Who would leave, who would join, which scheme, and who would take the cases that wait."""

    leave = forms.MultipleChoiceField(label="Who would leave?", widget=forms.CheckboxSelectMultiple, required=False)
    joiners = forms.IntegerField(
        label="How many would join?",
        required=False,
        min_value=0,
        max_value=MOST_JOINERS,
        widget=FEW,
        help_text=f"Up to {MOST_JOINERS}.",
        error_messages=dict.fromkeys(
            ("invalid", "min_value", "max_value"), f"Enter how many would join, from 0 to {MOST_JOINERS}"
        ),
    )
    stage = forms.ChoiceField(
        label="At which career stage?",
        choices=CareerStage.choices,
        initial=CareerStage.NEWLY_QUALIFIED,
        required=False,
    )
    hours = forms.DecimalField(
        label="For how many hours a week each?",
        required=False,
        min_value=0,
        max_value=168,
        decimal_places=2,
        widget=FEW,
        error_messages=dict.fromkeys(
            ("invalid", "min_value", "max_value", "max_decimal_places"), "Enter hours a week, such as 37 or 18.5"
        ),
    )
    version = forms.ChoiceField(label="By which version of the weighting scheme?", required=False)
    spread = forms.BooleanField(label="Share out the cases that nobody would hold, by the proposal", required=False)

    def __init__(self, *args: Any, start: Basis, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.start = start
        self._choose("leave", [(str(worker.public_id), worker.name) for worker in start.workers])
        self._choose("version", [(str(one.row.version), str(one.row)) for one in start.schemes])
        self.fields["version"].initial = str(start.scheme.row.version)
        self.fields["hours"].initial = start.team.service_area.full_time_hours
        everybody = [("", "Stays unallocated"), *((str(one.public_id), one.name) for one in start.workers)]
        new = [(f"new-{number}", f"New worker {number}") for number in range(1, MOST_JOINERS + 1)]
        for case in start.waiting:
            choices = [*everybody, *new]
            self.fields[f"to_{case.public_id}"] = forms.ChoiceField(
                label=f"Case {case}", choices=choices, required=False
            )

    @classmethod
    def asked_of(cls, query: QueryDict, *, start: Basis) -> Self:
        """The form as an address asks it; what a short address leaves out stands as it would unasked."""
        fresh = cls(start=start, initial={"on": f"{start.on:%d/%m/%Y}"})
        if not query:
            return fresh
        data = query.copy()
        for name in ("on", "stage", "hours", "version"):
            data.setdefault(name, str(fresh[name].value()))
        return cls(data, start=start)

    def _choose(self, name: str, choices: list[tuple[str, str]]) -> None:
        cast("forms.ChoiceField", self.fields[name]).choices = choices

    @property
    def case_fields(self) -> list[forms.BoundField]:
        return [self[name] for name in self.fields if name.startswith("to_")]

    @property
    def asked(self) -> Asked:
        typed = self.cleaned_data
        return Asked(
            leave=typed["leave"],
            joiners=typed["joiners"] or 0,
            stage=typed["stage"] or CareerStage.NEWLY_QUALIFIED.value,
            hours=typed["hours"],
            version=typed["version"],
            spread=typed["spread"],
            gives={name.removeprefix("to_"): to for name, to in typed.items() if name.startswith("to_") and to},
        )


def filled_in(sent: QueryDict) -> str:
    """What was filled in of a plan, as a query."""
    plan = QueryDict(mutable=True)
    for name, values in sent.lists():
        if name != "csrfmiddlewaretoken":
            plan.setlist(name, [value for value in values if value])
    return plan.urlencode()
