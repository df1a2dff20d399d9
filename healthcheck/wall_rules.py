"""Who may read and write the rows of each table: the second wall, table by table.

A table that is not named here is closed to the application. Rows of a table that carries `employer_id` belong to that
employer; rows of one that does not belong with the row they hang on, whose own rule decides.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from teams.tenancy import By

MINE = "ANY ((SELECT tenants())::bigint[])"  # asked once a statement, not once a row
READ, ANYTHING = "SELECT", "SELECT, INSERT, UPDATE, DELETE"


@dataclass(frozen=True)
class Rule:
    """Conditions in SQL, of which `{row}` is the table; None: no wall, the privileges alone decide."""

    read: str | None = None
    write: str | None = None
    may: str = ANYTHING

    def of(self, table: str) -> tuple[str, str] | None:
        """What may be read and what may be written; None where there is no wall."""
        if self.read is None:
            return None
        return self.read.format(row=table), (self.write or self.read).format(row=table)


def through(column: str, parent: str, *, key: str = "id") -> Rule:
    """Whoever sees the row that this one hangs on."""
    return Rule(f"EXISTS (SELECT FROM {parent} parent WHERE parent.{key} = {{row}}.{column})")


def shipped_through(column: str, parent: str, top: str) -> Rule:
    """Read like the row it hangs on; written only where that is an employer's own."""
    own = f"SELECT FROM {parent} parent WHERE parent.id = {{row}}.{column} AND {top} IS NOT NULL"
    return Rule(through(column, parent).read, f"EXISTS ({own})")


OPEN_TO_ALL = Rule()
ONLY_READ = Rule(may=READ)
OWN = Rule(f"{{row}}.employer_id = {MINE}")
# what is about no employer, such as a failed sign-in of nobody known, is entered by all
OWN_OR_THE_SERVICES = f"{{row}}.employer_id IS NULL OR {OWN.read}"
OWN_OR_SHIPPED = Rule(f"{{row}}.employer_id IS NULL OR {{row}}.employer_id = {MINE}", OWN.read)

