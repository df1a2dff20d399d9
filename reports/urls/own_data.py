from django.urls import path, re_path

from reports.views import own_data

urlpatterns = [
    path("", own_data.show_own_data, name="own-data"),
    re_path("^file/(?P<kind>json|csv)/$", own_data.download_own_data, name="own-data-file"),
    path("<slug:code>/", own_data.show_own_rows, name="own-data-rows"),
]
