"""The second wall as the application meets it: over a connection of its own, with nothing of ours in between."""

# ruff: noqa: S608 -- the rules name the tables

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import psycopg2
import pytest
from django.core.management import call_command
from django.db import connection
from psycopg2 import errors
from psycopg2.extensions import connection as Line  # noqa: N812 -- Django's has the name

from healthcheck import wall
from healthcheck.wall_rules import ANYTHING, LOOKUPS, OPEN_TO_ALL, OWN, RULES, Rule
from teams.actions.integrations import add_integration, make_token
from teams.models import Employer, KeptAnswer
from teams.scopes import Scope
from teams.tenancy import APPLICATION, By
from tests.cast import AT, TODAY, Cast, assemble

WALLED = sorted(table for table, rule in RULES.items() if rule.read)
CHANGED_BY_ALL = {table for table, rule in RULES.items() if not rule.read and rule.may == ANYTHING}


def rows(statement: str, *values: object) -> list[tuple[Any, ...]]:
    """As the owner."""
    with connection.cursor() as cursor:
        cursor.execute(statement, values or None)
        return list(cursor.fetchall())


@pytest.mark.django_db
class TestRules:
    def test_every_table_has_one_and_every_rule_a_table(self) -> None:
        tables = {name for (name,) in rows(wall.TABLES)}
        assert tables == set(RULES)

    def test_whatever_names_an_employer_is_walled_by_it(self) -> None:
        named = {
            name
            for (name,) in rows(
                "SELECT table_name::text FROM information_schema.columns "
                "WHERE table_schema = 'public' AND column_name = 'employer_id'"
            )
        }
        assert named == {table for table, rule in RULES.items() if OWN.read in (rule.read or "")}

    def test_whatever_hangs_on_a_walled_row_is_walled(self) -> None:
        hanging = {
            child
            for child, parent in rows(
                "SELECT conrelid::regclass::text, confrelid::regclass::text FROM pg_constraint WHERE contype = 'f'"
            )
            if parent in WALLED
        }
        assert hanging - set(WALLED) == set()

    def test_database_has_them_all(self) -> None:
        walled = {
            name
            for (name,) in rows(
                "SELECT relname::text FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relrowsecurity"
            )
        }
        assert walled == set(WALLED)

    def test_every_way_of_finding_employers_is_answered(self) -> None:
        assert set(LOOKUPS) == set(By)
        for what in By:
            assert rows("SELECT tenants_by(%s, '0')", what.value) == [([],)]


