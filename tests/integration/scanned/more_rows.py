"""Rows in states that the examples of the addresses are not in, so that every form is shown to somebody."""

import io
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from allauth.mfa.webauthn.internal.auth import WebAuthn
from django.utils import timezone

from caseloads import import_running
from caseloads.actions import case_changes, contests
from caseloads.actions.imports import import_caseload, offer_import
from caseloads.importing import Files, Upload
from caseloads.models import Case, ImportMapping, ImportRun
from checks.actions import duties, moves
from checks.models import HealthCheck, Survey
from reports.models import ReportRun
from standards.models import StandardSet
from teams.models import AccountLetter, Employer, User
from tests.addresses import TABLE
from tests.cast import PASSWORD, TODAY, Cast, give_second_factor
from tests.integration.checks import rounds, surveying
from tests.integration.checks.test_duties import concern
from tests.integration.scanned.passkey import registered
from tests.integration.standards import cases as variations

HEADINGS = "case_reference,category,opened_on,team,worker\n"
GOOD = f"{HEADINGS}N-1,child_in_need,01/10/2026,Heron Team,Asha Test\nT-003,child_in_need,,Heron Team,Nia Test\n"
ODD = "Our number,Kind of case,Team name,Held by\nN-1,CIN plan,Heron Team,Asha Test\n"
Place = tuple[str, list[Any]]


def more_rows(cast: Cast, keys: dict[str, Any]) -> list[Place]:
    """The name of an address and the keys of it, for each row that is made."""
    [keys[key] for row in TABLE.values() for key in row.of.split()]  # some are made when they are first asked for
    makers = (_of_cases, _of_duties, _of_checks, _of_reports, _of_surveys, _of_imports, _of_accounts)
    return [place for maker in makers for place in maker(cast, keys)]


def _of_cases(cast: Cast, _: dict[str, Any]) -> Iterator[Place]:
    """A weight that is contested, a case that is closed, and a local variation in force."""
    one = contests.contest(
        case=Case.objects.get(reference="T-003"), reason="Two visits a week", by=cast.asha, at=timezone.now()
    )
    yield "contest-answer", [one.public_id]
    closed = Case.objects.get(reference="T-002")
    case_changes.close(case=closed, closed_on=TODAY, doing=case_changes.Doing(by=cast.ben, at=timezone.now()))
    yield "case", [closed.public_id]
    yield "case-reopen", [closed.public_id]
    waiting = Case.objects.get(reference="T-005")
    yield "case", [waiting.public_id]
    yield "case-allocate", [waiting.public_id]


def _of_duties(cast: Cast, _: dict[str, Any]) -> Iterator[Place]:
    duty = concern(cast, words="Nobody covers the duty desk")
    duties.close(duty=duty, words="Kestrel Team covers it", doing=rounds.doing(cast.ben))
    yield "duty", [duty.public_id]
    yield "duty-reopen", [duty.public_id]


def _check(cast: Cast, name: str, *steps: str) -> HealthCheck:
    known = {"standard_set": StandardSet.objects.get(pack="small")}
    check = rounds.check_of(rounds.opened(cast, name=name, **known), cast.team)
    rounds.complete(cast, check)
    moves.submit(check=check, words="", doing=rounds.doing(cast.ben))
    for step in steps:
        by = {"accept": cast.cora, "sign": cast.dev}[step]
        getattr(moves, step)(check=check, words="", doing=rounds.doing(by))
    return check


