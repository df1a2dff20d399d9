"""E-mails about accounts, as administrators see them."""

from teams.models import AccountLetter, Employer
from teams.models.letters import AccountLetterQuerySet
from teams.queries.accounts import accounts_of


def letters_of(employer: Employer | None) -> AccountLetterQuerySet:
    """To the people of an employer; to everybody, where none is named."""
    letters = AccountLetter.objects.all()
    return letters.filter(user__in=accounts_of(employer).values("pk")) if employer else letters
