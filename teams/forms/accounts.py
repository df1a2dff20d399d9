"""What administrators and the owners of accounts fill in."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.contrib.auth.password_validation import validate_password

from design.fields import DayField
from teams.actions.accounts import NewAccount
from teams.actions.roles import NewRole
from teams.forms.once import OnceForm
from teams.forms.signing_in import password_field
from teams.models import User, Worker
from teams.passwords import SHORTEST
from teams.policies import why_not_scope
from teams.queries.accounts import Scope
from teams.roles import OF_PEOPLE, Role

RULES = (
    f"At least {SHORTEST} characters; three or four unrelated words are easy to remember. Any signs and blanks will "
    "do. It must not be known from a breach elsewhere, nor be made of your name, your employer’s or this service’s."
)


class RoleForm(OnceForm):
    """A role, where it is held, and from when until when."""

    role = forms.TypedChoiceField(
        label="Role",
        coerce=Role,
        choices=[("", "Choose"), *((role.value, role.label) for role in Role if role in OF_PEOPLE)],
        error_messages={"required": "Choose a role", "invalid_choice": "Choose a role from the list"},
    )
    scope = forms.ChoiceField(
        label="Where",
        help_text="Managers and social workers have one team, service managers one service area.",
        error_messages={"required": "Choose where", "invalid_choice": "Choose a place from the list"},
    )
    starts_on = DayField(label="From (if not from now on)", required=False)
    ends_on = DayField(
        label="First day on which it no longer counts (if it ends)",
        required=False,
        help_text="For example, 31/03/2026. Leave it empty where no end is known.",
    )

    def __init__(self, *args: Any, scopes: Sequence[Scope], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.scopes = {scope.key: scope for scope in scopes}
        field: Any = self.fields["scope"]
        field.choices = [("", "Choose"), *((scope.key, scope.words) for scope in scopes)]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("role") and data.get("scope"):
            kind = data["scope"].partition("-")[0]
            if reason := why_not_scope(data["role"], team=kind == "team", area=kind == "area"):
                self.add_error("scope", reason)
        if data.get("starts_on") and data.get("ends_on") and data["ends_on"] <= data["starts_on"]:
            self.add_error("ends_on", "The end must be after the first day")
        return data

    @property
    def new_role(self) -> NewRole:
        data = self.cleaned_data
        return NewRole(data["role"], self.scopes[data["scope"]].place, data["starts_on"], data["ends_on"])


class WhoForm(OnceForm):
    """How somebody is called, where they are written to, and which worker they are."""

    name = forms.CharField(label="Name", max_length=150, error_messages={"required": "Enter their name"})
    email = forms.EmailField(
        label="E-mail address",
        max_length=150,
        error_messages={
            "required": "Enter their e-mail address",
            "invalid": "Enter an e-mail address in the usual form, such as name@example.com",
        },
    )
    worker = forms.TypedChoiceField(
        label="Which worker are they? (if any)",
        required=False,
        empty_value=None,
        help_text="They then see their own workload.",
        error_messages={"invalid_choice": "Choose a worker from the list"},
    )

    def __init__(self, *args: Any, workers: Sequence[Worker], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        known = {str(worker.public_id): worker for worker in workers}
        field: Any = self.fields["worker"]
        field.coerce = known.__getitem__
        field.choices = [("", "None"), *((key, str(worker)) for key, worker in known.items())]

    @property
    def new_account(self) -> NewAccount:
        data = self.cleaned_data
        return NewAccount(data["name"], data["email"], data["worker"])


class InviteForm(WhoForm, RoleForm):
    """Somebody new, with their first role."""

    field_order = ("name", "email", "role", "scope", "starts_on", "ends_on", "worker")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["email"].help_text = "The invitation goes there, and they sign in with it."


class EndRoleForm(OnceForm):
    """The first day on which a role no longer counts."""

    on = DayField(label="First day on which it no longer counts", missing="Enter the day")


class NewPasswordForm(forms.Form):
    """A new password. It can be shown while it is typed, so it is typed once."""

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user
        self.fields["password"] = password_field("New password", missing="Enter a new password")
        self.fields["password"].help_text = RULES

    def clean_password(self) -> str:
        """Refused by the rules of the service, all at once."""
        password: str = self.cleaned_data["password"]
        validate_password(password, self.user)
        return password


class ChangePasswordForm(NewPasswordForm):
    """One's own password, by whoever knows the one before."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["now"] = password_field("Password you have now", missing="Enter the password you have now")
        self.order_fields(["now", "password"])


class ForgottenForm(forms.Form):
    """Who has forgotten their password."""

    name = forms.CharField(
        label="User name or e-mail address",
        max_length=254,
        error_messages={"required": "Enter your user name or e-mail address"},
    )

    def clean_name(self) -> str:
        return str(self.cleaned_data["name"]).strip()
