from django.urls import path, re_path

from reports import views

urlpatterns = [
    path("teams/<uuid:public_id>/report/", views.show_report, name="team-report"),
    path("teams/<uuid:public_id>/report/request/", views.request_report, name="report-request"),
    path("reports/<uuid:public_id>/", views.show_run, name="report-run"),
    path("reports/<uuid:public_id>/file/", views.download_report, name="report-file"),
    path("my-data/", views.show_own_data, name="own-data"),
    re_path("^my-data/file/(?P<kind>json|csv)/$", views.download_own_data, name="own-data-file"),
    path("my-data/<slug:code>/", views.show_own_rows, name="own-data-rows"),
]
