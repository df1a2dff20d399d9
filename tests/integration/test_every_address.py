"""Every address × every role: strangers are told there is nothing (404), members without the right no (403).

The addresses are read from the URLconf: a new one fails here until it has its row.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.core.files.base import ContentFile
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from django.utils import timezone

from caseloads.actions.schemes import begin_draft
from caseloads.comparing import Changes
from caseloads.importing import Outcome, Reading, stored_counts
from caseloads.intake.records import Counts, Intake
from caseloads.models import Case, Contest, ImportMapping, ImportRun, Transfer
from checks.actions import answers, follow_up
from checks.actions.answers import Attached
from checks.actions.standards import load_shipped_standards
from checks.models import Challenge, Cycle, HealthCheck
from reports.content import as_json
from reports.models import ReportRun
from reports.queries.teams import team_report
from standards.actions.drafts import start_draft
from standards.models import StandardSet
from teams.actions.integrations import add_integration, make_token
from teams.actions.roles import NewRole, give_role, name_stand_in
from teams.actions.setting_up import add_workers
from teams.letter_sending import hash_of
from teams.models import AccountLetter, User
from teams.policies import open_weeks
from teams.roles import OF_PEOPLE, TEAM_ROLES, Role
from teams.scopes import Scope
from tests.cast import AT, TODAY, Cast, new_worker, supervise
from tests.integration.checks import publishing, rounds
from tests.integration.checks.surveying import survey_keys
from tests.integration.checks.test_duties import concern
from tests.integration.standards.cases import proposed

PEOPLE = ("ben", "asha", "cora", "dev", "ewa", "femi", "hana", "gil")
ANYBODY = dict.fromkeys(PEOPLE, 200)


def only(*names: str, code: int = 200, members: int = 403, stranger: int = 404) -> dict[str, int]:
    """Some get in; other members of the employer are refused, and the outsider is told there is nothing."""
    return {name: code if name in names else stranger if name == "gil" else members for name in PEOPLE}


@dataclass(frozen=True)
class Row:
    """What each role gets of one address, by its method."""

    answers: dict[str, int]
    method: str = "get"
    of: str = ""
    without_account: int = 302
    form: bool = False

    def address(self, name: str, keys: dict[str, Any]) -> str:
        return reverse(name, args=[keys[key] for key in self.of.split()])


LEADERS = ("ben", "cora", "dev", "hana")
RECORDERS = ("ben", "hana")
SUPERVISORS = ("ben", "hana")
NO_CHECK = {"asha": 404, "ewa": 404, "femi": 404}  # they see no health check that is not published
UNSEEN = {"ewa": 404, "femi": 404}  # they have nothing to do with a single case or worker
NO_TOKEN = dict.fromkeys(PEOPLE, 401)  # nobody's sign-in opens the API; tests/integration/test_api.py has the tokens
OF_API = {
    "api-employer": "",
    "api-teams": "",
    "api-team": "team",
    "api-workers": "",
    "api-worker": "worker",
    "api-cases": "",
    "api-case": "case",
    "api-cases-bulk": "",
    "api-case-rate": "case",
    "api-ratings": "",
    "api-allocations": "",
    "api-workloads": "",
    "api-team-workload": "team",
    "api-worker-workloads": "team",
    "api-worker-workload": "worker",
    "api-standards": "",
    "api-cycles": "",
    "api-health-checks": "",
    "api-health-check": "check",
    "api-findings": "",
    "api-reports": "",
    "api-report": "run",
    "api-report-file": "run",
    "api-benchmarks": "",
}
TABLE: dict[str, Row] = {
    "sign-in": Row(dict.fromkeys(PEOPLE, 302), without_account=200),
    "sign-out": Row(dict.fromkeys(PEOPLE, 302), method="post"),
    "account_login": Row(dict.fromkeys(PEOPLE, 302), without_account=200),
    "account_reauthenticate": Row(dict.fromkeys(PEOPLE, 403), form=True),
    "mfa_authenticate": Row(dict.fromkeys(PEOPLE, 302), form=True),
    "mfa_login_webauthn": Row(dict.fromkeys(PEOPLE, 302), form=True),
    "mfa_index": Row(ANYBODY),
    "mfa_activate_totp": Row(ANYBODY, form=True),
    "mfa_deactivate_totp": Row(dict.fromkeys(PEOPLE, 404), form=True),
    "mfa_add_webauthn": Row(ANYBODY, form=True),
    "mfa_remove_webauthn": Row(dict.fromkeys(PEOPLE, 404), of="passkey", form=True),
    "mfa_view_recovery_codes": Row(dict.fromkeys(PEOPLE, 404)),
    "mfa_generate_recovery_codes": Row(ANYBODY, form=True),
    "directory": Row(dict.fromkeys(PEOPLE, 404), without_account=404),
    "directory-back": Row(dict.fromkeys(PEOPLE, 404), without_account=404),
    "directory-ended": Row(dict.fromkeys(PEOPLE, 404), method="post", without_account=404),
    "integrations": Row(only("ewa"), of="slug"),
    "integration": Row(only("ewa"), of="slug integration"),
    "integration-new": Row(only("ewa"), of="slug", form=True),
    "integration-change": Row(only("ewa"), of="slug integration", form=True),
    "integration-end": Row(only("ewa"), of="slug integration", form=True),
    "token-new": Row(only("ewa"), of="slug integration", form=True),
    "token-end": Row(only("ewa"), of="slug integration made_token", form=True),
    "api-description": Row(ANYBODY, without_account=200),
    "api-description-file": Row(ANYBODY, without_account=200),
    "api-elsewhere": Row(dict.fromkeys(PEOPLE, 404), of="format", without_account=404),
    **{name: Row(NO_TOKEN, of=of, without_account=401) for name, of in OF_API.items()},
    "own-account": Row(ANYBODY),
    "own-password": Row(ANYBODY, form=True),
    "own-sign-ins-end": Row(dict.fromkeys(PEOPLE, 302), method="post"),
    "own-sign-in-end": Row(dict.fromkeys(PEOPLE, 302), method="post", of="format"),
    "forgotten-password": Row(ANYBODY, form=True, without_account=200),
    "set-password": Row(ANYBODY, of="link", form=True, without_account=200),
    "accounts": Row(only("ewa"), of="slug"),
    "account": Row(only("ewa"), of="slug account"),
    "account-new": Row(only("ewa"), of="slug", form=True),
    "account-change": Row(only("ewa"), of="slug account", form=True),
    "account-role-new": Row(only("ewa"), of="slug account", form=True),
    "account-role-end": Row(only("ewa"), of="slug account held_role", form=True),
    "account-step": Row(only("ewa"), of="slug account step", form=True),
    "home": Row(ANYBODY | {"asha": 302}),
    "own-workload": Row(ANYBODY),
    "team": Row(only(*LEADERS), of="team"),
    "worker": Row(only(*LEADERS, "asha", members=404), of="worker"),
    "case": Row(only(*LEADERS, "asha", members=404), of="case"),
    "case-allocate": Row(only("ben", "hana") | UNSEEN, of="case", form=True),
    "case-shares": Row(only("ben", "hana") | UNSEEN, of="case", form=True),
    "case-answer": Row(only("asha", members=404), of="case", form=True),
    "case-transfer": Row(only("ben", "hana") | UNSEEN, of="case", form=True),
    "transfer-handover": Row(only("ben", "hana") | UNSEEN, of="transfer", form=True),
    "bulk-transfer": Row(only("ben", "hana"), of="team"),
    "bulk-transfer-proposal": Row(only("ben", "hana"), of="team worker", form=True),
    "team-staffing": Row(only(*LEADERS), of="team"),
    "team-posts": Row(only(*RECORDERS), of="team", form=True),
    "starter-new": Row(only(*RECORDERS), of="team", form=True),
    "colleague-new": Row(only(*RECORDERS), of="team", form=True),
    "team-member": Row(only(*RECORDERS), of="team worker"),
    "member-hours": Row(only(*RECORDERS), of="team worker", form=True),
    "member-first-day": Row(only(*RECORDERS), of="team worker contract", form=True),
    "member-details": Row(only(*RECORDERS), of="team worker", form=True),
    "member-leave": Row(only(*RECORDERS), of="team worker", form=True),
    "reduction-new": Row(only(*RECORDERS), of="team worker", form=True),
    "reduction": Row(only(*RECORDERS), of="team worker reduction", form=True),
    "absence-new": Row(only(*RECORDERS), of="team worker", form=True),
    "absence": Row(only(*RECORDERS), of="team worker absence", form=True),
    "team-supervision": Row(only(*LEADERS), of="team"),
    "supervision-rules": Row(only("cora", "dev"), of="team", form=True),
    "supervision-log": Row(only(*LEADERS), of="team worker"),
    "session-new": Row(only(*SUPERVISORS), of="team worker", form=True),
    "session": Row(only(*SUPERVISORS), of="team worker session", form=True),
    "own-supervision": Row(ANYBODY),
    "own-hours": Row(ANYBODY),
    "own-hours-week": Row(dict.fromkeys(PEOPLE, 404) | {"ben": 200, "asha": 200}, of="week", form=True),
    "team-cases": Row(only(*LEADERS), of="team"),
    "team-cases-csv": Row(only(*LEADERS), of="team"),
    "case-new": Row(only("ben", "hana"), of="team", form=True),
    "case-weight": Row(only("ben", "hana"), of="team"),
    "case-rate": Row(only("ben", "hana") | UNSEEN, of="case", form=True),
    "case-correct": Row(only("ben", "hana") | UNSEEN, of="case", form=True),
    "case-close": Row(only("ben", "hana") | UNSEEN, of="case", form=True),
    "case-reopen": Row(only("ben", "hana") | UNSEEN, of="case", form=True),
    "case-contest": Row(only("asha") | UNSEEN, of="case", form=True),
    "contest-answer": Row(only("ben", "hana") | UNSEEN, of="contest", form=True),
    "own-data": Row(ANYBODY),
    "own-data-rows": Row(ANYBODY, of="held"),
    "own-data-file": Row(dict.fromkeys(PEOPLE, 404) | {"ben": 200, "asha": 200}, method="post", of="format"),
    "team-duties": Row(only(*LEADERS), of="team"),
    "team-what-if": Row(only(*LEADERS), of="team", form=True),
    "team-history": Row(only(*LEADERS), of="team"),
    "team-over-time": Row(only(*LEADERS), of="team"),
    "team-day": Row(only(*LEADERS), of="team week"),
    "duties": Row(ANYBODY),
    "duty": Row(only("ben", "dev", "hana", "asha", members=404), of="duty"),
    "duty-plan": Row(only("ben", "dev", "hana") | UNSEEN | {"cora": 404}, of="duty", form=True),
    "duty-update": Row(only("ben", "dev", "hana", "asha") | UNSEEN | {"cora": 404}, of="duty", form=True),
    "duty-close": Row(only("ben", "dev", "hana") | UNSEEN | {"cora": 404}, of="duty", form=True),
    "duty-reopen": Row(only("ben", "dev", "hana", "asha") | UNSEEN | {"cora": 404}, of="duty", form=True),
    "health-checks": Row(dict.fromkeys(PEOPLE, 302)),
    "cycles": Row(only(*PEOPLE[:7]), of="slug"),
    "cycle-new": Row(only("cora"), of="slug", form=True),
    "cycle": Row(only(*PEOPLE[:7]), of="cycle"),
    "cycle-teams": Row(only("cora"), of="cycle", form=True),
    "cycle-put-off": Row(only("cora"), of="cycle", form=True),
    "cycle-close": Row(only("cora"), of="cycle", form=True),
    "team-checks": Row(only(*LEADERS), of="team"),
    "check": Row(only(*LEADERS, members=404), of="check"),
    "check-standard": Row(only(*LEADERS, members=404), of="check standard"),
    "check-answer": Row(only("ben", "hana") | NO_CHECK, of="check indicator", form=True),
    "check-figures": Row(only("ben", "hana") | NO_CHECK, of="check", form=True),
    "evidence-new": Row(only("ben", "hana") | NO_CHECK, of="check indicator", form=True),
    "evidence": Row(only(*LEADERS, members=404), of="evidence"),
    "evidence-remove": Row(only("ben", "hana") | NO_CHECK, method="post", of="evidence"),
    "check-submit": Row(only("ben", "hana") | NO_CHECK, of="check", form=True),
    "check-accept": Row(only("cora") | NO_CHECK, of="check", form=True),
    "check-sign": Row(only("dev") | NO_CHECK, of="check", form=True),
    "check-publish": Row(only("dev") | NO_CHECK, of="check", form=True),
    "check-return": Row(only("cora", "dev") | NO_CHECK, of="check", form=True),
    "challenge-new": Row(only("cora") | NO_CHECK, of="check indicator", form=True),
    "challenge-reply": Row(only("ben", "hana") | NO_CHECK, of="challenge", form=True),
    "action-new": Row(only("ben", "hana") | NO_CHECK, of="check indicator", form=True),
    "action-none": Row(only("ben", "hana") | NO_CHECK, of="check indicator", form=True),
    "action": Row(only(*LEADERS, members=404), of="action", form=True),
    "check-published": Row(only(*PEOPLE[:7]), of="published"),
    "cycle-publish": Row(only("dev"), of="cycle", form=True),
    "cycle-withdraw": Row(only("dev"), of="cycle", form=True),
    "publication-schema": Row(ANYBODY, without_account=200),
    "publications": Row(ANYBODY, of="slug_published", without_account=200),
    "publication": Row(ANYBODY, of="slug_published cycle_published", without_account=200),
    "publication-csv": Row(ANYBODY, of="slug_published cycle_published", without_account=200),
    "publication-json": Row(ANYBODY, of="slug_published cycle_published", without_account=200),
    "publication-team": Row(ANYBODY, of="slug_published cycle_published number_published", without_account=200),
    "team-said": Row(only(*LEADERS, "asha"), of="team"),
    "own-said": Row(ANYBODY),
    "overview": Row(only("cora", "dev"), of="slug"),
    "own-concerns": Row(ANYBODY),
    "concern-new": Row(only("ben", "asha", members=404), form=True),
    "response-times": Row(only("cora", "dev"), of="slug", form=True),
    "team-report": Row(only(*LEADERS), of="team", form=True),
    "check-report": Row(only(*LEADERS, members=404), of="check", form=True),
    "employer-report": Row(only("cora", "dev"), of="slug", form=True),
    "cycle-report": Row(only("cora", "dev"), of="cycle", form=True),
    "pack-request": Row(only("cora", "dev", code=302), method="post", of="cycle"),
    "pack-retry": Row(only("cora", "dev", code=302, members=404), method="post", of="pack_run"),
    "own-sheet": Row(dict.fromkeys(PEOPLE, 404) | {"ben": 200, "asha": 200}, form=True),
    "sheet": Row(only(*LEADERS, "asha", members=404), of="worker", form=True),
    "report-read": Row(only(*LEADERS, members=404), of="run"),
    "report-run": Row(only(*LEADERS, members=404), of="run"),
    "report-file": Row(only(*LEADERS, members=404), of="run"),
    "benchmarks": Row(only("cora", "dev"), of="slug"),
    "census": Row(only("dev", "ewa"), of="slug"),
    "census-file": Row(only("dev", "ewa"), method="post", of="slug census_year census_kind"),
    "standing-in": Row(ANYBODY),
    "stand-in-new": Row(ANYBODY, form=True),
    "stand-in-end": Row(only("ben", members=404), of="deputy", form=True),
    "account-standing-in": Row(only("ben", "ewa", members=404), of="account"),
    "account-stand-in-new": Row(only("ben", "ewa", members=404), of="account", form=True),
    "account-stand-in-end": Row(only("ben", "ewa", members=404), of="account deputy", form=True),
    "employer-region": Row(only("cora", "dev", "ewa"), of="slug", form=True),
    "audit": Row(only("ewa"), of="slug"),
    "personal-data": Row(only("ewa"), of="slug"),
    "worker-data": Row(only("ewa", members=404), of="worker"),
    "worker-data-file": Row(only("ewa", members=404), method="post", of="worker format"),
    "worker-erase": Row(only("ewa", members=404), of="worker", form=True),
    "audit-file": Row(only("ewa"), method="post", of="slug"),
    "surveys": Row(ANYBODY | {"gil": 404}, of="slug"),
    "instrument": Row(ANYBODY | {"gil": 404}, of="slug instrument version"),
    "instrument-new": Row(only("cora"), of="slug", form=True),
    "instrument-benchmarks": Row(only("cora"), of="slug instrument version", form=True),
    "cycle-surveys": Row(only("cora"), of="surveyed"),
    "surveys-open": Row(only("cora"), of="surveyed", form=True),
    "survey-links": Row(only("cora"), of="surveyed", form=True),
    "survey-results": Row(only("cora", "dev", "femi"), of="survey"),
    "survey-results-file": Row(only("cora", "dev", "femi"), of="survey"),
    "survey-close": Row(only("cora"), of="survey", form=True),
    "survey-words": Row(only("cora"), of="survey", form=True),
    "team-surveys": Row(only(*LEADERS), of="team"),
    "survey": Row(ANYBODY, of="token", without_account=200, form=True),
    "survey-thanks": Row(ANYBODY, without_account=200),
    "standards": Row(only(*PEOPLE[:7]), of="slug"),
    "standards-choose": Row(only("cora"), of="slug", form=True),
    "standard-set": Row(only(*PEOPLE[:7]), of="slug pack pack_version"),
    "standard-draft-new": Row(only("cora"), of="slug pack pack_version", form=True),
    "standard-draft": Row(only("cora"), of="draft"),
    "standard-draft-about": Row(only("cora"), of="draft", form=True),
    "standard-draft-add": Row(only("cora"), of="draft", form=True),
    "standard-draft-move": Row(only("cora", code=302), method="post", of="draft"),
    "standard-draft-preview": Row(only("cora"), of="draft"),
    "standard-draft-publish": Row(only("cora"), of="draft", form=True),
    "standard-draft-give-up": Row(only("cora"), of="draft", form=True),
    "standard-draft-standard": Row(only("cora"), of="draft number"),
    "standard-draft-standard-change": Row(only("cora"), of="draft number", form=True),
    "standard-draft-standard-remove": Row(only("cora"), of="draft number", form=True),
    "standard-draft-entry-new": Row(only("cora"), of="draft number what", form=True),
    "standard-draft-entry": Row(only("cora"), of="draft number part number", form=True),
    "standard-draft-entry-remove": Row(only("cora"), of="draft number part number", form=True),
    "variations": Row(only(*PEOPLE[:7]), of="slug"),
    "variation": Row(only(*PEOPLE[:7]), of="variation"),
    "variation-new": Row(only("cora"), of="slug pack varied", form=True),
    "variation-approve": Row(only("dev"), of="variation", form=True),
    "variation-decline": Row(only("dev"), of="variation", form=True),
    "variation-withdraw": Row(only("cora"), of="variation", form=True),
    "variation-end": Row(only("cora", "dev"), of="variation", form=True),
    "schemes": Row(only(*PEOPLE[:7]), of="slug"),
    "scheme": Row(only(*PEOPLE[:7]), of="slug scheme"),
    "scheme-draft-new": Row(only("cora"), of="slug area", form=True),
    "scheme-draft": Row(only("cora"), of="scheme_draft", form=True),
    "scheme-draft-preview": Row(only("cora"), of="scheme_draft"),
    "scheme-draft-publish": Row(only("cora"), of="scheme_draft", form=True),
    "scheme-draft-drop": Row(only("cora"), of="scheme_draft", form=True),
    "import-new": Row(only("ben", "ewa", stranger=200)),
    "import-template": Row(only("ben", "ewa", stranger=200), of="kind"),
    "import-history": Row(only("ben", "ewa", stranger=200)),
    "import-remembered": Row(only("ben", "ewa", stranger=200)),
    "import-forget": Row(only("ben", "ewa", code=302), method="post", of="mapping"),
    "import": Row(only("ben", "ewa", members=404), of="import"),
    "import-mapping": Row(only("ben", "ewa", code=302, members=404), of="import", form=True),
    "import-lines": Row(only("ben", "ewa", members=404), of="import section"),
    "import-lines-file": Row(only("ben", "ewa", members=404), of="import"),
    "import-problems": Row(only("ben", "ewa", members=404), of="import"),
    "import-apply": Row(only("ben", "ewa", code=302, members=404), method="post", of="import"),
    "import-drop": Row(only("ben", "ewa", code=302, members=404), method="post", of="import"),
    "import-undo": Row(only("ben", "ewa", members=404), of="import", form=True),
    "operations": Row(only("ewa"), of="slug"),
    "operations-report-again": Row(only("ewa", code=302), method="post", of="slug run"),
    "operations-letter-again": Row(only("ewa", code=302), method="post", of="slug letter"),
    "alive": Row(ANYBODY, without_account=200),
    "ready": Row(ANYBODY, without_account=200),
    "metrics": Row(dict.fromkeys(PEOPLE, 404), without_account=404),
}


def addresses(patterns: list[Any]) -> Iterator[str]:
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            yield from addresses(pattern.url_patterns)
        elif isinstance(pattern, URLPattern):
            yield str(pattern.name)


ALL = sorted(addresses(get_resolver().url_patterns))


SURVEY_KEYS = {"survey", "surveyed", "token", "instrument", "version"}
PUBLICATION_KEYS = {"slug_published", "cycle_published", "number_published"}
STANDARDS_KEYS = {"pack", "pack_version", "draft", "number", "what", "part", "variation", "varied"}


class Keys(dict[str, Any]):
    """Keys of rows; those of health checks and surveys are made when they are first asked for: that takes a while."""

    def __init__(self, cast: Cast, **known: Any) -> None:
        super().__init__(known)
        self.cast = cast

    def __missing__(self, name: str) -> Any:
        makers = [(SURVEY_KEYS, survey_keys), (STANDARDS_KEYS, standards_keys), (PUBLICATION_KEYS, publication_keys)]
        made = next((maker for names, maker in makers if name in names), check_keys)
        self.update(made(self.cast))
        return dict(self)[name]


@pytest.fixture
def keys(cast: Cast, settings: Any, tmp_path: Any) -> dict[str, Any]:
    """The row that each address is about, all of Ben's team."""
    settings.MEDIA_ROOT = tmp_path
    (tmp_path / "made.pdf").write_bytes(b"%PDF-1.7")
    run = ReportRun.objects.create(
        employer=cast.employer,
        team=cast.team,
        as_of=TODAY,
        status="READY",
        requested_at=AT,
        finished_at=AT,
        content=as_json(team_report(cast.team, as_of=TODAY)),
        file="made.pdf",
    )
    imported = ImportRun.objects.create(
        employer=cast.employer,
        preset="plain",
        status="APPLIED",
        file_name="cases.csv",
        as_of=TODAY,
        counts=stored_counts(Outcome(Reading(Intake(Counts()), ImportRun.Preset.PLAIN, TODAY, "", ""), Changes())),
        created_at=AT,
        created_by=cast.ben,
        applied_at=AT,
    )
    mapping = ImportMapping.objects.create(employer=cast.employer, preset="plain", changed_at=AT)
    asha = cast.workers["Asha Test"]
    return Keys(
        cast,
        **{"import": imported.public_id},
        team=cast.team.public_id,
        worker=cast.workers["Asha Test"].public_id,
        passkey=1,
        link=link_for(cast.asha),
        letter=AccountLetter.objects.get().pk,
        held_role=cast.ben.role_assignments.get().pk,
        step="close",
        case=Case.objects.get(reference="T-001").public_id,
        transfer=transferred(cast).public_id,
        contest=contested(cast).public_id,
        held="allocations",
        census_year="2026",
        census_kind="workers",
        format="json",
        duty=concern(cast).public_id,
        slug=cast.employer.slug,
        scheme=cast.scheme.pk,
        area=cast.area.pk,
        scheme_draft=begin_draft(service_area=cast.area, base=cast.scheme, once=None, by=cast.cora, at=AT).public_id,
        run=run.public_id,
        kind="cases",
        section="CASES_ADDED",
        mapping=mapping.pk,
        contract=asha.contracts.get().pk,
        reduction=asha.reductions.get().pk,
        absence=asha.absences.create(reason="SICKNESS", starts_on=TODAY).pk,
        session=supervise(cast, asha, TODAY).pk,
        week=open_weeks(timezone.localdate())[0],
        account=cast.ben.public_id,
        **integration_keys(cast),
        deputy=stood_in_for(cast).public_id,
    )


