from django.urls import include, path

urlpatterns = [
    path("", include("caseloads.urls.workloads")),
    path("", include("caseloads.urls.cases")),
    path("", include("caseloads.urls.allocating")),
    path("imports/", include("caseloads.urls.imports")),
]
