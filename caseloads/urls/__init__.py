from django.urls import include, path

urlpatterns = [
    path("", include("caseloads.urls.workloads")),
    path("imports/", include("caseloads.urls.imports")),
]
