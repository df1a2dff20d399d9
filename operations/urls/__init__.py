from django.urls import include, path

import design.addresses  # noqa: F401 - makes <row:…> known
from operations import views

OF = "employers/<slug:slug>/operations/"

urlpatterns = [
    path("", include("operations.urls.watching")),
    path(OF, views.show_operations, name="operations"),
    path(f"{OF}reports/<uuid:public_id>/again/", views.try_report_again, name="operations-report-again"),
    path(f"{OF}letters/<row:pk>/again/", views.try_letter_again, name="operations-letter-again"),
]
