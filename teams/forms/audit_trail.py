"""What is looked for in the audit trail."""

from datetime import date, datetime, time, timedelta

from django import forms
from django.utils import timezone

from design.fields import DayField
from teams.audit_words import event_choices
from teams.queries.audit_trail import Wanted


class AuditForm(forms.Form):
    """Every box may stay empty."""

    who = forms.CharField(label="Who", required=False, max_length=150, help_text="A part of their name.")
    event = forms.ChoiceField(label="What", required=False, choices=lambda: [("", "Anything"), *event_choices()])
    about = forms.CharField(
        label="About", required=False, max_length=150, help_text="A worker, a team, or the reference of a case."
    )
    since = DayField(label="From", required=False, help_text="")
    until = DayField(label="To", required=False, help_text="")
    address = forms.GenericIPAddressField(label="Address", required=False, help_text="Such as 192.0.2.7.")

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        self.fields["address"].error_messages["invalid"] = "Enter a whole network address, such as 192.0.2.7"
        for validator in self.fields["address"].validators:
            validator.message = "Enter a whole network address, such as 192.0.2.7"  # type: ignore[attr-defined]

    @property
    def wanted(self) -> Wanted:
        """What is looked for; where something typed is wrong, that is not asked."""
        typed = self.cleaned_data
        until: date | None = typed.get("until")
        return Wanted(
            who=typed.get("who", "").strip(),
            event=typed.get("event", ""),
            about=typed.get("about", "").strip(),
            since=_begin(typed.get("since")),
            until=_begin(until + timedelta(days=1)) if until else None,
            address=typed.get("address", ""),
        )


def _begin(day: date | None) -> datetime | None:
    return timezone.make_aware(datetime.combine(day, time())) if day else None
