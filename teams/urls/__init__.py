from django.urls import include, path

urlpatterns = [
    path("", include("teams.urls.signing_in")),
]