def _of_checks(cast: Cast, keys: dict[str, Any]) -> Iterator[Place]:
    """A check of Ben's team at each step; and a variation of the standards that is in force."""
    submitted, accepted = _check(cast, "Handed in").public_id, _check(cast, "Accepted", "accept").public_id
    signed = _check(cast, "Signed", "accept", "sign").public_id
    for name in ("check", "check-accept", "check-return"):
        yield name, [submitted]
    yield "challenge-new", [submitted, "fair"]
    for name in ("check", "check-sign", "check-return"):
        yield name, [accepted]
    for name in ("check", "check-publish"):
        yield name, [signed]
    published = HealthCheck.objects.get(public_id=keys["published"])
    yield "cycle-publish", [published.cycle.public_id]
    yield "check-report", [published.public_id]
    publication = HealthCheck.objects.filter(cycle__name="Spring 2026").get()
    yield "cycle", [publication.cycle.public_id]
    yield "cycle-withdraw", [publication.cycle.public_id]
    approved = variations.approved(cast, indicator="3-wait")
    yield "variation", [approved.public_id]
    yield "variation-end", [approved.public_id]


def _of_reports(cast: Cast, keys: dict[str, Any]) -> Iterator[Place]:
    """A pack with a part that failed, and a report that did."""
    yield "report-run", [keys["pack_run"]]
    at = timezone.now()
    about = {"employer": cast.employer, "team": cast.team, "as_of": TODAY, "requested_at": at, "finished_at": at}
    failed = ReportRun.objects.create(**about, status="FAILED", error="No ink", requested_by=cast.ben)
    yield "report-run", [failed.public_id]
    yield "operations", [cast.employer.slug]


def _of_surveys(cast: Cast, keys: dict[str, Any]) -> Iterator[Place]:
    opened = Survey.objects.get(cycle__public_id=keys["surveyed"])
    yield "survey-close", [opened.public_id]
    closed = Survey.objects.get(public_id=keys["survey"])
    surveying.put(closed, cast.team, 12, words="More time for visits")
    yield "survey-words", [closed.public_id]


def _offered(by: User, employer: Employer, text: str) -> ImportRun:
    run = offer_import(
        employer=employer,
        preset=ImportRun.Preset.PLAIN,
        files=Files([Upload("cases.csv", io.BytesIO(text.encode()))]),
        as_of=TODAY,
        by=by,
        at=timezone.now(),
    )
    import_running.read(run_id=run.pk, clock=timezone.now)
    return run


def _of_imports(cast: Cast, keys: dict[str, Any]) -> Iterator[Place]:
    """Files that wait for their columns to be told and for a yes, one that can be undone, and one that was no use."""
    at = timezone.now()
    about = {"employer": cast.employer, "preset": ImportRun.Preset.PLAIN, "as_of": TODAY}
    done = Files([Upload("done.csv", io.BytesIO(GOOD.replace("N-1", "N-9").encode()))])
    import_caseload(**about, files=done, by=cast.ewa, at=at)
    yield "import-undo", [ImportRun.objects.latest("pk").public_id]
    runs = [_offered(cast.ewa, cast.employer, ODD), _offered(cast.ben, cast.employer, GOOD)]  # one waits for each
    mine = {"created_by": cast.ben, "created_at": at, "heard_at": at}
    failed = ImportRun.objects.create(**about, **mine, status="FAILED", file_name="odd.xlsx", error="It is no list.")
    ImportMapping.objects.filter(pk=keys["mapping"]).update(columns={"cases": {"worker": "Held by"}})
    yield "import-remembered", []
    yield "import", [runs[1].public_id]
    yield "import", [failed.public_id]
    yield "import-mapping", [runs[0].public_id]
    yield "import-lines", [runs[1].public_id, "CASES_ADDED"]


def _of_accounts(cast: Cast, keys: dict[str, Any]) -> Iterator[Place]:
    """Asha has an app and a passkey, and an e-mail to her was given up."""
    give_second_factor(cast.asha)
    passkey = WebAuthn.add(cast.asha, "Key", registered()).instance
    cast.asha.set_password(PASSWORD)
    cast.asha.save()
    at = timezone.now()
    AccountLetter.objects.create(
        user=cast.asha, kind="INVITATION", made_at=at, attempts=5, expires_at=at + timedelta(days=7)
    )
    yield "operations", [cast.employer.slug]
    yield "mfa_remove_webauthn", [passkey.pk]
