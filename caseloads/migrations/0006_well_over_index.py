from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    """Who was well over on a day, found without reading everybody who was not. People go on working meanwhile."""

    atomic = False

    dependencies = [
        ('caseloads', '0005_scheme_drafts'),
    ]

    operations = [
        AddIndexConcurrently(
            model_name='workersnapshot',
            index=models.Index(condition=Q(('band', 'WELL_OVER'), ('state', 'NO_CAPACITY'), _connector='OR'), fields=['employer', 'day', 'team', 'worker'], name='snapshot_well_over'),
        ),
    ]
