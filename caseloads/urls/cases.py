from django.urls import path

from caseloads.views import cases

urlpatterns = [
    path("cases/<uuid:public_id>/", cases.show_case, name="case"),
]
