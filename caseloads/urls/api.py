from django.urls import path

from caseloads.api import cases, syncing, workloads

urlpatterns = [
    path("cases/", cases.ListCases.as_view(), name="api-cases"),
    path("cases/bulk/", syncing.TellCases.as_view(), name="api-cases-bulk"),
    path("cases/<uuid:public_id>/ratings/", syncing.RateCase.as_view(), name="api-case-rate"),
    path("cases/<uuid:public_id>/", cases.ShowCase.as_view(), name="api-case"),
    path("ratings/", cases.ListRatings.as_view(), name="api-ratings"),
    path("allocations/", cases.ListAllocations.as_view(), name="api-allocations"),
    path("workloads/", workloads.ListTeamDays.as_view(), name="api-workloads"),
    path("teams/<uuid:public_id>/workload/", workloads.ShowTeamWorkload.as_view(), name="api-team-workload"),
    path("teams/<uuid:public_id>/workloads/", workloads.ListWorkerDays.as_view(), name="api-worker-workloads"),
    path("workers/<uuid:public_id>/workload/", workloads.ShowWorkerWorkload.as_view(), name="api-worker-workload"),
]
