from django.urls import URLPattern, URLResolver, include, path

handler500 = "teams.views.faults.not_answered"

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("teams.urls")),
    path("", include("caseloads.urls")),
    path("", include("checks.urls")),
    path("", include("reports.urls")),
    path("api/", include("healthcheck.api_urls")),
    path("", include("operations.urls")),
]