def integration_keys(cast: Cast) -> dict[str, Any]:
    """An integration of Ben's employer with a token."""
    row = add_integration(employer=cast.employer, name="Case system", scopes=list(Scope), by=None, at=AT)
    make_token(integration=row, expires_on=TODAY + timedelta(days=90), by=None, at=AT)
    return {"integration": row.public_id, "made_token": row.tokens.get().public_id}


def link_for(user: User) -> str:
    """A link by which somebody may set a password."""
    token, at = uuid4().hex, timezone.now()
    AccountLetter.objects.create(
        user=user,
        kind="INVITATION",
        made_at=at,
        sent_at=at,
        token_hash=hash_of(token),
        expires_at=at + timedelta(days=7),
    )
    return token


def stood_in_for(cast: Cast) -> User:
    """Somebody who stands in for Ben."""
    deputy, today = User.objects.create_user(username="kim"), timezone.localdate()
    give_role(employer=cast.employer, user=deputy, new=NewRole(Role.OBSERVER), by=None, at=AT)
    week = {"starts_on": today, "ends_on": today + timedelta(days=7)}
    name_stand_in(away=cast.ben, deputy=deputy, **week, by=cast.ben, at=timezone.now())
    return deputy


OTHER_TEAM = {"kay": Role.MANAGER, "kai": Role.SOCIAL_WORKER}
"""People of the other team of the same employer."""