RULES: Mapping[str, Rule] = {
    # accounts, which may belong to several employers, and what Django keeps
    "teams_user": OPEN_TO_ALL,
    "teams_user_groups": OPEN_TO_ALL,
    "teams_user_user_permissions": OPEN_TO_ALL,
    "teams_submission": OPEN_TO_ALL,
    "teams_accountletter": OPEN_TO_ALL,
    "teams_signin": OPEN_TO_ALL,
    "account_emailaddress": OPEN_TO_ALL,
    "account_emailconfirmation": OPEN_TO_ALL,
    "mfa_authenticator": OPEN_TO_ALL,
    "socialaccount_socialaccount": OPEN_TO_ALL,
    "socialaccount_socialapp": ONLY_READ,
    "socialaccount_socialtoken": ONLY_READ,
    "django_content_type": ONLY_READ,
    "django_migrations": ONLY_READ,
    "auth_permission": ONLY_READ,
    "auth_group": ONLY_READ,
    "auth_group_permissions": ONLY_READ,
    # teams
    "teams_employer": Rule(f"{{row}}.id = {MINE}"),
    "teams_servicearea": OWN,
    "teams_team": OWN,
    "teams_roleassignment": OWN,
    "teams_auditentry": Rule(OWN_OR_THE_SERVICES, may="SELECT, INSERT"),
    "teams_auditlink": Rule(OWN_OR_THE_SERVICES, may=READ),
    "teams_worker": OWN,
    "teams_contract": through("team_id", "teams_team"),
    "teams_capacityreduction": through("team_id", "teams_team"),
    "teams_absence": through("worker_id", "teams_worker"),
    "teams_establishment": through("team_id", "teams_team"),
    "teams_supervisionsession": through("team_id", "teams_team"),
    "teams_supervisionrule": OWN,
    "teams_additionalhours": through("worker_id", "teams_worker"),
    "teams_integration": OWN,
    "teams_apitoken": through("integration_id", "teams_integration"),
    "teams_keptanswer": through("integration_id", "teams_integration"),
    "teams_staffingchange": through("team_id", "teams_team"),
    # caseloads
    "caseloads_case": OWN,
    "caseloads_casechange": through("case_id", "caseloads_case"),
    "caseloads_rating": OWN,
    "caseloads_allocation": OWN,
    "caseloads_limitexception": OWN,
    "caseloads_transfer": OWN,
    "caseloads_contest": OWN,
    "caseloads_importrun": OWN,
    "caseloads_importfile": through("run_id", "caseloads_importrun"),
    "caseloads_importline": through("run_id", "caseloads_importrun"),
    "caseloads_importimage": through("run_id", "caseloads_importrun"),
    "caseloads_importmapping": OWN,
    "caseloads_weightingscheme": OWN,
    "caseloads_schemedraft": OWN,
    "caseloads_casecategory": through("scheme_id", "caseloads_weightingscheme"),
    "caseloads_complexityfactor": through("scheme_id", "caseloads_weightingscheme"),
    "caseloads_band": through("scheme_id", "caseloads_weightingscheme"),
    "caseloads_stageshare": through("scheme_id", "caseloads_weightingscheme"),
    "caseloads_workersnapshot": OWN,
    "caseloads_teamsnapshot": OWN,
    "caseloads_scoringneed": through("team_id", "teams_team"),
    # standards
    "standards_chosenstandards": OWN,
    "standards_standardset": OWN_OR_SHIPPED,
    "standards_standard": shipped_through("standard_set_id", "standards_standardset", "parent.employer_id"),
    "standards_indicator": shipped_through(
        "standard_id",
        "standards_standard",
        "(SELECT employer_id FROM standards_standardset top WHERE top.id = parent.standard_set_id)",
    ),
    "standards_standarddraft": OWN,
    "standards_localvariation": OWN,
    # checks
    "checks_cycle": OWN,
    "checks_healthcheck": OWN,
    "checks_checkstep": through("check_of_id", "checks_healthcheck"),
    "checks_reminder": through("check_of_id", "checks_healthcheck"),
    "checks_action": OWN,
    "checks_actionstep": through("action_id", "checks_action"),
    "checks_answer": through("check_of_id", "checks_healthcheck"),
    "checks_keptworkload": through("check_of_id", "checks_healthcheck"),
    "checks_evidence": through("answer_id", "checks_answer"),
    "checks_challenge": through("check_of_id", "checks_healthcheck"),
    "checks_responsetimes": OWN,
    "checks_duty": OWN,
    "checks_dutystep": through("duty_id", "checks_duty"),
    "checks_dutykeeping": OWN,
    "checks_teamfindings": OWN,
    "checks_publication": OWN,
    "checks_instrument": OWN_OR_SHIPPED,
    "checks_instrumentbenchmark": OWN,
    "checks_survey": OWN,
    "checks_teamsurvey": through("survey_id", "checks_survey"),
    "checks_surveylink": through("team_survey_id", "checks_teamsurvey"),
    "checks_surveyanswer": through("team_survey_id", "checks_teamsurvey"),
    "checks_surveywords": through("team_survey_id", "checks_teamsurvey"),
    # reports
    "reports_reportrun": OWN,
    "reports_benchmarkarea": ONLY_READ,
}

LOOKUPS: Mapping[By, str] = {
    By.USER: """SELECT employer_id FROM teams_roleassignment WHERE user_id = key::bigint
                   AND daterange(starts_on, ends_on) @> (now() AT TIME ZONE 'Europe/London')::date
                 UNION SELECT employer_id FROM teams_worker WHERE user_id = key::bigint""",
    By.SLUG: "SELECT id FROM teams_employer WHERE slug = key",
    By.TEAM: "SELECT employer_id FROM teams_team WHERE id = key::bigint",
    By.CYCLE: "SELECT employer_id FROM checks_cycle WHERE id = key::bigint",
    By.IMPORT: "SELECT employer_id FROM caseloads_importrun WHERE id = key::bigint",
    By.REPORT: "SELECT employer_id FROM reports_reportrun WHERE id = key::bigint",
    By.PUBLISHER: """SELECT e.id FROM teams_employer e WHERE e.slug = key
                        AND EXISTS (SELECT FROM checks_publication p WHERE p.employer_id = e.id)""",
    By.SURVEY_LINK: """SELECT survey.employer_id FROM checks_surveylink link
                         JOIN checks_teamsurvey part ON part.id = link.team_survey_id
                         JOIN checks_survey survey ON survey.id = part.survey_id WHERE link.token_hash = key""",
    By.TOKEN: """SELECT integration.employer_id FROM teams_apitoken token
                   JOIN teams_integration integration ON integration.id = token.integration_id
                  WHERE token.digest = key""",
    By.EVERYTHING: "SELECT id FROM teams_employer",
}
"""The keys of employers, asked past the wall: by the one function that may look over it."""
