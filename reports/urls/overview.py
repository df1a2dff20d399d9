from django.urls import path

from reports.views import overview

urlpatterns = [
    path("employers/<slug:slug>/overview/", overview.show_overview, name="overview"),
]