def walker(cast: Cast, person: str) -> User:
    """Somebody of the cast, or somebody new: of the other team, or with a role in the other employer."""
    if person in PEOPLE:
        return cast.users[person]
    user = User.objects.create_user(username=person)
    if person in OTHER_TEAM:
        give_role(employer=cast.employer, user=user, new=NewRole(OTHER_TEAM[person], cast.other_team), by=None, at=AT)
        [worker] = add_workers(
            employer=cast.employer, workers=[new_worker(person.title(), cast.other_team)], by=None, at=AT
        )
        worker.user = user
        worker.save(update_fields=["user"])
        return user
    role = Role(person)
    scope = {Role.SERVICE_MANAGER: cast.elsewhere.service_area}.get(
        role, cast.elsewhere if role in TEAM_ROLES else None
    )
    give_role(employer=cast.elsewhere.employer, user=user, new=NewRole(role, scope), by=None, at=AT)
    return user


def check_keys(cast: Cast) -> dict[str, Any]:
    """An open check of Ben's team with evidence, a question and an action, and a published one of an earlier cycle."""
    published = rounds.published(cast)
    cycle = rounds.opened(cast, name="Winter 2026", standard_set=published.cycle.standard_set)
    check = rounds.check_of(cycle, cast.team)
    answer = rounds.answer_of(check, "fair")
    evidence = answers.add_evidence(
        answer=answer,
        attached=Attached("Notes", file=ContentFile(b"%PDF-1.7", name="notes.pdf"), media_type="application/pdf"),
        doing=rounds.doing(cast.ben),
    )
    planned = rounds.an_action(cast)
    action = follow_up.plan(answer=answer, about="It", planned=planned, doing=rounds.doing(cast.ben))
    challenge = Challenge.objects.create(
        check_of=check, answer=answer, submission=0, question="How?", suggested="NOT_MET", raised_at=AT
    )
    return {
        "cycle": cycle.public_id,
        "check": check.public_id,
        "standard": "1",
        "indicator": "fair",
        "evidence": evidence.public_id,
        "challenge": challenge.public_id,
        "action": action.public_id,
        "published": published.public_id,
        "pack_run": failed_pack(cycle, check).public_id,
    }


