from django.urls import include, path

urlpatterns = [
    path("", include("checks.urls.duties")),
    path("", include("checks.urls.cycles")),
    path("", include("checks.urls.publishing")),
    path("", include("checks.urls.surveys")),
    path("", include("checks.urls.standards")),
]
