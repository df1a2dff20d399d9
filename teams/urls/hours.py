from django.urls import path

import design.addresses  # noqa: F401 - makes <day:…> known
from teams.views import hours

urlpatterns = [
    path("my-hours/", hours.show_own_hours, name="own-hours"),
    path("my-hours/<day:week>/", hours.record_own_hours, name="own-hours-week"),
]