def failed_pack(cycle: Cycle, check: HealthCheck) -> ReportRun:
    """A pack of a cycle, one of whose parts could not be made."""
    fields = {"employer": cycle.employer, "as_of": TODAY, "requested_at": AT}
    pack = ReportRun.objects.create(kind="PACK", cycle=cycle, **fields)
    ReportRun.objects.create(kind="CHECK", check_of=check, pack=pack, status="FAILED", error="No ink", **fields)
    return pack


def publication_keys(cast: Cast) -> dict[str, Any]:
    """A published cycle of another season, whatever else was made of this one."""
    publishing.grown(cast)
    known = StandardSet.objects.filter(pack="small").first()
    opened = rounds.opened(cast, name="Spring 2026", **({"standard_set": known} if known else {}))
    rounds.finish(cast, rounds.check_of(opened, cast.team))
    publication = publishing.publish(cast, opened)
    return {
        "slug_published": cast.employer.slug,
        "cycle_published": publication.slug,
        "number_published": 1,
    }


def standards_keys(cast: Cast) -> dict[str, Any]:
    """A draft of the employer's own standards, and a proposed local variation of those it uses."""
    load_shipped_standards(at=AT)
    copied = StandardSet.objects.get(pack="england-2020", version="2020.3")
    draft = start_draft(employer=cast.employer, copied=copied, by=cast.cora, at=AT)
    return {
        "pack": copied.pack,
        "pack_version": copied.version,
        "draft": draft.public_id,
        "number": 0,
        "what": "measured",
        "part": "indicators",
        "variation": proposed(cast).public_id,
        "varied": "3-load",
    }


