from django.urls import path

from teams.api import organisation

urlpatterns = [
    path("employer/", organisation.ShowEmployer.as_view(), name="api-employer"),
    path("teams/", organisation.ListTeams.as_view(), name="api-teams"),
    path("teams/<uuid:public_id>/", organisation.ShowTeam.as_view(), name="api-team"),
    path("workers/", organisation.ListWorkers.as_view(), name="api-workers"),
    path("workers/<uuid:public_id>/", organisation.ShowWorker.as_view(), name="api-worker"),
]
