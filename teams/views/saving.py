"""How every form about staffing is shown and saved: once, with an answer on the next page."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.forms import Form
from django.http import HttpResponse
from django.shortcuts import redirect, render

from teams.access import SignedInRequest
from teams.forms.changing import SeenForm
from teams.refusals import AlreadyDone, NotAllowed

SAVED_ONCE = "This had already been saved; nothing was saved twice."


def show_or_save(
    request: SignedInRequest,
    form: Form,
    action: Callable[[], object],
    *,
    done: str,
    back: str,
    template: str = "design/form_page.html",
    **context: Any,
) -> HttpResponse:
    """Show a form; once it is filled in, run the action and go back, or say above the form why it is refused."""
    if form.is_bound and form.is_valid():
        try:
            action()
        except AlreadyDone:
            messages.info(request, SAVED_ONCE)
            return redirect(back)
        except NotAllowed as sentence:
            form.add_error(None, str(sentence))
            if isinstance(form, SeenForm):
                form.look_again()
        else:
            messages.success(request, done)
            return redirect(back)
    return render(request, template, {"form": form, "back": back, **context})
