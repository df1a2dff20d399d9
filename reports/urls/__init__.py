from django.urls import include, path

urlpatterns = [
    path("", include("reports.urls.documents")),
    path("", include("reports.urls.workforce")),
    path("", include("reports.urls.overview")),
    path("my-data/", include("reports.urls.own_data")),
]
