from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    """Who was well over on a day, found without reading everybody who was not.

    Scoring waits while the index is made; pages only read this table, and do not.
    """

    dependencies = [
        ('caseloads', '0005_scheme_drafts'),
    ]

    operations = [
        migrations.AddIndex(
            model_name='workersnapshot',
            index=models.Index(condition=Q(('band', 'WELL_OVER'), ('state', 'NO_CAPACITY'), _connector='OR'), fields=['employer', 'day', 'team', 'worker'], name='snapshot_well_over'),
        ),
    ]
