from django.urls import path

from reports.views import documents

urlpatterns = [
    path("teams/<uuid:public_id>/report/", documents.show_report, name="team-report"),
    path("checks/<uuid:public_id>/report/", documents.show_check_report, name="check-report"),
    path("employers/<slug:slug>/report/", documents.show_employer_report, name="employer-report"),
    path("cycles/<uuid:public_id>/report/", documents.show_cycle_report, name="cycle-report"),
    path("cycles/<uuid:public_id>/pack/", documents.request_pack, name="pack-request"),
    path("my-workload/sheet/", documents.show_own_sheet, name="own-sheet"),
    path("workers/<uuid:public_id>/sheet/", documents.show_sheet, name="sheet"),
    path("reports/<uuid:public_id>/", documents.show_run, name="report-run"),
    path("reports/<uuid:public_id>/read/", documents.read_report, name="report-read"),
    path("reports/<uuid:public_id>/file/", documents.download_report, name="report-file"),
    path("reports/<uuid:public_id>/again/", documents.retry_pack, name="pack-retry"),
]
