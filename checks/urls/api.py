from django.urls import path

from checks import api

urlpatterns = [
    path("cycles/", api.ListCycles.as_view(), name="api-cycles"),
    path("health-checks/", api.ListHealthChecks.as_view(), name="api-health-checks"),
    path("health-checks/<uuid:public_id>/", api.ShowHealthCheck.as_view(), name="api-health-check"),
    path("findings/", api.ListFindings.as_view(), name="api-findings"),
]
