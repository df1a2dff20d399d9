from django.urls import path, re_path

from reports.views import workforce

urlpatterns = [
    path("employers/<slug:slug>/benchmarks/", workforce.show_benchmarks, name="benchmarks"),
    path("employers/<slug:slug>/census/", workforce.show_census, name="census"),
    re_path(
        "^employers/(?P<slug>[-a-zA-Z0-9_]+)/census/(?P<year>20[0-9]{2})/(?P<kind>workers|vacancies)/$",
        workforce.download_census,
        name="census-file",
    ),
]
