from django.urls import path

import design.addresses  # noqa: F401 - makes <row:…> known
from teams.views import supervision

TEAM = "teams/<uuid:public_id>/supervision/"
WORKER = f"{TEAM}<uuid:worker_id>/"

urlpatterns = [
    path("my-supervision/", supervision.show_own_supervision, name="own-supervision"),
    path(TEAM, supervision.show_team_supervision, name="team-supervision"),
    path(f"{TEAM}rules/", supervision.agree_rules, name="supervision-rules"),
    path(WORKER, supervision.show_log, name="supervision-log"),
    path(f"{WORKER}new/", supervision.record_session, name="session-new"),
    path(f"{WORKER}<row:pk>/", supervision.change_session, name="session"),
]
