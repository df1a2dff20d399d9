from django.urls import include, path

urlpatterns = [
    path("", include("caseloads.urls.workloads")),
    path("", include("caseloads.urls.cases")),
    path("imports/", include("caseloads.urls.imports")),
]
