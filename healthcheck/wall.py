"""Puts the second wall up, as the owner of the tables and after every migration: role, functions, rules, privileges.

Again does no harm: a rule that stands as it is written is left alone.
"""

from collections.abc import Iterator

from django.db import connection, transaction
from django.db.backends.utils import CursorWrapper
from psycopg2.extensions import encrypt_password

from healthcheck.wall_rules import LOOKUPS, RULES, Rule
from teams.tenancy import APPLICATION, SETTING

FUNCTIONS = f"""
CREATE OR REPLACE FUNCTION tenants() RETURNS bigint[] LANGUAGE sql STABLE PARALLEL SAFE
    RETURN coalesce(nullif(current_setting('{SETTING}', true), ''), '{{}}')::bigint[];

-- Called as the owner: an application's own schema for passing tables comes last, so that it cannot lend us its tables.
CREATE OR REPLACE FUNCTION tenants_by(what text, key text) RETURNS bigint[] LANGUAGE plpgsql STABLE SECURITY DEFINER
    SET search_path = pg_catalog, public, pg_temp AS $$ BEGIN
        RETURN CASE what {" ".join(f"WHEN '{by.value}' THEN ARRAY({query})" for by, query in LOOKUPS.items())} END;
    END $$;

-- Statistics are the owner's to renew; whoever writes many rows may ask for them.
CREATE OR REPLACE FUNCTION renew_statistics(names text[]) RETURNS void LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = pg_catalog, public, pg_temp AS $$ BEGIN
        FOR at IN 1 .. cardinality(names) LOOP EXECUTE format('ANALYZE public.%I', names[at]); END LOOP;
    END $$;

REVOKE ALL ON FUNCTION tenants_by(text, text), renew_statistics(text[]) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION tenants_by(text, text), renew_statistics(text[]) TO {APPLICATION};
"""
TABLES = "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p')"
STANDING = """
    SELECT tablename, obj_description(pol.oid, 'pg_policy') FROM pg_policies
      JOIN pg_policy pol ON pol.polname = policyname AND pol.polrelid = format('public.%I', tablename)::regclass
     WHERE schemaname = 'public' AND policyname = 'written'
"""


@transaction.atomic
def put_up(*, password: str = "") -> None:
    """Make the application's role, and let it have what the rules give it and nothing else."""
    with connection.cursor() as cursor:
        _make_role(cursor, password)
        cursor.execute(FUNCTIONS)
        cursor.execute(STANDING)
        standing = dict(cursor.fetchall())
        cursor.execute(TABLES)
        for (table,) in cursor.fetchall():
            for statement in _statements(table, RULES.get(table), standing.get(table)):
                cursor.execute(statement)


def make_role_if_missing(cursor: CursorWrapper) -> None:
    """The application's role, with no privilege: what rules name must be there before them."""
    cursor.execute("SELECT FROM pg_roles WHERE rolname = %s", [APPLICATION])
    if not cursor.rowcount:
        cursor.execute(f"CREATE ROLE {APPLICATION} LOGIN")


def _make_role(cursor: CursorWrapper, password: str) -> None:
    make_role_if_missing(cursor)
    cursor.execute("SELECT current_database(), current_user")
    database, owner = cursor.fetchone()
    if password:  # only a proof of it goes to the server, whose log may keep statements
        proof = encrypt_password(password, APPLICATION, cursor.connection, "scram-sha-256")
        cursor.execute(f"ALTER ROLE {APPLICATION} PASSWORD %s", [proof])
    cursor.execute("SELECT pg_has_role(%s, 'MEMBER')", [APPLICATION])
    if not cursor.fetchone()[0]:
        cursor.execute(f'GRANT {APPLICATION} TO "{owner}"')
    cursor.execute(
        f"""
        REVOKE CREATE ON SCHEMA public FROM PUBLIC;
        REVOKE ALL ON ALL TABLES IN SCHEMA public FROM {APPLICATION};
        GRANT CONNECT, TEMPORARY ON DATABASE "{database}" TO {APPLICATION};
        GRANT USAGE ON SCHEMA public TO {APPLICATION};
        GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO {APPLICATION};
        """
    )


def _statements(table: str, rule: Rule | None, standing: str | None) -> Iterator[str]:
    """What makes one table as its rule says. The rule is kept as a comment, by which it is known again."""
    if rule is None:
        return
    yield f"GRANT {rule.may} ON {table} TO {APPLICATION}"
    conditions = rule.of(table)
    written = "\n".join(conditions) if conditions else None
    if written == standing:
        return
    yield f"DROP POLICY IF EXISTS read ON {table}; DROP POLICY IF EXISTS written ON {table}"
    if conditions is None or written is None:
        yield f"ALTER TABLE {table} DISABLE ROW LEVEL SECURITY"
        return
    read, write = conditions
    yield f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY"
    yield f"CREATE POLICY written ON {table} TO {APPLICATION} USING ({write})"
    if read != write:
        yield f"CREATE POLICY read ON {table} FOR SELECT TO {APPLICATION} USING ({read})"
    yield f"COMMENT ON POLICY written ON {table} IS $rule${written}$rule$"
