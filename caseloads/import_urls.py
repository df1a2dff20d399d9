from django.urls import path, re_path

from caseloads import import_views

urlpatterns = [
    path("new/", import_views.new_import, name="import-new"),
    re_path("^template/(?P<kind>cases|staff).csv$", import_views.download_template, name="import-template"),
    path("<uuid:public_id>/", import_views.show_import, name="import"),
    path("<uuid:public_id>/apply/", import_views.apply_import, name="import-apply"),
    path("<uuid:public_id>/put-away/", import_views.drop_import, name="import-drop"),
    path("<uuid:public_id>/rows-set-aside.csv", import_views.download_problems, name="import-problems"),
]
