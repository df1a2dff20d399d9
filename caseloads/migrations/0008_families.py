from django.db import migrations, models


class Migration(migrations.Migration):
    """The other cases of a family, found without looking at every case of the employer."""

    dependencies = [
        ('caseloads', '0007_employer_of_rating'),
        ('teams', '0009_integrations'),
    ]

    operations = [
        migrations.AddIndex(
            model_name='case',
            index=models.Index(condition=models.Q(('family_reference', ''), _negated=True), fields=['employer', 'family_reference'], name='case_family'),
        ),
    ]
