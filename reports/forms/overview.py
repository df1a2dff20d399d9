"""What the overview is narrowed to."""

from django import forms

from reports.overview.asking import month_key
from reports.queries.overview import Overview


class OverviewForm(forms.Form):
    """What the overview is narrowed to; it shows what is being shown."""

    area = forms.ChoiceField(label="Service area", required=False)
    month = forms.ChoiceField(label="Period", required=False)
    standard = forms.ChoiceField(label="Standard", required=False)

    def __init__(self, page: Overview) -> None:
        wanted = page.wanted
        shown = {
            "area": wanted.area or "",
            "month": month_key(wanted.month) if wanted.month else "",
            "standard": wanted.chosen,
        }
        super().__init__(initial=shown)
        for name, choices in page.choices.items():
            box = self.fields[name]
            if isinstance(box, forms.ChoiceField):
                box.choices = choices
