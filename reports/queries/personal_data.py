"""Whose personal data an administrator may answer requests about."""

from uuid import UUID

from django.core.paginator import Page
from django.http import Http404

from design.paging import page_of
from teams.access import employer_wide_rights, find_employer
from teams.models import Employer, User, Worker
from teams.roles import Permission

PAGE = 50


def find_subject(user: User, public_id: UUID) -> Worker:
    """A worker of an employer for whom the user answers requests; anybody else's is not there (404)."""
    rights = employer_wide_rights(user)
    employers = [key for key, held in rights.items() if Permission.PERSONAL_DATA_ANSWER in held]
    rows = Worker.objects.filter(employer__in=employers).select_related("employer", "user")
    worker = rows.filter(public_id=public_id).first()
    if worker is None:
        raise Http404("There is no such worker.")
    return worker


def subjects(user: User, slug: str, *, name: str, number: str | None) -> tuple[Employer, Page[Worker]]:
    """The workers of an employer by a part of their name, page by page. Members without the right are refused (403)."""
    employer = find_employer(user, slug, Permission.PERSONAL_DATA_ANSWER)
    rows = employer.workers.filter(name__icontains=name) if name else employer.workers.all()
    return employer, page_of(rows, number, PAGE)
