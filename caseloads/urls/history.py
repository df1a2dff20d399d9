from django.urls import path

import design.addresses  # noqa: F401 - makes <day:…> known
from caseloads.views import history

urlpatterns = [
    path("teams/<uuid:public_id>/history/", history.show_history, name="team-history"),
    path("teams/<uuid:public_id>/history/<day:day>/", history.show_past_day, name="team-day"),
]
