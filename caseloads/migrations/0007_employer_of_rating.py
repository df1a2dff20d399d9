import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models

FILL_IN = """
    ALTER TABLE caseloads_rating DISABLE TRIGGER pgtrigger_append_only_e8642;
    UPDATE caseloads_rating rating SET employer_id = c.employer_id FROM caseloads_case c WHERE c.id = rating.case_id;
    ALTER TABLE caseloads_rating ENABLE TRIGGER pgtrigger_append_only_e8642;
"""


class Migration(migrations.Migration):
    """Ratings carry the employer of their case. The trigger fills it in for the version before, which leaves it out.

    Nobody rates while it runs.
    """

    dependencies = [
        ('caseloads', '0006_well_over_index'),
        ('teams', '0009_integrations'),
    ]

    operations = [
        migrations.AddField(
            model_name='rating',
            name='employer',
            field=models.ForeignKey(null=True, db_index=False, editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='ratings', to='teams.employer'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='rating',
            trigger=pgtrigger.compiler.Trigger(name='employer_of_case', sql=pgtrigger.compiler.UpsertTriggerSql(func="\n            SELECT employer_id INTO NEW.employer_id FROM caseloads_case WHERE id = NEW.case_id;\n            IF NOT FOUND THEN\n                RAISE EXCEPTION 'There is no such case.' USING ERRCODE = 'insufficient_privilege';\n            END IF;\n            RETURN NEW;\n        ", hash='5152b44ae19c6baccf8ae2bc94dd6e248bc14227', operation='INSERT', pgid='pgtrigger_employer_of_case_30b0c', table='caseloads_rating', when='BEFORE')),
        ),
        migrations.RunSQL(FILL_IN, migrations.RunSQL.noop),
        migrations.AlterField(
            model_name='rating',
            name='employer',
            field=models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='ratings', to='teams.employer'),
        ),
        migrations.AlterField(
            model_name='rating',
            name='case',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='ratings', to='caseloads.case'),
        ),
    ]
