from django.urls import path, re_path

from caseloads.views import imports

urlpatterns = [
    path("new/", imports.new_import, name="import-new"),
    re_path("^template/(?P<kind>cases|staff).csv$", imports.download_template, name="import-template"),
    path("<uuid:public_id>/", imports.show_import, name="import"),
    path("<uuid:public_id>/apply/", imports.apply_import, name="import-apply"),
    path("<uuid:public_id>/put-away/", imports.drop_import, name="import-drop"),
    path("<uuid:public_id>/rows-set-aside.csv", imports.download_problems, name="import-problems"),
]
