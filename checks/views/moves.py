from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID

from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from checks.actions import moves as actions
from checks.forms.moves import ChallengeForm, MoveForm, PublishForm, ReplyForm, ReturnForm
from checks.models import HealthCheck
from checks.queries.answers import check_page
from checks.queries.follow_up import what_to_publish
from checks.queries.lookups import find_answer, find_challenge, find_check
from checks.views.doing import doing
from teams.access import SignedInRequest
from teams.roles import Permission
from teams.views.saving import show_or_save


@require_http_methods(["GET", "HEAD", "POST"])
def submit_check(request: SignedInRequest, public_id: UUID) -> HttpResponse:
    """Check answers, then hand them in."""
    check = find_check(request.user, public_id, Permission.CHECK_ANSWER)
    form = MoveForm(request.POST or None)
    return show_or_save(
        request,
        form,
        lambda: actions.submit(check=check, words=form.cleaned_data["words"], doing=doing(request, form)),
        done="The health check is submitted. The principal social worker looks at it next.",
        back=reverse("check", args=[public_id]),
        template="checks/submit.html",
        page=check_page(check, request.user, as_of=timezone.localdate()),
        check=check,
    )


@dataclass(frozen=True)
class Step:
    """A page on which a check is moved on: for whom, by which form and action, and what it says."""

    rights: tuple[Permission, ...]
    form: type[MoveForm | PublishForm | ReturnForm]
    act: Callable[..., None]
    title: str
    button: str
    done: str
    template: str = "design/form_page.html"
    shown: Callable[[HealthCheck], object] = str


STEPS = {
    "accept": Step(
        (Permission.CYCLE_RUN,),
        MoveForm,
        actions.accept,
        "Accept the health check",
        "Accept",
        "The health check is accepted. The director signs it off next.",
    ),
    "sign": Step(
        (Permission.CHECK_SIGN,),
        MoveForm,
        actions.sign,
        "Sign the health check off",
        "Sign off",
        "The health check is signed off.",
    ),
    "publish": Step(
        (Permission.CHECK_SIGN,),
        PublishForm,
        actions.publish,
        "Publish the public part",
        "Publish",
        "The public part is published. It cannot be taken back.",
        "checks/publish.html",
        what_to_publish,
    ),
    "return": Step(
        (Permission.CYCLE_RUN, Permission.CHECK_SIGN),
        ReturnForm,
        actions.return_check,
        "Return the health check for changes",
        "Return it",
        "The health check is returned, and its manager is told why.",
    ),
}


@require_http_methods(["GET", "HEAD", "POST"])
def move_check(request: SignedInRequest, public_id: UUID, step: str) -> HttpResponse:
    page = STEPS[step]
    check = find_check(request.user, public_id, *page.rights)
    form = page.form(request.POST or None)
    return show_or_save(
        request,
        form,
        lambda: page.act(check=check, words=form.cleaned_data["words"], doing=doing(request, form)),
        done=page.done,
        back=reverse("check", args=[public_id]),
        template=page.template,
        title=page.title,
        caption=str(check),
        button=page.button,
        shown=page.shown(check),
    )


@require_http_methods(["GET", "HEAD", "POST"])
def challenge_answer(request: SignedInRequest, public_id: UUID, code: str) -> HttpResponse:
    answer = find_answer(request.user, public_id, code, Permission.CYCLE_RUN)
    form = ChallengeForm(request.POST or None)
    return show_or_save(
        request,
        form,
        lambda: actions.challenge(
            answer=answer,
            question=form.cleaned_data["question"],
            suggested=form.judged,
            doing=doing(request, form),
        ),
        done="Your question is asked. The team’s manager answers it, or agrees with you.",
        back=reverse("check", args=[public_id]),
        template="checks/challenge.html",
        title="Challenge this answer",
        row=check_page(answer.check_of, request.user, as_of=timezone.localdate()).row(code),
        check=answer.check_of,
        button="Ask",
    )


@require_http_methods(["GET", "HEAD", "POST"])
def reply_to_challenge(request: SignedInRequest, public_id: UUID) -> HttpResponse:
    challenge = find_challenge(request.user, public_id, Permission.CHECK_ANSWER)
    form = ReplyForm(request.POST or None)
    check = challenge.check_of
    return show_or_save(
        request,
        form,
        lambda: actions.reply(
            challenge=challenge,
            words=form.cleaned_data["words"],
            concede=form.conceded,
            doing=doing(request, form),
        ),
        done="Your answer is saved.",
        back=reverse("check", args=[check.public_id]),
        template="checks/reply.html",
        title="Answer the panel’s question",
        challenge=challenge,
        row=check_page(check, request.user, as_of=timezone.localdate()).row(challenge.answer.indicator),
        check=check,
        button="Answer",
    )
