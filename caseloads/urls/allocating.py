from django.urls import path

from caseloads.views import allocating

urlpatterns = [
    path("cases/<uuid:public_id>/allocate/", allocating.allocate_case, name="case-allocate"),
    path("cases/<uuid:public_id>/shares/", allocating.share_case, name="case-shares"),
    path("cases/<uuid:public_id>/answer/", allocating.answer_own_allocation, name="case-answer"),
]
