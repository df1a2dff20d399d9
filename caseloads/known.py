"""What rows of another system may name: teams, workers, categories, factors, and cases by their references."""

from collections.abc import Sequence
from datetime import date

from caseloads.importing import words_of
from caseloads.intake.told import Known, KnownCase, KnownWorker
from caseloads.models import Case
from teams.models import Contract, Employer


def known_to(employer: Employer, references: Sequence[str], *, as_of: date) -> Known:
    """Everything that a call may name. A fixed number of statements."""
    contracts = Contract.objects.open_on(as_of).filter(team__employer=employer).order_by("-starts_on", "-pk")
    teams = dict(contracts.values_list("worker", "team__name"))
    people = employer.workers.values_list("public_id", "staff_reference", "pk", "name")
    workers = {public_id: (staff, KnownWorker(pk, name, teams.get(pk, ""))) for public_id, staff, pk, name in people}
    words = words_of(employer, on=as_of)
    cases = Case.objects.filter(employer=employer, reference__in=references)
    found = cases.values_list("reference", "revision", "opened_on")
    return Known(
        teams=dict(employer.teams.values_list("public_id", "name")),
        workers={public_id: worker for public_id, (_, worker) in workers.items()},
        staff={staff: worker for staff, worker in workers.values() if staff},
        categories=frozenset(words.categories.values()),
        factors=frozenset(words.factors.values()),
        cases={ref: KnownCase(revision, day) for ref, revision, day in found},
        most=words.most_shared,
    )
