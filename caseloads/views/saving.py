"""How every form is saved: once, with an answer that the person sees on the next page."""

from collections.abc import Callable

from django.contrib import messages
from django.forms import BaseForm

from caseloads.forms.cases import CaseForm
from caseloads.models import Case
from teams.access import SignedInRequest
from teams.refusals import AlreadyDone, NotAllowed

ALREADY = "This had already been saved; nothing was saved twice."


def save(
    request: SignedInRequest, form: BaseForm, action: Callable[[], object], *, done: str, case: Case | None = None
) -> bool:
    """Run the action of a valid form. True: it is saved, now or before. False: it is refused, and the form says why."""
    try:
        action()
    except AlreadyDone:
        messages.info(request, ALREADY)
    except NotAllowed as sentence:
        if isinstance(form, CaseForm) and case is not None:
            form.refused(str(sentence), case)
        else:
            form.add_error(None, str(sentence))
        return False
    else:
        messages.success(request, done)
    return True
