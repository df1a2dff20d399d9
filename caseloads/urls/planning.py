from django.urls import path

from caseloads.views import planning

urlpatterns = [
    path("teams/<uuid:public_id>/what-if/", planning.plan_team, name="team-what-if"),
]
