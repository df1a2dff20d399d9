import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("checks", "0006_kept_workload"),
        ("reports", "0002_benchmarks"),
        ("teams", "0003_staffing"),
    ]

    operations = [
        migrations.RemoveConstraint("reportrun", "report_ready_has_a_file"),
        migrations.RenameField("reportrun", "pdf", "file"),
        migrations.AlterField(
            "reportrun",
            "team",
            models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="report_runs",
                to="teams.team",
            ),
        ),
        migrations.AddField(
            "reportrun",
            "kind",
            models.CharField(
                choices=[
                    ("TEAM", "Team health-check report"),
                    ("CHECK", "Report of a health check"),
                    ("EMPLOYER", "Compliance report"),
                    ("CYCLE", "Compliance report of a cycle"),
                    ("SHEET", "Supervision sheet"),
                    ("PACK", "Pack of a cycle"),
                ],
                default="TEAM",
                max_length=10,
            ),
        ),
        migrations.AddField(
            "reportrun",
            "check_of",
            models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="report_runs",
                to="checks.healthcheck",
            ),
        ),
        migrations.AddField(
            "reportrun",
            "cycle",
            models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="report_runs",
                to="checks.cycle",
            ),
        ),
        migrations.AddField(
            "reportrun",
            "worker",
            models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="report_runs",
                to="teams.worker",
            ),
        ),
        migrations.AddField(
            "reportrun",
            "pack",
            models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="parts",
                to="reports.reportrun",
            ),
        ),
        migrations.AddField("reportrun", "version", models.PositiveIntegerField(default=0)),
        migrations.AddConstraint(
            "reportrun",
            models.CheckConstraint(
                condition=models.Q(("status", "READY"), _negated=True) | models.Q(("file", ""), _negated=True),
                name="report_ready_has_a_file",
            ),
        ),
        migrations.AddConstraint(
            "reportrun",
            models.CheckConstraint(
                condition=models.Q(("kind", "TEAM"), ("team__isnull", False))
                | models.Q(("check_of__isnull", False), ("kind", "CHECK"))
                | models.Q(("kind", "EMPLOYER"))
                | models.Q(("cycle__isnull", False), ("kind__in", ["CYCLE", "PACK"]))
                | models.Q(("kind", "SHEET"), ("worker__isnull", False)),
                name="report_is_about_something",
            ),
        ),
    ]
