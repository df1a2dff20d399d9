from django.urls import path

from teams.views import audit_trail, employers

urlpatterns = [
    path("employers/<slug:slug>/region/", employers.set_region, name="employer-region"),
    path("employers/<slug:slug>/audit/", audit_trail.show_audit_trail, name="audit"),
    path("employers/<slug:slug>/audit/file/", audit_trail.download_audit_trail, name="audit-file"),
]
