"""What each team's measures and standards came to, day by day."""

from django.db import models

from caseloads import integrity
from teams.models import Employer, Team


class TeamFindings(models.Model):
    """The findings of one team on one day. Rewritten on its own day only; afterwards the database refuses.

    `standards`: set → standard → [finding, local finding]. `indicators`: set → indicator → [figure as shown, finding,
    local finding, figure as a number in text]. `versions`: set → version. What there is not is "".
    """

    employer = models.ForeignKey(Employer, on_delete=models.PROTECT, related_name="+")
    team = models.ForeignKey(Team, on_delete=models.PROTECT, related_name="stored_findings")
    day = models.DateField()
    scored_at = models.DateTimeField(help_text="When it was measured.")
    follows = models.DateTimeField(help_text="The scoring of the day that it follows.")
    versions = models.JSONField(default=dict)
    standards = models.JSONField(default=dict)
    indicators = models.JSONField(default=dict)

    class Meta:
        ordering = ["day", "team"]
        constraints = [
            models.UniqueConstraint(fields=["employer", "day", "team"], name="team_findings_unique"),
        ]
        triggers = [integrity.own_day_trigger("finding")]

    def __str__(self) -> str:
        return f"{self.team} on {self.day}"
