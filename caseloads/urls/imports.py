from django.urls import path, re_path

from caseloads.views import import_answers, imports

_RUN = "<uuid:public_id>/"
urlpatterns = [
    path("", imports.show_history, name="import-history"),
    path("new/", imports.new_import, name="import-new"),
    re_path("^template/(?P<kind>cases|staff).csv$", imports.download_template, name="import-template"),
    path("remembered/", import_answers.show_remembered, name="import-remembered"),
    path("remembered/<row:key>/forget/", import_answers.forget_remembered, name="import-forget"),
    path(_RUN, imports.show_import, name="import"),
    path(f"{_RUN}columns-and-words/", import_answers.answer, name="import-mapping"),
    path(f"{_RUN}apply/", imports.apply_import, name="import-apply"),
    path(f"{_RUN}put-away/", imports.drop_import, name="import-drop"),
    path(f"{_RUN}undo/", imports.undo_import, name="import-undo"),
    path(f"{_RUN}changes.csv", imports.download_lines, name="import-lines-file"),
    path(f"{_RUN}rows-set-aside.csv", imports.download_problems, name="import-problems"),
    path(f"{_RUN}changes/<slug:section>/", imports.show_lines, name="import-lines"),
]