def contested(cast: Cast) -> Contest:
    case, asha = Case.objects.get(reference="T-001"), cast.workers["Asha Test"]
    fields = {"state": "DECLINED", "answer": "It stays", "answered_at": AT, "answered_by": cast.ben}
    return Contest.objects.create(
        employer=cast.employer, case=case, worker=asha, reason="Daily visits", raised_at=AT, **fields
    )


def transferred(cast: Cast) -> Transfer:
    case, team = Case.objects.get(reference="T-001"), cast.team
    return Transfer.objects.create(
        employer=cast.employer, case=case, from_team=team, to_team=team, moved_on=TODAY, reason="Court", at=AT
    )


def ask(client: Client, name: str, keys: dict[str, Any]) -> int:
    row = TABLE[name]
    response = getattr(client, row.method)(row.address(name, keys))
    for closer in response._resource_closers:
        closer()
    return int(response.status_code)


def test_every_address_has_its_row() -> None:
    assert sorted(TABLE) == ALL


@pytest.mark.parametrize("name", ALL)
@pytest.mark.parametrize("person", PEOPLE)
def test_walk(cast: Cast, client: Client, keys: dict[str, Any], name: str, person: str) -> None:
    client.force_login(cast.users[person])
    assert ask(client, name, keys) == TABLE[name].answers[person]


