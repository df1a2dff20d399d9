from django.urls import include, path

urlpatterns = [
    path("", include("caseloads.urls.workloads")),
    path("", include("caseloads.urls.cases")),
    path("", include("caseloads.urls.allocating")),
    path("", include("caseloads.urls.transfers")),
    path("", include("caseloads.urls.planning")),
    path("", include("caseloads.urls.history")),
    path("", include("caseloads.urls.schemes")),
    path("imports/", include("caseloads.urls.imports")),
]
