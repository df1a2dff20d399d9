from django.urls import path

from reports import api

urlpatterns = [
    path("reports/", api.ListReports.as_view(), name="api-reports"),
    path("reports/<uuid:public_id>/", api.ShowReport.as_view(), name="api-report"),
    path("reports/<uuid:public_id>/file/", api.TakeReport.as_view(), name="api-report-file"),
    path("benchmarks/", api.ShowBenchmarks.as_view(), name="api-benchmarks"),
]
