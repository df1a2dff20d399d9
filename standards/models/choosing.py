"""Which sets of standards an employer uses."""

from django.db import models

from teams.models import Employer, User


class ChosenStandards(models.Model):
    """A set that an employer uses: the pack, whose versions follow each other by themselves."""

    employer = models.ForeignKey(Employer, on_delete=models.PROTECT, related_name="chosen_standards")
    pack = models.SlugField(max_length=80)
    chosen_at = models.DateTimeField()
    chosen_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["employer", "pack"]
        constraints = [models.UniqueConstraint(fields=["employer", "pack"], name="chosen_standards_unique")]

    def __str__(self) -> str:
        return f"{self.employer}: {self.pack}"
