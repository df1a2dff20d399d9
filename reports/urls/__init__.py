from django.urls import include, path

urlpatterns = [
    path("", include("reports.urls.documents")),
    path("", include("reports.urls.workforce")),
    path("", include("reports.urls.overview")),
    path("", include("reports.urls.personal_data")),
    path("my-data/", include("reports.urls.own_data")),
]
