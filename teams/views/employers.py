from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone

from teams import access
from teams.access import SignedInRequest
from teams.actions.employers import MAY_SET_REGION
from teams.actions.employers import set_region as put_region
from teams.forms.employers import RegionForm
from teams.roles import Permission
from teams.views.saving import show_or_save
from teams.views.staffing import asks


@asks
def set_region(request: SignedInRequest, slug: str) -> HttpResponse:
    """The region whose published figures the employer is set beside."""
    employer = access.find_employer(request.user, slug, *MAY_SET_REGION)
    sees = access.holds_employer_wide(request.user, Permission.OVERVIEW_VIEW, employer=employer)
    form = RegionForm(request.POST or None, initial={"region": employer.region, "seen": employer.region})
    return show_or_save(
        request,
        form,
        lambda: put_region(
            employer=employer, region=form.cleaned_data["region"], by=request.user, at=timezone.now(), **form.sent
        ),
        done="The region is saved.",
        back=reverse("benchmarks", args=[slug]) if sees else reverse("home"),
        title="Region",
        caption=str(employer),
        intro="The region of England whose published workforce figures stand beside your own.",
    )
