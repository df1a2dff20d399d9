"""Rules about several rows that only the database can keep when many people write at once."""

import pgtrigger


def published_scheme_triggers() -> list[pgtrigger.Trigger]:
    """A published scheme can be neither changed nor deleted."""
    return [
        pgtrigger.Protect(
            name="published_is_final",
            operation=pgtrigger.Update | pgtrigger.Delete,
            condition=pgtrigger.Q(old__published_at__isnull=False),
        )
    ]


def published_scheme_part_triggers(table: str) -> list[pgtrigger.Trigger]:
    """No category, factor, band or stage share of a published scheme can be added, changed or removed."""
    return [
        pgtrigger.Trigger(
            name=f"{table}_published_is_final",
            operation=pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete,
            when=pgtrigger.Before,
            declare=[("published", "TIMESTAMPTZ")],
            func="""
                SELECT max(published_at) INTO published FROM caseloads_weightingscheme
                 WHERE id IN (CASE WHEN TG_OP = 'INSERT' THEN NULL ELSE OLD.scheme_id END,
                              CASE WHEN TG_OP = 'DELETE' THEN NULL ELSE NEW.scheme_id END);
                IF published IS NOT NULL THEN
                    RAISE EXCEPTION 'This weighting scheme is published and cannot change.'
                          USING ERRCODE = 'check_violation';
                END IF;
                IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
                RETURN NEW;
            """,
        )
    ]


SHARE_LIMIT = """
IF EXISTS (
    SELECT 1
      FROM (SELECT DISTINCT case_id FROM new_values) touched
      JOIN caseloads_allocation starting ON starting.case_id = touched.case_id
      JOIN caseloads_allocation held ON held.case_id = touched.case_id
       AND held.started_on <= starting.started_on
       AND (held.ended_on IS NULL OR held.ended_on > starting.started_on)
     WHERE starting.ended_on IS NULL OR starting.ended_on > starting.started_on
     GROUP BY touched.case_id, starting.id
    HAVING sum(held.share) > 100
       AND sum(held.share) > 100 + (CASE WHEN count(DISTINCT held.worker_id) < 2 THEN 0 ELSE COALESCE((
            SELECT scheme.joint_uplift
              FROM caseloads_case c
              JOIN teams_team team ON team.id = c.team_id
              JOIN caseloads_weightingscheme scheme
                ON scheme.service_area_id = team.service_area_id AND scheme.published_at IS NOT NULL
             WHERE c.id = touched.case_id
             ORDER BY scheme.effective_on DESC, scheme.version DESC LIMIT 1), 0) END)
) THEN
    RAISE EXCEPTION 'The shares of a case add up to more than its weighting scheme allows.'
          USING ERRCODE = 'check_violation';
END IF;
RETURN NULL;
"""


def share_limit_triggers() -> list[pgtrigger.Trigger]:
    """On no day do a case's shares add up to more than 100, or 100 + the joint uplift where several hold it.

    The uplift is that of the newest published scheme of the case's service area. Shares can only grow on a day
    on which an allocation starts, so only those days are added up. One check serves a whole bulk write.
    """
    return [
        pgtrigger.Trigger(
            name=f"share_limit_{name}",
            operation=operation,
            when=pgtrigger.After,
            level=pgtrigger.Statement,
            referencing=pgtrigger.Referencing(new="new_values"),  # type: ignore[no-untyped-call]
            func=SHARE_LIMIT,
        )
        for name, operation in (("insert", pgtrigger.Insert), ("update", pgtrigger.Update))
    ]


def employer_of_case_trigger() -> pgtrigger.Trigger:
    """A row that hangs on a case carries the case's employer, whoever writes it, and whatever they say."""
    return pgtrigger.Trigger(
        name="employer_of_case",
        operation=pgtrigger.Insert,
        when=pgtrigger.Before,
        func="""
            SELECT employer_id INTO NEW.employer_id FROM caseloads_case WHERE id = NEW.case_id;
            IF NOT FOUND THEN
                RAISE EXCEPTION 'There is no such case.' USING ERRCODE = 'insufficient_privilege';
            END IF;
            RETURN NEW;
        """,
    )


def own_day_trigger(what: str = "snapshot") -> pgtrigger.Trigger:
    """What was stored of a day can be rewritten on that day only, and never deleted."""
    return pgtrigger.Trigger(
        name="own_day",
        operation=pgtrigger.Update | pgtrigger.Delete,
        when=pgtrigger.Before,
        func=f"""
            IF TG_OP = 'DELETE' THEN
                RAISE EXCEPTION 'A {what} cannot be deleted.' USING ERRCODE = 'check_violation';
            END IF;
            IF (NEW.scored_at AT TIME ZONE 'Europe/London')::date > OLD.day THEN
                RAISE EXCEPTION 'The {what} of an earlier day cannot change.' USING ERRCODE = 'check_violation';
            END IF;
            RETURN NEW;
        """,
    )
