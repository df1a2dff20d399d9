"""The employer whose directory people sign in by."""

from django.conf import settings

from teams.models import Employer


def employer_of_directory() -> Employer:
    """The employer that the settings name."""
    return Employer.objects.get(slug=settings.SSO_EMPLOYER)
