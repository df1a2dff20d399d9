"""What the director fills in to give a cycle to the public, or to take it back."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, cast

from django import forms

from checks.publishing import StandardToPublish
from design.fields import WordsField
from teams.forms.once import OnceForm

if TYPE_CHECKING:
    from django.http import QueryDict

LONGEST = 2000


class PublishCycleForm(OnceForm):
    """Words of introduction, the standards that are told, and what the director has read of it all."""

    words = WordsField(
        label="What should readers know?",
        missing="Enter what readers should know",
        max_length=LONGEST,
        help_text="It stands at the top of the public page. Name nobody.",
        widget=forms.Textarea(attrs={"rows": 6}),
    )
    standards = forms.MultipleChoiceField(
        label="Which standards are published?",
        help_text="The page names those that are not.",
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Choose at least one standard"},
    )
    read = forms.BooleanField(
        label="I have read all that is shown below. It names nobody, and anybody may read it",
        error_messages={"required": "Read what is shown below, and say that anybody may read it"},
    )

    def __init__(self, *args: Any, headings: Sequence[StandardToPublish], **kwargs: Any) -> None:
        self.codes = [one.code for one in headings]
        kwargs["initial"] = {"standards": self.codes}
        super().__init__(*args, **kwargs)
        choices = [(one.code, f"{one.code}. {one.title}") for one in headings]
        cast("forms.MultipleChoiceField", self.fields["standards"]).choices = choices

    @property
    def chosen(self) -> list[str] | None:
        """The standards chosen so far; None: the form has not been filled in."""
        if not self.is_bound:
            return None
        sent = cast("QueryDict", self.data).getlist("standards")
        return [code for code in self.codes if code in sent]


class WithdrawForm(OnceForm):
    """Why a publication is taken back."""

    reason = WordsField(
        label="Why is it withdrawn?",
        missing="Enter why it is withdrawn",
        help_text="It stands at the page's address from now on. Name nobody.",
    )