@pytest.mark.django_db
class TestPuttingUp:
    def test_again_leaves_rules_alone(self) -> None:
        before = rows("SELECT oid, polname FROM pg_policy ORDER BY oid")
        wall.put_up()
        assert rows("SELECT oid, polname FROM pg_policy ORDER BY oid") == before

    def test_rule_that_changed_replaces_the_one_that_stands(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(wall, "RULES", RULES | {"teams_team": Rule("{row}.name = 'Heron'")})
        wall.put_up()
        assert rows("SELECT qual FROM pg_policies WHERE tablename = 'teams_team'") == [
            ("((name)::text = 'Heron'::text)",)
        ]

    def test_rule_without_a_wall_takes_it_down(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(wall, "RULES", RULES | {"standards_standardset": OPEN_TO_ALL})
        wall.put_up()
        assert rows("SELECT relrowsecurity FROM pg_class WHERE relname = 'standards_standardset'") == [(False,)]
        assert rows("SELECT 1 FROM pg_policies WHERE tablename = 'standards_standardset'") == []

    def test_table_without_a_rule_is_closed(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(wall, "RULES", {name: rule for name, rule in RULES.items() if name != "teams_submission"})
        wall.put_up()
        assert rows("SELECT has_table_privilege(%s, 'teams_submission', 'SELECT')", APPLICATION) == [(False,)]

    def test_password_reaches_the_server_as_a_proof_of_it(self) -> None:
        wall.put_up(password="a password of the test’s own")
        [(kept,)] = rows("SELECT rolpassword FROM pg_authid WHERE rolname = %s", APPLICATION)
        assert kept.startswith("SCRAM-SHA-256$")

    def test_role_is_made_where_there_is_none(self) -> None:
        rows(f"DROP OWNED BY {APPLICATION}; DROP ROLE {APPLICATION}; SELECT 1")
        wall.put_up()
        assert rows("SELECT rolcanlogin, rolsuper, rolbypassrls FROM pg_roles WHERE rolname = %s", APPLICATION) == [
            (True, False, False)
        ]

    def test_looking_at_what_would_be_migrated_puts_nothing_up(self, monkeypatch: pytest.MonkeyPatch) -> None:
        called: list[str] = []
        monkeypatch.setattr(wall, "put_up", lambda *, password: called.append(password))
        call_command("migrate", plan=True)
        assert called == []
        call_command("migrate", verbosity=0)
        assert called == [""]


@pytest.fixture
def line() -> Iterator[Line]:
    """The application, logged in over a connection of its own to the database of a test whose rows are really there."""
    password = "a-password-of-the-test"
    wall.put_up(password=password)
    made = psycopg2.connect(
        **connection.get_connection_params() | {"user": APPLICATION, "password": password, "cursor_factory": None}
    )
    made.autocommit = True
    yield made
    made.close()


Ask = Callable[..., list[tuple[Any, ...]]]


@pytest.fixture
def ask(line: Line) -> Ask:
    """Rows of a statement of the application's; the number of changed rows, where it gives none."""

    def answer(statement: str, *values: object) -> list[tuple[Any, ...]]:
        with line.cursor() as cursor:
            cursor.execute(statement, values or None)
            return list(cursor.fetchall()) if cursor.description else [(cursor.rowcount,)]

    return answer


def be_of(ask: Ask, *employers: int) -> None:
    ask("SELECT set_config('healthcheck.employers', %s, false)", "{" + ",".join(map(str, employers)) + "}")


MOVES = (
    "ALTER TABLE teams_team DISABLE ROW LEVEL SECURITY",
    "ALTER TABLE teams_auditentry DISABLE TRIGGER ALL",
    "ALTER TABLE teams_team ADD COLUMN secret text",
    "DROP POLICY written ON teams_team",
    "CREATE POLICY mine ON teams_team USING (true)",
    "DROP TABLE teams_submission",
    "TRUNCATE teams_submission",
    "CREATE TABLE public.mine (id int)",
    "CREATE FUNCTION public.mine() RETURNS int LANGUAGE sql AS 'SELECT 1'",
    "SET session_replication_role = replica",
    "SET ROLE healthcheck",
    "SET SESSION AUTHORIZATION healthcheck",
    f"ALTER ROLE {APPLICATION} BYPASSRLS",
    "UPDATE django_migrations SET name = name",
    "UPDATE reports_benchmarkarea SET name = name",
    "SELECT * FROM pg_authid",
    "SET row_security = off; SELECT * FROM teams_team",
)


@pytest.mark.django_db(transaction=True)
class TestRawConnection:
    @pytest.fixture
    def cast(self) -> Cast:
        return assemble()

    def test_application_is_neither_owner_nor_above_the_rules(self, ask: Ask) -> None:
        assert ask("SELECT current_user, session_user") == [(APPLICATION, APPLICATION)]
        assert ask("SELECT count(*) FROM pg_class WHERE relowner = current_user::regrole") == [(0,)]
        assert ask(
            "SELECT rolsuper, rolbypassrls, rolcreaterole, rolcreatedb, rolreplication FROM pg_roles "
            "WHERE rolname = current_user"
        ) == [(False, False, False, False, False)]

    def test_application_cannot_move_the_wall(self, line: Line) -> None:
        assert [statement for statement in MOVES if not _refused(line, statement)] == []

    def test_tables_of_its_own_do_not_lead_the_owners_functions_astray(self, ask: Ask, cast: Cast) -> None:
        ask("CREATE TEMPORARY TABLE teams_team AS SELECT %s::bigint AS id, -1::bigint AS employer_id", cast.team.pk)
        assert ask("SELECT tenants_by('team', %s)", str(cast.team.pk)) == [([cast.employer.pk],)]
        assert ask("SELECT tenants_by('nothing of ours', '1')") == [(None,)]

    def test_another_employers_row_cannot_be_moved_to_or_added(self, ask: Ask, cast: Cast) -> None:
        mine, other = cast.employer.pk, cast.elsewhere.employer_id
        be_of(ask, mine)
        with pytest.raises(errors.InsufficientPrivilege):
            ask("UPDATE teams_worker SET employer_id = %s", other)
        with pytest.raises(errors.InsufficientPrivilege):
            ask("UPDATE teams_contract SET team_id = %s", cast.elsewhere.pk)
        with pytest.raises(errors.InsufficientPrivilege):
            ask("INSERT INTO teams_worker (employer_id, name) VALUES (%s, 'Spy')", other)
        assert ask("UPDATE teams_team SET name = 'Ours now' WHERE id = %s", cast.elsewhere.pk) == [(0,)]
        assert ask("DELETE FROM teams_roleassignment WHERE employer_id = %s", other) == [(0,)]

    def test_what_comes_with_the_product_is_read_by_all_and_written_by_none(self, ask: Ask, cast: Cast) -> None:
        call_command("load_standards", verbosity=0, stdout=_Nowhere())
        for table in ("standards_standardset", "standards_standard", "standards_indicator", "checks_instrument"):
            [(there,)] = rows(f"SELECT count(*) FROM {table}")
            assert ask(f"SELECT count(*) FROM {table}") == [(there,)] != [(0,)]
            be_of(ask, cast.employer.pk)
            assert ask(f"UPDATE {table} SET id = id") == [(0,)]
            assert ask(f"DELETE FROM {table}") == [(0,)]
        with pytest.raises(errors.InsufficientPrivilege):
            ask("INSERT INTO standards_standardset SELECT * FROM standards_standardset")
        with pytest.raises(errors.InsufficientPrivilege):
            ask("INSERT INTO standards_standard SELECT * FROM standards_standard")


class _Nowhere:
    def write(self, _: str) -> None: ...


@pytest.mark.django_db(transaction=True)
class TestEveryTable:
    """The demo has rows of several employers in nearly every table; all are asked in one test, for it loads slowly."""

    @pytest.fixture
    def employers(self) -> list[int]:
        call_command("load_standards", verbosity=0, stdout=_Nowhere())
        call_command("load_demo", stdout=_Nowhere())
        found = list(Employer.objects.order_by("pk"))
        for employer in found:
            row = add_integration(employer=employer, name="Case system", scopes=list(Scope), by=None, at=AT)
            make_token(integration=row, expires_on=TODAY + timedelta(days=9), by=None, at=AT)
            KeptAnswer.objects.create(integration=row, key="night 1", asked="x", answer="{}", at=AT)
        return [employer.pk for employer in found]

    def test_keeps_employers_apart(self, line: Line, ask: Ask, employers: list[int]) -> None:
        owned = {table: rows(f"SELECT row_to_json(t)::text, ctid::text FROM {table} t") for table in WALLED}
        assert {table for table, found in owned.items() if not found} == SELDOM
        shipped = {table: ask(f"SELECT count(*) FROM {table}")[0][0] for table in WALLED}
        assert {table for table, count in shipped.items() if count} == SHIPPED
        for table in WALLED:
            assert _changes(ask, table) == [(0,), (0,)]
            assert all(_not_added(line, table, row) for row, _ in owned[table][:3]), table
        seen: dict[str, list[int]] = {table: [] for table in WALLED}
        for employer in employers:
            be_of(ask, employer)
            for table in WALLED:
                mine = {place for (place,) in ask(f"SELECT ctid::text FROM {table}")}
                seen[table].append(len(mine) - shipped[table])
                others = [row for row, place in owned[table] if place not in mine][:3]
                made_up = [f'{{"employer_id": {other}}}' for other in employers if other != employer]
                others += made_up if RULES[table] is OWN else []
                assert all(_not_added(line, table, row) for row in others), table
        assert {table: sum(counts) for table, counts in seen.items()} == {
            table: len(found) - shipped[table] for table, found in owned.items()
        }
        assert {table: len(rows(f"SELECT FROM {table}")) for table in WALLED} == {
            table: len(found) for table, found in owned.items()
        }


SHIPPED = {"checks_instrument", "standards_standardset", "standards_standard", "standards_indicator"}
SELDOM = {
    "caseloads_importfile",
    "caseloads_importimage",
    "caseloads_importline",
    "caseloads_importmapping",
    "caseloads_importrun",
    "caseloads_limitexception",
    "caseloads_schemedraft",
    "caseloads_transfer",
    "checks_evidence",
    "checks_instrumentbenchmark",
    "checks_reminder",
    "checks_responsetimes",
    "reports_reportrun",
    "standards_standarddraft",
    "teams_staffingchange",
    "teams_supervisionrule",
}
"""Tables in which the demo has no row."""


def _changes(ask: Ask, table: str) -> list[tuple[Any, ...]]:
    """How many rows an update and a deletion of everything come to; where neither is a privilege, none."""
    if "DELETE" not in RULES[table].may:
        return [(0,), (0,)]
    [(column,)] = rows("SELECT attname::text FROM pg_attribute WHERE attrelid = %s::regclass AND attnum = 1", table)
    return [*ask(f"UPDATE {table} SET {column} = {column}"), *ask(f"DELETE FROM {table}")]


def _not_added(line: Line, table: str, row: str) -> bool:
    """Whether the wall refuses to add a row, before any other rule of the table is asked."""
    return _refused(line, f"INSERT INTO {table} SELECT * FROM json_populate_record(NULL::{table}, %s)", row)


def _refused(line: Line, statement: str, *values: object) -> bool:
    """Whether the application is told that it may not, and not that something else is wrong."""
    with line.cursor() as cursor:
        try:
            cursor.execute(statement, values or None)
        except errors.InsufficientPrivilege:
            return True
        except psycopg2.Error:
            return False
    return False
