"""A row of each kind for the addresses to be about, all of Ben's team unless it says otherwise."""

from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

from django.core.files.base import ContentFile
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
from teams.letter_sending import hash_of
from teams.models import AccountLetter, User
from teams.policies import open_weeks
from teams.roles import Role
from teams.scopes import Scope
from tests.cast import AT, TODAY, Cast, supervise
from tests.integration.checks import publishing, rounds
from tests.integration.checks.surveying import survey_keys
from tests.integration.checks.test_duties import concern
from tests.integration.standards.cases import proposed

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


def keys_of(cast: Cast, *, files: Path) -> Keys:
    """The row that each address is about, all of Ben's team; `files` is where files are kept."""
    (files / "made.pdf").write_bytes(b"%PDF-1.7")
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
