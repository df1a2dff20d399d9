from django.urls import path

from caseloads.views import workloads

urlpatterns = [
    path("", workloads.show_home, name="home"),
    path("my-workload/", workloads.show_own_workload, name="own-workload"),
    path("teams/<uuid:public_id>/", workloads.show_team, name="team"),
    path("workers/<uuid:public_id>/", workloads.show_worker, name="worker"),
]
