import django.db.models.deletion
from django.db import migrations, models

INDEXES = (
    ("caseloads_allocation", "employer_id", "caseloads_allocation_employer_id_8f83bf74"),
    ("caseloads_case", "employer_id", "caseloads_case_employer_id_11f073f2"),
    ("caseloads_teamsnapshot", "employer_id", "caseloads_teamsnapshot_employer_id_f3da66db"),
    ("caseloads_workersnapshot", "employer_id", "caseloads_workersnapshot_employer_id_16cb29af"),
    ("caseloads_workersnapshot", "worker_id", "caseloads_workersnapshot_worker_id_456a54dd"),
)
DROPS = "".join(f"DROP INDEX IF EXISTS {name};" for _, _, name in INDEXES)
MAKES = "".join(f"CREATE INDEX {name} ON {table} ({column});" for table, column, name in INDEXES)


class Migration(migrations.Migration):
    """Indexes that others begin with. Django would also check every key of these tables once more, and lock them."""

    dependencies = [
        ('caseloads', '0008_families'),
        ('teams', '0009_integrations'),
    ]

    operations = [
        migrations.SeparateDatabaseAndState(
            database_operations=[migrations.RunSQL(DROPS, MAKES)],
            state_operations=[
                migrations.AlterField(
                    model_name='allocation',
                    name='employer',
                    field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='allocations', to='teams.employer'),
                ),
                migrations.AlterField(
                    model_name='case',
                    name='employer',
                    field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='cases', to='teams.employer'),
                ),
                migrations.AlterField(
                    model_name='teamsnapshot',
                    name='employer',
                    field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='teams.employer'),
                ),
                migrations.AlterField(
                    model_name='workersnapshot',
                    name='employer',
                    field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='teams.employer'),
                ),
                migrations.AlterField(
                    model_name='workersnapshot',
                    name='worker',
                    field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='snapshots', to='teams.worker'),
                ),
            ],
        ),
    ]
