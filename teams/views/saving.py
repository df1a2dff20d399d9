"""How every form is shown and saved: once, with an answer on the next page."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render

from teams.access import SignedInRequest
from teams.forms.once import OnceForm
from teams.refusals import AlreadyDone, NotAllowed

SAVED_ONCE = "This had already been saved; nothing was saved twice."


def saved(
    request: SignedInRequest,
    form: OnceForm,
    action: Callable[[], object],
    *,
    done: str,
) -> bool:
    """Run the action of a valid form. True: it is saved, now or before. False: it is refused, and the form says why."""
    try:
        action()
    except AlreadyDone:
        messages.info(request, SAVED_ONCE)
    except NotAllowed as refusal:
        form.refused(refusal)
        return False
    else:
        messages.success(request, done)
    return True


def show_or_save(
    request: SignedInRequest,
    form: OnceForm,
    action: Callable[[], object],
    *,
    done: str,
    back: str,
    template: str = "design/form_page.html",
    **context: Any,
) -> HttpResponse:
    """Show a form; once it is filled in, run the action and go back, or say above the form why it is refused."""
    if form.is_bound and form.is_valid() and saved(request, form, action, done=done):
        return redirect(back)
    return render(request, template, {"form": form, "back": back, **context})