@pytest.mark.parametrize("name", ALL)
def test_nobody_gets_in_without_an_account(client: Client, keys: dict[str, Any], name: str) -> None:
    assert ask(client, name, keys) == TABLE[name].without_account


READ_ONLY = sorted(
    name
    for name, row in TABLE.items()
    if row.method == "get" and not row.form and name not in {"sign-in", "account_login", "import-new"}
)
CHANGES = sorted(name for name, row in TABLE.items() if row.method == "post")


@pytest.mark.parametrize(
    ("name", "wrong"), [*((name, "post") for name in READ_ONLY), *((name, "get") for name in CHANGES)]
)
def test_other_methods_are_refused(cast: Cast, client: Client, keys: dict[str, Any], name: str, wrong: str) -> None:
    client.force_login(cast.ben)
    expected = 401 if TABLE[name].answers is NO_TOKEN else 404 if name == "api-elsewhere" else 405
    assert getattr(client, wrong)(TABLE[name].address(name, keys)).status_code == expected


OF_THE_EMPLOYER = {"slug", "slug_published", "cycle", "published", "surveyed", "survey", "token", "draft"}
OF_THE_EMPLOYER |= {"link", "scheme_draft", "variation", "mapping", "kind", "held", "week", "format"}
"""What is about a whole employer, or about whoever asks: people of another team stand there as Ben's team does."""
LIKE = {"kay": "ben", "kai": "asha"}
IMPORTERS = {Role.MANAGER, Role.ADMINISTRATOR}


@pytest.mark.parametrize("name", ALL)
def test_walk_of_another_team(cast: Cast, client: Client, keys: dict[str, Any], name: str) -> None:
    """A manager and a social worker of the other team find nothing of this one."""
    row = TABLE[name]
    about = row.of.split()[:1]
    for person, like in LIKE.items():
        client.force_login(walker(cast, person))
        same = not about or about[0] in OF_THE_EMPLOYER or row.answers is NO_TOKEN
        expected = row.answers[like] if same else 404
        assert ask(client, name, keys) == expected, person


@pytest.mark.parametrize("name", ALL)
def test_walk_of_another_employer(cast: Cast, client: Client, keys: dict[str, Any], name: str) -> None:
    """Whatever somebody's role in another employer, they find nothing of this one."""
    for role in OF_PEOPLE:
        client.force_login(walker(cast, role.value))
        refused = name.startswith("import-") and TABLE[name].answers["femi"] == 403 and role not in IMPORTERS
        assert ask(client, name, keys) == (403 if refused else TABLE[name].answers["gil"]), role
