"""What a form's sender does, as the actions take it."""

from django.utils import timezone

from checks.actions.doing import Doing
from teams.access import SignedInRequest
from teams.forms.once import OnceForm


def doing(request: SignedInRequest, form: OnceForm) -> Doing:
    """Who acts, now, with this valid form."""
    typed = form.cleaned_data
    seen = typed.get("seen", "")
    return Doing(request.user, timezone.now(), typed["once"], int(seen) if seen.isdecimal() else None)
