from django.urls import include, path

urlpatterns = [
    path("", include("teams.urls.signing_in")),
    path("", include("teams.urls.accounts")),
    path("", include("teams.urls.staffing")),
    path("", include("teams.urls.supervision")),
    path("", include("teams.urls.hours")),
    path("", include("teams.urls.employers")),
    path("", include("teams.urls.standing_in")),
]
