from django.urls import path, re_path

from reports.views import personal_data

urlpatterns = [
    path("employers/<slug:slug>/personal-data/", personal_data.list_subjects, name="personal-data"),
    path("workers/<uuid:public_id>/personal-data/", personal_data.show_subject, name="worker-data"),
    re_path(
        "^workers/(?P<public_id>[0-9a-f-]{36})/personal-data/(?P<kind>json|csv)/$",
        personal_data.download_subject,
        name="worker-data-file",
    ),
    path("workers/<uuid:public_id>/files-to-look-at/", personal_data.list_unsearched, name="worker-files"),
    path("workers/<uuid:public_id>/erase/", personal_data.erase_subject, name="worker-erase"),
]
