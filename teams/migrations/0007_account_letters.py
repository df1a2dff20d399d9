"""E-mails about accounts, and the links in them."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("teams", "0006_sign_ins"),
    ]

    operations = [
        migrations.CreateModel(
            name='AccountLetter',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('INVITATION', 'Invitation'), ('FORGOTTEN', 'Forgotten password'), ('CHANGED', 'What was changed')], max_length=20)),
                ('words', models.CharField(blank=True, help_text='What was changed.', max_length=200)),
                ('made_at', models.DateTimeField()),
                ('sent_at', models.DateTimeField(help_text='Null: a worker has still to send it.', null=True)),
                ('attempts', models.PositiveSmallIntegerField(default=0)),
                ('token_hash', models.CharField(blank=True, max_length=64)),
                ('expires_at', models.DateTimeField(null=True)),
                ('used_at', models.DateTimeField(null=True)),
                ('withdrawn_at', models.DateTimeField(null=True)),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='letters', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['pk'],
                'indexes': [models.Index(condition=models.Q(('sent_at__isnull', True)), fields=['made_at'], name='letters_to_send')],
                'constraints': [models.UniqueConstraint(models.F('token_hash'), condition=models.Q(('token_hash', ''), _negated=True), name='account_letter_one_link'), models.CheckConstraint(condition=models.Q(('token_hash', ''), models.Q(('expires_at__isnull', False), ('sent_at__isnull', False)), _connector='OR'), name='account_letter_links_expire'), models.CheckConstraint(condition=models.Q(('used_at__isnull', True), models.Q(('token_hash', ''), _negated=True), _connector='OR'), name='account_letter_used_has_a_link')],
            },
        ),
    ]
