from django.urls import path

from reports.views import overview

urlpatterns = [
    path("employers/<slug:slug>/overview/", overview.show_overview, name="overview"),
    path("teams/<uuid:public_id>/over-time/", overview.show_over_time, name="team-over-time"),
]
