"""The API: /api/v1/, and its description."""

from django.urls import include, path, re_path

from healthcheck import api_description
from teams.api.problems import not_found

urlpatterns = [
    path("", api_description.show, name="api-description"),
    path("v1/description.json", api_description.give, name="api-description-file"),
    path("v1/", include("teams.urls.api")),
    path("v1/", include("caseloads.urls.api")),
    path("v1/", include("standards.urls")),
    path("v1/", include("checks.urls.api")),
    path("v1/", include("reports.urls.api")),
    re_path(r"^v1/(?P<path>.*)$", not_found, name="api-elsewhere"),
]
